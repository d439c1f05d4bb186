import TestSupport
import Testing

@testable import ReceiptPrinters

/// `10 04 01` as bytes.
func bytes(_ hexadecimal: String) -> [UInt8] {
    hexadecimal.split(separator: " ").compactMap { UInt8($0, radix: 16) }
}

@Suite struct ESCPOSCommandTests {
    @Test(arguments: [
        (ESCPOSCommand.status(1), "10 04 01"), (.status(4), "10 04 04"), (.initialise, "1B 40"),
        (.automaticStatus, "1D 61 0E"), (.paperSensorStatus, "1D 72 01"), (.modelName, "1D 49 43"),
        (.clearBuffer, "10 14 08 01 03 14 01 06 02 08"), (.cut(.partial), "1D 56 42 00"), (.cut(.full), "1D 56 41 00"),
        (.processID(ProcessID(job: 1)), "1D 28 48 06 00 30 30 20 20 20 21"),
    ])
    func commandsStandOnTheLineAsInTheNotes(_ command: ESCPOSCommand, _ expected: String) {
        #expect(command.bytes == bytes(expected))
    }

    @Test func processIDsAreFourPrintableCharactersThatAscend() {
        var last: [UInt8] = []
        for number in [0, 1, 94, 95, 9_024, 9_025, 857_375, 81_450_624] as [UInt32] {
            let id = ProcessID(job: number).bytes
            #expect(id.count == 4)
            #expect(id.allSatisfy { (0x20...0x7E).contains($0) })
            #expect(last.lexicographicallyPrecedes(id))
            last = id
        }
        #expect(ProcessID(job: .max).bytes.count == 4)
    }
}

@Suite struct ESCPOSStatusParserTests {
    @Test(arguments: [0x12, 0x16, 0x1E, 0x72, 0x7E, 0x1A, 0x32, 0x36] as [UInt8])
    func realTimeAnswers(_ byte: UInt8) {
        var parser = ESCPOSStatusParser()
        #expect(parser.feed([byte]) == [.realTime(byte)])
    }

    @Test func automaticStatusIsFourBytesInARow() {
        var parser = ESCPOSStatusParser()
        #expect(parser.feed(bytes("14 00 00 0F")) == [.automatic(AutomaticStatus(0x14, 0, 0, 0x0F))])
        #expect(parser.feed([0x38]).isEmpty)
        #expect(parser.feed([0x00, 0x0C]).isEmpty)
        #expect(parser.feed([0x00, 0x12]) == [.automatic(AutomaticStatus(0x38, 0, 0x0C, 0)), .realTime(0x12)])
    }

    @Test func flowControlBetweenTheFourIsNotLost() {
        var parser = ESCPOSStatusParser()
        #expect(
            parser.feed(bytes("10 00 13 00 11 00")) == [
                .flow(false), .flow(true), .automatic(AutomaticStatus(0x10, 0, 0, 0)),
            ])
    }

    @Test func anAnswerInTheMiddleOfAnAutomaticStatusBeginsAnew() {
        var parser = ESCPOSStatusParser()
        #expect(parser.feed(bytes("10 00 12")) == [.realTime(0x12)])
        #expect(parser.droppedBytes == 2)
    }

    @Test func blocksEndAtZero() {
        var parser = ESCPOSStatusParser()
        #expect(parser.feed(bytes("37 22 20 20 20 21 00")) == [.block(header: 0x37, bytes("22 20 20 20 21"))])
        #expect(parser.feed(bytes("5F 54 4D 00 12")) == [.block(header: 0x5F, [0x54, 0x4D]), .realTime(0x12)])
    }

    @Test func aBlockWithoutEndIsDropped() {
        var parser = ESCPOSStatusParser()
        #expect(parser.feed([0x5F] + [UInt8](repeating: 0x41, count: 80)).isEmpty)
        #expect(parser.feed([0x12]) == [.realTime(0x12)])
    }

    @Test func bufferedAnswersAreSingleBytes() {
        var parser = ESCPOSStatusParser()
        #expect(parser.feed([0x00, 0x0C, 0x20]) == [.single(0), .single(0x0C), .single(0x20)])
    }

    @Test(arguments: [false, true]) func anyBytesInAnyPiecesNeitherTrapNorGrow(_ knowsFullStatus: Bool) {
        var random = SeededGenerator(printedAs: #function)
        let seed = random.seed
        for _ in 0..<300 {
            let all = random.bytes(Int.random(in: 0...400, using: &random))
            var whole = ESCPOSStatusParser(knowsFullStatus: knowsFullStatus)
            let expected = whole.feed(all)
            var split = ESCPOSStatusParser(knowsFullStatus: knowsFullStatus)
            var items: [ESCPOSStatusParser.Item] = []
            var rest = all[...]
            while !rest.isEmpty {
                let count = min(rest.count, Int.random(in: 1...7, using: &random))
                items += split.feed(rest.prefix(count))
                rest = rest.dropFirst(count)
            }
            #expect(items == expected, "seed \(seed)")
            // A block of the longest length later, everything is understood again.
            _ = split.feed([UInt8](repeating: 0x12, count: ESCPOSStatusParser.longestBlock + 2))
            #expect(split.feed([0x16]) == [.realTime(0x16)], "seed \(seed)")
        }
    }
}

extension PrinterCondition {
    /// Names of what is told.
    fileprivate var told: String {
        Mirror(reflecting: self).children.filter { $0.value as? Bool == true }.compactMap(\.label)
            .joined(separator: " ")
    }
}

@Suite struct PrinterConditionTests {
    @Test func healthyBytesTellNothingWrong() {
        var condition = PrinterCondition()
        for (query, byte) in [(1, 0x12), (1, 0x16), (2, 0x12), (3, 0x12), (4, 0x12)] as [(UInt8, UInt8)] {
            condition.apply(byte, answering: query)
        }
        condition.apply(AutomaticStatus(0x10, 0, 0, 0))
        #expect(condition == PrinterCondition())
    }

    @Test(
        arguments: [
            (1, 0x1A, "isOffline"), (2, 0x16, "isCoverOpen"), (2, 0x32, "isPaperOut"),
            (2, 0x52, "hasError"),
            (3, 0x16, "hasMechanicalError"), (3, 0x1A, "hasCutterError"), (3, 0x32, "hasUnrecoverableError"),
            (4, 0x1E, "isPaperNearEnd"), (4, 0x72, "isPaperOut"), (4, 0x7E, "isPaperOut isPaperNearEnd"),
        ] as [(UInt8, UInt8, String)])
    func everyBitOfTheTable(_ query: UInt8, _ byte: UInt8, _ name: String) {
        var condition = PrinterCondition()
        condition.apply(byte, answering: query)
        #expect(condition.told == name)
        condition.apply(0x12, answering: query)
        #expect(condition == PrinterCondition())
    }

    @Test(
        arguments: [
            ("18 00 00 00", "isOffline"), ("30 00 00 00", "isCoverOpen"),
            ("10 04 00 00", "hasMechanicalError"), ("10 08 00 00", "hasCutterError"),
            ("10 20 00 00", "hasUnrecoverableError"), ("10 40 00 00", "hasError"), ("10 00 03 00", "isPaperNearEnd"),
            ("10 00 0C 00", "isPaperOut"),
        ] as [(String, String)])
    func everyBitOfTheAutomaticStatus(_ text: String, _ name: String) {
        let four = bytes(text)
        var condition = PrinterCondition()
        condition.apply(AutomaticStatus(four[0], four[1], four[2], four[3]))
        #expect(condition.told == name)
    }
}

@Suite struct ReceiptPiecesTests {
    /// A raster strip `GS v 0` of white.
    static func strip(rows: Int, rowBytes: Int = 72) -> [UInt8] {
        [0x1D, 0x76, 0x30, 0, UInt8(rowBytes), 0, UInt8(rows % 256), UInt8(rows / 256)]
            + [UInt8](repeating: 0x10, count: rows * rowBytes)
    }

    @Test func piecesEndBetweenCommands() {
        let receipt = bytes("1B 40") + Self.strip(rows: 100) + Self.strip(rows: 100) + bytes("1B 64 05 1D 56 42 00")
        let pieces = ReceiptPieces(receipt, limit: 8_000).pieces
        #expect(pieces.map(\.range) == [0..<7_210, 7_210..<14_425])
        #expect(pieces.allSatisfy { $0.bytesToBoundary == 0 })
    }

    @Test func aCommandLongerThanAPieceIsCutAndItsRestKnown() {
        let receipt = Self.strip(rows: 100) + bytes("1D 56 42 00")
        let pieces = ReceiptPieces(receipt, limit: 3_000).pieces
        #expect(pieces.map(\.bytesToBoundary) == [4_208, 1_208, 0])
        #expect(pieces.last?.range.upperBound == receipt.count)
    }

    @Test func whatIsNotUnderstoodIsCutByLength() {
        let receipt = bytes("1B 40 03") + [UInt8](repeating: 0, count: 10)
        let pieces = ReceiptPieces(receipt, limit: 5).pieces
        #expect(pieces.map(\.range) == [0..<2, 2..<7, 7..<12, 12..<13])
        #expect(pieces.map(\.bytesToBoundary) == [0, nil, nil, 0])
    }

    @Test func anyBytesAreCoveredOnceInOrder() {
        var random = SeededGenerator(printedAs: #function)
        let seed = random.seed
        for _ in 0..<300 {
            var receipt = random.bytes(Int.random(in: 0...300, using: &random))
            if Bool.random(using: &random) { receipt = Self.strip(rows: 3) + receipt }
            let limit = Int.random(in: 1...100, using: &random)
            let pieces = ReceiptPieces(receipt, limit: limit).pieces
            #expect(pieces.flatMap { receipt[$0.range] } == receipt, "seed \(seed)")
            #expect(pieces.allSatisfy { $0.range.count <= limit && !$0.range.isEmpty }, "seed \(seed)")
        }
    }
}
