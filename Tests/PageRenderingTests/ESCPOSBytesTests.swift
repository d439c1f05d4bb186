import NIOCore
import Testing

@testable import PageRendering

/// The commands of a slip, byte for byte (docs/devices/printing.md, section 2).
@Suite("The commands of a slip")
struct ESCPOSBytesTests {
    private func bytes(_ make: (inout ESCPOSBytes) -> Void) -> [UInt8] {
        var commands = ESCPOSBytes()
        make(&commands)
        return Array(commands.buffer.readableBytesView)
    }

    private func hexadecimal(_ text: String) -> [UInt8] {
        text.split(separator: " ").compactMap { UInt8($0, radix: 16) }
    }

    @Test("QR: model 2, size, level M, the data, print")
    func qr() {
        #expect(
            bytes { $0.qr("HK1", dotsPerModule: 6) }
                == hexadecimal(
                    """
                    1D 28 6B 04 00 31 41 32 00 1D 28 6B 03 00 31 43 06 1D 28 6B 03 00 31 45 31 \
                    1D 28 6B 06 00 31 50 30 48 4B 31 1D 28 6B 03 00 31 51 30
                    """))
    }

    @Test("the length of a QR code's data is low byte first, and counts three more")
    func longQR() {
        let text = String(repeating: "7", count: 600)
        let made = bytes { $0.qr(text, dotsPerModule: 3) }
        #expect(Array(made[25..<33]) == hexadecimal("1D 28 6B 5B 02 31 50 30"))
        #expect(made.count == 25 + 8 + 600 + 8)
    }

    @Test("raster: GS v 0, bytes a row and rows low byte first, in strips")
    func raster() throws {
        let bitmap = SlipBitmap.of([UInt8](repeating: 0, count: 24 * 300), width: 24)
        let made = bytes { $0.raster(bitmap, stripRows: 256) }
        #expect(Array(made[..<8]) == hexadecimal("1D 76 30 00 03 00 00 01"))
        #expect(Array(made[(8 + 768)..<(16 + 768)]) == hexadecimal("1D 76 30 00 03 00 2C 00"))
        #expect(made.count == 900 + 16)
    }

    @Test("cut, initialise, Chinese on, sizes")
    func others() {
        #expect(bytes { $0.cut(.partial, afterDots: 24) } == hexadecimal("1D 56 42 18"))
        #expect(bytes { $0.cut(.full, afterDots: 24) } == hexadecimal("1D 56 41 18"))
        #expect(bytes { $0.cut(.partial, afterDots: 9_999) } == hexadecimal("1D 56 42 FF"))
        #expect(bytes { $0.initialize() } == hexadecimal("1B 40"))
        #expect(bytes { $0.chineseOn() } == hexadecimal("1C 26"))
        #expect(bytes { $0.size(wide: true, high: true) } == hexadecimal("1D 21 11 1C 21 0C"))
        #expect(bytes { $0.justify(.center) } == hexadecimal("1B 61 01"))
    }
}
