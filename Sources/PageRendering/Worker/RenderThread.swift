import NIOPosix

/// A thread of its own for the C libraries: they block for tens of milliseconds and would starve the cooperative
/// pool, which has as many threads as the machine has cores.
///
/// One thread is enough: pages come one after another, and two at once would only take twice the memory.
public final class RenderThread: Sendable {
    private let pool = NIOThreadPool(numberOfThreads: 1)

    /// Starts the thread; it ends when nothing holds this any more.
    public init() { pool.start() }

    deinit { pool.shutdownGracefully { _ in } }

    /// Runs `body` on the thread, after what was given before it.
    /// - Throws: `CancellationError` when the task was cancelled before its turn, else what `body` threw.
    public func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await pool.runIfActive(body)
    }
}
