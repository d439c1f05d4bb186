import Synchronization

/// The bytes that arrived on a line and were not read yet: bounded, with one reader who may wait.
///
/// Filled on the line's event loop, emptied from anywhere. When full, the line stops reading until there is room:
/// a device that sends endless noise waits in the kernel's buffer and never grows ours.
final class ReceivedBytes: Sendable {
    /// Reading from the device pauses when this many bytes wait.
    static let capacity = 64 << 10

    typealias Waiting = CheckedContinuation<Result<[UInt8], TransportError>, Never>

    private struct State {
        var bytes: [UInt8] = []
        var end: TransportError?
        var waiter: (ticket: UInt64, limit: Int, continuation: Waiting)?
        var nextTicket: UInt64 = 1
        /// A ticket whose time passed before its reader came to wait.
        var expired: (ticket: UInt64, cause: TransportError)?
        var isPaused = false
    }

    private let state = Mutex(State())

    /// Takes bytes from the line. False: full, pause reading.
    func append(_ arrived: some Collection<UInt8>) -> Bool {
        let (wake, hasRoom) = state.withLock { state -> ((Waiting, [UInt8])?, Bool) in
            state.bytes.append(contentsOf: arrived)
            var wake: (Waiting, [UInt8])?
            if let waiter = state.waiter {
                state.waiter = nil
                wake = (waiter.continuation, Self.take(&state, waiter.limit))
            }
            state.isPaused = state.bytes.count >= Self.capacity
            return (wake, !state.isPaused)
        }
        if let wake { wake.0.resume(returning: .success(wake.1)) }
        return hasRoom
    }

    /// The line ended; bytes that arrived before can still be read.
    func finish(_ cause: TransportError) {
        let waiter = state.withLock { state in
            if state.end == nil { state.end = cause }
            defer { state.waiter = nil }
            return state.waiter?.continuation
        }
        waiter?.resume(returning: .failure(cause))
    }

    func makeTicket() -> UInt64 {
        state.withLock { state in
            state.nextTicket += 1
            return state.nextTicket
        }
    }

    /// Resumes with bytes, now or when they come, with the end of the line, or when the ticket expires.
    func wait(_ limit: Int, ticket: UInt64, _ continuation: Waiting) {
        let result = state.withLock { state -> Result<[UInt8], TransportError>? in
            if !state.bytes.isEmpty { return .success(Self.take(&state, limit)) }
            if let end = state.end { return .failure(end) }
            if let expired = state.expired, expired.ticket == ticket { return .failure(expired.cause) }
            if state.waiter != nil { return .failure(.busy("two readers on one line")) }
            state.waiter = (ticket, limit, continuation)
            return nil
        }
        if let result { continuation.resume(returning: result) }
    }

    func expire(_ ticket: UInt64, _ cause: TransportError) {
        let waiter = state.withLock { state -> Waiting? in
            guard let waiter = state.waiter, waiter.ticket == ticket else {
                state.expired = (ticket, cause)
                return nil
            }
            state.waiter = nil
            return waiter.continuation
        }
        waiter?.resume(returning: .failure(cause))
    }

    func discard() -> Int {
        state.withLock { state in
            defer { state.bytes.removeAll(keepingCapacity: true) }
            return state.bytes.count
        }
    }

    /// True once after a pause that is over: the line shall read again.
    func shallResume() -> Bool {
        state.withLock { state in
            guard state.isPaused, state.bytes.count < Self.capacity else { return false }
            state.isPaused = false
            return true
        }
    }

    private static func take(_ state: inout State, _ limit: Int) -> [UInt8] {
        if state.bytes.count <= limit {
            defer { state.bytes.removeAll(keepingCapacity: true) }
            return state.bytes
        }
        let taken = Array(state.bytes.prefix(limit))
        state.bytes.removeFirst(limit)
        return taken
    }
}
