import Foundation
import NIOCore
import TestSupport
import Testing

@testable import PlatformServer

@Suite("status words by configuration", .serialized)
struct StatusTests {
    private static func configuration(_ statuses: [PlatformConfiguration.Status]) -> PlatformConfiguration {
        PlatformConfiguration(items: PlatformConfiguration.standard.items, statuses: statuses)
    }

    private static let three = configuration([
        .init(id: "in", title: .init("进来了", ["en": "In"]), next: ["asks", "out"]),
        .init(id: "asks", title: .init("要补", ["en": "Asks for more"]), needsDetail: true),
        .init(
            id: "out", title: .init("出去了", ["en": "Out"]), isFinal: true,
            note: .init("请来取", ["en": "Please collect"])),
    ])

    private static let person = ["idNumber": "999999194703120021"]

    /// A case, and the staff of its platform.
    private struct Desk {
        let platform: PlatformUnderTest
        let kiosk: TestKiosk
        let number: String
        let base: String
        let cookie: String

        init(_ platform: PlatformUnderTest, _ kiosk: TestKiosk, number: String? = nil) async throws {
            self.platform = platform
            self.kiosk = kiosk
            if let number {
                self.number = number
            } else {
                let made = try await kiosk.post("/v1/cases", json: try await kiosk.newCase())
                self.number = try #require(made.text("number"))
            }
            (base, cookie) = try await platform.staffCookie(kiosk.client)
        }

        func change(_ fields: [String: String]) async throws -> Answer {
            let body = fields.map { name, value in
                "\(name)=\(value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")"
            }.joined(separator: "&")
            return try await kiosk.call(
                "POST", "\(base)/cases/\(number)/status", headers: ["Cookie": cookie, "Origin": base],
                body: .bytes(ByteBuffer(string: body)))
        }

        func page(_ path: String) async throws -> String {
            let answer = try await kiosk.call("GET", base + path, headers: ["Cookie": cookie])
            return String(decoding: answer.body, as: UTF8.self)
        }

        func summary() async throws -> [String: Any] {
            let found = try await kiosk.post("/v1/case-queries", json: StatusTests.person)
            return try #require((found.json["cases"] as? [[String: Any]])?.first)
        }
    }

    @Test func `What the configuration does not allow is refused, and nothing changes`() async throws {
        try await PlatformUnderTest.run(configuration: Self.three) {
            (platform: PlatformUnderTest, kiosk: TestKiosk) async throws in
            let desk = try await Desk(platform, kiosk)
            #expect(try await desk.change(["status": "nothing"]).status == 400)
            #expect(try await desk.change(["status": "asks"]).status == 422)
            // Somebody else was quicker.
            let late = try await desk.change(["status": "out", "seen": "asks"])
            #expect(late.status == 409)
            #expect(try await desk.summary()["status"] as? String == "进来了")
            #expect(try await desk.change(["status": "out", "seen": "in"]).status == 303)
            for status in ["in", "asks", "out"] {
                let refused = try await desk.change(["status": status, "detail": "x"])
                #expect(refused.status == 409)
                #expect(String(decoding: refused.body, as: UTF8.self).contains("办件已经是「出去了」，不能再改。"))
            }
            #expect(try await desk.summary()["status"] as? String == "出去了")
        }
    }

    @Test func `The page offers what may follow, and no more`() async throws {
        var configuration = Self.three
        configuration.statuses[0].next = ["out"]
        try await PlatformUnderTest.run(configuration: configuration) {
            (platform: PlatformUnderTest, kiosk: TestKiosk) async throws in
            let desk = try await Desk(platform, kiosk)
            let before = try await desk.page("/cases/\(desk.number)")
            #expect(before.components(separatedBy: "name=\"status\" value=").count - 1 == 2)
            #expect(before.contains(#"value="in" required checked"#) && before.contains(#"value="out" required>"#))
            #expect(before.contains(#"name="detail-en""#))
            #expect(try await desk.change(["status": "out"]).status == 303)
            let after = try await desk.page("/cases/\(desk.number)")
            #expect(!after.contains("name=\"status\"") && after.contains("这是最后的状态，不能再改。"))
        }
    }

    @Test func `An English screen gets English, of the item, the status and what staff wrote`() async throws {
        try await PlatformUnderTest.run(configuration: Self.three) {
            (platform: PlatformUnderTest, kiosk: TestKiosk) async throws in
            let desk = try await Desk(platform, kiosk)
            func english() async throws -> [String: String]? {
                (try await desk.summary()["translations"] as? [String: [String: String]])?["en"]
            }
            #expect(try await english() == ["itemTitle": "Senior citizen card", "status": "In"])
            #expect(try await desk.change(["status": "asks", "detail": "请补户口本"]).status == 303)
            #expect(try await english() == ["itemTitle": "Senior citizen card", "status": "Asks for more"])
            _ = try await desk.change(["status": "asks", "detail": "请补户口本", "detail-en": "Bring the register"])
            #expect(try await english()?["detail"] == "Bring the register")
            // The status has a note for everybody.
            #expect(try await desk.change(["status": "out"]).status == 303)
            #expect(try await desk.summary()["detail"] as? String == "请来取")
            #expect(
                try await english()
                    == ["itemTitle": "Senior citizen card", "status": "Out", "detail": "Please collect"])
            let items = try await kiosk.call("GET", "/v1/items")
            let first = (items.json["items"] as? [[String: Any]])?.first
            #expect(
                first?["translations"] as? [String: [String: String]]
                    == ["en": ["title": "Senior citizen card", "window": "window 3"]])
        }
    }

    @Test func `A status that has left the configuration is still said for the cases that have it`() async throws {
        let scratch = try ScratchFolder()
        nonisolated(unsafe) var number = ""
        try await PlatformUnderTest.run(configuration: Self.three, scratch: scratch) {
            (platform: PlatformUnderTest, kiosk: TestKiosk) async throws in
            let desk = try await Desk(platform, kiosk)
            number = desk.number
            #expect(try await desk.change(["status": "asks", "detail": "请补户口本"]).status == 303)
        }
        let other = Self.configuration([
            .init(id: "new", title: .init("新词", ["en": "New word"])),
            .init(id: "end", title: "完了", isFinal: true),
        ])
        try await PlatformUnderTest.run(configuration: other, scratch: scratch) {
            (platform: PlatformUnderTest, kiosk: TestKiosk) async throws in
            let desk = try await Desk(platform, kiosk, number: number)
            let summary = try await desk.summary()
            #expect(summary["status"] as? String == "要补" && summary["detail"] as? String == "请补户口本")
            #expect(
                (summary["translations"] as? [String: [String: String]])?["en"]?["status"] == "Asks for more")
            let list = try await desk.page("/")
            #expect(list.contains("/?status=asks\">要补 <span>1</span>"))
            #expect(try await desk.page("/?status=asks").contains("/cases/\(number)"))
            let page = try await desk.page("/cases/\(number)")
            #expect(page.contains("要补") && page.contains("进来了"))
            // It can go on with the new words.
            #expect(try await desk.change(["status": "end", "seen": "asks"]).status == 303)
            #expect(try await desk.summary()["status"] as? String == "完了")
        }
    }

    @Test func `Two who change a case at once do not both succeed unseen`() async throws {
        try await PlatformUnderTest.run(configuration: Self.three) {
            (platform: PlatformUnderTest, kiosk: TestKiosk) async throws in
            let desk = try await Desk(platform, kiosk)
            let answers = try await withThrowingTaskGroup(of: Int.self) { group in
                for status in ["out", "asks", "out", "asks"] {
                    group.addTask {
                        try await desk.change(["status": status, "detail": "请补", "seen": "in"]).status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.sorted() == [303, 409, 409, 409])
        }
    }
}
