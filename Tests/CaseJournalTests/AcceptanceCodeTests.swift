import CaseJournal
import TestSupport
import Testing

@Suite("acceptance codes")
struct AcceptanceCodeTests {
    private static let alphabet = "23456789ABCDEFGHJKMNPQRSTVWXYZ"

    @Test("a new code has eight characters that nobody confuses, and is valid")
    func valid() {
        for _ in 0..<1_000 {
            let code = AcceptanceCode.random()
            #expect(code.count == 8 && code.allSatisfy { Self.alphabet.contains($0) })
            #expect(AcceptanceCode.isValid(code))
        }
    }

    @Test("every wrong character is noticed, and nearly every swap of neighbours")
    func checkCharacter() {
        var generator = SeededGenerator(seed: 4)
        var swaps = 0
        var unnoticed = 0
        for _ in 0..<200 {
            let code = Array(AcceptanceCode.random(using: &generator))
            for index in code.indices {
                for other in Self.alphabet where other != code[index] {
                    var wrong = code
                    wrong[index] = other
                    #expect(!AcceptanceCode.isValid(String(wrong)))
                }
                guard index > 0, code[index] != code[index - 1] else { continue }
                var swapped = code
                swapped.swapAt(index, index - 1)
                swaps += 1
                if AcceptanceCode.isValid(String(swapped)) { unnoticed += 1 }
            }
        }
        #expect(unnoticed * 100 <= swaps, "\(unnoticed) of \(swaps)")
    }

    @Test("what is no code is refused", arguments: ["", "2222222", "222222222", "K7M2XQ4d", "K7M2 XQ4D", "张张张张张张张张"])
    func refused(text: String) { #expect(!AcceptanceCode.isValid(text)) }
}
