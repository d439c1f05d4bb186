import Synchronization

/// Time that passes only when somebody waits. Waiting beyond its end is a cancellation, so that a driver which runs
/// for ever ends there.
public final class VirtualTime: Sendable {
    private let moment = Mutex(Duration.zero)
    private let end: Duration

    /// Begins at zero.
    public init(until end: Duration) { self.end = end }

    /// How far it has come.
    public var now: Duration { moment.withLock { $0 } }

    /// Lets time pass, as `DeviceClock.sleep` would; a negative time is none.
    /// - Throws: `CancellationError` beyond the end.
    public func advance(_ duration: Duration) throws {
        try moment.withLock { moment in
            moment += max(.zero, duration)
            if moment > end { throw CancellationError() }
        }
    }
}
