import Glibc

/// Bytes that leave an emulated serial device at their times, in order. Times are nanoseconds of the monotonic clock.
struct PacedBytes {
    private struct Piece {
        var due: UInt64
        var bytes: [UInt8]
    }

    private var pieces: [Piece] = []

    var isEmpty: Bool { pieces.isEmpty }
    var nextDue: UInt64? { pieces.first?.due }

    mutating func removeAll() { pieces.removeAll() }

    mutating func append(_ bytes: [UInt8], due: UInt64) { pieces.append(Piece(due: due, bytes: bytes)) }

    /// `count` bytes at a time, each piece when the last of its bytes would have crossed the wire (10 bits a byte).
    mutating func append(
        _ bytes: [UInt8], from begin: UInt64, bitsPerSecond: Int, timeScale: Double, pieceLength count: Int = 32
    ) {
        guard timeScale > 0 else { return append(bytes, due: begin) }
        var sent = 0
        while sent < bytes.count {
            let slice = Array(bytes[sent..<min(sent + count, bytes.count)])
            sent += slice.count
            let wire = Double(sent) * 10 * 1e9 / Double(bitsPerSecond) * timeScale
            append(slice, due: begin + UInt64(wire))
        }
    }

    /// The next piece whose time has come.
    mutating func takeDue(_ now: UInt64) -> [UInt8]? {
        guard let first = pieces.first, first.due <= now else { return nil }
        pieces.removeFirst()
        return first.bytes
    }

    /// The monotonic clock in nanoseconds.
    static var now: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
