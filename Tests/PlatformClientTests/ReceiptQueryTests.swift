import Foundation
import HallModel
import TestSupport
import Testing

@testable import PlatformClient

@Suite("Progress by the code of a receipt")
struct ReceiptQueryTests {
    @Test("a text that is no receipt code is not even sent; an unknown code has no case")
    func unknown() async throws {
        try await PlatformBench.run { (bench: PlatformBench) async throws in
            for text in [
                "", "HK1", "HK1:N:", "HK1:N:" + String(repeating: "1", count: 33), "HK1:A:K7M2XQ4", "HK1:A:K7M2XQ4O",
                "HK2:A:K7M2XQ4D", "hk1:a:K7M2XQ4D",
                "HK1:A:K7M2XQ4D:", "https://evil.example/", "HK1:N:' OR 1=1", String(repeating: "9", count: 5000),
            ] {
                #expect(try await bench.api.cases(ofReceipt: Sensitive(text)).isEmpty, "\(text)")
            }
            #expect(try await bench.api.cases(ofReceipt: Sensitive("HK1:A:22222222")).isEmpty)
            // The right form with a wrong check digit, and a right one that was never given.
            #expect(try await bench.api.cases(ofReceipt: Sensitive("HK1:N:99000011")).isEmpty)
        }
    }

    @Test("either code of a receipt gives its one case, in the screens' languages and with nothing of the person")
    func found() async throws {
        try await PlatformBench.run { (bench: PlatformBench) async throws in
            _ = try await bench.accept(code: "K7M2XQ4D")
            _ = try await bench.accept(code: "K7M2XQ4E")
            #expect(try await bench.api.cases(ofReceipt: Sensitive("HK1:A:K7M2XQ4D")).isEmpty)
            try await bench.sendAll()
            let byCode = try await bench.api.cases(ofReceipt: Sensitive("HK1:A:K7M2XQ4D\r\n"))
            #expect(byCode.count == 1)
            let one = try #require(byCode.first)
            #expect(try await bench.api.cases(ofReceipt: Sensitive("HK1:N:\(one.number)")) == byCode)
            #expect(one.itemTitle[.english] == "Senior citizen card")
            #expect(one.status[.simplifiedChinese] == "已收件" && one.status[.english] == "Received")
            let words = String(decoding: try JSONEncoder().encode(one), as: UTF8.self)
            #expect(!words.contains("张测试") && !words.contains("999999194703120021"))
        }
    }
}
