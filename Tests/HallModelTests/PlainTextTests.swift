import HallModel
import Testing

@Suite("What a device says of itself")
struct PlainTextTests {
    @Test(
        "loses what steers a terminal, what is not seen, and what was no text",
        arguments: [
            ("\u{1B}]0;owned\u{07}DR-7090", "]0;ownedDR-7090"), ("a\r\nb\tc", "abc"),
            ("left\u{202E}right", "leftright"), ("zero\u{200B}width\u{FEFF}", "zerowidth"),
            ("C1\u{9B}31m", "C131m"), ("lines\u{2028}and\u{2029}", "linesand"),
            (String(decoding: [0x41, 0xFF, 0xFE, 0x42], as: UTF8.self), "AB"), ("虚构扫描仪 7090", "虚构扫描仪 7090"),
        ])
    func line(_ said: String, _ kept: String) {
        #expect(PlainText.line(said) == kept)
    }

    @Test("is nothing where nothing of it can be read")
    func nothing() {
        for said in ["", "   ", "\u{1B}\u{07}", "\u{202E} \u{200B}"] { #expect(PlainText.line(said) == nil) }
        for said in ["", "\u{1B}", "扫描"] { #expect(PlainText.keyword(said) == nil) }
    }

    @Test("has an end, and no half characters")
    func bounded() {
        #expect(PlainText.line(String(repeating: "x", count: 10_000))?.utf8.count == 80)
        #expect(PlainText.line(String(repeating: "长", count: 10_000)) == String(repeating: "长", count: 26))
        #expect(PlainText.keyword(String(repeating: "x", count: 10_000))?.utf8.count == 64)
        #expect(PlainText.keyword("media-empty\u{1B}[2J-error") == "media-empty2J-error")
    }
}
