import Foundation
import TestSupport
import Testing

extension InTurn {
    /// `kioskctl` as a person runs it.
    @Suite struct KioskctlTests {
        static let program = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: ".build/debug/kioskctl").path

        private func kioskctl(_ arguments: [String], temporary: String = "/tmp") async throws -> CommandRun {
            try await CommandRun.run("env", ["TMPDIR=\(temporary)", Self.program] + arguments)
        }

        @Test func whatWasSealedOpensWithAge() async throws {
            try #require(CommandRun.isInstalled("age-keygen"), "install the package age")
            let folder = try ScratchFolder()
            let secret = Data((0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
            try secret.write(to: URL(filePath: "\(folder.path)/in"))
            var recipients: [String] = []
            for name in ["a", "b"] {
                let made = try await CommandRun.run("age-keygen", ["-o", "\(folder.path)/\(name)"])
                try #require(made.succeeded)
                let shown = try await CommandRun.run("age-keygen", ["-y", "\(folder.path)/\(name)"])
                recipients += [
                    "--recipient", String(decoding: shown.output, as: UTF8.self).trimmingCharacters(in: .newlines),
                ]
            }
            let sealed = try await kioskctl(
                ["seal"] + recipients + ["\(folder.path)/in", "\(folder.path)/out"])
            #expect(sealed.succeeded, "\(sealed.errors)")
            for name in ["a", "b"] {
                let opened = try await CommandRun.run(
                    "age", ["-d", "-i", "\(folder.path)/\(name)", "\(folder.path)/out"])
                #expect(Data(opened.output) == secret)
            }
            let again = try await kioskctl(
                ["seal"] + recipients + ["\(folder.path)/in", "\(folder.path)/out"])
            #expect(!again.succeeded)
            #expect(again.errors.hasPrefix("kioskctl: ") && again.errors.contains("exists already"))
        }

        @Test(arguments: ["status", "devices", "outbox", "session", "events"])
        func withoutADaemonThereIsOneSentence(_ command: String) async throws {
            let folder = try ScratchFolder()
            let run = try await kioskctl([command, "--runtime", folder.path])
            #expect(!run.succeeded)
            #expect(run.output.isEmpty)
            #expect(run.errors.hasPrefix("kioskctl: there is no kiosk at \(folder.path)/control.sock"))
            #expect(run.errors.split(separator: "\n").count == 1)
        }

        @Test func aReaderThatIsNotThereIsNamedInTime() async throws {
            let folder = try ScratchFolder()
            let started = ContinuousClock.now
            let run = try await kioskctl(
                ["card", "read", "--direct", "serial:/dev/no-such-reader", "--timeout", "5", "--json"],
                temporary: folder.path)
            #expect(ContinuousClock.now - started < .seconds(10))
            #expect(!run.succeeded)
            // With --json the same sentence stands in place of the result.
            struct Report: Decodable {
                struct Content: Decodable { var sentence: String }
                var error: Content
            }
            let report = try JSONDecoder().decode(Report.self, from: Data(run.output))
            #expect(run.errors == "kioskctl: \(report.error.sentence)\n")
            #expect(run.errors.hasPrefix("kioskctl: serial:/dev/no-such-reader: "), "\(run.errors)")
            #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
        }

        @Test(arguments: ["ttyUSB0", "escl:http://h/eSCL", "serial:relative"])
        func anAddressThatIsNoReaderIsRefused(_ address: String) async throws {
            let run = try await kioskctl(["card", "read", "--direct", address])
            #expect(!run.succeeded)
            #expect(run.errors.contains("--direct takes serial:/dev/… or tcp:HOST:PORT"))
            #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
        }

        @Test(arguments: [
            ["card", "read"], ["card", "read", "--direct", "serial:/dev/null", "--timeout", "0"],
            ["card", "read", "--direct", "serial:/dev/null", "--timeout", "soon"], ["seal", "in", "out"],
            ["status", "--loud"],
            ["dance"],
        ])
        func aCallThatIsNotUnderstoodIsOneSentence(_ arguments: [String]) async throws {
            let run = try await kioskctl(arguments)
            #expect(!run.succeeded)
            #expect(run.output.isEmpty)
            #expect(run.errors.hasPrefix("kioskctl: "), "\(run.errors)")
            let help =
                switch arguments.first {
                case "card": "help card read"
                case "dance": "--help"
                default: "help \(arguments[0])"
                }
            #expect(run.errors.hasSuffix("see kioskctl \(help).\n"), "\(run.errors)")
            #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
        }

        @Test func helpIsStillHelp() async throws {
            let run = try await kioskctl(["card", "read", "--help"])
            #expect(run.succeeded)
            #expect(String(decoding: run.output, as: UTF8.self).contains("--timeout"))
        }

        @Test func aTemporaryFolderThatIsNotThereIsNamed() async throws {
            let run = try await kioskctl(
                ["card", "read", "--direct", "serial:/dev/no-such-reader"], temporary: "/no-such-folder")
            #expect(!run.succeeded)
            #expect(
                run.errors
                    == "kioskctl: no private folder can be made in /no-such-folder (No such file or directory); "
                    + "set TMPDIR to a folder in which this user may write.\n")
        }

        @Test(arguments: [
            (["age1qqqq"], "Copy it again from where it was made."),
            (["nonsense"], "Copy it again from where it was made."),
        ])
        func aBadRecipientIsToldWithWhatToDo(_ recipients: [String], _ action: String) async throws {
            let folder = try ScratchFolder()
            let run = try await kioskctl(
                ["seal"] + recipients.flatMap { ["--recipient", $0] } + [folder.file("in"), folder.file("out")])
            #expect(!run.succeeded)
            #expect(run.errors.hasSuffix("\(action)\n"), "\(run.errors)")
            #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
        }
    }
}
