import Dispatch
import Glibc
import NIOCore
import Synchronization

/// Puts pages aside until their document is whole, so that memory does not grow with a document's pages.
///
/// Each lies in a file that has no name any more when it is written to, sealed to a key of its own that is written nowhere:
/// nobody else can read it, and it is gone for good with whoever holds it, however the process ends.
public struct PageVault: Sendable {
    /// Where the files get their space.
    private let folder: String
    private let reserveBytes: Int
    private let suite: any CryptoSuite
    private let shelf = Shelf()
    private let queue = FileQueue(label: "page-vault")

    /// An empty vault. Nothing is written yet.
    /// - Parameters:
    ///   - folder: an existing one of this user. For a moment a page has a name there, which ends with
    ///     ``SealedFileWriter/draftSuffix``: a start-up sweep takes what a power cut left.
    ///   - reserveBytes: what must stay free on its file system, besides room for the document of all pages put aside.
    public init(folder: String, reserveBytes: Int = 0, suite: any CryptoSuite = AgeSuite()) {
        self.folder = folder
        self.reserveBytes = reserveBytes
        self.suite = suite
    }

    /// Puts a page aside. Its space is free again when nobody holds the result any more.
    /// - Throws: when the disk does not take it, or could not take the document afterwards. The page is where it was then.
    public func keep(_ page: ByteBuffer) async throws(SealedFileError) -> KeptPage {
        try await queue.run { () throws(SealedFileError) in
            let count = page.readableBytes
            guard hasRoom(for: count) else { throw .file(.noSpace) }
            let keys = suite.makeOwnKeys()
            let file = try NamelessFile(in: folder)
            var sealing = Sealing(try suite.sealingStream(to: [keys.recipient]), into: file)
            try PlainPiece.memory(page).forEachPart { (part) throws(SealedFileError) in try sealing.take(part) }
            try sealing.finish()
            return KeptPage(file, count: count, keys, on: shelf)
        }
    }

    /// The page now, and later the document with it and all others.
    private func hasRoom(for bytes: Int) -> Bool {
        // Where the folder cannot be looked at, opening a file in it will say why.
        guard let free = DiskSpace.freeBytes(of: folder) else { return true }
        return free - 2 * bytes - shelf.bytes.withLock(\.self) >= reserveBytes
    }
}

/// Counts what is put aside.
private final class Shelf: Sendable {
    let bytes = Mutex(0)
}

/// A page that was put aside.
public final class KeptPage: Sendable {
    /// As much is read at once.
    private static let partBytes = 256 << 10

    /// Length of the plain bytes.
    public let count: Int
    private let file: NamelessFile
    private let keys: any OwnKeys
    private let shelf: Shelf

    fileprivate init(_ file: NamelessFile, count: Int, _ keys: any OwnKeys, on shelf: Shelf) {
        self.file = file
        self.count = count
        self.keys = keys
        self.shelf = shelf
        shelf.bytes.withLock { $0 += count }
    }

    deinit { shelf.bytes.withLock { $0 -= count } }

    /// Gives the plain bytes to `body`, in order and no more than about 256 KiB at once. Blocks.
    func forEachPart(
        _ body: (UnsafeRawBufferPointer) throws(SealedFileError) -> Void
    ) throws(SealedFileError) {
        var opening = keys.makeOpeningStream()
        var sealed = [UInt8](repeating: 0, count: Self.partBytes)
        var plain: [UInt8] = []
        var (read, given) = (0, 0)
        while true {
            let count = try file.read(into: &sealed, at: read)
            read += count
            do {
                if count > 0 {
                    try opening.open(sealed[..<count], into: &plain)
                } else {
                    try opening.finish(into: &plain)
                }
            } catch {
                throw .sealing(error)
            }
            given += plain.count
            let result: Result<Void, SealedFileError> = plain.withUnsafeBytes { bytes in
                Result { () throws(SealedFileError) -> Void in try body(bytes) }
            }
            try result.get()
            plain.removeAll(keepingCapacity: true)
            if count == 0 { break }
        }
        guard given == self.count else { throw .sealing(.cutShort) }
    }
}

/// A file that has lost its name: its space is free again when it is closed, also by a crash. Every call blocks.
private final class NamelessFile: Sendable, SealedOutput {
    /// Closing gives the space back, which on a tired disk takes its time as writing does.
    private static let closing = DispatchQueue(label: "page-vault-closing")
    private let descriptor: Int32

    init(in folder: String) throws(SealedFileError) {
        let path = "\(folder)/page-\(UInt64.random(in: .min ... .max))\(SealedFileWriter.draftSuffix)"
        descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .file(FileFailure(call: "open")) }
        // `deinit` closes it.
        guard unlink(path) == 0 else { throw .file(FileFailure(call: "unlink")) }
    }

    deinit {
        guard descriptor >= 0 else { return }
        Self.closing.async { [descriptor] in _ = close(descriptor) }
    }

    func write(_ bytes: [UInt8]) throws(SealedFileError) {
        do { try FileDraft.write(bytes, to: descriptor) } catch { throw .file(error) }
    }

    /// - Returns: how many bytes came; 0 at the end.
    func read(into bytes: inout [UInt8], at offset: Int) throws(SealedFileError) -> Int {
        while true {
            let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, off_t(offset)) }
            if count >= 0 { return count }
            if errno != EINTR { throw .file(FileFailure(call: "pread")) }
        }
    }
}
