import DeviceKit
import HallModel
import NIOCore
import Testing

@testable import PageRendering

@Suite("Page checks")
struct PageCheckerTests {
    private func check(
        _ page: DrawnPage, rowsExpected: Int?? = .none, rowsReceived: Int? = nil
    ) throws -> (PageChecks, ByteBuffer) {
        try PageChecker.check(
            page.jpeg(),
            PageCheckRequest(
                dotsPerInch: page.dotsPerInch, rowsExpected: rowsExpected ?? page.height,
                rowsReceived: rowsReceived ?? page.height, previewWidth: 800))
    }

    @Test("A good page has no finding")
    func goodPage() throws {
        let (checks, preview) = try check(DrawnPage(lines: DrawnPage.household))
        #expect(checks.findings == [])
        #expect(checks.widthPixels == 2480)
        #expect(checks.heightPixels == 3508)
        #expect((0.005...0.2).contains(checks.inkShare))
        let header = try JPEGHeader(preview.readableBytesView)
        #expect(header.widthPixels == 800)
        #expect((1130...1133).contains(header.heightPixels))
    }

    @Test("Missing rows are incomplete, whatever the image says; unknown rows are not")
    func rows() throws {
        let page = DrawnPage(width: 1240, height: 1754, dotsPerInch: 150, lines: DrawnPage.household)
        #expect(try check(page, rowsReceived: 1700).0.findings == [.incomplete])
        #expect(try check(page, rowsExpected: .some(nil)).0.findings == [])
        var short = page
        short.height = 900
        #expect(try check(short, rowsExpected: 1754, rowsReceived: 1754).0.findings.contains(.incomplete))
    }

    @Test("An empty page is blank, with noise, with a grey tone and with dust", arguments: [0, 20, 60])
    func blank(noise: Int) throws {
        #expect(try check(DrawnPage(noise: noise)).0.findings == [.blank])
        #expect(try check(DrawnPage(paper: 0.75, noise: noise)).0.findings == [.blank])
        #expect(try check(DrawnPage(lines: ["."], pointSize: 10, noise: noise)).0.findings == [.blank])
    }

    @Test("The other side shining through is blank")
    func shineThrough() throws {
        let page = DrawnPage(paper: 0.95, ink: 0.88, lines: DrawnPage.household, noise: 12)
        #expect(try check(page).0.findings == [.blank])
    }

    @Test("One short line is a page", arguments: [9.0, 12.0, 24.0])
    func littleText(pointSize: Double) throws {
        let page = DrawnPage(lines: ["测试甲 同意"], pointSize: pointSize, marginMillimetres: 60, noise: 20)
        #expect(try check(page).0.findings == [])
    }

    @Test("Faint writing on yellowed, noisy paper is a page")
    func faint() throws {
        let page = DrawnPage(paper: 0.8, ink: 0.5, lines: DrawnPage.household, noise: 25)
        #expect(try check(page).0.findings == [])
    }

    @Test("An under-exposed page is too dark and nothing else", arguments: [0, 20])
    func dark(noise: Int) throws {
        let page = DrawnPage(paper: 0.28, ink: 0.05, lines: DrawnPage.household, noise: noise)
        #expect(try check(page).0.findings == [.tooDark])
        #expect(try check(DrawnPage(paper: 0.02, noise: noise)).0.findings == [.tooDark])
    }

    @Test("The turn of the text is measured, clockwise positive", arguments: [-8.0, -4, -1, 0.5, 2, 5, 9])
    func skew(turn: Double) throws {
        let (checks, _) = try check(
            DrawnPage(lines: DrawnPage.household, marginMillimetres: 40, turnDegrees: turn, noise: 10))
        let measured = try #require(checks.skewDegrees)
        #expect(abs(measured - turn) < 0.3)
        #expect(checks.findings == (abs(turn) > 3 ? [.skewed] : []))
    }

    @Test("Writing that runs over a border is cropped")
    func cropped() throws {
        let page = DrawnPage(lines: DrawnPage.household, marginMillimetres: -6)
        let (checks, _) = try check(page)
        #expect(checks.touchedBorders >= 1)
        #expect(checks.findings == [.cropped])
    }
}
