import HallModel
import Testing

@testable import GuidedFlow

@Suite("Whatever card a person has")
struct WalletTests {
    static let cards: [(String, IdentityDocument)] = [
        (
            "Hong Kong, Macao, Taiwan",
            .person("陈小明", .male, born: (1960, 1, 1), number: "810000196001010019", kind: .hongKongMacaoTaiwan)
        ),
        ("foreigner of 2017", foreigner(.foreigner2017, "ANNA MARIA MUSTERFRAU", chinese: "安娜")),
        ("foreigner of 2023", foreigner(.foreigner2023, "JOHN QUINCY PUBLIC", chinese: "")),
        ("expired", .person("张秀兰", .female, born: (1947, 11, 15), number: "999999194711150025", flags: [.expired])),
        (
            "not yet valid",
            .person("张秀兰", .female, born: (1947, 11, 15), number: "999999194711150025", flags: [.notYetValid])
        ),
        (
            "check digit wrong",
            .person("张秀兰", .female, born: (1947, 11, 15), number: "999999194711150020", flags: [.checkDigitWrong])
        ),
        (
            "damaged name",
            .person("张\u{FFFD}兰", .female, born: (1947, 11, 15), number: "999999194711150025", flags: [.textDamaged])
        ),
        (
            "a name that fills its field",
            .person("买买提江·阿不都热依木·吐尔逊", .male, born: (1950, 1, 1), number: "999999195001010012")
        ),
        ("60 bytes of name", foreigner(.foreigner2017, String(repeating: "ABCDE ", count: 10), chinese: "")),
        ("inner spaces", .person("张 秀 兰", .female, born: (1947, 11, 15), number: "999999194711150025")),
        ("private-use character", .person("\u{E863}秀兰", .female, born: (1947, 11, 15), number: "999999194711150025")),
        (
            "no birthday, sex unknown",
            .person("张秀兰", .unknown, born: nil, number: "999999194711150025", flags: [.dateUnreadable])
        ),
    ]

    @Test(
        "it leads to the choice of items and through a whole case; a flag is told, none refuses",
        arguments: cards.indices)
    func served(place: Int) {
        let (label, card) = Self.cards[place]
        var kiosk = KioskUnderTest()
        kiosk.layCard(card)
        #expect(kiosk.screen.name == .items, "\(label)")
        #expect(kiosk.screen.noteKeys.contains("items.expired") == card.flags.contains(.expired))
        #expect(kiosk.screen.noteKeys.contains("items.notYetValid") == card.flags.contains(.notYetValid))
        kiosk.press([.chooseItem("social-card"), .begin, .answer(question: "delivery", value: "pickup")])
        #expect(kiosk.screen.name == .check, "\(label)")
        let effects = kiosk.press(.submit)
        guard case .submit(let submission) = effects.first else {
            Issue.record("\(label): nothing was submitted")
            return
        }
        // What the platform gets is the card as it was read, flags included.
        #expect(submission.person == card)
        kiosk.send(.caseAccepted)
        guard case .printReceipt(let receipt, _) = kiosk.send(.caseConfirmed(number: "9900 0123")).first else {
            Issue.record("\(label): no receipt")
            return
        }
        #expect(receipt.maskedName.hasSuffix("*") && receipt.maskedName.count <= 3, "\(label): \(receipt.maskedName)")
        #expect(receipt.numberTail == String(card.number.suffix(4)))
    }

    @Test("no name and no address leave their lines out instead of empty ones")
    func emptyFields() {
        var card = IdentityDocument.person("", .unknown, born: nil, number: "999999194711150025")
        card.address = ""
        var kiosk = KioskUnderTest()
        kiosk.layCard(card)
        #expect(kiosk.screen.key == "items.headingPlain")
        kiosk.press([.chooseItem("social-card"), .begin, .answer(question: "delivery", value: "pickup")])
        #expect(kiosk.screen.answers.map(\.label.keyName) == ["check.item", "check.number", "领卡方式"])
    }

    @Test("a name in Latin letters stands on the check page where the card has no other")
    func englishName() {
        var kiosk = KioskUnderTest()
        kiosk.layCard(Self.foreigner(.foreigner2023, "JOHN QUINCY PUBLIC", chinese: ""))
        // The queue does not read it.
        #expect(kiosk.screen.key == "items.headingPlain")
        kiosk.press([.chooseItem("social-card"), .begin, .answer(question: "delivery", value: "pickup")])
        #expect(kiosk.screen.answers.contains { $0.value == .plain("JOHN QUINCY PUBLIC") })
    }

    @Test("A card that no layout names is told from one that cannot be read, and nobody's session begins")
    func unknownKind() {
        var kiosk = KioskUnderTest()
        kiosk.layCard(IdentityDocument(kind: .unknown, name: "", number: ""))
        #expect(kiosk.screen.name == .start && !kiosk.flow.hasSession)
        #expect(kiosk.screen.notes.count == 2)
    }

    @Test("A card pulled away at every moment leaves the kiosk as it was, and laid down again it is read")
    func pulled() {
        let moments: [[FlowEvent]] = [
            [.cardPresented, .cardRemoved], [.cardPresented, .cardFailed(.cardRemovedTooSoon), .cardRemoved],
            [.cardPresented, .cardRemoved, .cardFailed(.cardRemovedTooSoon)],
            [.cardPresented, .cardFailed(.cardUnreadable), .cardPresented, .cardRemoved],
        ]
        for moment in moments {
            var kiosk = KioskUnderTest()
            for event in moment { kiosk.send(event) }
            #expect(kiosk.screen.name == .start && !kiosk.flow.hasSession, "\(moment)")
            kiosk.layCard()
            #expect(kiosk.screen.name == .items, "\(moment)")
        }
    }

    private static func foreigner(
        _ kind: IdentityDocument.Kind, _ name: String, chinese: String
    ) -> IdentityDocument {
        var card = IdentityDocument.person(
            chinese, .female, born: (1980, 1, 1), number: "999156198001010017", kind: kind)
        card.englishName = name
        card.nationality = "XXX"
        card.address = nil
        return card
    }
}
