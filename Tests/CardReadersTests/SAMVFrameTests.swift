import TestSupport
import Testing

@testable import CardReaders

/// `00 03 11 FF ED` as bytes.
func bytes(_ hexadecimal: String) -> [UInt8] {
    hexadecimal.split(separator: " ").compactMap { UInt8($0, radix: 16) }
}

@Suite struct SAMVFrameTests {
    static let preamble = bytes("AA AA AA 96 69")

    @Test(arguments: [
        (SAMVCommand.resetSAM, "00 03 10 FF EC"), (.status, "00 03 11 FF ED"), (.samNumber, "00 03 12 FF EE"),
        (.findCard, "00 03 20 01 22"), (.selectCard, "00 03 20 02 21"), (.readText, "00 03 30 01 32"),
        (.readTextAndFingerprints, "00 03 30 10 23"), (.readNewAddress, "00 03 30 03 30"),
        (.readManagementNumber, "00 03 30 05 36"), (.setMaximumRFBytes(0x50), "00 04 61 FF 50 CA"),
        (.setSpeed(0), "00 03 60 00 63"), (.setSpeed(4), "00 03 60 04 67"),
    ])
    func commandsStandOnTheLineAsInTheTable(_ command: SAMVCommand, _ expected: String) {
        #expect(command.encoded == Self.preamble + bytes(expected))
    }

    @Test(arguments: [
        ("00 04 00 00 90 94", SAMVReply(.success)), ("00 04 00 00 80 84", SAMVReply(.findFailed)),
        ("00 08 00 00 9F 00 00 00 00 97", SAMVReply(.cardFound, payload: [0, 0, 0, 0])),
        ("00 08 00 00 9F 01 02 03 04 93", SAMVReply(.cardFound, payload: [1, 2, 3, 4])),
        ("00 0C 00 00 90 00 00 00 00 00 00 00 00 9C", SAMVReply(.success, payload: [UInt8](repeating: 0, count: 8))),
        ("00 04 12 34 41 63", SAMVReply(.readFailed, cardStatus: (0x12, 0x34))),
    ])
    func repliesOfTheTableAreRead(_ text: String, _ expected: SAMVReply) {
        var parser = SAMVFrameParser()
        #expect(parser.feed(Self.preamble + bytes(text)) == [.reply(expected)])
        #expect(parser.discardedBytes == 0)
    }

    @Test func theLongRepliesHaveTheirKnownLengths() {
        let card = bytes("00 00 90 01 00 04 00") + [UInt8](repeating: 0x20, count: 1_280)
        let frame = SAMVFrame.encode(card)
        #expect(frame.count == 1_295)
        #expect(frame[5..<7] == [0x05, 0x08])
        let prints = SAMVFrame.encode(bytes("00 00 90 01 00 04 00 04 00") + [UInt8](repeating: 0, count: 2_304))
        #expect(prints.count == 2_321)
        #expect(prints[5..<7] == [0x09, 0x0A])
        var parser = SAMVFrameParser()
        #expect(parser.feed(frame + prints).count == 2)
    }

    @Test func aReplyMayComeInSingleBytes() {
        var parser = SAMVFrameParser()
        let outcomes = (Self.preamble + bytes("00 04 00 00 90 94")).flatMap { parser.feed([$0]) }
        #expect(outcomes == [.reply(SAMVReply(.success))])
    }

    @Test(arguments: ["AA", "AA AA AA AA", "AA AA AA 96 69", "AA AA AA 96", "00 FF 96 69", "AA AA 96 69", "AA 96 AA"])
    func extraBytesBeforeTheFrameAreSkipped(_ extra: String) {
        var parser = SAMVFrameParser()
        let outcomes = parser.feed(bytes(extra) + Self.preamble + bytes("00 04 00 00 90 94"))
        #expect(outcomes == [.reply(SAMVReply(.success))])
        #expect(parser.discardedBytes == bytes(extra).count)
    }

    @Test func thePayloadMayHoldThePreamble() {
        var parser = SAMVFrameParser()
        let payload = Self.preamble + bytes("00 04 00 00 90 94")
        #expect(
            parser.feed(SAMVFrame.encode([0, 0, 0x90] + payload)) == [.reply(SAMVReply(.success, payload: payload))])
    }

    @Test func aWrongChecksumIsToldAndTheNextFrameIsRead() {
        var parser = SAMVFrameParser()
        let outcomes = parser.feed(
            Self.preamble + bytes("00 04 00 00 90 95") + Self.preamble + bytes("00 04 00 00 80 84"))
        #expect(outcomes == [.checksumWrong(length: 4), .reply(SAMVReply(.findFailed))])
    }

    @Test(arguments: ["00 00", "00 03", "0A 01", "FF FF"])
    func aLengthOutOfBoundsIsNoFrame(_ length: String) {
        var parser = SAMVFrameParser()
        #expect(parser.feed(Self.preamble + bytes(length)).isEmpty)
        #expect(!parser.isInsideFrame)
        #expect(parser.feed(Self.preamble + bytes("00 04 00 00 90 94")) == [.reply(SAMVReply(.success))])
    }

    @Test func anyBytesInAnyPiecesNeitherTrapNorGrow() {
        var random = SeededGenerator(printedAs: #function)
        let seed = random.seed
        var parser = SAMVFrameParser()
        for _ in 0..<2_000 {
            var piece = random.bytes(Int.random(in: 0...64, using: &random))
            if Bool.random(using: &random) { piece += Self.preamble }
            _ = parser.feed(piece)
            #expect(parser.bufferedBytes <= SAMVFrame.maximumLength, "seed \(seed)")
            #expect(parser.bufferCapacity <= 2 * SAMVFrame.maximumLength, "seed \(seed)")
        }
        // The longest frame that can be announced, unfinished, is all that is ever held.
        parser.reset()
        let length = UInt16(SAMVFrame.maximumLength)
        _ = parser.feed(Self.preamble + [UInt8(length >> 8), UInt8(truncatingIfNeeded: length)])
        _ = parser.feed([UInt8](repeating: 7, count: SAMVFrame.maximumLength - 1))
        #expect(parser.bufferedBytes == SAMVFrame.maximumLength - 1)
        _ = parser.feed([7])
        #expect(parser.bufferedBytes == 0)
        // Whatever came before, after at most one longest frame of padding a frame is understood.
        _ = parser.feed([UInt8](repeating: 0, count: SAMVFrame.maximumLength + 7))
        #expect(
            parser.feed(Self.preamble + bytes("00 04 00 00 90 94")) == [.reply(SAMVReply(.success))], "seed \(seed)")
    }

    @Test func everyReplySurvivesEverySplit() {
        var random = SeededGenerator(printedAs: #function)
        let seed = random.seed
        for _ in 0..<200 {
            let payload = random.bytes(Int.random(in: 0...1_400, using: &random))
            let status = random.bytes(3)
            var frame = SAMVFrame.encode(status + payload)[...]
            var parser = SAMVFrameParser()
            var outcomes: [SAMVFrameParser.Outcome] = []
            while !frame.isEmpty {
                let count = min(frame.count, Int.random(in: 1...300, using: &random))
                outcomes += parser.feed(frame.prefix(count))
                frame = frame.dropFirst(count)
            }
            let expected = SAMVReply(SAMVStatus(status[2]), payload: payload, cardStatus: (status[0], status[1]))
            #expect(outcomes == [.reply(expected)], "seed \(seed)")
        }
    }
}

@Suite struct SAMVStatusTests {
    @Test(arguments: [
        (0x90, SAMVStatus.Meaning.ok), (0x9F, .ok), (0x80, .noCard), (0x81, .retry), (0x91, .empty), (0x10, .transport),
        (0x11, .transport), (0x21, .unsupported), (0x23, .unsupported), (0x24, .card), (0x31, .card), (0x32, .card),
        (0x33, .card), (0x40, .unsupportedCard), (0x41, .card), (0x47, .deviceFault), (0x60, .deviceFault),
        (0x66, .deviceFault), (0x00, .unknown), (0xFE, .unknown),
    ])
    func everyCodeOfTheTableHasItsMeaning(_ code: Int, _ meaning: SAMVStatus.Meaning) {
        #expect(SAMVStatus(UInt8(code)).meaning == meaning)
    }

    @Test func problemsAreNamedAsInTheCatalogue() {
        #expect(SAMVStatus.notAuthorised.problem == .readerNotAuthorised)
        #expect(SAMVStatus.selfTestFailed.problem == .readerFault)
        #expect(SAMVStatus.readFailed.problem == .cardUnreadable)
        #expect(SAMVStatus.unknownCardType.problem == .cardUnknownKind)
        #expect(SAMVStatus.findFailed.problem == nil)
        #expect("\(SAMVStatus.notAuthorised)" == "status 66")
        #expect("\(SAMVStatus(5))" == "status 05")
    }

    @Test func theModulesNumberIsShownAsPrintedOnIt() {
        let number = SAMVNumber(bytes("05 00 01 00 9E FA 33 01 15 CD 5B 07 B1 68 DE 3A"))
        #expect(number?.description == "05.01-20183710-0123456789-0987654321")
        #expect(SAMVNumber([1, 2, 3]) == nil)
    }
}
