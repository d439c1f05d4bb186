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

    @Test func aScannerMayHoldPagesLongerOrShorter() throws {
        let read = try load("title: A", "sane:", "  heldPageMilliseconds: 300000")
        guard case .sane(let settings)? = read.profile?.driver else {
            Issue.record("\(read.errors)")
            return
        }
        #expect(settings.heldPageMilliseconds == 300_000)
    }

    @Test(arguments: [
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
