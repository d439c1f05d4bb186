import TestSupport
import Testing

@testable import PageRendering

@Suite struct SlipBitmapTests {
    @Test("a dot is ink from the least coverage on, the first dot is the most significant bit")
    func threshold() {
        let row: [UInt8] = [101, 102, 0, 255, 127, 128, 100, 103, 255, 0, 0, 0, 0, 0, 0, 102]
        #expect(SlipBitmap.of(row, width: 16).bytes == [0b0101_1101, 0b1000_0001])
    }

    @Test("eight dots at once are what one dot after the other is, whatever the coverage")
    func likeOneByOne() {
        var generator = SeededGenerator()
        let (width, height, stride) = (64, 200, 68)
        let coverage = (0..<(stride * height)).map { _ in UInt8.random(in: 0...255, using: &generator) }
        for leastInk in [1, 2, 64, 102, 126, 127] as [UInt8] {
            let bitmap = coverage.withUnsafeBytes {
                SlipBitmap(coverage: $0, width: width, height: height, stride: stride, leastInk: leastInk)
            }
            for row in 0..<height {
                for column in 0..<width {
                    let isInk = bitmap.bytes[row * 8 + column / 8] & (0x80 >> UInt8(column % 8)) != 0
                    #expect(isInk == (coverage[row * stride + column] >= leastInk))
                }
            }
        }
    }
}

extension SlipBitmap {
    /// Of coverage without padding.
    static func of(_ coverage: [UInt8], width: Int) -> SlipBitmap {
        coverage.withUnsafeBytes {
            SlipBitmap(coverage: $0, width: width, height: coverage.count / width, stride: width, leastInk: 102)
        }
    }
}
