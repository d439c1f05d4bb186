import Crypto
import TestSupport
import Testing

@testable import Materials

/// Files that are wrong in one rule only: their authentication code is right, so that nothing else can refuse them.
@Suite("age header rules")
struct AgeHeaderRulesTests {
    private let identity = AgeIdentity()
    private let fileKey = SymmetricKey(data: Array("YELLOW SUBMARINE".utf8))

    /// A whole file of the given header lines, with the right authentication code and an empty payload.
    private func file(_ lines: String, end: (String) -> String = { "--- \($0)\n" }) throws -> [UInt8] {
        let header = Array((lines + "---").utf8)
        let code = AgeKeySchedule.headerCode(fileKey: fileKey, header: header)
        let nonce = [UInt8](repeating: 9, count: 16)
        let key = AgeKeySchedule.payloadKey(fileKey: fileKey, nonce: nonce)
        var chunk = AgeChunkNonce()
        let box = try ChaChaPoly.seal([UInt8](), using: key, nonce: try chunk.next(isLast: true))
        let last = end(String(decoding: Base64Text.encode(code), as: UTF8.self))
        return Array(lines.utf8) + Array(last.utf8) + nonce + box.tag
    }

    private func stanza() throws -> String {
        let stanza = try AgeKeySchedule.wrap(fileKey: fileKey, for: identity.recipient)
        return String(decoding: stanza.encoded, as: UTF8.self)
    }

    private let version = "age-encryption.org/v1\n"

    private func expectRefused(_ file: [UInt8], _ comment: Comment) {
        do throws(AgeError) {
            _ = try AgeFile.open(file, identity: identity)
            Issue.record("opened: \(comment)")
        } catch {
            guard case .headerMalformed = error else {
                Issue.record("\(error) instead of a malformed header: \(comment)")
                return
            }
        }
    }

    @Test("the file these tests vary opens")
    func baseline() throws {
        #expect(try AgeFile.open(file(version + stanza()), identity: identity).isEmpty)
        let grease = "-> grease- ~!9 x\nAAAA\n"
        #expect(try AgeFile.open(file(version + grease + stanza() + grease), identity: identity).isEmpty)
        let full = "-> other\n\(String(repeating: "A", count: 64))\n\n"
        #expect(try AgeFile.open(file(version + full + stanza()), identity: identity).isEmpty)
    }

    @Test("each broken rule is a malformed header")
    func brokenRules() throws {
        let good = try stanza()
        let argument = good.split(separator: "\n")[0].split(separator: " ")[2]
        let body = good.split(separator: "\n")[1]
        for (lines, rule) in [
            ("age-encryption.org/v2\n" + good, "version"),
            ("age-encryption.org/v1\r\n" + good, "carriage return after the version"),
            (version + good.replacing("\n", with: "\r\n"), "carriage returns"),
            (version, "no recipient"),
            (version + "->\n\n" + good, "a stanza without kind"),
            (version + "-> \n\n" + good, "an empty kind"),
            (version + "->  X\n\n" + good, "two spaces"),
            (version + "-> X \n\n" + good, "a space at the end"),
            (version + "-> X ä\n\n" + good, "not ASCII"),
            (version + "-> X \u{7f}\n\n" + good, "not visible"),
            (version + "- > X\n\n" + good, "no stanza"),
            (version + "\n" + good, "an empty line"),
            (version + "-> X\nAA=\n" + good, "padding"),
            (version + "-> X\nAB\n" + good, "bits beyond the last byte"),
            (version + "-> X\nA\n" + good, "an impossible length"),
            (version + "-> X\nA A\n" + good, "a space in the body"),
            (version + "-> X\n\(String(repeating: "A", count: 65))\n\n" + good, "a line of 65"),
            (version + "-> X\n\(String(repeating: "A", count: 64))\n" + good, "no short last line"),
            (version + "-> X25519\n\(body)\n", "no share"),
            (version + "-> X25519 \(argument) more\n\(body)\n", "two arguments"),
            (version + "-> X25519 \(argument)A\n\(body)\n", "a long share"),
            (version + "-> X25519 \(argument.dropLast(2))\n\(body)\n", "a short share"),
            (version + "-> X25519 \(argument)=\n\(body)\n", "a padded share"),
            (version + "-> X25519 \(String(repeating: "A", count: 43))\n\(body)\n", "a share of low order"),
            (version + "-> X25519 \(argument)\n\(body)AAAA\n", "a long body"),
            (version + "-> X25519 \(argument)\n\(body.dropLast(3))\n", "a short body"),
            (version + good + "-> X25519 AAAA\n\n", "a second stanza that is malformed"),
            (version + "-> scrypt bm90IGEgc2FsdCBhdCBhbGw 10\n\n" + good, "a passphrase beside it"),
        ] { expectRefused(try file(lines), "\(rule)") }
        let ends: [(String) -> String] = [
            { "---\($0)\n" }, { "--- \($0)=\n" }, { "---  \($0)\n" }, { "--- \($0) \n" },
            { "--- \($0.dropLast())\n" }, { _ in "---\n" },
        ]
        for end in ends { expectRefused(try file(version + good, end: end), "last line \(end("…"))") }
    }

    @Test("a stanza of another kind alone is not for this identity; a foreign header code is a changed header")
    func othersKind() throws {
        #expect(throws: AgeError.notForThisIdentity) {
            try AgeFile.open(file(version + "-> x25519 \n\n".replacing(" \n", with: "\n")), identity: identity)
        }
        let other = String(repeating: "A", count: 43)
        let changed = try file(version + stanza(), end: { _ in "--- \(other)\n" })
        #expect(throws: AgeError.headerChanged) { try AgeFile.open(changed, identity: identity) }
    }
}
