import DeviceKit
import Foundation
import HallModel
import NIOCore
import TestSupport
import Testing

@testable import PageRendering

@Suite("Receipts")
struct ReceiptRendererTests {
    static let number = "LJ330106202611230017"
    static let verification = "https://hall.example.cn/v?c=LJ330106202611230017&l=48213"

    static func receipt(name: String = "张*", secondCopy: Bool = false) -> ReceiptDocument {
        ReceiptDocument(
            blocks: [
                .title("办件受理凭条"), .rule, .line("办件编号"), .number(number), .rule,
                .row(label: "办理事项", value: "老年人优待证申领"), .row(label: "申请人", value: name),
                .row(label: "证件尾号", value: "0017"), .row(label: "受理时间", value: "2026年11月23日 09:41"),
                .row(label: "提交材料", value: "户口本 2 页"), .row(label: "领取地点", value: "北山街道便民服务中心 3 号窗口"), .rule,
                .line("5 个工作日内办好，办好后电话通知您。"), .space(millimetres: 2), .qr(verification),
                .line("用手机扫一扫，可以查办到哪一步。"),
            ], isSecondCopy: secondCopy)
    }

    static func narrow() -> ReceiptPrinterSettings {
        var settings = ReceiptPrinterSettings()
        settings.paperMillimetres = 58
        settings.dotsAcross = 384
        return settings
    }

    static func text(_ repertoire: ReceiptPrinterSettings.Repertoire = .gb2312) -> ReceiptPrinterSettings {
        var settings = ReceiptPrinterSettings()
        settings.rendering = .text
        settings.repertoire = repertoire
        return settings
    }

    @Test("The QR code of the slip reads, on wide and narrow paper", arguments: [false, true])
    func qrReads(narrow: Bool) async throws {
        let picture = try ReceiptRenderer.png(Self.receipt(), narrow ? Self.narrow() : ReceiptPrinterSettings())
        let read = try await Tool.run("zbarimg", ["--quiet", "--raw", "input"], on: picture)
        #expect(read.output.trimmingCharacters(in: .whitespacesAndNewlines) == Self.verification)
    }

    @Test("The longest QR code that a receipt may hold fits and reads")
    func longestQR() async throws {
        let text = String(repeating: "0123456789abcdef", count: 32)
        let picture = try ReceiptRenderer.png(ReceiptDocument(blocks: [.qr(text)]), ReceiptPrinterSettings())
        let read = try await Tool.run("zbarimg", ["--quiet", "--raw", "input"], on: picture)
        #expect(read.output.trimmingCharacters(in: .whitespacesAndNewlines) == text)
        #expect(throws: ReceiptFailure.qrDoesNotFit) {
            try ReceiptRenderer.render(ReceiptDocument(blocks: [.qr(text + "x")]), ReceiptPrinterSettings())
        }
    }

    @Test("The raster strips together are exactly the picture", arguments: [false, true])
    func rasterIsPicture(narrow: Bool) throws {
        let settings = narrow ? Self.narrow() : ReceiptPrinterSettings()
        let slip = try ReceiptRenderer.render(Self.receipt(), settings)
        var bytes = slip.escpos
        #expect(bytes.readBytes(length: 2) == [0x1B, 0x40])
        var dots: [UInt8] = []
        var heights: [Int] = []
        while bytes.getBytes(at: bytes.readerIndex, length: 4) == [0x1D, 0x76, 0x30, 0] {
            bytes.moveReaderIndex(forwardBy: 4)
            let across = Int(bytes.readInteger(endianness: .little, as: UInt16.self) ?? 0)
            let rows = Int(bytes.readInteger(endianness: .little, as: UInt16.self) ?? 0)
            #expect(across * 8 == settings.dotsAcross)
            heights.append(rows)
            dots += bytes.readBytes(length: across * rows) ?? []
        }
        #expect(bytes.readBytes(length: 4) == [0x1D, 0x56, 0x42, 24])
        #expect(bytes.readableBytes == 0)
        var full = settings
        full.cut = .full
        #expect(
            try ReceiptRenderer.render(Self.receipt(), full).escpos.readableBytesView.suffix(4) == [
                0x1D, 0x56, 0x41, 24,
            ])
        #expect(heights.dropLast().allSatisfy { $0 == settings.stripRows })
        let picture = try SlipLayout(Self.receipt(), dotsAcross: settings.dotsAcross).drawn().bitmap()
        #expect(picture.bytes == dots)
        let share = Double(dots.reduce(0) { $0 + $1.nonzeroBitCount }) / Double(dots.count * 8)
        #expect((0.03...0.3).contains(share))
        #expect(abs(slip.millimetres - (Double(heights.reduce(0, +)) / 8 + 17)) < 0.1)
    }

    @Test("A second copy says so, the first does not")
    func secondCopy() throws {
        let first = try SlipLayout(Self.receipt(), dotsAcross: 576)
        let second = try SlipLayout(Self.receipt(secondCopy: true), dotsAcross: 576)
        #expect(second.rows > first.rows + 60)
        // The mark is white on black across the slip.
        let bitmap = try second.drawn().bitmap()
        #expect(bitmap.bytes.prefix(72).allSatisfy { $0 == 0xFF })
        let text = try ReceiptRenderer.render(Self.receipt(secondCopy: true), Self.text()).escpos
        #expect(Data(text.readableBytesView).range(of: Data([0xB2, 0xB9, 0x20, 0xB4, 0xF2])) != nil)
    }

    @Test("The smallest Chinese character is at least 4 mm high")
    func generous() throws {
        let canvas = try SlipLayout(ReceiptDocument(blocks: [.line("国")]), dotsAcross: 576).drawn().bitmap()
        let inked = (0..<canvas.height).filter { row in
            canvas.bytes[(row * 72)..<(row * 72 + 72)].contains { $0 != 0 }
        }
        let height = try #require(inked.last) - (try #require(inked.first)) + 1
        #expect(Double(height) / 8 >= 4)
    }

    @Test("Rare characters of names are drawn; what no font has is counted and marked")
    func rareCharacters() throws {
        // Extension B (two), A, and the surname of the wallet's rare card.
        for name in ["𠮷", "𣍰", "㐀", "䶮", "𠅤"] {
            let slip = try ReceiptRenderer.render(Self.receipt(name: name + "*"), ReceiptPrinterSettings())
            #expect(slip.missingCharacters == 0, "\(name)")
        }
        let unknown = try ReceiptRenderer.render(Self.receipt(name: "\u{E815}\u{3FFFD}某"), ReceiptPrinterSettings())
        #expect(unknown.missingCharacters == 2)
    }

    @Test("In resident fonts, only what the font has is sent as text")
    func residentFonts() throws {
        let common = Data(try ReceiptRenderer.render(Self.receipt(), Self.text()).escpos.readableBytesView)
        #expect(common.range(of: Data([0x1D, 0x76, 0x30])) == nil)
        #expect(common.prefix(4) == Data([0x1B, 0x40, 0x1C, 0x26]))
        // 办件编号 in GB 2312.
        #expect(common.range(of: Data([0xB0, 0xEC, 0xBC, 0xFE, 0xB1, 0xE0, 0xBA, 0xC5])) != nil)
        // GS ( k stores the data and prints it.
        #expect(common.range(of: Data([0x31, 0x50, 0x30] + Array(Self.verification.utf8))) != nil)
        #expect(common.range(of: Data([0x1D, 0x28, 0x6B, 0x03, 0x00, 0x31, 0x51, 0x30])) != nil)
        #expect(common.suffix(4) == Data([0x1D, 0x56, 0x42, 24]))

        // 镕 is in GBK only; 𠮷 in neither.
        func isPicture(_ name: String, _ repertoire: ReceiptPrinterSettings.Repertoire) throws -> Bool {
            let slip = try ReceiptRenderer.render(Self.receipt(name: name), Self.text(repertoire))
            return Data(slip.escpos.readableBytesView).range(of: Data([0x1D, 0x76, 0x30])) != nil
        }
        #expect(try isPicture("镕*", .gb2312))
        #expect(try !isPicture("镕*", .gbk))
        #expect(try isPicture("𠮷*", .gbk))
    }

    @Test("A value cannot send commands to the printer", arguments: [false, true])
    func controls(asText: Bool) throws {
        let hostile = "张\u{1B}@\u{10}\u{04}\u{01}\u{0}\n\u{202E}*"
        let settings = asText ? Self.text() : ReceiptPrinterSettings()
        let slip = try ReceiptRenderer.render(ReceiptDocument(blocks: [.line(hostile)]), settings)
        let clean = try ReceiptRenderer.render(ReceiptDocument(blocks: [.line("张 @      *")]), settings)
        #expect(slip.escpos == clean.escpos)
    }

    @Test("Endless receipts and impossible papers are refused")
    func bounds() {
        let settings = ReceiptPrinterSettings()
        #expect(throws: ReceiptFailure.tooLong) {
            try ReceiptRenderer.render(
                ReceiptDocument(blocks: Array(repeating: .line("长"), count: 201)), settings)
        }
        #expect(throws: ReceiptFailure.tooLong) {
            try ReceiptRenderer.render(
                ReceiptDocument(blocks: [.line(String(repeating: "长", count: 2_001))]), settings)
        }
        #expect(throws: ReceiptFailure.tooLong) {
            try ReceiptRenderer.render(
                ReceiptDocument(
                    blocks: Array(repeating: .line(String(repeating: "长", count: 1_900)), count: 5)), settings)
        }
        for (dots, strips) in [(0, 192), (100_000, 192), (576, 0), (576, 5_000)] {
            var wrong = settings
            wrong.dotsAcross = dots
            wrong.stripRows = strips
            #expect(throws: ReceiptFailure.wrongPaper(dotsAcross: dots, stripRows: strips)) {
                try ReceiptRenderer.render(Self.receipt(), wrong)
            }
        }
        #expect(throws: Never.self) {
            try ReceiptRenderer.render(
                ReceiptDocument(blocks: [.space(millimetres: .nan), .space(millimetres: -5), .line("")]), settings)
        }
    }

    @Test("Slips can be looked at, in SLIP_FOLDER")
    func pictures() throws {
        let scratch = try ScratchFolder()
        let folder = URL(filePath: ProcessInfo.processInfo.environment["SLIP_FOLDER"] ?? scratch.path)
        for (name, receipt, settings) in [
            ("wide", Self.receipt(), ReceiptPrinterSettings()),
            ("again", Self.receipt(name: "𣍰*", secondCopy: true), ReceiptPrinterSettings()),
            ("narrow", Self.receipt(), Self.narrow()),
        ] {
            let slip = try ReceiptRenderer.render(receipt, settings)
            print("\(name): \(slip.millimetres) mm, \(slip.escpos.readableBytes) bytes")
            let picture = try ReceiptRenderer.png(receipt, settings)
            try Data(picture.readableBytesView).write(to: folder.appending(path: "slip-\(name).png"))
        }
    }
}
