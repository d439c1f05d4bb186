import Glibc
import HallModel
import NIOCore

/// A sealed file that is durable on the kiosk's disk.
public struct SealedFile: Sendable, Equatable {
    /// Of the material, or of the case for its answers; it gives the file its name.
    public var id: ItemID
    /// Name inside the writer's folder.
    public var name: String
    /// SHA-256 of the sealed bytes, 64 lower-case hexadecimal digits.
    public var sha256: String
    /// Length of the sealed bytes.
    public var bytes: Int
}

/// Why a sealed file was not stored, or a page put aside not read back. Nothing of the file stays on the disk then.
public enum SealedFileError: Error, Sendable, Equatable {
    /// The recipients or the cipher.
    case sealing(AgeError)
    /// The file system.
    case file(FileFailure)

    /// The disk or the quota is full.
    public var isDiskFull: Bool { self == .file(.noSpace) }
}

extension SealedFileError: CustomStringConvertible {
    /// One sentence, without the path.
    public var description: String {
        switch self {
        case .sealing(let error): error.description
        case .file(let failure): "The sealed file could not be stored: \(failure)."
        }
    }
}

/// Stores content sealed. The plain bytes go from memory through the cipher to the disk and are never written
/// themselves. When a call returns, the file survives a power cut.
public struct SealedFileWriter: Sendable {
    /// What a file's name ends with while it is not whole; a start-up sweep erases what carries it.
    public static let draftSuffix = ".part"

    /// Where the files lie, mode 0700 where the writer made it.
    public let folder: String
    private let suite: any CryptoSuite
    private let recipients: [String]
    private let queue = FileQueue(label: "sealed-files")

    /// Makes the folder (mode 0700) when it is not there. Throws for bad recipients and for a folder that cannot be made.
    public init(folder: String, recipients: [String], suite: any CryptoSuite = AgeSuite()) throws {
        try suite.check(recipients: recipients)
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
            throw SealedFileError.file(FileFailure(call: "mkdir"))
        }
        self.folder = folder
        self.suite = suite
        self.recipients = recipients
    }

    /// Seals a few bytes.
    public func write(_ plain: [UInt8], id: ItemID) async throws(SealedFileError) -> SealedFile {
        try await write([.memory(ByteBuffer(bytes: plain))], id: id)
    }

    /// Seals one piece after the other, without putting them together first.
    public func write(_ pieces: [PlainPiece], id: ItemID) async throws(SealedFileError) -> SealedFile {
        try await store(id: id) { (copy) throws(SealedFileError) in
            for piece in pieces {
                try piece.forEachPart { (part) throws(SealedFileError) in try copy.take(part) }
            }
        }
    }

    /// Erases a file that was stored and is not wanted after all. One that is gone already is no error.
    public func erase(_ name: String) async throws(SealedFileError) {
        try await queue.run { () throws(SealedFileError) in
            guard unlink("\(folder)/\(name)") == 0 || errno == ENOENT else {
                throw .file(FileFailure(call: "unlink"))
            }
        }
    }

    /// The name that a file of this id has.
    public static func name(of id: ItemID) -> String { "\(id.rawValue).age" }

    private func store(
        id: ItemID, _ give: @escaping @Sendable (inout SealedCopy) throws(SealedFileError) -> Void
    ) async throws(SealedFileError) -> SealedFile {
        let name = Self.name(of: id)
        return try await queue.run { () throws(SealedFileError) in
            var copy = try SealedCopy(
                to: "\(folder)/\(name)", draftSuffix: Self.draftSuffix, recipients: recipients, suite: suite,
                digests: true)
            try give(&copy)
            let (sha256, bytes) = try copy.finish()
            do throws(FileFailure) { try copy.publish(replacing: false) } catch { throw SealedFileError.file(error) }
            return SealedFile(id: id, name: name, sha256: sha256, bytes: bytes)
        }
    }
}

/// The blocking way of bytes through cipher and digest into a draft: ``take(_:)`` any number of times, then
/// ``finish()`` and ``publish(replacing:)``. Dropped before that, it leaves nothing behind.
struct SealedCopy: ~Copyable {
    private var sealing: Sealing<DigestedDraft>

    /// - Parameter digests: whether anybody wants the SHA-256 of the sealed bytes, which takes as long as the sealing.
    init(
        to path: String, draftSuffix: String, recipients: [String], suite: any CryptoSuite, digests: Bool
    ) throws(SealedFileError) {
        let stream = try suite.sealingStream(to: recipients)
        let draft: FileDraft
        do { draft = try FileDraft(path: path, suffix: draftSuffix) } catch { throw .file(error) }
        sealing = Sealing(stream, into: DigestedDraft(draft, digest: digests ? suite.makeDigestStream() : nil))
    }

    mutating func take(_ plain: UnsafeRawBufferPointer) throws(SealedFileError) { try sealing.take(plain) }

    /// To be called once, after the last byte.
    /// - Returns: the digest, empty when none was wanted, and the length of the sealed bytes.
    mutating func finish() throws(SealedFileError) -> (sha256: String, bytes: Int) {
        try sealing.finish()
        return (sealing.output.digest?.hexadecimal() ?? "", sealing.output.total)
    }

    /// Makes the finished file durable under its name.
    mutating func publish(replacing: Bool) throws(FileFailure) {
        if let draft = sealing.output.draft.take() { try draft.publish(replacing: replacing) }
    }
}

private struct DigestedDraft: SealedOutput, ~Copyable {
    var draft: FileDraft?
    var digest: (any DigestStream)?
    var total = 0

    init(_ draft: consuming FileDraft, digest: (any DigestStream)?) {
        self.draft = consume draft
        self.digest = digest
    }

    mutating func write(_ sealed: [UInt8]) throws(SealedFileError) {
        sealed.withUnsafeBytes { digest?.update($0) }
        total += sealed.count
        do { try draft?.write(sealed) } catch { throw .file(error) }
    }
}
