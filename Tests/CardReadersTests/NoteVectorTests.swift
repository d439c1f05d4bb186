import DeviceKit
import HallModel
import TestSupport
import Testing

@testable import CardReaders

/// The vectors of docs/devices/id-cards.md, byte for byte: what stands there and is not held elsewhere.
@Suite struct NoteVectorTests {
    static let preamble = bytes("AA AA AA 96 69")

    @Test(arguments: [(0, "63"), (1, "62"), (2, "61"), (3, "60"), (4, "67")])
    func everySpeedCommand(_ index: Int, _ check: String) {
        #expect(
            SAMVCommand.setSpeed(UInt8(index)).encoded
                == Self.preamble + bytes("00 03 60 0\(index) \(check)"))
    }

    /// SW3 and CHK of a reply without payload, what it means, and what a person is told when it stays.
    static let statuses: [(reply: String, meaning: SAMVStatus.Meaning, problem: ProblemCode?)] = [
        ("00 04 00 00 90 94", .ok, nil), ("00 04 00 00 9F 9B", .ok, nil), ("00 04 00 00 80 84", .noCard, nil),
        ("00 04 00 00 81 85", .retry, .cardUnreadable), ("00 04 00 00 91 95", .empty, .cardUnreadable),
        ("00 04 00 00 10 14", .transport, .readerGarbled), ("00 04 00 00 11 15", .transport, .readerGarbled),
        ("00 04 00 00 21 25", .unsupported, .readerUnsupported),
        ("00 04 00 00 23 27", .unsupported, .readerUnsupported),
        ("00 04 00 00 24 20", .card, .cardUnreadable), ("00 04 00 00 31 35", .card, .cardUnreadable),
        ("00 04 00 00 32 36", .card, .cardUnreadable), ("00 04 00 00 33 37", .card, .cardUnreadable),
        ("00 04 00 00 40 44", .unsupportedCard, .cardUnknownKind), ("00 04 00 00 41 45", .card, .cardUnreadable),
        ("00 04 00 00 47 43", .deviceFault, .readerFault), ("00 04 00 00 60 64", .deviceFault, .readerFault),
        ("00 04 00 00 66 62", .deviceFault, .readerNotAuthorised),
    ]

    @Test(arguments: statuses.indices) func everyStatusOnTheLine(_ index: Int) throws {
        let vector = Self.statuses[index]
        var parser = SAMVFrameParser()
        let outcomes = parser.feed(Self.preamble + bytes(vector.reply))
        guard case .reply(let reply) = try #require(outcomes.first) else {
            Issue.record("\(outcomes)")
            return
        }
        #expect(outcomes.count == 1)
        #expect(reply.payload.isEmpty)
        #expect(reply.status.rawValue == bytes(vector.reply)[4])
        #expect(reply.status.meaning == vector.meaning)
        #expect(reply.status.problem == vector.problem)
    }

    /// The whole reply as it stands on the line, and the command that it answers.
    static let replies: [(command: SAMVCommand, reply: [UInt8], payload: Int)] = [
        (.status, bytes("00 04 00 00 90 94"), 0), (.resetSAM, bytes("00 04 00 00 90 94"), 0),
        (.findCard, bytes("00 08 00 00 9F 00 00 00 00 97"), 4),
        (.selectCard, bytes("00 0C 00 00 90 00 00 00 00 00 00 00 00 9C"), 8),
        (.samNumber, bytes("00 14 00 00 90 05 00 01 00 9E FA 33 01 15 CD 5B 07 B1 68 DE 3A 6F"), 16),
        (.readManagementNumber, bytes("00 20 00 00 90") + (1...28) + [0xAC], 28),
        (.readNewAddress, bytes("00 04 00 00 91 95"), 0),
        (.readText, bytes("05 08 00 00 90 01 00 04 00") + [UInt8](repeating: 0, count: 1_280) + [0x98], 1_284),
        (
            .readTextAndFingerprints,
            bytes("09 0A 00 00 90 01 00 04 00 04 00") + [UInt8](repeating: 0, count: 2_304) + [0x92], 2_310
        ),
        (
            .readTextAndFingerprints,
            bytes("05 0A 00 00 90 01 00 04 00 00 00") + [UInt8](repeating: 0, count: 1_280) + [0x9A], 1_286
        ),
    ]

    @Test(arguments: replies.indices) func everyReplyOnTheLine(_ index: Int) throws {
        let vector = Self.replies[index]
        // The length field counts what follows it.
        #expect(Int(vector.reply[0]) << 8 | Int(vector.reply[1]) == vector.reply.count - 2)
        var parser = SAMVFrameParser()
        let outcomes = parser.feed(Self.preamble + vector.reply)
        guard case .reply(let reply) = try #require(outcomes.first) else {
            Issue.record("\(outcomes)")
            return
        }
        #expect(reply.payload.count == vector.payload)
        #expect(reply.cardStatus == (0, 0))
        #expect(vector.command.canBeAnswered(by: reply))
        switch vector.command {
        case .readText: #expect(CardContent(reply.payload, withFingerprints: false)?.photo.count == 1_024)
        case .readTextAndFingerprints: #expect(CardContent(reply.payload, withFingerprints: true)?.photo.count == 1_024)
        case .samNumber: #expect(SAMVNumber(reply.payload)?.description == "05.01-20183710-0123456789-0987654321")
        default: break
        }
    }

    @Test func theWholeRepliesAreAsLongAsTheNoteSays() {
        #expect(Self.preamble.count + Self.replies[7].reply.count == 1_295)
        #expect(Self.preamble.count + Self.replies[8].reply.count == 2_321)
    }

    /// `name offset/length` of every field, as in the tables.
    static let tables: [(CardTextLayout, String)] = [
        (
            .resident,
            """
            name 0/30 sex 30/2 ethnicity 32/4 birth 36/16 address 52/70 number 122/36 issuer 158/30 validFrom 188/16 \
            validTo 204/16 newestAddress 220/36
            """
        ),
        (
            .hongKongMacaoTaiwan,
            """
            name 0/30 sex 30/2 reserved 32/4 birth 36/16 address 52/70 number 122/36 issuer 158/30 validFrom 188/16 \
            validTo 204/16 passNumber 220/18 issueCount 238/4 reserved 242/6 type 248/2 reserved 250/6
            """
        ),
        (
            .foreigner2017,
            """
            englishName 0/120 sex 120/2 number 122/30 nationality 152/6 name 158/30 validFrom 188/16 validTo 204/16 \
            birth 220/16 version 236/4 authority 240/8 type 248/2 reserved 250/6
            """
        ),
        (
            .foreigner2023,
            """
            name 0/30 sex 30/2 renewals 32/4 birth 36/16 englishName 52/70 number 122/36 reserved 158/30 \
            validFrom 188/16 validTo 204/16 englishNameContinued 220/22 nationality 242/6 type 248/2 \
            previousNumber 250/6
            """
        ),
    ]

    @Test(arguments: tables.indices) func everyFieldOfEveryTable(_ index: Int) {
        let (layout, table) = Self.tables[index]
        let fields = layout.fields.map { "\($0.name.rawValue) \($0.offset)/\($0.length)" }.joined(separator: " ")
        #expect(fields == table)
    }

    @Test(arguments: [("0", IdentityDocument.Sex.unknown), ("1", .male), ("2", .female), ("9", .notStated)])
    func everySexOfTheNote(_ code: String, _ sex: IdentityDocument.Sex) throws {
        var values = CardTextTests.zhang
        values[.sex] = code
        let card = try #require(
            IdentityDocument(cardText: cardText(.resident, values), photo: [], today: CardTextTests.today))
        #expect(card.sex == sex)
    }

    @Test(arguments: ["810000199001010019", "820000199001010029", "830000199001010039"])
    func numbersOfHongKongMacaoAndTaiwan(_ number: String) {
        #expect(CitizenNumber.hasRightCheckCharacter(number))
    }

    @Test func everyWrongCheckCharacterOfEveryFixtureIsSeen() {
        let characters = Array("0123456789X")
        for number in ["11010519491231002X", "440524188001010014", "932682198501010017", "911124198108030024"] {
            let right = characters.filter { CitizenNumber.hasRightCheckCharacter(number.dropLast() + String($0)) }
            #expect(right == [number.last])
        }
    }

    @Test func everyCheckCharacterHasItsFixture() {
        let numbers = [
            "0090", "0031", "0082", "0023", "0074", "0015", "0066", "0197", "0058", "0189", "004X",
        ].map { "99999919000101" + $0 }
        #expect(numbers.allSatisfy(CitizenNumber.hasRightCheckCharacter))
        #expect(Set(numbers.compactMap(\.last)) == Set("0123456789X"))
    }

    @Test func timesAndSpeedsAreThoseOfTheNote() {
        let settings = CardReaderSettings()
        #expect(settings.speeds == [115_200, 57_600, 38_400, 19_200, 9_600])
        #expect(settings.pollMilliseconds == 300)
        #expect(settings.presenceMilliseconds == 200)
        #expect(settings.statusTimeoutMilliseconds == 1_000)
        #expect(settings.readTimeoutMilliseconds == 3_000)
        #expect(settings.startTimeoutMilliseconds == 10_000)
        #expect(settings.healthCheckMilliseconds == 30_000)
        let timing = SAMVTiming(settings)
        #expect(timing.timeout(of: .status) == .seconds(1) && timing.timeout(of: .findCard) == .seconds(1))
        #expect(timing.timeout(of: .readText) == .seconds(3))
        #expect(timing.timeout(of: .readTextAndFingerprints) == .seconds(5))
        #expect(timing.powerUp == .seconds(2))
        #expect(timing.startInterval + timing.startPause == .milliseconds(300))
        #expect(timing.speedChange == .milliseconds(5))
    }

    @Test func anyContentIsTakenOrRefusedWithoutATrap() {
        var random = SeededGenerator(printedAs: #function)
        for _ in 0..<500 {
            var payload = random.bytes(Int.random(in: 0...40, using: &random))
            if Bool.random(using: &random) {
                payload = bytes("01 00") + [UInt8.random(in: 0...5, using: &random), 0] + payload
                payload += [UInt8](repeating: 0x20, count: Int.random(in: 0...2_400, using: &random))
            }
            for withFingerprints in [false, true] {
                guard let content = CardContent(payload, withFingerprints: withFingerprints) else { continue }
                #expect(content.text.count == 256 && content.photo.count <= CardContent.longestPhoto)
            }
            _ = IdentityDocument.newestAddress(inAddition: payload)
        }
    }

    @Test func theParserHoldsOneFrameAtMost() throws {
        var random = SeededGenerator(printedAs: #function)
        var parser = SAMVFrameParser()
        for _ in 0..<200 {
            // A frame that announces the most and never ends, in the middle of others.
            var noise = random.bytes(Int.random(in: 0...2_000, using: &random))
            if Bool.random(using: &random) { noise += Self.preamble + bytes("0A 00") }
            for piece in random.pieces(of: noise, longest: 700) { _ = parser.feed(piece) }
            let held = try #require(
                Mirror(reflecting: parser).children.first { $0.label == "body" }?.value as? [UInt8])
            try #require(held.count <= SAMVFrame.maximumLength && held.capacity <= 2 * SAMVFrame.maximumLength)
        }
    }
}
