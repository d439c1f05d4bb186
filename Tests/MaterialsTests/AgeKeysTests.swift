import TestSupport
import Testing

@testable import Materials

@Suite("age keys")
struct AgeKeysTests {
    /// The key pair of the age documentation.
    static let identityText = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"
    static let recipientText = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"

    @Test("a known identity gives its known recipient, and both come back as they were written")
    func knownPair() throws {
        let identity = try AgeIdentity(Self.identityText)
        #expect(identity.recipient.text == Self.recipientText)
        #expect(identity.text.exposed == Self.identityText)
        #expect(try AgeRecipient(" \(Self.recipientText)\n").text == Self.recipientText)
    }

    @Test("a new identity is never described")
    func newIdentityStaysSecret() throws {
        let identity = AgeIdentity()
        #expect(!"\(identity) \(identity.text)".contains("SECRET"))
        #expect(try AgeIdentity(identity.text.exposed).recipient == identity.recipient)
    }

    @Test("one changed character is always noticed")
    func changedCharacter() {
        let good = Array(Self.recipientText.utf8)
        for index in good.indices {
            for other in Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l1bio".utf8) where other != good[index] {
                var bad = good
                bad[index] = other
                #expect(throws: AgeError.self) { try AgeRecipient(String(decoding: bad, as: UTF8.self)) }
            }
        }
    }

    @Test(
        "what is no recipient is refused with a reason",
        arguments: [
            "", "age1", "age", "1", "age1q", "AGE1ZVKYG2LQZRAA2LNJVQEJ32NKUU0UES2S82HZRYE869XEEXVN73EQUNUJWJ",
            "age1Zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj", identityText,
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5", "张奶奶", String(repeating: "age1", count: 10_000),
        ])
    func refused(text: String) {
        #expect(throws: AgeError.self) { try AgeRecipient(text) }
    }

    @Test("any bytes as a key give an error or a key, never a trap")
    func anyBytes() {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<2_000 {
            let bytes = generator.bytes(Int.random(in: 0...120, using: &generator))
            let text = String(decoding: bytes, as: UTF8.self)
            _ = try? AgeRecipient("age1" + text)
            _ = try? AgeIdentity(text)
            _ = try? AgeIdentity.identities(inFile: text)
        }
    }

    @Test("a recipient of low order is refused when sealing")
    func lowOrder() throws {
        let recipient = try AgeRecipient(Bech32.encode(prefix: "age", bytes: [UInt8](repeating: 0, count: 32)))
        #expect(throws: AgeError.self) { try AgeFile.seal([1], to: [recipient]) }
    }

    @Test("an identity file may have comments and several keys")
    func identityFile() throws {
        let other = AgeIdentity()
        let text = "# created: today\n# public key: x\n\(Self.identityText)\r\n\n\(other.text.exposed)\n"
        #expect(try AgeIdentity.identities(inFile: text).map(\.recipient.text).count == 2)
        #expect(throws: AgeError.self) { try AgeIdentity.identities(inFile: "# nothing\n") }
    }
}
