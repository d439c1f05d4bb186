/// Exponential back-off with full jitter: the wait is anywhere between a floor and a ceiling that doubles, so that
/// kiosks that lost the platform together do not come back together.
public struct BackOff: Sendable, Equatable {
    /// The ceiling after the first failure; it doubles with each further one.
    public var base: Duration
    /// The ceiling never grows beyond; a `Retry-After` may.
    public var cap: Duration
    /// No wait is shorter, or the jitter could make a tight loop.
    public var floor: Duration

    /// Nothing is checked: `floor` ≤ `base` ≤ `cap` is the caller's to see to.
    public init(base: Duration, cap: Duration, floor: Duration = .milliseconds(500)) {
        self.base = base
        self.cap = cap
        self.floor = floor
    }

    /// The wait after so many failures in a row (1 or more). A server's `Retry-After` is never undercut.
    public func delay(
        afterFailures failures: Int, retryAfter: Duration? = nil, using generator: inout some RandomNumberGenerator
    ) -> Duration {
        var ceiling = min(base, cap)
        for _ in 1..<max(2, min(failures, 64)) where failures > 1 {
            ceiling = min(ceiling * 2, cap)
            if ceiling == cap { break }
        }
        let jitter = ceiling * Double.random(in: 0...1, using: &generator)
        guard let retryAfter else { return max(jitter, floor) }
        return max(retryAfter + base * Double.random(in: 0...1, using: &generator), floor)
    }
}
