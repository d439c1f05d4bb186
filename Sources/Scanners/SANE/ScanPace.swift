/// Decides when to tell how far a page is: with its first rows, then at most ten times a second, and with its last row.
struct ScanPace {
    /// What is told.
    struct Rows: Sendable, Equatable {
        var received: Int
        /// `nil` where the scanner announced none.
        var expected: Int?
        var areFirst: Bool
    }

    static let pause = Duration.milliseconds(100)

    private var toldAt: ContinuousClock.Instant?

    mutating func rows(_ received: Int, of expected: Int?, at now: ContinuousClock.Instant) -> Rows? {
        guard received > 0 else { return nil }
        if let toldAt, now - toldAt < Self.pause, received != expected { return nil }
        defer { toldAt = now }
        return Rows(received: received, expected: expected, areFirst: toldAt == nil)
    }
}
