import TestSupport

/// When the platform dies; the same for the same seed.
struct PlatformKillPlan: Sendable, Equatable {
    /// Milliseconds of load after the platform is up again; a tenth of them very short: killed while it recovers.
    var delaysMilliseconds: [Int]

    init(seed: UInt64, rounds: Int) {
        var generator = SeededGenerator(seed: seed)
        delaysMilliseconds = (0..<max(1, rounds)).map { _ in
            Int.random(in: 0..<10, using: &generator) == 0
                ? Int.random(in: 0...60, using: &generator) : Int.random(in: 100...2500, using: &generator)
        }
    }
}
