/// Cuts a receipt's bytes into pieces of bounded length that end between two commands where they can, so that a
/// question to the printer can be asked between pieces: a DLE EOT inside of image data is printed as image.
///
/// Knows the lengths of the commands that receipts are made of. From the first byte on that it does not understand,
/// the rest is cut by length alone, and nothing may be asked between.
struct ReceiptPieces: Sendable, Equatable {
    struct Piece: Sendable, Equatable {
        var range: Range<Int>
        /// Bytes from the end of this piece to where a command may follow; `nil` when nobody knows.
        var bytesToBoundary: Int?
    }

    let pieces: [Piece]

    /// - Parameter limit: the longest piece, at least 1.
    init(_ bytes: [UInt8], limit: Int) {
        let limit = max(1, limit)
        var pieces: [Piece] = []
        var start = 0
        var end = 0
        func flush() {
            if end > start { pieces.append(Piece(range: start..<end, bytesToBoundary: 0)) }
            start = end
        }
        while end < bytes.count, let length = Self.commandLength(bytes[end...]) {
            if end - start + length > limit { flush() }
            end += length
            // One command longer than a piece: cut inside of it.
            while end - start > limit {
                pieces.append(Piece(range: start..<start + limit, bytesToBoundary: end - start - limit))
                start += limit
            }
        }
        flush()
        while start < bytes.count {
            let next = min(start + limit, bytes.count)
            pieces.append(Piece(range: start..<next, bytesToBoundary: next == bytes.count ? 0 : nil))
            start = next
        }
        self.pieces = pieces
    }

    /// Length of the command or of the run of text at the beginning of `bytes`; `nil` when it is not known or not
    /// whole.
    static func commandLength(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard let first = bytes.first else { return nil }
        let length: Int?
        switch first {
        case 0x09, 0x0A, 0x0D: length = 1
        case 0x1B: length = escapeLength(bytes)
        case 0x1C: length = chineseLength(bytes)
        case 0x1D: length = groupLength(bytes)
        // A run of text is one unit: a two-byte character must not be torn.
        case 0x20...: length = bytes.prefix { $0 >= 0x20 }.count
        default: length = nil
        }
        guard let length, length <= bytes.count else { return nil }
        return length
    }

    private static func byte(_ bytes: ArraySlice<UInt8>, _ offset: Int) -> Int? {
        offset < bytes.count ? Int(bytes[bytes.startIndex + offset]) : nil
    }

    private static func word(_ bytes: ArraySlice<UInt8>, _ offset: Int) -> Int? {
        guard let low = byte(bytes, offset), let high = byte(bytes, offset + 1) else { return nil }
        return low | high << 8
    }

    private static func escapeLength(_ bytes: ArraySlice<UInt8>) -> Int? {
        switch byte(bytes, 1) {
        case 0x32, 0x40, 0x69, 0x6D: 2
        case 0x20, 0x21, 0x2D, 0x33, 0x45, 0x47, 0x4A, 0x4D, 0x52, 0x61, 0x64, 0x74, 0x7B: 3
        case 0x24, 0x5C, 0x63: 4
        // ESC * m nL nH: 8 or 24 dots a column.
        case 0x2A: word(bytes, 3).flatMap { columns in byte(bytes, 2).map { 5 + columns * ($0 < 32 ? 1 : 3) } }
        default: nil
        }
    }

    private static func chineseLength(_ bytes: ArraySlice<UInt8>) -> Int? {
        switch byte(bytes, 1) {
        case 0x26, 0x2E: 2
        case 0x21, 0x2D, 0x57: 3
        case 0x53: 4
        // FS 2: a user-defined character of 24 x 24 dots.
        case 0x32: 76
        default: nil
        }
    }

    private static func groupLength(_ bytes: ArraySlice<UInt8>) -> Int? {
        switch byte(bytes, 1) {
        case 0x21, 0x42, 0x49, 0x61, 0x62, 0x66, 0x68, 0x72, 0x77: 3
        case 0x4C, 0x50, 0x57, 0x24, 0x5C: 4
        // GS V m, with n from 65 on.
        case 0x56: byte(bytes, 2).map { $0 >= 65 ? 4 : 3 }
        // GS ( x pL pH.
        case 0x28: word(bytes, 3).map { 5 + $0 }
        // GS v 0 m xL xH yL yH.
        case 0x76: word(bytes, 4).flatMap { width in word(bytes, 6).map { 8 + width * $0 } }
        // GS 8 L p1 p2 p3 p4.
        case 0x38: word(bytes, 3).flatMap { low in word(bytes, 5).map { 7 + (low | $0 << 16) } }
        default: nil
        }
    }
}
