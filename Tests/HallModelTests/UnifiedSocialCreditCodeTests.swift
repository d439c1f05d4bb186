import Foundation
import TestSupport
import Testing

@testable import HallModel

@Suite("Unified social credit codes")
struct UnifiedSocialCreditCodeTests {
    static let vectors = ["91350100M000100Y43", "91999999000000000G"]

    @Test("the vectors are right, with their own check character and no other", arguments: vectors)
    func right(_ text: String) {
        #expect(UnifiedSocialCreditCode(text)?.text == text)
        #expect(UnifiedSocialCreditCode.checkCharacter(of: text.dropLast()) == text.last)
        for check in UnifiedSocialCreditCode.alphabet.map({ Character(Unicode.Scalar($0)) }) where check != text.last {
            #expect(UnifiedSocialCreditCode(String(text.dropLast()) + String(check)) == nil, "\(check)")
        }
    }

    @Test("one character read wrong is noticed, whichever it is", arguments: vectors)
    func oneWrong(_ text: String) {
        for place in 0..<18 {
            for other in UnifiedSocialCreditCode.alphabet where Array(text.utf8)[place] != other {
                var bytes = Array(text.utf8)
                bytes[place] = other
                #expect(UnifiedSocialCreditCode(String(decoding: bytes, as: UTF8.self)) == nil)
            }
        }
    }

    @Test("two neighbours that changed places are noticed", arguments: vectors)
    func swapped(_ text: String) {
        for place in 0..<17 {
            var bytes = Array(text.utf8)
            bytes.swapAt(place, place + 1)
            let other = String(decoding: bytes, as: UTF8.self)
            if other != text { #expect(UnifiedSocialCreditCode(other) == nil, "\(other)") }
        }
    }

    @Test("the alphabet has 31 characters, without I, O, S, V and Z")
    func alphabet() {
        #expect(String(decoding: UnifiedSocialCreditCode.alphabet, as: UTF8.self) == "0123456789ABCDEFGHJKLMNPQRTUWXY")
        for letter in "IOSVZ" {
            // The check character counts as a number would, if the letter had a value.
            #expect(UnifiedSocialCreditCode.checkCharacter(of: "9135010\(letter)M000100Y4") == nil)
        }
    }

    @Test(
        "what is written in another way is no code",
        arguments: [
            "", "9", "91350100M000100Y4", "91350100M000100Y433", "91350100m000100y43", " 91350100M000100Y43",
            "91350100M000100Y43\n", "９1350100M000100Y43", "91350100M000100Y4\u{0}", "91350100M000100Y4é",
            "91-350100M000100Y4", "91350100M00010OY43",
        ])
    func refused(_ text: String) { #expect(UnifiedSocialCreditCode(text) == nil) }

    @Test("any text is judged without a trap, and what is taken checks itself")
    func anyText() {
        var random = SeededGenerator(printedAs: #function)
        let seed = random.seed
        for _ in 0..<500 {
            let text = String(decoding: random.bytes(Int.random(in: 0...40, using: &random)), as: UTF8.self)
            #expect(UnifiedSocialCreditCode(text)?.text ?? text == text, "seed \(seed)")
            let body = (0..<17).map { _ in
                Character(Unicode.Scalar(UnifiedSocialCreditCode.alphabet.randomElement(using: &random) ?? 48))
            }
            let check = UnifiedSocialCreditCode.checkCharacter(of: String(body))
            #expect(check != nil && UnifiedSocialCreditCode(String(body + [check ?? "0"])) != nil, "seed \(seed)")
        }
    }

    @Test("as JSON it is its text; a wrong one is not decoded")
    func coded() throws {
        let code = try #require(UnifiedSocialCreditCode(Self.vectors[0]))
        let json = try JSONEncoder().encode([code])
        #expect(String(decoding: json, as: UTF8.self) == #"["91350100M000100Y43"]"#)
        #expect(try JSONDecoder().decode([UnifiedSocialCreditCode].self, from: json) == [code])
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([UnifiedSocialCreditCode].self, from: Data(#"["91350100M000100Y44"]"#.utf8))
        }
    }
}
