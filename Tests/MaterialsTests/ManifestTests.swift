import Foundation
import Materials
import TestSupport
import Testing

@Suite("manifest and signing key")
struct ManifestTests {
    private func manifest() throws -> Manifest {
        let id = try #require(SealedFileWriterTests.fixedID)
        return Manifest(
            suite: AgeSuite().name, kiosk: "hall-9/kiosk-1", id: id, item: "senior-card", acceptanceCode: "K7M2XQ4D",
            time: Date(timeIntervalSince1970: 1_772_442_900),
            files: [.init(id: id, sha256: String(repeating: "a", count: 64), bytes: 700, pages: 0)])
    }

    @Test("the bytes that are signed are canonical")
    func canonical() throws {
        let text = String(decoding: try manifest().canonicalBytes(), as: UTF8.self)
        #expect(
            text
                == #"{"acceptanceCode":"K7M2XQ4D","files":[{"bytes":700,"id":"0195c8a0-1f4e-7c3a-9b2d-4e5f6a7b8c9d","#
                + #""pages":0,"sha256":"\#(String(repeating: "a", count: 64))"}],"#
                + #""id":"0195c8a0-1f4e-7c3a-9b2d-4e5f6a7b8c9d","item":"senior-card","kiosk":"hall-9/kiosk-1","#
                + #""suite":"age-v1+ed25519+sha256","time":"2026-03-02T09:15:00Z","type":"case-manifest-v1"}"#)
    }

    @Test("a signed manifest is verified; one that was changed is not")
    func signed() async throws {
        let scratch = try ScratchFolder()
        let key = try await KioskSigningKey.loadOrCreate(at: scratch.file("key.pem"))
        let signed = try manifest().signed(with: key)
        #expect(signed.verified() == (try manifest()))
        var changed = signed
        changed.bytes[10] ^= 1
        #expect(changed.verified() == nil)
        changed = signed
        changed.signature[0] ^= 1
        #expect(changed.verified() == nil)
        changed.publicKey = []
        changed.signature = []
        #expect(changed.verified() == nil)
    }

    @Test("the key is made once, by whoever comes first, mode 0600, and read again")
    func keyFile() async throws {
        let scratch = try ScratchFolder()
        let path = scratch.file("key.pem")
        let keys = try await withThrowingTaskGroup(of: [UInt8].self) { group in
            for _ in 0..<8 { group.addTask { try await KioskSigningKey.loadOrCreate(at: path).publicKey } }
            return try await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
        }
        #expect(keys.count == 1)
        #expect(try scratch.names() == ["key.pem"])
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
    }

    @Test("openssl reads the same public key from it", .enabled(if: CommandRun.isInstalled("openssl")))
    func openssl() async throws {
        let scratch = try ScratchFolder()
        let key = try await KioskSigningKey.loadOrCreate(at: scratch.file("key.pem"))
        let run = try await CommandRun.run(
            "openssl", ["pkey", "-in", scratch.file("key.pem"), "-pubout", "-outform", "DER"])
        #expect(Array(run.output.suffix(32)) == key.publicKey)
    }

    @Test("a key that others can read, or that is none, is refused and not replaced")
    func badKeyFile() async throws {
        let scratch = try ScratchFolder()
        let path = scratch.file("key.pem")
        try scratch.write(Array("nonsense".utf8), to: "key.pem")
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        await #expect(throws: SigningKeyError.readableByOthers(path: path)) {
            try await KioskSigningKey.loadOrCreate(at: path)
        }
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        await #expect(throws: SigningKeyError.notAKey) { try await KioskSigningKey.loadOrCreate(at: path) }
        #expect(try scratch.bytes(of: "key.pem") == Array("nonsense".utf8))
    }
}
