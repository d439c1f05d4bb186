import HallModel
import TestSupport
import Testing

@testable import CardReaders

/// Writes a card's text by its layout, as the card's issuer does: UTF-16LE, padded with spaces.
func cardText(_ layout: CardTextLayout, _ values: [CardTextField.Name: String]) -> [UInt8] {
    var text: [UInt8] = []
    for field in layout.fields {
        var units = Array((values[field.name] ?? "").utf16.prefix(field.length / 2))
        units += [UInt16](repeating: 0x20, count: field.length / 2 - units.count)
        text += units.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    }
    return text
}

@Suite struct CardTextTests {
    static let today = CalendarDate(year: 2026, month: 3, day: 15)!
    static let zhang: [CardTextField.Name: String] = [
        .name: "张秀英", .sex: "2", .ethnicity: "01", .birth: "19471208", .address: "试验省样例市模拟区测试街道1号 2栋",
        .number: "999999194712080029", .issuer: "样例市公安局", .validFrom: "20100101", .validTo: "长期",
    ]

    @Test(arguments: CardTextLayout.all) func everyLayoutCoversThe256BytesOnce(_ layout: CardTextLayout) {
        #expect(layout.fields.reduce(0) { $0 + $1.length } == 256)
        var offset = 0
        for field in layout.fields {
            #expect(field.offset == offset)
            #expect(field.length.isMultiple(of: 2))
            offset += field.length
        }
        if layout.kind != .resident { #expect(layout[.type]?.offset == 248) }
    }

    @Test func offsetsAreThoseOfTheTable() {
        #expect(CardTextLayout.resident[.number] == CardTextField(name: .number, offset: 122, length: 36))
        #expect(CardTextLayout.resident[.newestAddress] == CardTextField(name: .newestAddress, offset: 220, length: 36))
        #expect(CardTextLayout.hongKongMacaoTaiwan[.passNumber]?.offset == 220)
        #expect(CardTextLayout.hongKongMacaoTaiwan[.issueCount]?.offset == 238)
        #expect(CardTextLayout.foreigner2017[.nationality]?.offset == 152)
        #expect(CardTextLayout.foreigner2017[.birth]?.offset == 220)
        #expect(CardTextLayout.foreigner2017[.authority]?.offset == 240)
        #expect(CardTextLayout.foreigner2023[.englishNameContinued]?.offset == 220)
        #expect(CardTextLayout.foreigner2023[.nationality]?.offset == 242)
        #expect(CardTextLayout.foreigner2023[.previousNumber]?.offset == 250)
    }

    @Test func aResidentsCard() throws {
        let photo = [UInt8](repeating: 0x57, count: 1_024)
        let card = try #require(
            IdentityDocument(cardText: cardText(.resident, Self.zhang), photo: photo, today: Self.today))
        #expect(card.kind == .resident)
        #expect(card.name == "张秀英")
        #expect(card.sex == .female)
        #expect(card.ethnicityCode == "01")
        #expect(card.birth?.iso == "1947-12-08")
        #expect(card.address == "试验省样例市模拟区测试街道1号 2栋")
        #expect(card.number == "999999194712080029")
        #expect(card.issuer == "样例市公安局")
        #expect(card.validity == .init(from: CalendarDate(year: 2010, month: 1, day: 1), to: nil, isLongTerm: true))
        #expect(card.newestAddress == nil)
        #expect(card.photo == photo)
        #expect(card.flags.contains(.longTerm))
        #expect(!card.flags.contains(.dateUnreadable))
    }

    @Test func longTermStandsAsTheseBytes() {
        let text = cardText(.resident, Self.zhang)
        #expect(text[204..<208] == [0x7F, 0x95, 0x1F, 0x67])
    }

    @Test func aHongKongResidentsCard() throws {
        let text = cardText(
            .hongKongMacaoTaiwan,
            [
                .name: "陈样例", .sex: "1", .birth: "19900101", .address: "试验省", .number: "810000199001010018",
                .issuer: "样例市公安局", .validFrom: "20200101", .validTo: "20250101", .passNumber: "H12345678",
                .issueCount: "01", .type: "J",
            ])
        let card = try #require(IdentityDocument(cardText: text, photo: [], today: Self.today))
        #expect(card.kind == .hongKongMacaoTaiwan)
        #expect(card.passNumber == "H12345678")
        #expect(card.issueCount == "01")
        #expect(card.ethnicityCode == nil)
        #expect(card.flags.contains(.expired))
    }

    @Test func aForeignersCardOf2017() throws {
        let text = cardText(
            .foreigner2017,
            [
                .englishName: "SAMPLE, ANNA MARIA", .sex: "2", .number: "CAN999999010101", .nationality: "CAN",
                .name: "安娜", .validFrom: "20300101", .validTo: "20400101", .birth: "20010101", .version: "01",
                .authority: "1500", .type: "I",
            ])
        let card = try #require(IdentityDocument(cardText: text, photo: [], today: Self.today))
        #expect(card.kind == .foreigner2017)
        #expect(card.name == "安娜")
        #expect(card.englishName == "SAMPLE, ANNA MARIA")
        #expect(card.nationality == "CAN")
        #expect(card.version == "01")
        #expect(card.authorityCode == "1500")
        #expect(card.flags == [.notYetValid])
    }

    @Test func aForeignersCardOf2023WithALongName() throws {
        let long = "SAMPLE WITH A VERY LONG NAME OF MANY PARTS END"
        let text = cardText(
            .foreigner2023,
            [
                .name: "", .sex: "1", .renewals: "02", .birth: "19810501", .englishName: String(long.prefix(35)),
                .englishNameContinued: String(long.dropFirst(35)), .number: "932682198501010017",
                .validFrom: "20240101", .validTo: "20340101", .nationality: "USA", .type: "Y", .previousNumber: "ABC",
            ])
        let card = try #require(IdentityDocument(cardText: text, photo: [], today: Self.today))
        #expect(card.kind == .foreigner2023)
        #expect(card.englishName == long)
        #expect(card.name == long)
        #expect(card.renewals == "02")
        #expect(card.previousNumber == "ABC")
        #expect(card.flags.isEmpty)
    }

    @Test func anUnknownTypeLetterGivesRawTextAndNoGuess() throws {
        var text = cardText(.resident, Self.zhang)
        text[248] = 0x5A
        let card = try #require(IdentityDocument(cardText: text, photo: [], today: Self.today))
        #expect(card.kind == .unknown)
        #expect(card.number.isEmpty)
        #expect(card.rawText?.hasPrefix("张秀英") == true)
    }

    @Test func loneSurrogatesAreShownAndFlagged() throws {
        var text = cardText(.resident, Self.zhang)
        text[2] = 0x00
        text[3] = 0xD8
        let card = try #require(IdentityDocument(cardText: text, photo: [], today: Self.today))
        #expect(card.name == "张\u{FFFD}英")
        #expect(card.flags.contains(.textDamaged))
    }

    @Test func rareAndPrivateCharactersPassUnchanged() throws {
        var values = Self.zhang
        values[.name] = "\u{20BB7}\u{E863}·英"
        let card = try #require(
            IdentityDocument(cardText: cardText(.resident, values), photo: [], today: Self.today))
        #expect(card.name == "\u{20BB7}\u{E863}·英")
        #expect(!card.flags.contains(.textDamaged))
    }

    @Test func onlyTrailingSpacesAndZerosAreTrimmed() {
        #expect(CardText([0x20, 0, 0x41, 0, 0x20, 0, 0x42, 0, 0x20, 0, 0, 0, 0x20, 0]).text == " A B")
        #expect(CardText([0x41, 0, 0x00, 0x30]).text == "A\u{3000}")
        #expect(CardText([0x41]).isDamaged)
    }

    @Test func datesThatAreNoneAreFlagged() throws {
        var values = Self.zhang
        values[.birth] = "19470231"
        let card = try #require(
            IdentityDocument(cardText: cardText(.resident, values), photo: [], today: Self.today))
        #expect(card.birth == nil)
        #expect(card.flags.contains(.dateUnreadable))
    }

    @Test func theLastDayOfValidityIsValid() throws {
        var values = Self.zhang
        values[.validTo] = "20260315"
        let last = try #require(IdentityDocument(cardText: cardText(.resident, values), photo: [], today: Self.today))
        #expect(!last.flags.contains(.expired))
        values[.validTo] = "20260314"
        let over = try #require(IdentityDocument(cardText: cardText(.resident, values), photo: [], today: Self.today))
        #expect(over.flags.contains(.expired))
    }

    @Test func anyBytesDecodeWithoutATrap() {
        var random = SeededGenerator(printedAs: #function)
        let seed = random.seed
        for round in 0..<2_000 {
            var text = random.bytes(256)
            if round % 2 == 0 { (text[248], text[249]) = ([0x20, 0x49, 0x4A, 0x59].randomElement(using: &random)!, 0) }
            let card = IdentityDocument(cardText: text, photo: [], today: Self.today)
            #expect(card != nil, "seed \(seed)")
            #expect((card?.kind == .unknown) == (round % 2 == 1 && CardTextLayout.named(by: text) == nil))
        }
        #expect(IdentityDocument(cardText: random.bytes(255), photo: [], today: Self.today) == nil)
    }

    @Test func contentIsTakenOnlyWhenItsLengthsAddUp() {
        let good = bytes("01 00 04 00") + [UInt8](repeating: 0, count: 1_280)
        #expect(CardContent(good, withFingerprints: false)?.photo.count == 1_024)
        #expect(CardContent(good + [0], withFingerprints: false) == nil)
        #expect(CardContent(Array(good.dropLast()), withFingerprints: false) == nil)
        #expect(CardContent(bytes("01 00 00 00") + good[4..<260], withFingerprints: false)?.photo.isEmpty == true)
        #expect(CardContent(bytes("00 FE 04 02") + good[4...], withFingerprints: false) == nil)
        let prints = bytes("01 00 04 00 04 00") + [UInt8](repeating: 0, count: 2_304)
        #expect(CardContent(prints, withFingerprints: true)?.text.count == 256)
        #expect(CardContent(bytes("01 00 04 00 00 00") + prints[6..<1_286], withFingerprints: true) != nil)
        #expect(CardContent([], withFingerprints: true) == nil)
    }
}

@Suite struct CitizenNumberTests {
    @Test(arguments: [
        "11010519491231002X", "440524188001010014", "999999190001010090", "999999190001010031", "999999190001010082",
        "999999190001010023", "999999190001010074", "999999190001010015", "999999190001010066", "999999190001010197",
        "999999190001010058", "999999190001010189", "99999919000101004X", "932682198501010017", "911124198108030024",
    ])
    func vectors(_ number: String) {
        #expect(CitizenNumber.hasRightCheckCharacter(number))
        let wrong = number.dropLast() + (number.last == "1" ? "2" : "1")
        #expect(!CitizenNumber.hasRightCheckCharacter(String(wrong)))
    }

    @Test(arguments: ["", "1", "11010519491231002x", "1101051949123100２X", "110105194912310029X", "A1010519491231002X"])
    func whatIsNoNumberHasNoRightCheck(_ text: String) { #expect(!CitizenNumber.hasRightCheckCharacter(text)) }
}
