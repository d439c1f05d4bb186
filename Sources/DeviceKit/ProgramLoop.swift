import NIOCore
import NIOPosix

/// The one thread on which a program of the kiosk lives: that of the event loop which carries its sockets and lines.
///
/// A worker asks its devices, waits and asks again, several times a second, for years. On Swift's own pool each step would
/// wake another thread, and a kiosk that stands idle would wake its processor a hundred times a second. Here a question is
/// one wake-up and its answer another. Nothing that blocks may run on it: files, SQLite and C libraries have threads of their
/// own.
public enum ProgramLoop {
    /// For `withTaskExecutorPreference` and for tasks that are no one's children.
    public static let executor: any TaskExecutor = LoopExecutor(loop)

    /// To be called before anything else in a program: from then on there is one loop only.
    public static func choose() { NIOSingletons.groupLoopCountSuggestion = 1 }

    private static let loop = MultiThreadedEventLoopGroup.singleton.any()

    /// Waits, on the loop's own timer; at most a day. One that is cancelled does nothing any more: of many the loop wakes once
    /// at the most. Of a `Task.sleep` that is cancelled the timer stays, and each wakes three threads when its time has come.
    /// - Throws: only `CancellationError`.
    public static func sleep(for duration: Duration) async throws {
        let nanoseconds = Int64(clamping: max(0, Int(min(duration, .seconds(86_400)) / .nanoseconds(1))))
        let timer = loop.scheduleTask(in: .nanoseconds(nanoseconds)) {}
        try await withTaskCancellationHandler {
            do { try await timer.futureResult.get() } catch { throw CancellationError() }
        } onCancel: {
            timer.cancel()
        }
    }

    /// Does something after a while, unless the task is cancelled before.
    public static func after(_ duration: Duration, _ action: @escaping @Sendable () async -> Void) -> Task<Void, Never>
    {
        Task(executorPreference: executor) {
            do { try await sleep(for: duration) } catch { return }
            await action()
        }
    }
}

/// Runs jobs on an event loop, in order.
private final class LoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) { self.loop = loop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
