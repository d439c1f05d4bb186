import Foundation
import TestSupport
import Testing

extension InTurn {
    /// `kioskd check-configuration` and `kioskd` itself look at the same things.
    @Suite(.serialized) struct CheckConfigurationTests {
        private func output(_ arguments: [String]) async throws -> (status: Int32, lines: [String]) {
            let run = try await KioskctlRun.run(arguments, program: "\(HallUnderTest.programs)/kioskd")
            return (run.status, (run.output + run.errors).split(separator: "\n").map(String.init))
        }

        @Test("What the check passes starts; wrong trust, key, name and signing key are told by both in the same words")
        func sameWords() async throws {
            var options = HallUnderTest.Options()
            options.startsKiosk = false
            let hall = try HallUnderTest(options)
            do {
                try await hall.start()
                let file = hall.configurationFile
                let well = try await output(["check-configuration", file])
                #expect(well.status == 0, "\(well)")

                let folder = hall.folder
                for name in ["trust.pem", "other-key.pem", "signing.pem"] {
                    try "garbage\n".write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
                    try FileManager.default.setAttributes(
                        [.posixPermissions: 0o600], ofItemAtPath: "\(folder)/\(name)")
                }
                var text = try String(contentsOfFile: file, encoding: .utf8)
                let named = try #require(text.firstMatch(of: #/recipientsFile: "([^"]*)"/#)?.output.1)
                let recipient = try String(contentsOfFile: String(named), encoding: .utf8)
                try String(repeating: recipient + "\n", count: 17)
                    .write(toFile: "\(folder)/recipients.txt", atomically: true, encoding: .utf8)
                text = text.replacing(named, with: "\(folder)/recipients.txt")
                text = text.replacing("id: \"test-kiosk\"", with: "id: other-kiosk")
                text = text.replacing(#/trust: "[^"]*"/#, with: "trust: \(folder)/trust.pem")
                text = text.replacing(#/  key: "[^"]*"/#, with: "  key: \(folder)/other-key.pem")
                text = text.replacing("platform:\n", with: "platform:\n  signingKeyFile: \(folder)/signing.pem\n")
                try text.write(toFile: file, atomically: true, encoding: .utf8)
                let check = try await output(["check-configuration", file])
                #expect(check.status == 1 && check.lines.count == 5, "\(check.lines)\n\(text)")
                for (field, word) in [
                    ("platform.certificate", "“other-kiosk”"), ("platform.key", "no private key in PEM"),
                    ("platform.trust", "no certificate in PEM"), ("platform.signingKeyFile", "Ed25519"),
                    ("platform.recipientsFile", "17 recipients are named"),
                ] {
                    #expect(check.lines.contains { $0.contains("\(field): ") && $0.contains(word) }, "\(check.lines)")
                }
                let start = try await output([
                    "--configuration", file, "--state", "\(folder)/state", "--runtime", "\(folder)/run",
                ])
                #expect(start.status == 78 && start.lines == check.lines, "\(start)")
            } catch {
                await hall.stop()
                throw error
            }
            await hall.stop()
        }
    }
}
