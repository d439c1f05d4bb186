import CPangoCairo

/// Reads PWG Raster (PWG 5102.4): a synchronisation word, then pages of a 1796-byte header and run-length coded lines.
struct PWGRaster {
    enum Failure: Error { case notRaster, notSupported, truncated, tooManyPages }

    private static let headerLength = 1_796
    private let bytes: [UInt8]
    private var at = 4

    init(_ bytes: [UInt8]) throws {
        guard bytes.starts(with: "RaS2".utf8) else { throw Failure.notRaster }
        self.bytes = bytes
    }

    /// The next page as a picture; `nil` behind the last one.
    mutating func nextPage() throws -> CairoCanvas? {
        guard at < bytes.count else { return nil }
        guard bytes.count - at >= Self.headerLength else { throw Failure.truncated }
        let header = at
        at += Self.headerLength
        func number(_ offset: Int) -> Int {
            bytes[(header + offset)..<(header + offset + 4)].reduce(0) { $0 << 8 | Int($1) }
        }
        let (width, height) = (number(372), number(376))
        let (bitsPerColor, bitsPerPixel) = (number(384), number(388))
        let (bytesPerLine, order, space) = (number(392), number(396), number(400))
        let channels = bitsPerPixel / 8
        // sGray (18) and sRGB (19), 8 bits, chunky.
        guard bitsPerColor == 8, order == 0, (space == 18 && channels == 1) || (space == 19 && channels == 3),
            width > 0, height > 0, width <= 12_000, height <= 12_000, bytesPerLine == width * channels,
            let canvas = CairoCanvas(width: width, height: height), let pixels = canvas.pixels
        else { throw Failure.notSupported }
        var row = 0
        while row < height {
            let repeats = Int(try byte()) + 1
            let line = try line(bytesPerLine, channels)
            for _ in 0..<min(repeats, height - row) {
                let target = pixels + row * canvas.stride
                for column in 0..<width {
                    let red = line[column * channels]
                    target[column * 4] = channels == 1 ? red : line[column * channels + 2]
                    target[column * 4 + 1] = channels == 1 ? red : line[column * channels + 1]
                    target[column * 4 + 2] = red
                }
                row += 1
            }
        }
        canvas.markDirty()
        return canvas
    }

    /// One line: counts up to 127 repeat the next pixel, counts from 129 bring 257 - count pixels as they are, 128 fills
    /// the rest white.
    private mutating func line(_ length: Int, _ channels: Int) throws -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(length)
        while line.count < length {
            let count = Int(try byte())
            if count == 128 {
                line += [UInt8](repeating: 0xFF, count: length - line.count)
            } else if count < 128 {
                let pixel = try take(channels)
                for _ in 0...count { line += pixel }
            } else {
                line += try take((257 - count) * channels)
            }
        }
        guard line.count == length else { throw Failure.truncated }
        return line
    }

    private mutating func byte() throws -> UInt8 {
        guard at < bytes.count else { throw Failure.truncated }
        defer { at += 1 }
        return bytes[at]
    }

    private mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
        guard bytes.count - at >= count else { throw Failure.truncated }
        defer { at += count }
        return bytes[at..<(at + count)]
    }
}
