/// Keeps apart what must not meet on one machine: the start of a whole hall, which takes all of it for seconds, and a visit
/// on which something has to come within a time. Suites that run beside each other share it.
///
/// Starts may meet each other, and so may such visits. Who starts goes before the next of these visits.
actor QuietTimes {
    static let shared = QuietTimes()

    private var starts = 0
    private var visits = 0
    private var startsWaiting: [CheckedContinuation<Void, Never>] = []
    private var visitsWaiting: [CheckedContinuation<Void, Never>] = []

    /// Runs the start of a hall when no such visit is on.
    func start<Result: Sendable>(_ body: @Sendable () async throws -> Result) async rethrows -> Result {
        if visits > 0 {
            // Whoever is let in has been counted.
            await withCheckedContinuation { startsWaiting.append($0) }
        } else {
            starts += 1
        }
        defer {
            starts -= 1
            next()
        }
        return try await body()
    }

    /// Runs a visit that is timed when nothing starts.
    func visit<Result: Sendable>(_ body: @Sendable () async throws -> Result) async rethrows -> Result {
        if starts > 0 || !startsWaiting.isEmpty {
            await withCheckedContinuation { visitsWaiting.append($0) }
        } else {
            visits += 1
        }
        defer {
            visits -= 1
            next()
        }
        return try await body()
    }

    private func next() {
        if visits == 0, !startsWaiting.isEmpty {
            starts += startsWaiting.count
            for waiting in startsWaiting { waiting.resume() }
            startsWaiting = []
        } else if starts == 0, startsWaiting.isEmpty, !visitsWaiting.isEmpty {
            visits += visitsWaiting.count
            for waiting in visitsWaiting { waiting.resume() }
            visitsWaiting = []
        }
    }
}
