/// What one benchmark found: a chapter of `docs/performance.md`.
struct Subject: Sendable {
    var title: String
    /// What was done and how it was measured, a paragraph each.
    var explanation: [String]
    var tables: [Table]
    /// What a reader must know to judge the figures.
    var notes: [String] = []
    var goals: [Goal] = []
}

struct Table: Sendable {
    /// The first column holds words, the others figures.
    var columns: [String]
    var rows: [[String]] = []
}

/// One promise of the product, held against what was measured.
struct Goal: Sendable {
    var what: String
    /// The figure of the work that the goal speaks of.
    var figure: String
    /// `≤ 30 ms`; empty where a figure is only to be known.
    var bound = ""
    var isMet: Bool?
    /// The same at ten times the work.
    var atTenTimes: String
}

extension Goal {
    var verdict: String { isMet.map { $0 ? "met" : "**not met**" } ?? "" }
}

/// How much is done.
struct Effort: Sendable {
    /// Just enough to see that the benchmark runs; its figures mean nothing.
    var isQuick: Bool

    func rounds(_ full: Int, quick: Int = 2) -> Int { isQuick ? quick : full }
}

/// One thing that is measured.
protocol Benchmark: Sendable {
    /// For `--only`.
    var name: String { get }
    func run(_ effort: Effort) async throws -> Subject
}

/// Why something could not be measured, with what to do about it.
struct CannotMeasure: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}
