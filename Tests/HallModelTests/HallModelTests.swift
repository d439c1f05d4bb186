import Foundation
import HallModel
import TestSupport
import Testing

@Suite("The nouns")
struct HallModelTests {
    @Test(
        "a day that does not exist is no date",
        arguments: ["20230229", "20231301", "20230100", "2023010", "2023010a", "", "19000229"])
    func noDate(_ text: String) { #expect(CalendarDate(compact: text) == nil) }

    @Test("nor is one that came over a line")
    func noDateDecoded() throws {
        func decoded(_ json: String) throws -> CalendarDate {
            try JSONDecoder().decode(CalendarDate.self, from: Data(json.utf8))
        }
        for wrong in [
            #"{"year":2023,"month":13,"day":1}"#, #"{"year":0,"month":1,"day":1}"#, #"{"year":2023,"month":2}"#,
        ] {
            #expect(throws: DecodingError.self) { try decoded(wrong) }
        }
        let leapDay = try #require(CalendarDate(compact: "20000229"))
        #expect(try decoded(String(decoding: JSONEncoder().encode(leapDay), as: UTF8.self)) == leapDay)
    }

    @Test("a leap day is a date and counts as a birthday on 1 March")
    func leapDay() throws {
        let birth = try #require(CalendarDate(compact: "20000229"))
        #expect(birth.iso == "2000-02-29")
        #expect(birth.age(on: try #require(CalendarDate(compact: "20260228"))) == 25)
        #expect(birth.age(on: try #require(CalendarDate(compact: "20260301"))) == 26)
    }

    @Test("a sensitive value prints as dots, alone and inside others")
    func sensitive() {
        let number = Sensitive("999999194803150026")
        #expect("\(number)" == "•••")
        #expect(!String(reflecting: ["n": number]).contains("9999"))
        #expect(number.exposed == "999999194803150026")
    }

    @Test(
        "what is no lower-case UUID is no item id",
        arguments: ["", "0195c8a0", "0195C8A0-1F4E-7C3A-9B2D-4E5F6A7B8C9D", "../../../../etc/passwd-aaaa-bbbb-cccc"])
    func noItemID(_ text: String) { #expect(ItemID(rawValue: text) == nil) }

    @Test("item ids are UUIDs of version 7 that sort by time")
    func itemIDs() throws {
        var generator = SeededGenerator(seed: 5)
        var last = ""
        for milliseconds in stride(from: UInt64(1_770_000_000_000), to: 1_770_000_000_200, by: 1) {
            let id = ItemID(unixMilliseconds: milliseconds, using: &generator)
            #expect(ItemID(rawValue: id.rawValue) == id)
            #expect(Array(id.rawValue)[14] == "7")
            #expect("89ab".contains(Array(id.rawValue)[19]))
            #expect(id.rawValue > last)
            last = id.rawValue
        }
    }

    @Test("a text without a translation falls back to 简体中文")
    func fallback() { #expect(LocalizedText("你好")[.english] == "你好") }
}
