import CSANE

/// What is wrong with a frame that a backend announced.
enum RasterError: Error, Equatable {
    case unsupported(String)
    case tooLarge(pixels: Int)
}

/// Collects the rows of a page, from any frame format of SANE, as 8-bit gray or RGB.
struct PageRaster {
    /// A3 at 600 dots per inch. Bounds one page at 216 MB.
    static let maximumPixels = 72_000_000

    let width: Int
    let channels: Int
    /// `nil` for hand scanners.
    let rowsExpected: Int?
    private(set) var pixels: [UInt8] = []

    private let depth: Int
    private let bytesPerLine: Int
    private var partialLine: [UInt8] = []
    /// Three-pass scanners send one colour after the other.
    private var plane: (channel: Int, row: Int)?

    init(_ parameters: SANE_Parameters) throws(RasterError) {
        width = Int(parameters.pixels_per_line)
        depth = Int(parameters.depth)
        bytesPerLine = Int(parameters.bytes_per_line)
        rowsExpected = parameters.lines >= 0 ? Int(parameters.lines) : nil
        channels = parameters.format == SANE_FRAME_GRAY ? 1 : 3
        guard (1...65_500).contains(width), (0...65_500).contains(rowsExpected ?? 0), [1, 8, 16].contains(depth) else {
            throw .unsupported("\(width)x\(rowsExpected ?? -1) pixels of \(depth) bits")
        }
        guard width * (rowsExpected ?? 1) <= Self.maximumPixels else {
            throw .tooLarge(pixels: width * (rowsExpected ?? 1))
        }
        let samples = parameters.format == SANE_FRAME_RGB ? 3 * width : width
        let needed = depth == 1 ? (width + 7) / 8 * (samples / width) : samples * (depth / 8)
        guard (needed...(8 * needed + 4_096)).contains(bytesPerLine) else {
            throw .unsupported("lines of \(bytesPerLine) bytes for \(width) pixels")
        }
        pixels.reserveCapacity(width * channels * (rowsExpected ?? 1_024))
        plane = try Self.plane(parameters.format)
    }

    private static func plane(_ format: SANE_Frame) throws(RasterError) -> (Int, Int)? {
        switch format {
        case SANE_FRAME_GRAY, SANE_FRAME_RGB: nil
        case SANE_FRAME_RED: (0, 0)
        case SANE_FRAME_GREEN: (1, 0)
        case SANE_FRAME_BLUE: (2, 0)
        default: throw .unsupported("frame format \(format.rawValue)")
        }
    }

    /// Rows of which every byte has come.
    var rowsReceived: Int { pixels.count / (width * channels) }

    /// Goes on with the next colour of a three-pass scan.
    mutating func beginFrame(_ parameters: SANE_Parameters) throws(RasterError) {
        guard plane != nil, let next = try Self.plane(parameters.format), Int(parameters.pixels_per_line) == width,
            Int(parameters.bytes_per_line) == bytesPerLine
        else { throw .unsupported("frames that differ") }
        plane = next
        partialLine = []
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) throws(RasterError) {
        // Rows may come up to twice the number announced (some count wrongly), never without end.
        let limit = rowsExpected.map { $0 * 2 + 64 } ?? Int.max
        guard rowsReceived <= limit, rowsReceived * width <= Self.maximumPixels else {
            throw .tooLarge(pixels: rowsReceived * width)
        }
        var rest = bytes[...]
        if !partialLine.isEmpty {
            let missing = min(bytesPerLine - partialLine.count, rest.count)
            partialLine.append(contentsOf: rest.prefix(missing))
            rest = rest.dropFirst(missing)
            guard partialLine.count == bytesPerLine else { return }
            let line = partialLine
            line.withUnsafeBytes { take(line: $0) }
            partialLine.removeAll(keepingCapacity: true)
        }
        if isStoredAsSent {
            let whole = rest.count / bytesPerLine * bytesPerLine
            pixels.append(contentsOf: UnsafeRawBufferPointer(rebasing: rest.prefix(whole)))
            rest = rest.dropFirst(whole)
        } else {
            while rest.count >= bytesPerLine {
                take(line: UnsafeRawBufferPointer(rebasing: rest.prefix(bytesPerLine)))
                rest = rest.dropFirst(bytesPerLine)
            }
        }
        partialLine.append(contentsOf: rest)
    }

    private var isStoredAsSent: Bool { plane == nil && depth == 8 && bytesPerLine == width * channels }

    private mutating func take(line: UnsafeRawBufferPointer) {
        guard let (channel, row) = plane else {
            let samples = width * channels
            if depth == 8 {
                pixels.append(contentsOf: UnsafeRawBufferPointer(rebasing: line.prefix(samples)))
            } else {
                for index in 0..<samples { pixels.append(sample(line, index, of: channels)) }
            }
            return
        }
        let start = row * width * 3
        if pixels.count < start + width * 3 { pixels += [UInt8](repeating: 0, count: start + width * 3 - pixels.count) }
        for column in 0..<width { pixels[start + 3 * column + channel] = sample(line, column, of: 1) }
        plane = (channel, row + 1)
    }

    /// One sample as 8 bits. 16-bit samples stand in the machine's byte order; bits are packed eight pixels a byte,
    /// colour by colour, and in gray a set bit is black (SANE standard, 3.2.1).
    private func sample(_ line: UnsafeRawBufferPointer, _ index: Int, of channels: Int) -> UInt8 {
        switch depth {
        case 8: return line[index]
        case 16: return UInt8(line.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self) >> 8)
        default:
            let (pixel, channel) = (index / channels, index % channels)
            let isSet = line[pixel / 8 * channels + channel] & (0x80 >> UInt8(pixel % 8)) != 0
            return isSet == (self.channels == 3) ? 255 : 0
        }
    }
}
