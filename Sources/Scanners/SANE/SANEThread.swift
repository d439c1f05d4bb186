import NIOPosix

/// The one thread on which libsane is called: backends are not made for two, and their calls block for seconds.
///
/// Not for anything else: whatever is enqueued waits for a page to end.
final class SANEThread: SerialExecutor {
    private let pool = NIOThreadPool(numberOfThreads: 1)

    init() { pool.start() }

    deinit { pool.shutdownGracefully { _ in } }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        pool.submit { [self] _ in job.runSynchronously(on: asUnownedSerialExecutor()) }
    }
}
