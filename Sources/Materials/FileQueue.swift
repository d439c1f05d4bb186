import Dispatch

/// Runs blocking file calls on threads of its own, away from the cooperative pool: an fsync on a tired SSD takes
/// seconds, and the pool has two threads.
public struct FileQueue: Sendable {
    private let queue: DispatchQueue

    /// A queue of its own.
    /// - Parameter label: what debuggers call it.
    public init(label: String) { queue = DispatchQueue(label: label) }

    /// Calls `body` on the queue, one at a time.
    public func run<Value: Sendable, Failure: Error>(
        _ body: @escaping @Sendable () throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        let result: Result<Value, Failure> = await withCheckedContinuation { continuation in
            queue.async {
                do throws(Failure) {
                    continuation.resume(returning: .success(try body()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }
}
