import Foundation
import TestSupport
import Testing

@testable import PlatformServer

@Suite("what a kiosk says of a card, for staff", .serialized)
struct CardTests {
    private struct Sealed: Encodable {
        struct Person: Encodable {
            var kind: String? = "resident"
            var name = "张桂兰"
            var englishName: String?
            var number = "999999194703120021"
            var sex = "2"
            var nationality: String?
            var validTo: String?
            var flags: [String]?
        }
        var person = Person()
        var answers: [String] = []
        var item = "senior-card"
        var kiosk = "kiosk-1"

        var bytes: [UInt8] { get throws { Array(try JSONEncoder().encode(self)) } }
    }

    /// A case with this person: its page, and the same for programs.
    private func shown(
        _ person: Sealed.Person, by kiosk: TestKiosk, _ base: String, _ cookie: String
    ) async throws -> (page: String, json: [String: Any]) {
        let wanted = try await kiosk.newCase(sealing: try Sealed(person: person).bytes)
        let number = try #require(try await kiosk.post("/v1/cases", json: wanted).text("number"))
        let page = try await kiosk.call("GET", base + "/cases/\(number)", headers: ["Cookie": cookie])
        let json = try await kiosk.call("GET", base + "/cases/\(number).json", headers: ["Cookie": cookie])
        #expect(page.status == 200 && json.status == 200)
        return (page.page, json.json)
    }

    private static let remarks = [
        "expired": "证件的有效期已过", "notYetValid": "证件的有效期还没开始", "checkDigitWrong": "证件号码的末位（校验码）",
        "dateUnreadable": "有一个日期读不出来", "textDamaged": "有的字读不完整",
    ]

    @Test func `Each flag is a sentence on the page, as something to look at, and its name for programs`() async throws
    {
        try await PlatformUnderTest.run {
            (platform: PlatformUnderTest, kiosk: TestKiosk) async throws in
            let (base, cookie) = try await platform.staffCookie(kiosk.client)
            for flag in Self.remarks.keys.sorted() + ["longTerm"] {
                let (page, json) = try await shown(.init(flags: [flag]), by: kiosk, base, cookie)
                for (other, words) in Self.remarks {
                    #expect(page.contains(words) == (other == flag), "\(flag): \(other)")
                }
                #expect(page.contains("请看一下。自助机照常收件。") == (flag != "longTerm"), "\(flag)")
                #expect(!page.contains(flag), "\(flag)")
                #expect(json["flags"] as? [String] == [flag])
            }
            let all = Self.remarks.keys.sorted()
            let (page, json) = try await shown(.init(flags: all + all), by: kiosk, base, cookie)
            for words in Self.remarks.values { #expect(page.components(separatedBy: words).count == 2, "\(words)") }
            #expect(json["flags"] as? [String] == all + all)
            for flags in [nil, []] as [[String]?] {
                let (page, json) = try await shown(.init(flags: flags), by: kiosk, base, cookie)
                #expect(!page.contains("class=\"note") && json["flags"] as? [String] == [])
            }
        }
    }

    @Test func `A flag that nobody here knows is shown by its name, not as markup, and not at any length`() async throws
    {
        try await PlatformUnderTest.run {
            (platform: PlatformUnderTest, kiosk: TestKiosk) async throws in
            let (base, cookie) = try await platform.staffCookie(kiosk.client)
            let marked = "a" + String(repeating: "\u{301}", count: 5000)
            let flags = ["<b>chipWorn</b>", String(repeating: "长", count: 41), marked, "expired"]
            let (page, json) = try await shown(.init(flags: flags), by: kiosk, base, cookie)
            #expect(page.contains("本平台不认识：&lt;b&gt;chipWorn&lt;/b&gt;</li>") && !page.contains("<b>"))
            #expect(page.contains(String(repeating: "长", count: 40) + "…</li>"))
            #expect(page.unicodeScalars.count { $0 == "\u{301}" } == 39)
            #expect(page.contains("证件的有效期已过"))
            #expect(json["flags"] as? [String] == flags)
            let many = (0..<2000).map { "flag\($0)" }
            let crowd = try await shown(.init(flags: many), by: kiosk, base, cookie).page
            #expect(crowd.components(separatedBy: "本平台不认识：").count == 9 && crowd.contains("还有 1992 个"))
        }
    }

    @Test func `Kind, English name, nationality and expiry are shown, and a kind that is not known by its name`()
        async throws
    {
        try await PlatformUnderTest.run {
            (platform: PlatformUnderTest, kiosk: TestKiosk) async throws in
            let (base, cookie) = try await platform.staffCookie(kiosk.client)
            let foreigner = Sealed.Person(
                kind: "foreigner2023", name: "张桂兰", englishName: "ZHANG, <GUILAN>", number: "932682198501010017",
                nationality: "CAN", validTo: "2031-05-31", flags: [])
            let (page, json) = try await shown(foreigner, by: kiosk, base, cookie)
            for pair in [
                "<dt>证件</dt><dd>外国人永久居留身份证（2023 版）</dd>", "<dt>英文姓名</dt><dd>ZHANG, &lt;GUILAN&gt;</dd>",
                "<dt>国籍</dt><dd>CAN</dd>", "<dt>有效期至</dt><dd>2031-05-31</dd>",
            ] { #expect(page.contains(pair), "\(pair)") }
            let person = json["person"] as? [String: String]
            #expect(person?["kind"] == "foreigner2023" && person?["englishName"] == "ZHANG, <GUILAN>")
            #expect(person?["nationality"] == "CAN" && person?["validTo"] == "2031-05-31")
            let lasting = try await shown(.init(flags: ["longTerm"]), by: kiosk, base, cookie).page
            #expect(lasting.contains("<dt>证件</dt><dd>居民身份证</dd>") && lasting.contains("<dt>有效期至</dt><dd>长期</dd>"))
            let other = try await shown(.init(kind: "<i>passport"), by: kiosk, base, cookie).page
            #expect(other.contains("<dt>证件</dt><dd>&lt;i&gt;passport</dd>"))
            let none = try await shown(.init(kind: nil), by: kiosk, base, cookie).page
            #expect(!none.contains("<dt>证件</dt>") && !none.contains("<dt>有效期至</dt>"))
        }
    }

    @Test func `Flags that are no list are told by name, and nothing is confirmed`() async throws {
        try await PlatformUnderTest.run { (_: PlatformUnderTest, kiosk: TestKiosk) async throws in
            let sealing = Array(
                #"{"person":{"name":"n","number":"999999194703120021","flags":"expired"},"answers":[],"item":"senior-card","kiosk":"k"}"#
                    .utf8)
            let refused = try await kiosk.post("/v1/cases", json: try await kiosk.newCase(sealing: sealing))
            #expect(refused.status == 422)
            #expect(
                refused.text("detail") == "`answers` is not `SealedAnswers`: Member `person.flags` must be an array.")
        }
    }
}
