import TestSupport
import Testing

@testable import HallEmulators

@Suite("Codes are read off slips")
struct SlipCodesTests {
    /// A slip as the printer has it after these bytes.
    private func slip(_ bytes: [UInt8]) throws -> (SlipEntry, picture: [UInt8]) {
        var core = ReceiptPrinterCore()
        _ = core.receive((bytes + [0x1D, 0x56, 0x42, 0])[...], from: 1)
        _ = core.advance(dots: 100_000)
        let entry = try #require(core.slipEntries.last)
        return (entry, try #require(core.strip(entry.id)).png())
    }

    /// A code drawn as a raster image, 6 dots a module, with its quiet zone.
    private func raster(_ text: String) -> [UInt8] {
        let rows = ResidentFont.qrRows(Array(text.utf8), moduleDots: 6, level: 1, align: 1)
        let margin = [[UInt8]](repeating: PaperStrip.blankRow, count: 40)
        let all = margin + rows + margin
        return [0x1D, 0x76, 0x30, 0, 72, 0, UInt8(all.count & 0xFF), UInt8(all.count >> 8)] + all.flatMap { $0 }
    }

    @Test("a slip without a code says so")
    func noCode() async throws {
        let (entry, picture) = try slip(Array("NO CODE HERE\n".utf8))
        await #expect(throws: SlipCodes.Failure.noCode("slip-1")) {
            try await SlipCodes.first(on: entry, picture: picture)
        }
    }

    @Test("a code that the printer made itself is known")
    func nativeCode() async throws {
        let data = Array("HK1 native".utf8)
        let store: [UInt8] = [0x1D, 0x28, 0x6B, UInt8(data.count + 3), 0, 0x31, 0x50, 0x30] + data
        let (entry, picture) = try slip(store + [0x1D, 0x28, 0x6B, 3, 0, 0x31, 0x51, 0x30])
        #expect(try await SlipCodes.first(on: entry, picture: picture) == data)
    }

    @Test("a code in a picture is found by an independent decoder, byte for byte")
    func pictureCode() async throws {
        try #require(ExternalTool.isInstalled("zbarimg"), "zbar-tools is missing")
        for text in ["https://example.test/v?c=A-0001&s=0123456789abcdef", "凭条 办件 编号 42"] {
            let (entry, picture) = try slip(raster(text))
            #expect(entry.qr.isEmpty)
            let found = try await SlipCodes.first(on: entry, picture: picture)
            #expect(String(decoding: found, as: UTF8.self) == text)
        }
    }

    @Test("a tool that is not installed is named with its package")
    func missingTool() async {
        await #expect(throws: ExternalTool.Failure.notInstalled("no-such-tool", package: "nothing")) {
            try await ExternalTool.run("no-such-tool", package: "nothing", [], input: [], outputLimit: 10)
        }
    }
}
