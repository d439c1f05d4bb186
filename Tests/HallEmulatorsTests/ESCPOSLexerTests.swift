import Testing

@testable import HallEmulators

@Suite("The printer cuts its byte stream into commands")
struct ESCPOSLexerTests {
    private func found(_ bytes: [UInt8], _ lexer: ESCPOSLexer = ESCPOSLexer()) -> [ESCPOSLexer.Found] {
        var lexer = lexer
        return bytes.flatMap { lexer.feed($0) }
    }

    @Test("commands of the notes")
    func commands() {
        let bytes: [UInt8] = [
            0x1B, 0x40, 0x1B, 0x61, 1, 0x1C, 0x26, 0xC4, 0xE3, 0x1C, 0x2E, 0x0A, 0x1D, 0x21, 0x11, 0x1D, 0x56, 0x42, 3,
        ]
        let tokens: [ESCPOSToken] = [
            .command(.initialise), .command(.align(1)), .command(.chinese(true)), .text(0xC4), .text(0xE3),
            .command(.chinese(false)), .lineFeed, .command(.size(width: 2, height: 2)), .command(.cut(feedDots: 3)),
        ]
        #expect(found(bytes) == tokens.map { .token($0) })
        #expect(
            found([0x1D, 0x28, 0x48, 6, 0, 0x30, 0x30, 1, 2, 3, 4]) == [.token(.command(.processID([1, 2, 3, 4])))])
        #expect(
            found([0x1D, 0x28, 0x6B, 5, 0, 0x31, 0x50, 0x30, 0x41, 0x42]) == [.token(.command(.qrStore([0x41, 0x42])))])
        #expect(found([0x10, 0x14, 8, 1, 3, 20, 1, 6, 2, 8]) == [.realTime(.clearBuffer)])
    }

    @Test("raster rows come one by one; DLE EOT inside them is picture, or is executed when the printer is like that")
    func raster() {
        let picture: [UInt8] = [0x1D, 0x76, 0x30, 0, 3, 0, 2, 0, 0x10, 0x04, 0x01, 7, 8, 9]
        let raster = ESCPOSRaster(bytesPerRow: 3, rows: 2, doubleWidth: false, doubleHeight: false)
        #expect(
            found(picture)
                == [.token(.rasterBegin(raster)), .token(.rasterRow([0x10, 4, 1])), .token(.rasterRow([7, 8, 9]))])
        var lexer = ESCPOSLexer()
        lexer.executesRealTimeInsideData = true
        #expect(found(picture, lexer).contains(.realTime(.status(1))))
    }

    @Test("a real-time command is found between any two commands")
    func realTime() {
        #expect(
            found([0x41, 0x10, 0x04, 0x04, 0x42]) == [.token(.text(0x41)), .realTime(.status(4)), .token(.text(0x42))])
    }

    @Test("what the printer does not know it prints")
    func garbage() {
        #expect(found([0x1B, 0x71, 0x41]) == [.token(.text(0x71)), .token(.text(0x41))])
        var clone = ESCPOSLexer()
        clone.knowsProcessID = false
        #expect(found([0x1D, 0x28, 0x48], clone) == [.token(.text(0x28)), .token(.text(0x48))])
    }

    @Test("any bytes pass, in bounded memory")
    func anyBytes() {
        var noise = DeterministicNoise(seed: "printer stream")
        var core = ReceiptPrinterCore()
        for _ in 0..<60 {
            var rest = noise.bytes(2_000)[...]
            while !rest.isEmpty {
                let (taken, _) = core.receive(rest, from: 1)
                rest = rest.dropFirst(taken)
                _ = core.advance(dots: 4_000)
                #expect(core.bufferedBytes <= ReceiptPrinterCore.receiveBuffer + 8_191)
            }
        }
    }
}
