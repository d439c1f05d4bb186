import Foundation
import GuidedFlow
import TestSupport
import Testing

@testable import KioskScreens

/// What a browser posts for a touch; anything on this machine may post anything.
@Suite struct FormBodyTests {
    private func form(_ text: String) -> FormBody { FormBody(Array(text.utf8)) }

    @Test func aFormAsABrowserSendsIt() {
        let body = form("action=answer%3Apickup%3Aeast+gate&revision=17")
        #expect(body["action"] == "answer:pickup:east gate")
        #expect(body["revision"] == "17")
        #expect(body["other"] == nil)
    }

    @Test(arguments: [
        ("a=%", "%"), ("a=%4", "%4"), ("a=%4G", "%4G"), ("a=%zz", "%zz"), ("a=%00", "\0"), ("a=%E5%BC%A0", "张"),
        ("a=%FF", "\u{FFFD}"), ("a=1&a=2", "1"), ("a", ""), ("a=", ""), ("a=b=c", "b=c"), ("&&a=1&", "1"),
        ("a=%25%32%35", "%25"),
    ])
    func oddForms(_ text: String, _ value: String) { #expect(form(text)["a"] == value) }

    @Test func fieldsBeyondTheSixteenthAreNotKept() {
        let many = (0..<5_000).map { "f\($0)=1" }.joined(separator: "&")
        #expect(form(many)["f15"] == "1")
        #expect(form(many)["f16"] == nil)
    }

    @Test func anyBytesAreAFormAndNoTrap() throws {
        var random = SeededGenerator(printedAs: #function)
        let pieces = ["action", "revision", "=", "&", "%", "%2", "%zz", "%E5", "+", ":", "answer", "digit", "9", "张"]
        for round in 0..<1_000 {
            let bytes =
                round.isMultiple(of: 2)
                ? random.bytes(Int.random(in: 0...600, using: &random))
                : (0..<Int.random(in: 0...40, using: &random)).flatMap { _ in
                    Array((pieces.randomElement(using: &random) ?? "").utf8)
                }
            let body = FormBody(bytes)
            let fields = try #require(
                Mirror(reflecting: body).children.first { $0.label == "fields" }?.value as? [String: String])
            #expect(fields.count <= 16)
            // A byte that is no UTF-8 becomes three.
            #expect(fields.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count } <= 3 * bytes.count)
            if let action = body["action"] { _ = ResidentAction(form: action) }
            _ = body["revision"].flatMap { Int($0) }
        }
    }

    @Test func whatIsEncodedIsReadAgain() {
        var random = SeededGenerator(printedAs: #function)
        for _ in 0..<500 {
            let value = String(decoding: random.bytes(Int.random(in: 0...60, using: &random)), as: UTF8.self)
            let encoded = value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
            #expect(form("a=1&b=\(encoded)&c=2")["b"] == value, "seed \(random.seed)")
        }
    }
}
