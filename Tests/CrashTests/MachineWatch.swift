import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// How long the machine as a whole has stood still since this was made: a short sleep and a small file that is synced, again
/// and again; what they take beyond the usual was time that nobody had.
final class MachineWatch: Sendable {
    private static let pause = Duration.milliseconds(100)
    /// A pause with its sync that takes no longer is none that held anything up.
    private static let usual = pause + .milliseconds(150)

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
                state.withLock { $0.hindered += max(.zero, .now - $0.began - Self.usual) }
            }
            unlink(file)
        }
    }

    /// So far; a stall that goes on counts.
    var stoodStill: Duration {
        state.withLock { $0.hindered + max(.zero, .now - $0.began - Self.usual) }
    }

    func end() { state.withLock { $0.hasEnded = true } }
}
