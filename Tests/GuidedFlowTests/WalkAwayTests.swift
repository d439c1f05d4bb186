import HallModel
import Testing

@testable import GuidedFlow

/// XD1, XD2: somebody walks away, at every screen that there is.
@Suite("Walking away")
struct WalkAwayTests {
    static let marker = "标记"

    /// A way to each screen, by a person whose every personal field says so.
    static let ways: [(Screen.Name, @Sendable (inout KioskUnderTest) -> Void)] = [
        (.start, { _ in }),
        (.reading, { $0.send(.cardPresented) }),
        (.closed, { $0.send(.device(.cardReader, .broken(.readerMissing))) }),
        (.window, { $0.press(.goToWindow) }),
        (.items, { $0.layCard(person) }),
        (
            .intro,
            {
                $0.layCard(person); $0.press(.chooseItem("senior-card"))
            }
        ),
        (.choice, { question(&$0) }),
        (
            .digits,
            {
                question(&$0)
                $0.press([.answer(question: "pickup", value: "east"), .answer(question: "notify", value: "phone")])
                $0.press([.digit(1), .digit(3), .digit(9)])
            }
        ),
        (.scan, { scan(&$0) }),
        (
            .scanning,
            {
                scan(&$0); $0.press(.scan)
            }
        ),
        (
            .fault,
            {
                scan(&$0); $0.press(.scan); $0.send(.scanFailed(.scannerJam))
            }
        ),
        (
            .preview,
            {
                scan(&$0); $0.scanPage(1)
            }
        ),
        (.stored, { stored(&$0) }),
        (
            .check,
            {
                stored(&$0); $0.press(.next)
            }
        ),
        (
            .submitting,
            {
                stored(&$0); $0.press([.next, .submit])
            }
        ),
        (.done, { done(&$0) }),
        (
            .take,
            {
                done(&$0); $0.press(.next)
            }
        ),
        (
            .otherCard,
            {
                scan(&$0); $0.layCard(.misterOuyang)
            }
        ),
        (
            .lookingUp,
            {
                $0.layCard(person); $0.press(.chooseItem("progress"))
            }
        ),
        (
            .progress,
            {
                $0.layCard(person); $0.press(.chooseItem("progress")); $0.send(.progressFound([theirCase]))
            }
        ),
        (.making, { certificate(&$0) }),
        (
            .papers,
            {
                certificate(&$0); $0.send(.documentReady(pages: 2))
            }
        ),
    ]

    @Test("covers every screen there is")
    func everyScreen() {
        #expect(Set(Self.ways.map(\.0)) == Set(Screen.Name.allCases))
    }

    @Test(
        "clears everything of the person's, from every screen, whatever the machine was doing", arguments: ways.indices)
    func cleared(place: Int) {
        let (name, way) = Self.ways[place]
        var kiosk = KioskUnderTest()
        way(&kiosk)
        #expect(kiosk.screen.name == name)
        // Idle for as long as it may last: the machine's own work (at most 300 s), the idle time, the alert.
        kiosk.wait(300 + 180 + 45 + 1)
        #expect(!kiosk.flow.hasSession)
        #expect(kiosk.effects.contains(.endSession) == kiosk.effects.contains(.beginSession))
        #expect(!String(describing: kiosk.screen).contains(Self.marker))
        #expect(!String(reflecting: kiosk.flow).contains(Self.marker))
        #expect([.start, .take, .closed].contains(kiosk.screen.name))
        if kiosk.screen.name == .take {
            // Something is seen to lie there: staff were called, and the page waits for the hand that takes it.
            kiosk.wait(120)
            #expect(kiosk.effects.contains(.callStaff(step: "take", byPerson: false)))
            kiosk.send(.cardRemoved)
            kiosk.wait(120)
            #expect(kiosk.screen.name == .start)
        }
        // And nothing comes back by itself, whatever arrives late.
        for event in Self.late { kiosk.send(event) }
        #expect(!String(describing: kiosk.screen).contains(Self.marker))
        #expect(!kiosk.flow.hasSession)
    }

    @Test("Personal data is covered in half a minute on every screen that shows any", arguments: ways.indices)
    func covered(place: Int) {
        var kiosk = KioskUnderTest()
        Self.ways[place].1(&kiosk)
        let shows = String(describing: kiosk.screen).contains(Self.marker)
        kiosk.wait(30)
        #expect(!shows || kiosk.screen.isCovered || !String(describing: kiosk.screen).contains(Self.marker))
    }

    // MARK: -

    private static let person: IdentityDocument = {
        var card = IdentityDocument.person(
            "\(marker)兰", .female, born: (1947, 11, 15), number: "9999991947\(marker)0025")
        card.address = "\(marker)路 1 号"
        return card
    }()

    private static let theirCase = CaseSummary(
        number: "9900 0012", itemTitle: LocalizedText(marker), status: LocalizedText(marker), acceptedOn: nil)

    private static let late: [FlowEvent] = [
        .progressFound([theirCase]), .progressUnavailable, .documentReady(pages: 2), .documentPrinted(.printed),
        .materialStored("household-register"), .pageScanned(PageID(rawValue: 9), .found([])), .caseAccepted,
        .caseConfirmed(number: "9900"), .caseWaits(acceptanceCode: "K7"), .receipt(.printed), .helpDelivered,
    ]

    private static func question(_ kiosk: inout KioskUnderTest) {
        kiosk.layCard(person)
        kiosk.press([.chooseItem("senior-card"), .begin])
    }

    private static func scan(_ kiosk: inout KioskUnderTest) {
        question(&kiosk)
        kiosk.press([.answer(question: "pickup", value: "east"), .answer(question: "notify", value: "none")])
    }

    private static func stored(_ kiosk: inout KioskUnderTest) {
        scan(&kiosk)
        kiosk.scanPage(1)
        kiosk.press(.keepPage)
        kiosk.scanPage(2)
        kiosk.press(.keepPage)
        kiosk.send(.materialStored("household-register"))
    }

    private static func done(_ kiosk: inout KioskUnderTest) {
        stored(&kiosk)
        kiosk.press([.next, .submit])
        kiosk.send(.caseAccepted)
        kiosk.send(.caseConfirmed(number: "9900 0123"))
        kiosk.send(.receipt(.printed))
    }

    private static func certificate(_ kiosk: inout KioskUnderTest) {
        kiosk.layCard(person)
        kiosk.press([.chooseItem("certificate"), .begin, .answer(question: "period", value: "all"), .submit])
    }
}
