import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// How long the machine as a whole has stood still since this was made: a short sleep and a small file that is synced, again
/// and again; a turn that takes far too long was time that nobody had.
final class MachineWatch: Sendable {
    private static let pause = Duration.milliseconds(100)
    /// A turn that takes no longer is none that held anything up: what the kiosk itself writes may cost it as much.
    private static let longest = Duration.milliseconds(600)

    private struct State {
        var hindered = Duration.zero
        var began = ContinuousClock.now
        var hasEnded = false
    }
    private let state = Mutex(State())

    /// - Parameter folder: on the disk that is watched.
    init(folder: String) {
        Thread.detachNewThread { [self] in
            let file = "\(folder)/machine-watch"
            while state.withLock({ state in
                state.began = .now
                return !state.hasEnded
            }) {
                usleep(useconds_t(Self.pause / .microseconds(1)))
                let descriptor = open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
                _ = write(descriptor, "x", 1)
                fsync(descriptor)
                close(descriptor)
                state.withLock { $0.hindered += Self.stall(since: $0.began) }
            }
            unlink(file)
        }
    }

    /// So far; a stall that goes on counts.
    var stoodStill: Duration {
        state.withLock { $0.hindered + Self.stall(since: $0.began) }
    }

    private static func stall(since began: ContinuousClock.Instant) -> Duration {
        let passed = ContinuousClock.now - began
        return passed > longest ? passed - pause : .zero
    }

    func end() { state.withLock { $0.hasEnded = true } }
}
