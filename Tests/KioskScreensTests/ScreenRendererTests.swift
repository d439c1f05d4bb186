import Foundation
import GuidedFlow
import HallModel
import Testing

@testable import KioskScreens

@Suite struct ScreenRendererTests {
    @Test(arguments: Language.allCases)
    func everythingTheFlowSaysStandsOnThePage(language: Language) throws {
        let missing = MissingNames()
        let renderer = try TestKiosk.renderer(missing: missing)
        let contents = try KioskContents.shared.get()
        let resolver = TextResolver(source: contents.texts, language: language) { _, _ in }
        for entry in RealScreens.entries(contents, in: language) + ExtremeScreens.entries(contents, in: language) {
            let screen = entry.screen
            let html = renderer.page(screen)
            var said = [screen.heading] + screen.lead + screen.notes.map(\.text)
            said += screen.choices.flatMap { [$0.title] + ($0.detail.map { [$0] } ?? []) }
            said += screen.buttons.map(\.text) + screen.things.map(\.text)
            said += screen.answers.flatMap { [$0.label, $0.value] + ($0.source.map { [$0] } ?? []) }
            said += screen.page.map { [$0.description] } ?? []
            said += screen.digits?.error.map { [$0] } ?? []
            said += screen.number.map { [.plain($0.inGroupsOfFour)] } ?? []
            said += screen.cases.flatMap {
                [ScreenText.plain($0.number.inGroupsOfFour), .localized($0.itemTitle), .localized($0.status)]
                    + ($0.detail.map { [.localized($0)] } ?? [])
            }
            for word in said.map(resolver.resolve) {
                let isThere = html.contains(escaped(word))
                #expect(isThere == !screen.isCovered, "\(entry.label): \(word)")
            }
            if let overlay = screen.overlay {
                let words =
                    [overlay.heading] + overlay.lead + overlay.choices.map(\.title) + overlay.buttons.map(\.text)
                for word in words.map(resolver.resolve) {
                    #expect(html.contains(escaped(word)), "\(entry.label): \(word)")
                }
            }
            if screen.picture != nil, !screen.isCovered {
                #expect(html.contains("<div class=\"stage"), "\(entry.label)")
            }
            #expect(!html.contains("{{"), "\(entry.label)")
        }
        #expect(missing.names == [])
    }

    private func escaped(_ text: String) -> String {
        text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "'", with: "&#39;")
            .replacingOccurrences(of: "\"", with: "&quot;").replacingOccurrences(of: "<", with: "&lt;")
            .replacingOccurrences(of: ">", with: "&gt;")
    }

    /// A quote joined by a combining mark is one `Character` and would pass a naive escape.
    static let hostile = [
        "<script>alert(1)</script>", "\" onclick=\"alert(1)", "\"\u{0301} onmouseover=alert(1) x=\"\u{0301}",
        "\u{0600}<img src=x>", "<\u{200D}img src=x onerror=alert(1)>", "'><svg/onload=alert(1)>", "{{{heading}}}",
        "a\u{0000}b\u{0008}c\u{001B}[2J", "\u{202E}0001 0099\u{202C}", "&lt;b&gt;", "张\u{F0000}\u{E000}三",
        String(decoding: [0xED, 0xA0, 0x80, 0x41, 0xFF], as: UTF8.self),
    ]

    @Test(arguments: hostile)
    func aHostileTextStaysText(text: String) throws {
        let renderer = try TestKiosk.renderer()
        let html = renderer.page(Self.screen(saying: text))
        // As long, because a long number has a class of its own.
        let plain = renderer.page(Self.screen(saying: String(repeating: "x", count: text.count)))
        // Whatever the text is, the page has exactly the same tags and quotes as with a harmless one.
        for mark: Unicode.Scalar in ["<", ">", "\""] {
            let count = html.unicodeScalars.filter { $0 == mark }.count
            #expect(count == plain.unicodeScalars.filter { $0 == mark }.count, "\(mark)")
        }
        for scalar in html.unicodeScalars {
            let isForbidden = scalar.value < 0x20 && scalar != "\n" || (0x7F..<0xA0).contains(scalar.value)
            #expect(!isForbidden, "U+\(String(scalar.value, radix: 16))")
            #expect(!(0x202A...0x202E).contains(scalar.value))
        }
    }

    private static func screen(saying text: String) -> Screen {
        ExtremeScreens.screen(.check, .plain(text)) {
            $0.lead = [.plain(text), .localized(LocalizedText(text))]
            $0.notes = [.init(.warn, .plain(text))]
            $0.choices = [.init(action: .chooseItem(text), title: .plain(text), detail: .plain(text))]
            $0.answers = [.init(label: .plain(text), value: .plain(text), source: .plain(text), change: .change(text))]
            $0.number = text
            $0.page = .init(page: PageID(rawValue: 1), description: .plain(text))
            $0.cases = [
                .init(
                    number: text, itemTitle: LocalizedText(text), status: LocalizedText(text), acceptedOn: nil,
                    detail: LocalizedText(text))
            ]
            $0.things = [.init(text: .plain(text), pictogram: "card", isTaken: nil)]
            $0.buttons = [.init(.go, .answer(question: text, value: text), .plain(text))]
            $0.digits = .init(entered: "1", maximum: 11, error: .plain(text))
            $0.overlay = .init(
                name: .help, heading: .plain(text), lead: [.plain(text)], buttons: [.init(.go, .stay, .plain(text))])
        }
    }

    @Test func aMissingTextShowsItsLastPartAndIsReported() throws {
        let missing = MissingNames()
        let renderer = try TestKiosk.renderer(missing: missing)
        let html = renderer.page(ExtremeScreens.screen(.start, .key("start.nowhere", ["n": .plain("1")])) { _ in })
        #expect(html.contains("<h1 id=\"heading\">nowhere</h1>"))
        #expect(missing.names == ["start.nowhere"])
    }

    @Test(
        "A case's day stands there as each language writes it",
        arguments: [(Language.simplifiedChinese, "2026 年 12 月 31 日收到"), (.english, "Received on 31 December 2026")])
    func days(_ language: Language, _ words: String) throws {
        let html = try TestKiosk.renderer().page(
            ExtremeScreens.screen(.progress, .plain("x")) {
                $0.language = language
                $0.cases = [
                    .init(
                        number: "99000123", itemTitle: LocalizedText("x"), status: LocalizedText("x"),
                        acceptedOn: CalendarDate(year: 2026, month: 12, day: 31))
                ]
            })
        #expect(html.contains(words), "\(html)")
    }

    @Test func aPlaceholderInAValueIsNotFilledAgain() {
        struct One: TextSource {
            func text(_ key: String, in language: Language) -> String? { "{a} and {b}, {c" }
        }
        let resolver = TextResolver(source: One(), language: .english) { _, _ in }
        #expect(resolver.resolve(.key("x", ["a": .plain("{b}"), "b": .plain("2")])) == "{b} and 2, {c")
    }

    @Test func nothingPersonalStandsInTheTitleOrOnACoveredScreen() throws {
        let renderer = try TestKiosk.renderer()
        for entry in RealScreens.entries(try KioskContents.shared.get()) {
            let html = renderer.page(entry.screen)
            #expect(html.contains("<title>自助办事机</title>"))
            if entry.screen.isCovered { #expect(!html.contains("张")) }
        }
    }

    @Test func thePanelGivesTheMillimetre() {
        #expect(PanelGeometry.portrait215.styleSheet.contains("--mm: 4.0299px;"))
        #expect(PanelGeometry.portrait215.styleSheet.contains("--panel-height: 1920px;"))
    }
}
