import NIOPosix

/// The one thread on which a C library is called for one device: its calls block for seconds and would starve the
/// cooperative pool, and few libraries are made for two threads.
///
/// An actor that has it as its executor lives on it. Not for anything else: whatever is enqueued waits for the call that
/// goes on.
public final class LibraryThread: SerialExecutor {
    private let pool = NIOThreadPool(numberOfThreads: 1)

    /// Starts the thread; it ends when nothing holds this any more.
    public init() { pool.start() }

    deinit { pool.shutdownGracefully { _ in } }

    /// Behind everything that was given to it before. For Swift's runtime: nobody else calls it.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        pool.submit { [self] _ in job.runSynchronously(on: asUnownedSerialExecutor()) }
    }
}
