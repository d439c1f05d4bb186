import DeviceKit
import Foundation
import TestSupport
import Testing

@testable import KioskConfiguration

@Suite struct DeviceProfileTests {
    /// Reads a profile of these lines; the errors as `profile.yaml:line:column: field: sentence`.
    private func load(_ lines: String...) throws -> (profile: DeviceProfile?, errors: [String]) {
        let folder = try ScratchFolder()
        try folder.write((lines.joined(separator: "\n") + "\n").utf8, to: "profile.yaml")
        do throws(ConfigurationErrors) {
            return (try DeviceProfileLoader.load(folder: folder.path), [])
        } catch {
            return (nil, error.errors.map { $0.description.replacing(folder.path + "/", with: "") })
        }
    }

    @Test func aPrinterMayPrintInItsOwnFont() throws {
        let read = try load("title: A", "escpos:", "  rendering: text", "  repertoire: gbk")
        guard case .escpos(let settings)? = read.profile?.driver else {
            Issue.record("\(read.errors)")
            return
        }
        #expect(settings.rendering == .text)
        #expect(settings.repertoire == .gbk)
    }

    @Test func paperOf58MillimetresHasNoRoomForTheDotsOf80() throws {
        #expect(try load("title: A", "escpos:", "  paperMillimetres: 58", "  dotsAcross: 384").errors.isEmpty)
        for lines in [["  paperMillimetres: 58"], ["  paperMillimetres: 58", "  dotsAcross: 512"]] {
            let errors = try load("title: A", "escpos:", lines.joined(separator: "\n")).errors
            #expect(errors.count == 1 && errors[0].contains("dots do not fit on paper of 58 mm"), "\(errors)")
        }
    }

    @Test func aPictureIsTheStandard() throws {
        let read = try load("title: A", "escpos: {}")
        guard case .escpos(let settings)? = read.profile?.driver else {
            Issue.record("\(read.errors)")
            return
        }
        #expect(settings == ReceiptPrinterSettings())
        #expect(settings.rendering == .raster)
        #expect(settings.repertoire == .gb2312)
    }

    @Test func aPrinterMayHaveAPresenterThatTellsOfItsSlot() throws {
        let read = try load(
            "title: A", "escpos:", "  presenter: customFullStatus", "  presenterPollMilliseconds: 250",
            "  presenterIdlePollMilliseconds: 2000", "  evidence: [paperTaken, bufferedQuery]", "  cut: full")
        var settings = ReceiptPrinterSettings()
        settings.presenter = .customFullStatus
        settings.presenterPollMilliseconds = 250
        settings.presenterIdlePollMilliseconds = 2_000
        settings.evidence = [.paperTaken, .bufferedQuery]
        settings.cut = .full
        #expect(read.profile?.driver == .escpos(settings), "\(read.errors)")
        #expect(ReceiptPrinterSettings().presenter == .none && ReceiptPrinterSettings().cut == .partial)
    }

    @Test func aScannerMayHoldPagesLongerOrShorter() throws {
        let read = try load("title: A", "sane:", "  heldPageMilliseconds: 300000")
        guard case .sane(let settings)? = read.profile?.driver else {
            Issue.record("\(read.errors)")
            return
        }
        #expect(settings.heldPageMilliseconds == 300_000)
    }

    @Test func anA4PrinterHasPaperSidesAndTimes() throws {
        let read = try load(
            "title: A", "ipp:", "  media: iso_a5_148x210mm", "  sides: two-sided-long-edge",
            "  jobPollMilliseconds: 250",
            "  pollMilliseconds: 2000", "  requestTimeoutMilliseconds: 3000", "  printTimeoutMilliseconds: 60000",
            "  waitForHandsMilliseconds: 1800000")
        var settings = DocumentPrinterSettings()
        settings.media = "iso_a5_148x210mm"
        settings.sides = "two-sided-long-edge"
        settings.jobPollMilliseconds = 250
        settings.pollMilliseconds = 2_000
        settings.requestTimeoutMilliseconds = 3_000
        settings.printTimeoutMilliseconds = 60_000
        settings.waitForHandsMilliseconds = 1_800_000
        // What the core waits for, and CUPS is told, covers all of it.
        #expect(settings.longestPrintMilliseconds == 60_000 + 60_000 + 1_800_000 + 30_000)
        #expect(read.profile?.driver == .ipp(settings), "\(read.errors)")
        #expect(read.profile?.role == .documentPrinter)
        #expect(try load("title: A", "ipp: {}").profile?.driver == .ipp(DocumentPrinterSettings()))
    }

    @Test func aCodeReaderHasASpeedAndEndsOfItsCodes() throws {
        let read = try load(
            "title: A", "code:", "  speed: 115200", "  terminators: [3]", "  silenceMilliseconds: 50",
            "  repeatMilliseconds: 0", "  maximumBytes: 64")
        var settings = CodeReaderSettings()
        settings.speed = 115_200
        settings.terminators = [3]
        settings.silenceMilliseconds = 50
        settings.repeatMilliseconds = 0
        settings.maximumBytes = 64
        #expect(read.profile?.driver == .code(settings), "\(read.errors)")
        #expect(read.profile?.role == .codeReader)
        #expect(try load("title: A", "code: {}").profile?.driver == .code(CodeReaderSettings()))
    }

    @Test func aProfileSpeaksOneProtocol() throws {
        let expected = "a profile has exactly one of “samv”, “escpos”, “sane”, “ipp” and “code”"
        for lines in [["title: A"], ["title: A", "ipp: {}", "code: {}"]] {
            #expect(try load(lines.joined(separator: "\n")).errors == ["profile.yaml:1:1: \(expected)"])
        }
    }

    @Test(arguments: [
        ("ipp", "media: A4", "profile.yaml:3:10: ipp.media: expected a media name of PWG 5101.1, as iso_a4_210x297mm"),
        (
            "ipp", "sides: both",
            "profile.yaml:3:10: ipp.sides: expected one of one-sided, two-sided-long-edge, two-sided-short-edge, found “both”"
        ),
        (
            "ipp", "printTimeoutMilliseconds: 9999",
            "profile.yaml:3:29: ipp.printTimeoutMilliseconds: 9999 is outside 10000 … 600000"
        ),
        (
            "ipp", "waitForHandsMilliseconds: 1800001",
            "profile.yaml:3:29: ipp.waitForHandsMilliseconds: 1800001 is outside 10000 … 1800000"
        ),
        ("code", "speed: 12345", "profile.yaml:3:10: code.speed: “12345” is no speed of a serial line"),
        ("code", "terminators: [256]", "profile.yaml:3:17: code.terminators[0]: 256 is outside 0 … 255"),
        ("code", "maximumBytes: 513", "profile.yaml:3:17: code.maximumBytes: 513 is outside 16 … 512"),
        ("samv", "speeds: [9600, 12345]", "profile.yaml:3:18: samv.speeds[1]: “12345” is no speed of a serial line"),
        (
            "escpos", "rendering: vector",
            "profile.yaml:3:14: escpos.rendering: expected one of raster, text, found “vector”"
        ),
        (
            "escpos", "rendering: [text]",
            "profile.yaml:3:14: escpos.rendering: expected one of raster, text, found a list"
        ),
        (
            "escpos", "repertoire: gb18030",
            "profile.yaml:3:15: escpos.repertoire: expected one of gb2312, gbk, found “gb18030”"
        ),
        (
            "escpos", "repertoire: gbk",
            "profile.yaml:3:15: escpos.repertoire: repertoire needs rendering: text; a picture has every character"
        ),
        (
            "escpos", "evidence: [paperTaken]",
            "profile.yaml:3:13: escpos.evidence: paperTaken needs a presenter: customFullStatus"
        ),
        (
            "escpos", "presenterPollMilliseconds: 500",
            "profile.yaml:3:30: escpos.presenterPollMilliseconds: presenterPollMilliseconds needs a presenter: customFullStatus"
        ),
        (
            "escpos", "presenterIdlePollMilliseconds: 499",
            "profile.yaml:3:34: escpos.presenterIdlePollMilliseconds: 499 is outside 500 … 60000"
        ),
        (
            "escpos", "cut: half",
            "profile.yaml:3:8: escpos.cut: expected one of partial, full, found “half”"
        ),
        (
            "escpos", "presenter: epson",
            "profile.yaml:3:14: escpos.presenter: expected one of none, customFullStatus, found “epson”"
        ),
        (
            "escpos", "renderings: text",
            "profile.yaml:3:3: escpos.renderings: there is no such field; did you mean “rendering”?"
        ),
        (
            "sane", "heldPageMilliseconds: 9999",
            "profile.yaml:3:25: sane.heldPageMilliseconds: 9999 is outside 10000 … 3600000"
        ),
        (
            "sane", "heldPageMilliseconds: 3600001",
            "profile.yaml:3:25: sane.heldPageMilliseconds: 3600001 is outside 10000 … 3600000"
        ),
        (
            "sane", "heldPageMilliseconds: long",
            "profile.yaml:3:25: sane.heldPageMilliseconds: expected a whole number 10000 … 3600000, found “long”"
        ),
    ])
    func aWrongValueHasItsPlace(_ driver: String, _ line: String, _ expected: String) throws {
        #expect(try load("title: A", driver + ":", "  " + line).errors == [expected])
    }
}
