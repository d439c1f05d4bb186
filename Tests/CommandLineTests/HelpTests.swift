import Foundation
import KioskControl
import TestSupport
import Testing

@testable import kioskctl

/// Help, manual pages, completions and the reference, held against the commands themselves.
@Suite struct HelpTests {
    /// A command as the parser describes itself.
    private struct Described: Decodable {
        struct Argument: Decodable {
            struct Name: Decodable { var name: String }
            var names: [Name]?
            var valueName: String?
            var defaultValue: String?
        }
        var commandName: String
        var superCommands: [String]?
        var abstract: String?
        var discussion: String?
        var subcommands: [Described]?
        var arguments: [Argument]?

        var path: [String] { (superCommands ?? []) + [commandName] }
        var isLeaf: Bool { (subcommands ?? []).allSatisfy { $0.commandName == "help" } }
        /// Itself and all below, without `help`.
        var all: [Described] {
            [self] + (subcommands ?? []).filter { $0.commandName != "help" }.flatMap(\.all)
        }
    }

    private func commands() async throws -> [Described] {
        struct Dump: Decodable { var command: Described }
        let run = try await KioskctlRun.run(["--experimental-dump-help"])
        return try JSONDecoder().decode(Dump.self, from: Data(run.output.utf8)).command.all
    }

    @Test("Every command teaches: what it does, how it behaves, and two examples at least that fit 80 columns")
    func examples() async throws {
        for command in try await commands() {
            let name = command.path.joined(separator: " ")
            #expect(command.abstract?.isEmpty == false, "\(name)")
            let discussion = try #require(command.discussion, "\(name)")
            let parts = discussion.split(separator: "Examples:\n", maxSplits: 1)
            let examples = try #require(parts.last, "\(name)").split(separator: "\n")
            #expect(examples.count >= 2, "\(name)")
            for example in examples {
                #expect(example.hasPrefix("  kioskctl ") && example.count <= 80, "\(name): \(example)")
            }
        }
    }

    @Test("Every command that does something takes --json")
    func json() async throws {
        for command in try await commands() where command.isLeaf {
            let names = (command.arguments ?? []).flatMap { $0.names ?? [] }.map(\.name)
            #expect(names.contains("json"), "\(command.path.joined(separator: " "))")
        }
    }

    @Test("Every command named in an example exists, with every option that it is given there")
    func examplesAreTrue() async throws {
        let all = try await commands()
        for command in all {
            for line in (command.discussion ?? "").split(separator: "\n") where line.hasPrefix("  kioskctl ") {
                let call = line.prefix { !"|>&".contains($0) }
                let words = call.split(separator: " ").map(String.init)
                let called = all.filter { words.starts(with: $0.path) }.max { $0.path.count < $1.path.count }
                let leaf = try #require(called, "\(line)")
                // `outbox` alone is `outbox show`.
                let known = Set(leaf.all.flatMap { $0.arguments ?? [] }.flatMap { $0.names ?? [] }.map(\.name))
                for word in words.dropFirst(leaf.path.count) where word.hasPrefix("-") {
                    #expect(
                        known.contains(word.trimmingPrefix("--").trimmingPrefix("-").description), "\(line): \(word)")
                }
            }
        }
    }

    @Test("Every command has a manual page with examples and the exit statuses, and mandoc has nothing against it")
    func manualPages() async throws {
        let folder = Repository.folder + "/.build/man"
        for command in try await commands() {
            let page = "\(folder)/\(command.path.joined(separator: "-")).1"
            let text = try? String(contentsOfFile: page, encoding: .utf8)
            let source = try #require(text, "make man writes \(page)")
            #expect(source.contains("\nExamples:\n"), "\(page)")
            for status in ExitStatus.allCases { #expect(source.contains("\n.It \(status.rawValue)\n"), "\(page)") }
            #expect(source.contains("\n.Sh SEE ALSO\n.Xr kioskctl"), "\(page)")
            for below in (command.subcommands ?? []) where below.commandName != "help" {
                #expect(source.contains("\n.It Xr \(below.path.joined(separator: "-")) 1\n"), "\(page)")
            }
            // What is no ASCII is there, by its number.
            if command.discussion?.contains("…") == true { #expect(source.contains("\\[u2026]"), "\(page)") }
            for argument in command.arguments ?? [] {
                guard let standard = argument.defaultValue, argument.valueName != nil else { continue }
                #expect(source.contains(standard), "\(page): \(standard)")
            }
            let lint = try await CommandRun.run("mandoc", ["-Tlint", "-W", "warning", page])
            #expect(String(decoding: lint.output, as: UTF8.self) == "")
        }
    }

    @Test(
        "The completions are taken by their shells",
        arguments: [("bash", "bash", ["-n"]), ("zsh", "zsh", ["-n"]), ("fish", "fish", ["--no-execute"])])
    func completions(_ shell: String, _ program: String, _ arguments: [String]) async throws {
        try #require(CommandRun.isInstalled(program), "install the package \(program)")
        let folder = try ScratchFolder()
        let made = try await KioskctlRun.run(["--generate-completion-script", shell])
        #expect(made.status == 0 && made.output.contains("receipt"))
        try folder.write(made.output.utf8, to: "completion")
        let checked = try await CommandRun.run(program, arguments + [folder.file("completion")])
        #expect(checked.succeeded, "\(checked.errors)")
    }

    @Test("In bash, commands and options are completed, and so are the names of the daemon's devices: none without it")
    func completed() async throws {
        #expect(try await BashCompletion.words(["kioskctl", "rec"]) == ["receipt"])
        #expect(try await BashCompletion.words(["kioskctl", "devices", "--tr"]) == ["--tree"])
        #expect(
            try await BashCompletion.words(["kioskctl", "scan", "--runtime", "/no-such-folder", "--device", ""]).isEmpty
        )
    }

    // MARK: - docs/kioskctl.md

    private func table(_ pattern: some RegexComponent<(Substring, Substring, Substring)>) throws -> [String: String] {
        let page = try String(contentsOfFile: Repository.folder + "/docs/kioskctl.md", encoding: .utf8)
        return Dictionary(page.matches(of: pattern).map { (String($0.output.1), String($0.output.2)) }) { first, _ in
            first
        }
    }

    @Test("The table of exit statuses is that of the program")
    func exitStatuses() throws {
        let documented = try table(#/(?m)^\| `(\d+)` \| (.*) \|$/#)
        let known = Dictionary(uniqueKeysWithValues: ExitStatus.allCases.map { ("\($0.rawValue)", $0.meaning) })
        #expect(documented == known)
    }

    @Test("The catalogue of events is that of the daemon: every type, with its members")
    func events() throws {
        let documented = try table(#/(?m)^\| `([a-z-]+)` \| ((?:`[A-Za-z]+` ?)*) ?\| /#)
        let known = Dictionary(
            uniqueKeysWithValues: KioskEvent.Kind.allCases.map {
                ($0.rawValue, $0.members.map { "`\($0)`" }.joined(separator: " "))
            })
        #expect(documented.mapValues { $0.trimmingCharacters(in: .whitespaces) } == known)
    }

    @Test("A text is measured in columns of a terminal, where a Chinese character takes two")
    func columns() {
        #expect(TextTable.width("reader 读卡器") == 13)
        #expect(TextTable.lines([["名", "a"], ["ab", "b"]]) == ["名  a", "ab  b"])
        #expect(TextTable.clipped("第九街道服务中心", to: 8) == "第九街…")
        #expect(
            TextTable.wrapped("one two three", margin: "│ ", name: "do: ", columns: 14) == [
                "│ do: one two", "│     three",
            ])
    }

    @Test("The bar is full when all announced rows came, and never fuller")
    func bar() {
        #expect(ProgressLine.bar(0, of: 100, seconds: 0).hasPrefix("[------------------------------] 0 %"))
        #expect(
            ProgressLine.bar(50, of: 100, seconds: 0).hasPrefix("[###############---------------] 50 %  50 of 100 rows")
        )
        #expect(ProgressLine.bar(150, of: 100, seconds: 0).hasSuffix("100 %  100 of 100 rows"))
        #expect(ProgressLine.bar(70, of: nil, seconds: 3) == "70 rows, 3 s")
    }
}
