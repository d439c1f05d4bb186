/// A device that is away for less than three seconds was never away for the resident (D4): drivers, supervision and what
/// the flow hears all count by these.
public enum Blip {
    /// The longest absence that nobody notices.
    public static let longest = Duration.seconds(3)
    /// What is there again takes a while until it is opened, asked and well.
    public static let comingBack = Duration.milliseconds(1_500)
    /// From the first sign of a loss: until then it is not told, and what was asked for and has not begun waits.
    public static let patience = longest + comingBack
    /// How often a device that may be back is looked for.
    public static let lookAgain = Duration.milliseconds(250)
}

/// The pauses between attempts to open a device that was lost: short while it may be a blip, then each twice as long as
/// the one before.
public struct ReopeningPause: Sendable, Equatable {
    private let first: Duration
    private let last: Duration
    private var next: Duration
    private var lostAt: Duration?

    /// - Parameters:
    ///   - first: the pause while it may be a blip, and the first one after that.
    ///   - last: the longest.
    public init(first: Duration, last: Duration) {
        self.first = first
        self.last = last
        next = first
    }

    /// The device was well until now.
    public mutating func lost(at now: Duration) {
        lostAt = now
        next = first
    }

    /// The pause before the next attempt.
    public mutating func pause(at now: Duration) -> Duration {
        let since = lostAt ?? now
        lostAt = since
        if now - since < Blip.patience { return first }
        defer { next = min(next * 2, last) }
        return next
    }
}
