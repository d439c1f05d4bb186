import CSANE
import NIOCore
import NIOPosix
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// Breaks one scan off from outside of the SANE thread, which is blocked in `sane_start` or `sane_read`.
///
/// `sane_cancel` is the only call of SANE that may come from elsewhere. It does nothing when it comes just before
/// `sane_start`; so it is repeated until the scan has ended. It may hang itself: how long is waited for the backend is
/// counted elsewhere (``Impatience``).
final class ScanBreaker: Sendable {
    enum Reason: Sendable, Equatable { case cancelled, timedOut }

    private struct State {
        var reason: Reason?
        var isOver = false
    }

    private static let thread: NIOThreadPool = {
        let pool = NIOThreadPool(numberOfThreads: 1)
        pool.start()
        return pool
    }()
    private static let repeatMilliseconds = 100

    private let state = Mutex(State())
    /// The open device while a scan runs on it, as a bit pattern: pointers do not cross threads in Swift. Held while it is
    /// being cancelled, so that it is not closed meanwhile; never needed to learn what the state is.
    private let running = Mutex<UInt?>(nil)
    private let patience: Duration
    private let cancel: @Sendable (UInt) -> Void
    private let onStuck: @Sendable () -> Void

    /// - Parameters:
    ///   - cancel: `sane_cancel`, but for tests.
    ///   - onStuck: called when the backend does not let go within `patience` of a request.
    init(
        patience: Duration = .seconds(5),
        cancel: @escaping @Sendable (UInt) -> Void = { sane_cancel(SANE_Handle(bitPattern: $0)) },
        onStuck: @escaping @Sendable () -> Void
    ) {
        self.patience = patience
        self.cancel = cancel
        self.onStuck = onStuck
    }

    var reason: Reason? { state.withLock(\.reason) }

    /// Called on the SANE thread before the first call that can block.
    func scanBegins(on handle: SANE_Handle) { running.withLock { $0 = UInt(bitPattern: handle) } }

    /// Called on the SANE thread, before it cancels or closes the device itself: nobody else touches it any more. Waits for
    /// a cancel that is under way.
    func scanEnded() {
        running.withLock { $0 = nil }
        state.withLock { $0.isOver = true }
    }

    /// Asks the scan to end. Returns at once.
    func request(_ reason: Reason) {
        let isFirst = state.withLock { state in
            guard state.reason == nil, !state.isOver else { return false }
            state.reason = reason
            return true
        }
        guard isFirst else { return }
        let impatience = Impatience(after: patience) { [self] in
            if !isOver { onStuck() }
        }
        Self.thread.submit { [self] _ in
            breakOff()
            impatience.end()
        }
    }

    private var isOver: Bool { state.withLock(\.isOver) }

    private func breakOff() {
        while !isOver {
            running.withLock { running in
                if let running { cancel(running) }
            }
            if isOver { return }
            usleep(UInt32(Self.repeatMilliseconds * 1_000))
        }
    }
}

/// Calls back once when something takes too long, on a thread on which nothing of ours ever blocks.
struct Impatience: Sendable {
    private let timer: Scheduled<Void>

    init(after limit: Duration, _ body: @escaping @Sendable () -> Void) {
        let nanoseconds = Int64(limit / .nanoseconds(1))
        timer = MultiThreadedEventLoopGroup.singleton.any().scheduleTask(in: .nanoseconds(nanoseconds)) { body() }
    }

    func end() { timer.cancel() }
}
