import Foundation
import TestSupport
import Testing

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
            let opened = try await CommandRun.run("age", ["-d", "-i", "\(folder.path)/\(name)", "\(folder.path)/out"])
            #expect(Data(opened.output) == secret)
        }
        let again = try await kioskctl(
            ["seal"] + recipients + ["\(folder.path)/in", "\(folder.path)/out"])
        #expect(!again.succeeded)
        #expect(again.errors.hasPrefix("kioskctl: ") && again.errors.contains("exists already"))
    }

    @Test(arguments: ["status", "devices", "outbox"])
    func withoutADaemonThereIsOneSentence(_ command: String) async throws {
        let folder = try ScratchFolder()
        let run = try await kioskctl([command, "--runtime", folder.path])
        #expect(!run.succeeded)
        #expect(run.output.isEmpty)
        #expect(run.errors.hasPrefix("kioskctl: kioskd does not answer on \(folder.path)/control.sock"))
        #expect(run.errors.split(separator: "\n").count == 1)
    }

    @Test func aReaderThatIsNotThereIsNamedInTime() async throws {
        let folder = try ScratchFolder()
        let started = ContinuousClock.now
        let run = try await kioskctl(
            ["card", "read", "--direct", "serial:/dev/no-such-reader", "--timeout", "3", "--json"],
            temporary: folder.path)
        #expect(ContinuousClock.now - started < .seconds(5))
        #expect(!run.succeeded)
        #expect(run.output.isEmpty)
        #expect(run.errors.hasPrefix("kioskctl: serial:/dev/no-such-reader: "), "\(run.errors)")
        #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test(arguments: ["ttyUSB0", "escl:http://h/eSCL", "serial:relative"])
    func anAddressThatIsNoReaderIsRefused(_ address: String) async throws {
        let run = try await kioskctl(["card", "read", "--direct", address])
        #expect(!run.succeeded)
        #expect(run.errors.contains("--direct takes serial:/dev/… or tcp:HOST:PORT"))
    }
}
