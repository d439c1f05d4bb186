/// Measured values of one thing, in one unit.
struct Samples {
    private(set) var sorted: [Double]

    init(_ values: some Sequence<Double>) { sorted = values.sorted() }

    var count: Int { sorted.count }

    /// The smallest value that `share` of all values do not exceed (nearest rank); 0 when there is none.
    func percentile(_ share: Double) -> Double {
        guard !sorted.isEmpty else { return 0 }
        let rank = (share * Double(sorted.count)).rounded(.up)
        return sorted[min(sorted.count, max(1, Int(rank))) - 1]
    }

    var median: Double { percentile(0.5) }
    var p99: Double { percentile(0.99) }
    var largest: Double { sorted.last ?? 0 }
}

extension Duration {
    var milliseconds: Double { self / .milliseconds(1) }
    var seconds: Double { self / .seconds(1) }
}

/// How long `body` takes.
func timed<Value>(_ body: () async throws -> Value) async rethrows -> (Duration, Value) {
    let begin = ContinuousClock.now
    let value = try await body()
    return (ContinuousClock.now - begin, value)
}
