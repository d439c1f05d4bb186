/// How many requests a kiosk may make: a bucket for each kiosk that fills evenly, holds what a minute gives, and gives one
/// for every request.
actor RequestRates {
    /// The state of a bucket; pure, the time is given.
    struct Bucket: Sendable, Equatable {
        let perMinute: Double
        private var tokens: Double
        private var filled: ContinuousClock.Instant

        init(perMinute: Int, now: ContinuousClock.Instant) {
            self.perMinute = Double(perMinute)
            tokens = Double(perMinute)
            filled = now
        }

        /// `nil` when a request may pass, else the whole seconds until one may.
        mutating func take(_ now: ContinuousClock.Instant) -> Int? {
            tokens = min(perMinute, tokens + max(0, (now - filled) / .seconds(60)) * perMinute)
            filled = now
            guard tokens < 1 else {
                tokens -= 1
                return nil
            }
            return max(1, Int(((1 - tokens) / perMinute * 60).rounded(.up)))
        }

        func isFull(_ now: ContinuousClock.Instant) -> Bool {
            tokens + (now - filled) / .seconds(60) * perMinute >= perMinute
        }
    }

    private struct Kiosk {
        var requests: Bucket
        var lookups: Bucket
    }

    private let limits: PlatformConfiguration.Limits
    private var kiosks: [String: Kiosk] = [:]

    init(_ limits: PlatformConfiguration.Limits) { self.limits = limits }

    /// - Throws: ``APIProblem`` `too-many-requests` with the seconds to wait.
    func take(_ operation: APIOperation, kiosk name: String, now: ContinuousClock.Instant = .now) throws {
        if kiosks.count >= 10_000 {
            kiosks = kiosks.filter { !$0.value.requests.isFull(now) || !$0.value.lookups.isFull(now) }
        }
        var kiosk =
            kiosks[name]
            ?? Kiosk(
                requests: Bucket(perMinute: limits.requestsPerMinute, now: now),
                lookups: Bucket(perMinute: limits.lookupsPerMinute, now: now))
        defer { kiosks[name] = kiosk }
        if let seconds = kiosk.requests.take(now) {
            throw APIProblem(
                .tooManyRequests, "This kiosk may make \(limits.requestsPerMinute) requests a minute."
            ).retry(afterSeconds: seconds)
        }
        if operation.isLookup, let seconds = kiosk.lookups.take(now) {
            throw APIProblem(
                .tooManyRequests,
                "This kiosk may ask \(limits.lookupsPerMinute) times a minute about people, receipts and documents."
            ).retry(afterSeconds: seconds)
        }
    }
}
