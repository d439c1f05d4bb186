import Synchronization

/// Time that passes only when somebody waits. Waiting beyond its end is a cancellation, so that a driver which runs
/// for ever ends there.
public final class VirtualTime: Sendable {
    private let moment = Mutex(Duration.zero)
    private let end: Duration

    public init(until end: Duration) { self.end = end }

    public var now: Duration { moment.withLock { $0 } }

    public func advance(_ duration: Duration) throws {
        try moment.withLock { moment in
            moment += max(.zero, duration)
            if moment > end { throw CancellationError() }
        }
    }
}
