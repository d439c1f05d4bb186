import CSANE
import TestSupport
import Testing

@testable import Scanners

@Suite("Rows of a page")
struct PageRasterTests {
    private func parameters(
        _ format: SANE_Frame, width: Int32, lines: Int32, depth: Int32, bytesPerLine: Int32
    ) -> SANE_Parameters {
        SANE_Parameters(
            format: format, last_frame: 1, bytes_per_line: bytesPerLine, pixels_per_line: width, lines: lines,
            depth: depth)
    }

    private func collected(
        _ parameters: SANE_Parameters, _ bytes: [UInt8], pieces: [Int] = [Int.max]
    ) throws -> PageRaster {
        var raster = try PageRaster(parameters)
        var rest = bytes[...]
        for piece in pieces {
            try rest.prefix(piece).withUnsafeBytes { try raster.append($0) }
            rest = rest.dropFirst(piece)
        }
        return raster
    }

    @Test("Colour rows stay as they are, however the bytes are cut")
    func anySplit() throws {
        var generator = SeededGenerator(seed: 3)
        let bytes: [UInt8] = (0..<840).map { UInt8(truncatingIfNeeded: $0 * 37) }
        for padding in [0, 5] {
            let line = 7 * 3 + padding
            var sent: [UInt8] = []
            for row in 0..<40 {
                sent += bytes[(row * 21)..<(row * 21 + 21)]
                sent += [UInt8](repeating: 0xEE, count: padding)
            }
            for _ in 0..<50 {
                let pieces = (0..<400).map { _ in Int.random(in: 1...30, using: &generator) } + [Int.max]
                let raster = try collected(
                    parameters(SANE_FRAME_RGB, width: 7, lines: 40, depth: 8, bytesPerLine: Int32(line)), sent,
                    pieces: pieces)
                #expect(raster.pixels == bytes)
                #expect(raster.rowsReceived == 40)
            }
        }
    }

    @Test("A row that has not all arrived is no row")
    func partialRow() throws {
        let raster = try collected(
            parameters(SANE_FRAME_GRAY, width: 10, lines: 5, depth: 8, bytesPerLine: 10),
            [UInt8](repeating: 9, count: 39))
        #expect(raster.rowsReceived == 3)
        #expect(raster.rowsExpected == 5)
    }

    @Test("Bits are unpacked: in gray a set bit is black")
    func bits() throws {
        let raster = try collected(
            parameters(SANE_FRAME_GRAY, width: 10, lines: 1, depth: 1, bytesPerLine: 2), [0b1010_0000, 0b0100_0000])
        #expect(raster.pixels == [0, 255, 0, 255, 255, 255, 255, 255, 255, 0])
    }

    @Test("Of 16 bits the upper eight count")
    func sixteenBits() throws {
        let samples: [UInt16] = [0x1234, 0xFFFF, 0x0001]
        let raster = try collected(
            parameters(SANE_FRAME_RGB, width: 1, lines: 1, depth: 16, bytesPerLine: 6),
            samples.withUnsafeBytes { Array($0) })
        #expect(raster.pixels == [0x12, 0xFF, 0x00])
    }

    @Test("Three passes make one picture")
    func threePasses() throws {
        func pass(_ format: SANE_Frame) -> SANE_Parameters {
            parameters(format, width: 2, lines: 2, depth: 8, bytesPerLine: 2)
        }
        var raster = try collected(pass(SANE_FRAME_RED), [1, 2, 3, 4])
        try raster.beginFrame(pass(SANE_FRAME_GREEN))
        try [UInt8]([11, 12, 13, 14]).withUnsafeBytes { try raster.append($0) }
        try raster.beginFrame(pass(SANE_FRAME_BLUE))
        try [UInt8]([21, 22, 23, 24]).withUnsafeBytes { try raster.append($0) }
        #expect(raster.pixels == [1, 11, 21, 2, 12, 22, 3, 13, 23, 4, 14, 24])
        #expect(raster.rowsReceived == 2)
    }

    @Test("A hand scanner's rows have no announced end, but a bound")
    func handScanner() throws {
        let announced = parameters(SANE_FRAME_GRAY, width: 40_000, lines: -1, depth: 8, bytesPerLine: 40_000)
        var raster = try PageRaster(announced)
        #expect(raster.rowsExpected == nil)
        let rows = [UInt8](repeating: 200, count: 40_000 * 100)
        #expect(throws: RasterError.self) {
            for _ in 0..<30 { try rows.withUnsafeBytes { try raster.append($0) } }
        }
        #expect(raster.rowsReceived * 40_000 <= PageRaster.maximumPixels + 40_000 * 100)
    }

    @Test("Impossible announcements are refused")
    func refused() {
        for (width, lines, depth, bytesPerLine) in [
            (0, 10, 8, 0), (-1, 10, 8, 10), (10, 10, 7, 10), (10, 10, 8, 9), (10, 10, 8, -1), (10, 10, 8, 90_000),
            (65_500, 65_500, 8, 65_500), (.max, .max, 8, .max), (.max, 1, 16, .max),
        ] as [(Int32, Int32, Int32, Int32)] {
            #expect(throws: RasterError.self) {
                try PageRaster(
                    parameters(
                        SANE_FRAME_GRAY, width: width, lines: lines, depth: depth, bytesPerLine: bytesPerLine))
            }
        }
    }
}
