import ArgumentParser
import Foundation
import TestSupport

/// `make speed`: measures the product and its peers, and writes `docs/performance.md`.
@main
struct KioskBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kiosk-bench", abstract: "Measures the product against named peers.")

    @Option(help: "Only these, separated by commas: \(all.map(\.name).joined(separator: ", ")).")
    var only: String?

    @Option(help: ArgumentHelp("Where the document goes; without it, to standard output.", valueName: "FILE"))
    var output: String?

    @Flag(help: "A handful of rounds, to see that everything runs. The figures mean nothing then.")
    var quick = false

    static let all: [any Benchmark] = [
        CardToScreen(), ReceiptBytes(), PagePath(), Sealing(), JournalCommits(), Upload(), TouchToScreen(), StartUp(),
        Idle(),
    ]

    func run() async throws {
        let effort = Effort(isQuick: quick)
        let machine = await Machine.look()
        var subjects: [Subject] = []
        for benchmark in try chosen() {
            Self.say("\(benchmark.name) …")
            let (took, subject) = try await timed { try await benchmark.run(effort) }
            Self.say("\(benchmark.name): \(Int(took.seconds.rounded())) s")
            for goal in subject.goals {
                Self.say("  \(goal.what): \(goal.figure) \(goal.bound) \(goal.verdict)")
            }
            subjects.append(subject)
        }
        let document = PerformanceDocument(machine: machine, subjects: subjects, effort: effort).markdown
        if let output {
            try document.write(toFile: output, atomically: true, encoding: .utf8)
        } else {
            print(document, terminator: "")
        }
    }

    private func chosen() throws -> [any Benchmark] {
        guard let only else { return Self.all }
        return try only.split(separator: ",").map { name in
            guard let found = Self.all.first(where: { $0.name == name }) else {
                throw ValidationError("There is no benchmark “\(name)”.")
            }
            return found
        }
    }

    private static func say(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }
}
