import DeviceKit
import HallModel
import TestSupport
import Testing

@testable import CodeReaders

@Suite("codes in a stream of bytes")
struct CodeFramingTests {
    private func settings(_ change: (inout CodeReaderSettings) -> Void = { _ in }) -> CodeReaderSettings {
        var settings = CodeReaderSettings()
        change(&settings)
        return settings
    }

    private func code(_ text: String) -> CodeFraming.Item { .code(Sensitive(text)) }

    @Test("a code ends with either terminator, and the empty one between them is none")
    func terminators() {
        var framing = CodeFraming(settings())
        #expect(framing.feed(Array("HK1:".utf8), at: .zero) == [])
        #expect(framing.feed(Array("abc\r\nHK1:d".utf8), at: .milliseconds(5)) == [code("HK1:abc")])
        #expect(framing.feed(Array("ef\n\r\n".utf8), at: .milliseconds(9)) == [code("HK1:def")])
        #expect(framing.silenceEnds == nil)
    }

    @Test("a code without a terminator ends with silence, not before")
    func silence() {
        var framing = CodeFraming(settings { $0.terminators = [] })
        #expect(framing.feed(Array("HK1:".utf8), at: .zero) == [])
        #expect(framing.tick(at: .milliseconds(249)) == [])
        #expect(framing.feed(Array("abc\r".utf8), at: .milliseconds(249)) == [])
        #expect(framing.silenceEnds == .milliseconds(499))
        // A carriage return is a control character where it ends nothing.
        #expect(framing.tick(at: .milliseconds(499)) == [.dropped("8 bytes with control characters")])
        #expect(framing.feed(Array("x".utf8), at: .milliseconds(600)) == [])
        #expect(framing.tick(at: .milliseconds(900)) == [code("x")])
        #expect(framing.feed(Array("y".utf8), at: .milliseconds(900)) == [])
        // A process that was held up itself does not take that for the reader's silence.
        #expect(framing.feed(Array("z".utf8), at: .milliseconds(1_500)) == [])
        #expect(framing.tick(at: .milliseconds(1_750)) == [code("yz")])
    }

    @Test("the kind of code before it is taken off", arguments: ["]Q1", "]Q0", "]d2", "]C0", "]QA"])
    func symbology(_ prefix: String) {
        var framing = CodeFraming(settings())
        #expect(framing.feed(Array("\(prefix)HK1:abc\r".utf8), at: .zero) == [code("HK1:abc")])
        #expect(framing.feed(Array("\(prefix)\r".utf8), at: .seconds(9)) == [.dropped("a code without content")])
    }

    @Test("what only looks like it stays", arguments: ["]", "]Q", "]1Q2", "]Q-1", "Q]1abc", "]汉字"])
    func noSymbology(_ text: String) {
        var framing = CodeFraming(settings())
        #expect(framing.feed(Array("\(text)\r".utf8), at: .zero) == [code(text)])
    }

    @Test("what is too long is dropped once, up to its end, and the next code is read")
    func tooLong() {
        var framing = CodeFraming(settings { $0.maximumBytes = 16 })
        let sixteen = String(repeating: "a", count: 16)
        #expect(framing.feed(Array((sixteen + "\r").utf8), at: .zero) == [code(sixteen)])
        let dropped = CodeFraming.Item.dropped("more than 16 bytes without an end")
        #expect(framing.feed(Array((sixteen + "b").utf8), at: .seconds(1)) == [dropped])
        #expect(framing.feed(Array("bbbb".utf8), at: .seconds(1)) == [])
        #expect(framing.feed(Array("bbbb\rHK1:abc\r".utf8), at: .seconds(1)) == [code("HK1:abc")])
        // Without a terminator the silence ends it.
        #expect(framing.feed(Array((sixteen + "cccc").utf8), at: .seconds(2)) == [dropped])
        #expect(framing.tick(at: .seconds(3)) == [])
        #expect(framing.feed(Array("HK1:def\r".utf8), at: .seconds(3)) == [code("HK1:def")])
    }

    @Test("bytes that are no text are dropped, and their cause does not hold them")
    func noText() {
        var framing = CodeFraming(settings())
        #expect(framing.feed([0xC3, 0x28, 13], at: .zero) == [.dropped("2 bytes that are no UTF-8")])
        #expect(framing.feed([0xED, 0xA0, 0x80, 13], at: .zero) == [.dropped("3 bytes that are no UTF-8")])
        #expect(framing.feed([65, 0, 66, 13], at: .zero) == [.dropped("3 bytes with control characters")])
        #expect(framing.feed(Array("汉字\r".utf8), at: .zero) == [code("汉字")])
    }

    @Test("the same code again is the same paper, for as long as it is seen again and again")
    func repeats() {
        var framing = CodeFraming(settings())
        let bytes = Array("HK1:abc\r".utf8)
        #expect(framing.feed(bytes, at: .zero) == [code("HK1:abc")])
        for second in 1...5 { #expect(framing.feed(bytes, at: .seconds(second)) == [], "\(second) s") }
        #expect(framing.feed(bytes, at: .seconds(7)) == [code("HK1:abc")])
        #expect(framing.feed(Array("HK1:other\r".utf8), at: .seconds(8)) == [code("HK1:other")])
        #expect(framing.feed(bytes, at: .milliseconds(8_100)) == [code("HK1:abc")])
        var always = CodeFraming(settings { $0.repeatMilliseconds = 0 })
        #expect(always.feed(bytes + bytes, at: .zero) == [code("HK1:abc"), code("HK1:abc")])
    }

    @Test("after a lost line nothing of before is put before the next code")
    func reset() {
        var framing = CodeFraming(settings())
        #expect(framing.feed(Array("HK1:ha".utf8), at: .zero) == [])
        framing.reset()
        #expect(framing.feed(Array("HK1:abc\r".utf8), at: .milliseconds(1)) == [code("HK1:abc")])
    }

    @Test("however the bytes are cut, the codes are the same, and never longer than allowed")
    func anyPieces() {
        var random = SeededGenerator()
        for _ in 0..<400 {
            var wanted = settings { $0.repeatMilliseconds = 0 }
            wanted.maximumBytes = Int.random(in: 16...64, using: &random)
            let noise: [UInt8] = (0..<Int.random(in: 0...600, using: &random)).map { _ in
                switch Int.random(in: 0...9, using: &random) {
                case 0: 13
                case 1: UInt8.random(in: 0...255, using: &random)
                default: UInt8.random(in: 32...126, using: &random)
                }
            }
            var whole = CodeFraming(wanted)
            var expected = whole.feed(noise, at: .zero)
            expected += whole.tick(at: .seconds(1))
            var cut = CodeFraming(wanted)
            var found: [CodeFraming.Item] = []
            for piece in random.pieces(of: noise, longest: 40) { found += cut.feed(Array(piece), at: .zero) }
            found += cut.tick(at: .seconds(1))
            #expect(found == expected, "seed \(random.seed)")
            for case .code(let text) in found {
                #expect((1...wanted.maximumBytes).contains(text.exposed.utf8.count), "seed \(random.seed)")
                #expect(text.exposed.utf8.allSatisfy { $0 >= 0x20 }, "seed \(random.seed)")
            }
        }
    }
}
