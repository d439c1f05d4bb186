import CSANE
import NIOPosix
import Synchronization

/// Breaks one scan off from outside of the SANE thread, which is blocked in `sane_start` or `sane_read`.
///
/// `sane_cancel` is the only call of SANE that may come from elsewhere. It does nothing when it comes just before
/// `sane_start`; so it is repeated until the scan has ended.
final class ScanBreaker: Sendable {
    enum Reason: Sendable, Equatable { case cancelled, timedOut }

    private struct State {
        var reason: Reason?
        /// The open device while a scan runs on it, as a bit pattern: pointers do not cross threads in Swift.
        var running: UInt?
        var isOver = false
    }

    private static let thread: NIOThreadPool = {
        let pool = NIOThreadPool(numberOfThreads: 1)
        pool.start()
        return pool
    }()
    private static let repeatMilliseconds = 100

    private let state = Mutex(State())
    private let patienceMilliseconds: Int
    private let onStuck: @Sendable () -> Void

    /// - Parameter onStuck: called when the backend does not let go within `patienceMilliseconds` of a request.
    init(patienceMilliseconds: Int = 5_000, onStuck: @escaping @Sendable () -> Void) {
        self.patienceMilliseconds = patienceMilliseconds
        self.onStuck = onStuck
    }

    var reason: Reason? { state.withLock(\.reason) }

    /// Called on the SANE thread before the first call that can block.
    func scanBegins(on handle: SANE_Handle) { state.withLock { $0.running = UInt(bitPattern: handle) } }

    /// Called on the SANE thread; after it the device may be closed.
    func scanEnded() {
        state.withLock {
            $0.running = nil
            $0.isOver = true
        }
    }

    /// Asks the scan to end. Returns at once.
    func request(_ reason: Reason) {
        let isFirst = state.withLock { state in
            guard state.reason == nil, !state.isOver else { return false }
            state.reason = reason
            return true
        }
        guard isFirst else { return }
        Self.thread.submit { [self] _ in breakOff() }
    }

    private func breakOff() {
        var waited = 0
        while true {
            // Under the lock: the device is not closed while it is being cancelled.
            let isOver = state.withLock { state in
                if let running = state.running { sane_cancel(SANE_Handle(bitPattern: running)) }
                return state.isOver
            }
            if isOver { return }
            if waited >= patienceMilliseconds { return onStuck() }
            usleep(UInt32(Self.repeatMilliseconds * 1_000))
            waited += Self.repeatMilliseconds
        }
    }
}
