import Foundation
import HallModel
import Testing

@testable import PlatformClient

@Suite("A case in the list of a person's cases")
struct CaseSummaryTests {
    private func summary(_ json: String) throws -> CaseSummary {
        try JSONDecoder().decode(WireCaseSummary.self, from: Data(json.utf8)).summary
    }

    @Test("of a platform that knows one language only, it has that language")
    func withoutTranslations() throws {
        let found = try summary(
            #"{"number":"99000012","itemTitle":"老年人优待证申领","status":"审核中","acceptedOn":"2026-03-02"}"#)
        #expect(
            found
                == CaseSummary(
                    number: "99000012", itemTitle: LocalizedText("老年人优待证申领"), status: LocalizedText("审核中"),
                    acceptedOn: CalendarDate(year: 2026, month: 3, day: 2)))
        #expect(found.status[.english] == "审核中")
    }

    @Test("it has the screens' languages, and what is missing in one is shown in 简体中文")
    func withTranslations() throws {
        let found = try summary(
            """
            {"number":"99000012","itemTitle":"老年人优待证申领","status":"需补正","acceptedOn":"2026-03-02","detail":"请补户口本",
             "translations":{"en":{"itemTitle":"Senior citizen card","status":"More papers needed","later":"x"},
                             "ug":{"status":"…"},"zh-Hans":{"status":"另一个"}}}
            """)
        #expect(found.itemTitle[.english] == "Senior citizen card")
        #expect(found.status[.english] == "More papers needed")
        #expect(found.status[.simplifiedChinese] == "需补正")
        #expect(found.detail?[.english] == "请补户口本")
    }

    @Test("a translation of something that is not there, an empty one and an endless one do no harm")
    func hostileTranslations() throws {
        let endless = String(repeating: "长", count: 100_000)
        let found = try summary(
            """
            {"number":"\(endless)","itemTitle":"\(endless)","status":"审核中","acceptedOn":"no day",
             "translations":{"en":{"detail":"Nothing to translate","status":"","itemTitle":"\(endless)"}}}
            """)
        #expect(found.number.count == WireText.longestNumber + 1 && found.number.hasSuffix("…"))
        #expect(found.detail == nil)
        #expect(found.acceptedOn == nil)
        #expect(found.status[.english] == "审核中")
        #expect(found.itemTitle[.english].count == WireText.longest)
        #expect(found.itemTitle[.simplifiedChinese].count == WireText.longest)
    }
}
