import Foundation
import TestSupport
import Testing

@testable import PlatformServer

@Suite("progress by receipt code", .serialized)
struct ReceiptCodeTests {
    @Test func `A malformed question is refused with the member's name, an unknown code has no case`() async throws {
        try await PlatformUnderTest.run { (_: PlatformUnderTest, kiosk: TestKiosk) async throws in
            for question in [
                [:], ["idNumber": "999999194703120021", "receiptCode": "HK1:A:K7M2XQ4D"], ["receiptCode": ""],
                ["receiptCode": "HK1:A:K7M2XQ4"], ["receiptCode": "HK1:A:K7M2XQ4O"], ["receiptCode": "HK1:B:K7M2XQ4D"],
                ["receiptCode": "HK1:N:99000011"], ["receiptCode": "HK1:N:99000010 "], ["receiptCode": "99000012"],
                ["receiptCode": String(repeating: "9", count: 9000)],
            ] {
                let refused = try await kiosk.post("/v1/case-queries", json: question)
                #expect(refused.status == 400 && refused.problem == "malformed-body", "\(question)")
                #expect(refused.text("detail")?.contains("receiptCode") == true)
            }
            for code in ["HK1:A:K7M2XQ4D", "HK1:N:\(CaseNumber.text(sequence: CaseNumber.first))"] {
                let none = try await kiosk.post("/v1/case-queries", json: ["receiptCode": code])
                #expect(none.status == 200 && (none.json["cases"] as? [Any])?.isEmpty == true)
            }
        }
    }

    @Test func `Any kiosk finds the one case of a receipt, and nothing of the person`() async throws {
        try await PlatformUnderTest.run { (platform: PlatformUnderTest, kiosk: TestKiosk) async throws in
            let number = try #require(
                try await kiosk.post("/v1/cases", json: try await kiosk.newCase()).text("number"))
            try await platform.kiosk("kiosk-2") { (other: TestKiosk) async throws -> Void in
                for code in ["HK1:A:K7M2XQ4D", "HK1:N:\(number)"] {
                    let found = try await other.post("/v1/case-queries", json: ["receiptCode": code])
                    let cases = try #require(found.json["cases"] as? [[String: Any]])
                    #expect(cases.map { $0["number"] as? String } == [number])
                    #expect(
                        Set(cases[0].keys) == ["number", "itemTitle", "status", "acceptedOn", "translations"])
                }
                // Two kiosks drew the same code: it says nothing of either.
                _ = try await other.post("/v1/cases", json: try await other.newCase(number: "999999196803120021"))
                let both = try await other.post("/v1/case-queries", json: ["receiptCode": "HK1:A:K7M2XQ4D"])
                #expect(both.status == 409 && both.problem == "acceptance-code-ambiguous")
            }
        }
    }

    @Test func `Any text is a code or none`() {
        var generator = SeededGenerator(printedAs: #function)
        let alphabet = Array("HK1:NA0123456789KMXQ \u{0}张é")
        for _ in 0..<20_000 {
            let text = String(
                (0..<Int.random(in: 0...20, using: &generator)).map { _ in
                    alphabet.randomElement(using: &generator) ?? "1"
                })
            if let code = CaseReference(text) { #expect(text.hasPrefix("HK1:"), "\(code)") }
        }
        #expect(CaseReference("HK1:A:K7M2XQ4D") == .acceptanceCode("K7M2XQ4D"))
    }
}
