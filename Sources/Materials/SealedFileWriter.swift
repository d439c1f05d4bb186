import Glibc
import HallModel

/// A sealed file that is durable on the kiosk's disk.
public struct SealedFile: Sendable, Equatable {
    public var id: ItemID
    /// Name inside the writer's folder.
    public var name: String
    /// SHA-256 of the sealed bytes, 64 lower-case hexadecimal digits.
    public var sha256: String
    /// Length of the sealed bytes.
    public var bytes: Int
}

/// Why a sealed file was not stored. Nothing of it stays on the disk then.
public enum SealedFileError: Error, Sendable, Equatable {
    case sealing(AgeError)
    case file(FileFailure)

    /// The disk or the quota is full.
    public var isDiskFull: Bool { self == .file(.noSpace) }
}

extension SealedFileError: CustomStringConvertible {
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

    /// Seals bytes that are in memory.
    public func write(_ plain: [UInt8], id: ItemID) async throws(SealedFileError) -> SealedFile {
        try await queue.run { () throws(SealedFileError) in
            var rest = plain[...]
            return try store(id: id) {
                defer { rest = rest.dropFirst(SealedCopy.pieceBytes) }
                return rest.prefix(SealedCopy.pieceBytes)
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

    private func store(id: ItemID, from source: () throws(FileFailure) -> ArraySlice<UInt8>) throws(SealedFileError)
        -> SealedFile
    {
        let name = Self.name(of: id)
        let (sha256, bytes) = try SealedCopy.run(
            to: "\(folder)/\(name)", draftSuffix: Self.draftSuffix, replacing: false, recipients: recipients,
            suite: suite,
            from: source)
        return SealedFile(id: id, name: name, sha256: sha256, bytes: bytes)
    }
}

/// The blocking loop behind sealed files: source, cipher, draft, digest.
enum SealedCopy {
    static let pieceBytes = 65_536

    /// `source` gives an empty piece at its end.
    static func run(
        to path: String, draftSuffix: String, replacing: Bool, recipients: [String], suite: any CryptoSuite,
        from source: () throws(FileFailure) -> ArraySlice<UInt8>
    ) throws(SealedFileError) -> (sha256: String, bytes: Int) {
        var sealing: any SealingStream
        do { sealing = try suite.makeSealingStream(to: recipients) } catch {
            throw .sealing(error as? AgeError ?? (error as? RecipientRefused)?.error ?? .cryptographyFailed)
        }
        var digest = suite.makeDigestStream()
        var total = 0
        do {
            let draft = try FileDraft(path: path, suffix: draftSuffix)
            var output: [UInt8] = []
            while true {
                let piece = try source()
                output.removeAll(keepingCapacity: true)
                if piece.isEmpty { try sealing.finish(into: &output) } else { try sealing.seal(piece, into: &output) }
                digest.update(output[...])
                total += output.count
                try draft.write(output)
                if piece.isEmpty { break }
            }
            try draft.publish(replacing: replacing)
        } catch let error as FileFailure {
            throw .file(error)
        } catch {
            throw .sealing(error as? AgeError ?? .cryptographyFailed)
        }
        return (digest.hexadecimal(), total)
    }
}
