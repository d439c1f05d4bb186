/// What a JPEG says of itself in its markers (ITU-T T.81 annex B), read without decoding it.
public struct JPEGHeader: Sendable, Equatable {
    /// By the number of components: one, or three.
    public enum ColorModel: Sendable, Equatable { case gray, color }

    /// 1 … ``PageLimits/maximumSide``; both sides together at most ``PageLimits/maximumPixels``.
    public let widthPixels: Int
    /// 1 … ``PageLimits/maximumSide``.
    public let heightPixels: Int
    /// What the frame header says; whether the colours are gray all the same is not looked at.
    public let model: ColorModel

    /// Walks the markers up to the first scan and looks for the end-of-image marker at the very end.
    ///
    /// Baseline, extended and progressive Huffman images of 8 bits with one or three components pass: those that a
    /// PDF may embed as `DCTDecode` (ISO 32000-1, 7.4.8) and every decoder reads. Any bytes may be given.
    public init(_ bytes: some RandomAccessCollection<UInt8>) throws(PageFailure) {
        var reader = MarkerReader(bytes)
        guard reader.byte() == 0xFF, reader.byte() == 0xD8 else { throw .notJPEG }
        var frame: (width: Int, height: Int, components: Int)?
        scanning: while true {
            guard let marker = reader.marker() else { throw frame == nil ? .notJPEG : .damaged("no scan") }
            switch marker {
            case 0xC0, 0xC1, 0xC2:
                guard frame == nil, let read = try reader.frame() else { throw .notJPEG }
                frame = read
            case 0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF:
                throw .unsupported("JPEG process SOF\(marker & 0x0F)")
            case 0xDA:
                break scanning
            case 0x01, 0xD0...0xD7:
                continue
            case 0xD8, 0xD9, 0x00:
                throw .notJPEG
            default:
                guard reader.skipSegment() else { throw .damaged("a segment breaks off") }
            }
        }
        guard let frame else { throw .notJPEG }
        guard frame.width <= PageLimits.maximumSide, frame.height <= PageLimits.maximumSide,
            frame.width * frame.height <= PageLimits.maximumPixels
        else { throw .tooLarge(widthPixels: frame.width, heightPixels: frame.height) }
        guard bytes.suffix(2).elementsEqual([0xFF, 0xD9]) else { throw .damaged("no end of image") }
        widthPixels = frame.width
        heightPixels = frame.height
        model = frame.components == 1 ? .gray : .color
    }
}

/// Steps through marker segments; every step answers `nil` or false at the end of the bytes.
private struct MarkerReader<Bytes: RandomAccessCollection<UInt8>> {
    private let bytes: Bytes
    private var index: Bytes.Index

    init(_ bytes: Bytes) {
        self.bytes = bytes
        index = bytes.startIndex
    }

    mutating func byte() -> Int? {
        guard index != bytes.endIndex else { return nil }
        defer { bytes.formIndex(after: &index) }
        return Int(bytes[index])
    }

    private mutating func word() -> Int? {
        guard let high = byte(), let low = byte() else { return nil }
        return high << 8 | low
    }

    /// The next marker's second byte; fill bytes (FF) before it are passed over.
    mutating func marker() -> Int? {
        guard byte() == 0xFF else { return nil }
        var code = byte()
        while code == 0xFF { code = byte() }
        return code
    }

    mutating func skipSegment() -> Bool {
        guard let length = word(), length >= 2,
            let next = bytes.index(index, offsetBy: length - 2, limitedBy: bytes.endIndex)
        else { return false }
        index = next
        return true
    }

    /// A frame header (B.2.2).
    mutating func frame() throws(PageFailure) -> (width: Int, height: Int, components: Int)? {
        guard let length = word(), let precision = byte(), let height = word(), let width = word(),
            let components = byte(), length == 8 + 3 * components,
            let next = bytes.index(index, offsetBy: 3 * components, limitedBy: bytes.endIndex)
        else { return nil }
        index = next
        guard precision == 8 else { throw .unsupported("\(precision) bits a sample") }
        guard components == 1 || components == 3 else { throw .unsupported("\(components) colour components") }
        guard width > 0, height > 0 else { return nil }
        return (width, height, components)
    }
}
