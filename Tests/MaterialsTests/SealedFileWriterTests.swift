import Crypto
import Foundation
import HallModel
import TestSupport
import Testing

@testable import Materials

@Suite("sealed files on disk")
struct SealedFileWriterTests {
    private let identity = AgeIdentity()

    static let fixedID = ItemID(rawValue: "0195c8a0-1f4e-7c3a-9b2d-4e5f6a7b8c9d")

    static func newID() -> ItemID {
        var generator = SystemRandomNumberGenerator()
        return ItemID(unixMilliseconds: UInt64(Date().timeIntervalSince1970 * 1000), using: &generator)
    }

    @Test("a stored file is sealed, private, named by its id, and described by its digest and length")
    func stores() async throws {
        let scratch = try ScratchFolder()
        let writer = try SealedFileWriter(folder: scratch.file("sealed"), recipients: [identity.recipient.text])
        let plain = Array("%PDF-1.7 户口本".utf8) + [UInt8](repeating: 3, count: 200_000)
        let id = Self.newID()
        let file = try await writer.write(plain, id: id)

        let stored = try scratch.bytes(of: "sealed/\(file.name)")
        #expect(file.id == id && file.name == "\(id).age")
        #expect(file.bytes == stored.count)
        #expect(file.sha256 == Hexadecimal.text(SHA256.hash(data: stored)))
        #expect(try AgeFile.open(stored, identity: identity) == plain)
        #expect(Data(stored).range(of: Data("%PDF".utf8)) == nil)
        let attributes = try FileManager.default.attributesOfItem(atPath: scratch.file("sealed/\(file.name)"))
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: writer.folder) == [file.name])
    }

    @Test("an id is stored once")
    func once() async throws {
        let scratch = try ScratchFolder()
        let writer = try SealedFileWriter(folder: scratch.path, recipients: [identity.recipient.text])
        let id = Self.newID()
        let file = try await writer.write([1], id: id)
        let before = try scratch.bytes(of: file.name)
        await #expect(throws: SealedFileError.file(.alreadyExists)) { try await writer.write([2], id: id) }
        #expect(try scratch.bytes(of: file.name) == before)
        #expect(try scratch.names() == [file.name])
    }

    @Test("bad recipients are refused before anything is written")
    func badRecipient() throws {
        let scratch = try ScratchFolder()
        #expect(throws: RecipientRefused.self) {
            try SealedFileWriter(folder: scratch.path, recipients: [identity.recipient.text, "age1nonsense"])
        }
        #expect(throws: AgeError.noRecipients) { try SealedFileWriter(folder: scratch.path, recipients: []) }
        #expect(throws: AgeError.tooManyRecipients) {
            let many = Array(repeating: identity.recipient.text, count: AgeSealer.maximumRecipients + 1)
            return try SealedFileWriter(folder: scratch.path, recipients: many)
        }
        let lowOrder = try AgeRecipient(Bech32.encode(prefix: "age", bytes: [UInt8](repeating: 0, count: 32))).text
        #expect(throws: RecipientRefused.self) {
            try SealedFileWriter(folder: scratch.path, recipients: [identity.recipient.text, lowOrder])
        }
    }

    @Test("a folder that is gone is an error")
    func folderGone() async throws {
        let scratch = try ScratchFolder()
        let writer = try SealedFileWriter(folder: scratch.file("sealed"), recipients: [identity.recipient.text])
        try FileManager.default.removeItem(atPath: scratch.file("sealed"))
        await #expect(throws: SealedFileError.file(.notFound)) { try await writer.write([1], id: Self.newID()) }
    }

    @Test(
        "a full disk is a typed error and leaves nothing behind",
        .enabled(if: getuid() == 0, "needs root: mounts a tmpfs"))
    func fullDisk() async throws {
        let scratch = try ScratchFolder()
        let mount = try await CommandRun.run(
            "mount", ["-t", "tmpfs", "-o", "size=128k", "hallkiosk-test", scratch.path])
        try #require(mount.succeeded, "\(mount.errors)")
        do {
            let writer = try SealedFileWriter(folder: scratch.path, recipients: [identity.recipient.text])
            let error = await #expect(throws: SealedFileError.self) {
                try await writer.write([UInt8](repeating: 1, count: 1_000_000), id: Self.newID())
            }
            #expect(error?.isDiskFull == true)
            #expect(try scratch.names().isEmpty)
            // What fits is stored afterwards.
            _ = try await writer.write([1, 2, 3], id: Self.newID())
            #expect(try scratch.names().count == 1)
        } catch { Issue.record(error) }
        try await eventually("unmounted") { try await CommandRun.run("umount", [scratch.path]).succeeded }
    }
}

@Suite("seal command")
struct SealCommandCoreTests {
    private let identity = AgeIdentity()

    @Test("a file is sealed, private, and not overwritten unless asked")
    func seals() async throws {
        let scratch = try ScratchFolder()
        try scratch.write(Array("secret".utf8), to: "in")
        let (input, output) = (scratch.file("in"), scratch.file("out.age"))
        try await SealCommandCore.seal(input: input, output: output, recipients: [identity.recipient.text])
        let first = try scratch.bytes(of: "out.age")
        #expect(try AgeFile.open(first, identity: identity) == Array("secret".utf8))
        let attributes = try FileManager.default.attributesOfItem(atPath: output)
        #expect(attributes[.posixPermissions] as? Int == 0o600)

        await #expect(throws: SealCommandCore.Failure.self) {
            try await SealCommandCore.seal(input: input, output: output, recipients: [identity.recipient.text])
        }
        #expect(try scratch.bytes(of: "out.age") == first)
        try await SealCommandCore.seal(
            input: input, output: output, recipients: [identity.recipient.text], overwrites: true)
        #expect(try scratch.bytes(of: "out.age") != first)
        #expect(try scratch.names() == ["in", "out.age"])
    }

    @Test("errors are sentences that name the thing")
    func sentences() async throws {
        let scratch = try ScratchFolder()
        try scratch.write([1], to: "in")
        let recipient = identity.recipient.text
        func failure(_ input: String, _ output: String, _ recipients: [String], overwrites: Bool = false) async
            -> String
        {
            do throws(SealCommandCore.Failure) {
                try await SealCommandCore.seal(
                    input: scratch.file(input), output: scratch.file(output), recipients: recipients,
                    overwrites: overwrites)
                return "no failure"
            } catch { return error.description.replacing(scratch.path + "/", with: "") }
        }
        #expect(await failure("absent", "out", [recipient]) == "Cannot read absent: there is no such file or folder.")
        #expect(await failure("in", "no/out", [recipient]) == "Cannot write no/out: there is no such file or folder.")
        #expect(await failure("in", "in", [recipient], overwrites: true).hasPrefix("Input and output are the same"))
        #expect(await failure(".", "out", [recipient]).hasSuffix("is a folder; name a file."))
        #expect(await failure("in", "out", []) == "At least one recipient is needed; name one.")
        #expect(await failure("in", "out", ["age1x"]).hasPrefix("Recipient “age1x”: This is not a valid age key"))
        #expect(try scratch.names() == ["in"])
    }
}
