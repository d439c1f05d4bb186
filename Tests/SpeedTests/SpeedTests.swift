import Foundation
import TestSupport
import Testing

/// That the benchmarks run and say what they must. How fast anything is, no test asks.
@Suite("Benchmarks")
struct SpeedTests {
    @Test(
        "every benchmark runs with a handful of rounds, and together they write a whole document",
        .timeLimit(.minutes(10)))
    func everyBenchmarkRuns() async throws {
        let folder = try ScratchFolder()
        let path = folder.file("performance.md")
        let run = try await CommandRun.run("\(HallUnderTest.programs)/kiosk-bench", ["--quick", "--output", path])
        try #require(run.succeeded, "\(run.errors.suffix(2_000))")
        let document = try String(contentsOfFile: path, encoding: .utf8)
        #expect(document.contains("This is a trial run"))
        for fault in PerformanceText(document).faults { Issue.record("\(fault)") }
    }

    @Test("the document that the project shows is whole, and of a real run")
    func shown() throws {
        let document = try String(contentsOfFile: Repository.folder + "/docs/performance.md", encoding: .utf8)
        #expect(!document.contains("This is a trial run"))
        for fault in PerformanceText(document).faults { Issue.record("\(fault)") }
    }

    @Test("a benchmark that does not exist is a sentence, not a document")
    func unknownName() async throws {
        let run = try await CommandRun.run("\(HallUnderTest.programs)/kiosk-bench", ["--only", "nothing"])
        #expect(!run.succeeded)
        #expect(run.errors.contains("There is no benchmark “nothing”."))
    }
}

/// What must be true of any `performance.md`.
struct PerformanceText {
    private let lines: [String]

    init(_ text: String) { lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }

    private static let chapters = [
        "The machine", "At a glance", "A card, from the reader to the name", "A receipt, from words to bytes",
        "A page, from rows to a sealed file", "Sealing, against age", "Commits of the journal, against SQLite",
        "An upload, against curl", "A touch, to the changed screen", "Start, and start after a kill", "An idle kiosk",
        "What was worst, and what was done about it", "What is not measured",
    ]

    /// Sentences; none when all is well.
    var faults: [String] {
        var found: [String] = []
        let headings = lines.filter { $0.hasPrefix("## ") }.map { String($0.dropFirst(3)) }
        if headings != Self.chapters { found.append("the chapters are \(headings)") }
        var columns: Int?
        for (number, line) in lines.enumerated() {
            guard line.hasPrefix("|") else {
                columns = nil
                if line.count > 125 { found.append("line \(number + 1) has \(line.count) characters") }
                continue
            }
            let count = line.split(separator: "|", omittingEmptySubsequences: false).count
            if let columns, columns != count {
                found.append("line \(number + 1) has \(count - 2) columns, not \(columns - 2)")
            }
            columns = columns ?? count
        }
        for word in ["nan", "inf", "unknown"] where lines.contains(where: { $0.contains(" \(word) ") }) {
            found.append("a figure is “\(word)”")
        }
        return found
    }
}
