import TestSupport
import Testing

@testable import ReceiptPrinters

/// The vectors of docs/devices/printing.md, byte for byte: what stands there and is not held elsewhere.
@Suite struct PrintingNoteVectorTests {
    /// Every byte that DLE EOT can be answered with: the fixed pattern and any of the four bits.
    static let answers = (0..<16).map { bits -> UInt8 in
        0x12 | (bits & 1 != 0 ? 0x04 : 0) | (bits & 2 != 0 ? 0x08 : 0) | (bits & 4 != 0 ? 0x20 : 0)
            | (bits & 8 != 0 ? 0x40 : 0)
    }

    @Test(arguments: answers) func everyRealTimeAnswer(_ byte: UInt8) {
        var parser = ESCPOSStatusParser()
        #expect(parser.feed([byte]) == [.realTime(byte)])
        for query: UInt8 in 1...4 {
            var condition = PrinterCondition()
            condition.apply(byte, answering: query)
            var expected = PrinterCondition()
            let has = { (bit: UInt8) in byte & bit != 0 }
            switch query {
            case 1: expected.isOffline = has(0x08)
            case 2:
                expected.isCoverOpen = has(0x04)
                expected.isPaperOut = has(0x20)
                expected.hasError = has(0x40)
            case 3:
                expected.hasMechanicalError = has(0x04)
                expected.hasCutterError = has(0x08)
                expected.hasUnrecoverableError = has(0x20)
            default:
                expected.isPaperNearEnd = has(0x04) || has(0x08)
                expected.isPaperOut = has(0x20) || has(0x40)
            }
            #expect(condition == expected, "DLE EOT \(query): \(byte)")
        }
    }

    /// Drawer, recovery and feed button (n=1), feed button (n=2), an error that clears by itself (n=3) stop nothing by
    /// themselves: where they matter the printer says offline too.
    @Test(arguments: [(1, 0x16), (1, 0x32), (1, 0x52), (2, 0x1A), (3, 0x52)] as [(UInt8, UInt8)])
    func bitsThatStopNothing(_ query: UInt8, _ byte: UInt8) {
        var condition = PrinterCondition()
        condition.apply(byte, answering: query)
        #expect(condition == PrinterCondition())
    }

    @Test(arguments: 0..<256) func everyByteIsOneThing(_ number: Int) {
        let byte = UInt8(number)
        var parser = ESCPOSStatusParser()
        let item = parser.feed([byte]).first
        // 0xx1xx10, 0xx1xx00, 5F and 37, XON and XOFF, 0xx0xxxx; the rest is no answer.
        switch byte {
        case 0x11: #expect(item == .flow(true))
        case 0x13: #expect(item == .flow(false))
        case 0x5F, 0x37:
            #expect(item == nil)
            #expect(parser.feed([0x41, 0]) == [.block(header: byte, [0x41])])
        case _ where byte & 0b1001_0011 == 0b0001_0010: #expect(item == .realTime(byte))
        case _ where byte & 0b1001_0011 == 0b0001_0000:
            #expect(item == nil)
            #expect(parser.feed([0, 0, 0]) == [.automatic(AutomaticStatus(byte, 0, 0, 0))])
        case _ where byte & 0b1001_0000 == 0: #expect(item == .single(byte))
        default:
            #expect(item == nil)
            #expect(parser.droppedBytes == 1)
        }
    }

    /// Every combination of the bits that automatic status can tell.
    @Test func everyAutomaticStatus() {
        for first in [0x10, 0x14, 0x18, 0x30, 0x50, 0x3C, 0x7C] as [UInt8] {
            for second in stride(from: 0, through: 0x6C, by: 4).map({ UInt8($0) }) where second & 0x90 == 0 {
                for third in 0...0x0F as ClosedRange<UInt8> {
                    var parser = ESCPOSStatusParser()
                    #expect(
                        parser.feed([first, second, third, 0x0F])
                            == [.automatic(AutomaticStatus(first, second, third, 0x0F))])
                    var condition = PrinterCondition()
                    condition.apply(AutomaticStatus(first, second, third, 0x0F))
                    var expected = PrinterCondition()
                    expected.isOffline = first & 0x08 != 0
                    expected.isCoverOpen = first & 0x20 != 0
                    expected.hasMechanicalError = second & 0x04 != 0
                    expected.hasCutterError = second & 0x08 != 0
                    expected.hasUnrecoverableError = second & 0x20 != 0
                    expected.hasError = second & 0x40 != 0
                    expected.isPaperNearEnd = third & 0x03 != 0
                    expected.isPaperOut = third & 0x0C != 0
                    #expect(condition == expected)
                }
            }
        }
    }

    @Test func processIDFrames() {
        let id = ProcessID(job: 95 * 95 * 95 + 2 * 95 * 95 + 3 * 95 + 4)
        #expect(id.bytes == bytes("21 22 23 24"))
        #expect(ESCPOSCommand.processID(id).bytes == bytes("1D 28 48 06 00 30 30 21 22 23 24"))
        var parser = ESCPOSStatusParser()
        #expect(parser.feed(bytes("37 22 21 22 23 24 00")) == [.block(header: 0x37, id.answer)])
    }

    @Test func aPowerOffBeginsAnew() {
        // A block cut off by the power, then the answers of a printer that was switched on.
        var parser = ESCPOSStatusParser()
        #expect(parser.feed(bytes("37 22 21")).isEmpty)
        let longest = [UInt8](repeating: 0x12, count: ESCPOSStatusParser.longestBlock + 1)
        #expect(parser.feed(longest).last == .realTime(0x12))
    }

    @Test func theParserHoldsOneBlockAtMost() throws {
        var random = SeededGenerator(printedAs: #function)
        var parser = ESCPOSStatusParser()
        for _ in 0..<300 {
            var noise = random.bytes(Int.random(in: 0...300, using: &random))
            if Bool.random(using: &random) { noise += [0x5F] + [UInt8](repeating: 0x41, count: 200) }
            for piece in random.pieces(of: noise, longest: 50) { _ = parser.feed(piece) }
            let held = try #require(
                Mirror(reflecting: parser).children.first { $0.label == "block" }?.value as? [UInt8])
            try #require(held.count <= ESCPOSStatusParser.longestBlock && held.capacity <= 256)
        }
    }
}
