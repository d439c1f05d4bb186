import Glibc
import NIOCore
import NIOPosix

/// The bytes of a file from an offset to a known end, read piece by piece on NIO's threads for blocking calls. Ends with
/// ``PlatformError/fileDamaged(words:)`` when the file is gone or turns out to be shorter.
struct FileBytes: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    static let pieceBytes = 128 * 1024

    let path: String
    let range: Range<Int64>
    /// At most so many bytes in a second; `nil`: as fast as the line is.
    var bytesPerSecond: Int?

    func makeAsyncIterator() -> Iterator {
        Iterator(
            path: path, bytesPerSecond: bytesPerSecond, position: range.lowerBound, end: range.upperBound)
    }

    struct Iterator: AsyncIteratorProtocol {
        let path: String
        let bytesPerSecond: Int?
        var position: Int64
        let end: Int64
        /// Before it the next piece is not given.
        private var due = ContinuousClock.now

        init(path: String, bytesPerSecond: Int?, position: Int64, end: Int64) {
            self.path = path
            self.bytesPerSecond = bytesPerSecond
            self.position = position
            self.end = end
        }

        mutating func next() async throws -> ByteBuffer? {
            guard position < end else { return nil }
            // A slow line is used evenly: at most a quarter of a second's worth at once.
            let most = bytesPerSecond.map { Swift.max(1_024, Swift.min(FileBytes.pieceBytes, $0 / 4)) }
            let count = Int(Swift.min(Int64(most ?? FileBytes.pieceBytes), end - position))
            if let bytesPerSecond {
                try await Task.sleep(until: due)
                due = Swift.max(due, .now) + .seconds(Double(count) / Double(bytesPerSecond))
            }
            let (path, offset) = (path, position)
            let piece = try await NIOThreadPool.singleton.runIfActive {
                try FileBytes.read(path, offset: offset, count: count)
            }
            position += Int64(piece.readableBytes)
            return piece
        }
    }

    /// Length of a file.
    static func length(of path: String) async throws -> Int64 {
        try await NIOThreadPool.singleton.runIfActive {
            var status = stat()
            guard stat(path, &status) == 0 else { throw PlatformError.fileDamaged(words: "not there") }
            return Int64(status.st_size)
        }
    }

    /// At least one byte. Opens the file for each piece: a body that is dropped half-way then leaves no descriptor behind,
    /// and an open costs far less than sending the piece.
    private static func read(_ path: String, offset: Int64, count: Int) throws -> ByteBuffer {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw PlatformError.fileDamaged(words: "not there") }
        defer { close(descriptor) }
        var buffer = ByteBufferAllocator().buffer(capacity: count)
        let got = try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { target in
            while true {
                let got = pread(descriptor, target.baseAddress, count, off_t(offset))
                if got >= 0 { return got }
                if errno != EINTR { throw PlatformError.fileDamaged(words: "cannot be read") }
            }
        }
        guard got > 0 else { throw PlatformError.fileDamaged(words: "shorter than recorded") }
        return buffer
    }
}
