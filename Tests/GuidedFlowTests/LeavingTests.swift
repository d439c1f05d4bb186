import HallModel
import Testing

@testable import GuidedFlow

@Suite("Taking one's things")
struct LeavingTests {
    @Test("The session ends at once; the page stays until card and slip are seen to be gone")
    func allSeen() {
        var kiosk = KioskUnderTest()
        kiosk.send(.device(.scanner, DeviceStatus(.online, mediaPresent: false)))
        kiosk.goToDone()
        kiosk.send(.device(.scanner, DeviceStatus(.online, mediaPresent: true)))
        #expect(kiosk.press(.next) == [.endSession])
        #expect(kiosk.screen.name == .take)
        #expect(kiosk.screen.things.map(\.isTaken) == [false, false, nil])
        kiosk.send(.cardRemoved)
        kiosk.send(.slipTaken)
        #expect(kiosk.screen.things.map(\.isTaken) == [true, false, true])
        kiosk.send(.device(.scanner, DeviceStatus(.online, mediaPresent: false)))
        #expect(kiosk.screen.name == .start)
        #expect(kiosk.wait(3_600).isEmpty && kiosk.screen.name == .start)
    }

    @Test("A page that was laid into the scanner and not scanned is shown, waited for, and calls staff")
    func pageNotScanned() {
        var kiosk = KioskUnderTest()
        kiosk.goToScan()
        kiosk.send(.device(.scanner, DeviceStatus(.online, mediaPresent: true)))
        kiosk.send(.cardRemoved)
        kiosk.press([.end, .confirmEnd])
        #expect(kiosk.screen.name == .take)
        #expect(kiosk.screen.things.map(\.text.keyName) == ["take.card", "take.originals"])
        #expect(kiosk.screen.things.map(\.isTaken) == [true, false])
        #expect(kiosk.wait(58).isEmpty)
        #expect(kiosk.wait(2) == [.callStaff(step: "take", byPerson: false)])
        kiosk.send(.device(.scanner, DeviceStatus(.online, mediaPresent: false)))
        #expect(kiosk.screen.name == .start)
        // Of an item that takes no pages nothing is asked for that lay there before.
        kiosk.send(.device(.scanner, DeviceStatus(.online, mediaPresent: true)))
        kiosk.layCard(.misterOuyang)
        kiosk.send(.cardRemoved)
        kiosk.press(.end)
        #expect(kiosk.screen.name == .start)
    }

    @Test("A page that is stuck in the scanner is shown, waited for, and calls staff")
    func pageStuck() {
        var kiosk = KioskUnderTest()
        kiosk.goToScan()
        kiosk.press(.scan)
        let stuck = DeviceStatus(.hardwareError, problem: Problem(.scannerJam, device: "scanner"))
        kiosk.send(.device(.scanner, stuck))
        kiosk.send(.scanFailed(.scannerJam))
        kiosk.send(.cardRemoved)
        kiosk.press([.end, .confirmEnd])
        #expect(kiosk.screen.things.map(\.text.keyName) == ["take.card", "take.originals"])
        #expect(kiosk.screen.things.map(\.isTaken) == [true, false])
        #expect(kiosk.wait(58).isEmpty)
        #expect(kiosk.wait(2) == [.callStaff(step: "take", byPerson: false)])
        kiosk.send(.device(.scanner, DeviceStatus(.online, mediaPresent: false)))
        #expect(kiosk.screen.name == .start)
    }

    @Test("A page is asked for after a scan that broke off, though nobody can see it")
    func pageSomewhere() {
        var kiosk = KioskUnderTest()
        kiosk.goToScan()
        kiosk.press(.scan)
        kiosk.send(.scanFailed(.scanInterrupted))
        kiosk.send(.cardRemoved)
        kiosk.press([.end, .confirmEnd])
        #expect(kiosk.screen.things.map(\.text.keyName) == ["take.card", "take.originals"])
        #expect(kiosk.screen.things.map(\.isTaken) == [true, nil])
    }

    @Test("A page that lies there is not forgotten when the person goes over to an item without pages")
    func pageOfAnItemBefore() {
        var kiosk = KioskUnderTest(items: [.seniorCard, .progress])
        kiosk.goToScan()
        kiosk.send(.device(.scanner, DeviceStatus(.online, mediaPresent: true)))
        for _ in 0..<12 where kiosk.screen.name != .items { kiosk.press(.back) }
        #expect(kiosk.screen.name == .items)
        kiosk.press(.chooseItem("progress"))
        kiosk.send(.progressFound([]))
        kiosk.send(.cardRemoved)
        kiosk.press([.end, .confirmEnd])
        #expect(kiosk.screen.name == .take)
        #expect(kiosk.screen.things.map(\.isTaken) == [true, false])
    }

    @Test("Staff whom no call reached are called again, less and less often, while the thing lies there")
    func calledAgain() {
        var kiosk = KioskUnderTest()
        kiosk.goToDone()
        kiosk.send(.device(.receiptPrinter, DeviceStatus(.online, mediaPresent: true)))
        kiosk.send(.cardRemoved)
        kiosk.press([.next, .allTaken])
        let call = FlowEffect.callStaff(step: "take", byPerson: false)
        #expect(kiosk.wait(60) == [call])
        for pause in [15, 30, 60, 120, 240, 240] {
            kiosk.send(.ownCallNotDelivered)
            #expect(kiosk.wait(pause - 1).isEmpty)
            #expect(kiosk.wait(1) == [call])
        }
        #expect(kiosk.wait(3_600).isEmpty)
        kiosk.send(.ownCallNotDelivered)
        kiosk.send(.slipTaken)
        #expect(kiosk.screen.name == .start)
        #expect(kiosk.wait(3_600).isEmpty)
    }

    @Test("A slip that the printer sees lying is not taken until it is gone")
    func slipBySensor() {
        var kiosk = KioskUnderTest()
        kiosk.goToDone()
        kiosk.send(.device(.receiptPrinter, DeviceStatus(.online, mediaPresent: true)))
        kiosk.press(.next)
        #expect(kiosk.screen.things.last?.isTaken == false)
        kiosk.send(.device(.receiptPrinter, DeviceStatus(.online, mediaPresent: false)))
        #expect(kiosk.screen.things.last?.isTaken == true)
    }

    @Test("A slip left in the slot is shown and waited for, and calls staff once")
    func slipLeftBehind() {
        var kiosk = KioskUnderTest()
        kiosk.goToDone()
        kiosk.send(.device(.receiptPrinter, DeviceStatus(.online, mediaPresent: true)))
        kiosk.send(.cardRemoved)
        kiosk.press([.next, .allTaken])
        #expect(kiosk.screen.name == .take)
        #expect(kiosk.screen.things.map(\.isTaken) == [false])
        #expect(kiosk.wait(58).isEmpty)
        #expect(kiosk.wait(2) == [.callStaff(step: "take", byPerson: false)])
        #expect(kiosk.wait(3_600).isEmpty)
        #expect(kiosk.screen.name == .take)
        kiosk.send(.device(.receiptPrinter, DeviceStatus(.online, mediaPresent: false)))
        #expect(kiosk.screen.name == .start)
    }

    @Test("A slip that was taken before the printer told the end of it is not asked for")
    func slipTakenWhilePrinting() {
        var kiosk = KioskUnderTest()
        kiosk.goToDone(nil)
        kiosk.send(.slipTaken)
        kiosk.send(.receipt(.printed))
        kiosk.press(.next)
        #expect(kiosk.screen.things.last?.isTaken == true)
    }

    @Test(
        "A person who leaves while it prints is told of the slip; a receipt that did not come out is not theirs to take"
    )
    func slipOfAPrintUnderWay() {
        var kiosk = KioskUnderTest()
        kiosk.goToDone(nil)
        #expect(kiosk.flow.belongings.slip == .somewhere)
        kiosk.send(.receipt(.paperOut))
        #expect(kiosk.flow.belongings.slip == .none)

        var torn = KioskUnderTest()
        torn.goToDone(nil)
        torn.send(.device(.receiptPrinter, DeviceStatus(.online, mediaPresent: true)))
        torn.send(.receipt(.paperOut))
        #expect(torn.flow.belongings.slip == .lies)
    }

    @Test("A slip of somebody who left is told to staff when the next person begins, once, and never to that person")
    func oldSlip() {
        var kiosk = KioskUnderTest()
        kiosk.send(.device(.receiptPrinter, DeviceStatus(.online, mediaPresent: true)))
        kiosk.send(.cardPresented)
        #expect(kiosk.send(.cardRead(.grandmotherZhang)) == [.beginSession, .callStaff(step: "take", byPerson: false)])
        #expect(kiosk.screen.overlay == nil)
        kiosk.send(.helpDelivered)
        #expect(kiosk.screen.overlay == nil)
        kiosk.press(.end)
        #expect(kiosk.flow.belongings.things(kiosk.flow.availability).map(\.kind) == [.card])
        kiosk.send(.cardRemoved)
        // Nobody came, and somebody else begins.
        kiosk.send(.cardPresented)
        #expect(kiosk.send(.cardRead(.misterOuyang)) == [.beginSession])
        kiosk.press(.end)
        kiosk.send(.cardRemoved)
        // Another slip is told anew.
        kiosk.send(.device(.receiptPrinter, DeviceStatus(.online, mediaPresent: false)))
        kiosk.send(.device(.receiptPrinter, DeviceStatus(.online, mediaPresent: true)))
        kiosk.send(.cardPresented)
        #expect(kiosk.send(.cardRead(.misterOuyang)) == [.beginSession, .callStaff(step: "take", byPerson: false)])
    }

    @Test("The slip that a person left a moment ago is told to staff when the next card comes before the call was due")
    func nextPersonBeforeTheCall() {
        var kiosk = KioskUnderTest()
        kiosk.goToDone()
        kiosk.send(.device(.receiptPrinter, DeviceStatus(.online, mediaPresent: true)))
        kiosk.send(.cardRemoved)
        kiosk.press(.next)
        kiosk.send(.cardPresented)
        #expect(kiosk.send(.cardRead(.misterOuyang)) == [.beginSession, .callStaff(step: "take", byPerson: false)])
        kiosk.press(.end)
        #expect(kiosk.flow.belongings.things(kiosk.flow.availability).map(\.kind) == [.card])
    }

    @Test("A slip that staff were called for is not told again when somebody looks around")
    func calledAlready() {
        var kiosk = KioskUnderTest()
        kiosk.goToDone()
        kiosk.send(.device(.receiptPrinter, DeviceStatus(.online, mediaPresent: true)))
        kiosk.send(.cardRemoved)
        kiosk.press(.next)
        #expect(kiosk.wait(60) == [.callStaff(step: "take", byPerson: false)])
        kiosk.send(.cardPresented)
        #expect(kiosk.send(.cardRead(.misterOuyang)) == [.beginSession])
    }

    @Test("都拿好了 is believed, except of what is seen to lie there")
    func allTaken() {
        var kiosk = KioskUnderTest()
        kiosk.goToDone()
        kiosk.press([.next, .allTaken])
        #expect(kiosk.screen.name == .take)
        #expect(kiosk.screen.heading.text() == "请拿走身份证")
        #expect(kiosk.screen.things.count == 1)
        kiosk.send(.cardRemoved)
        #expect(kiosk.screen.name == .start)

        kiosk.goToDone()
        kiosk.send(.cardRemoved)
        kiosk.press([.next, .allTaken])
        #expect(kiosk.screen.name == .start)
    }

    @Test("What no device can see is shown for its time, then the kiosk is free")
    func unseen() {
        var kiosk = KioskUnderTest()
        kiosk.goToDone()
        kiosk.send(.cardRemoved)
        kiosk.press(.next)
        kiosk.wait(29)
        #expect(kiosk.screen.name == .take)
        kiosk.wait(1)
        #expect(kiosk.screen.name == .start)
    }

    @Test("A card left behind calls staff once, and its picture stays until it is gone")
    func leftBehind() {
        var kiosk = KioskUnderTest()
        kiosk.goToDone()
        kiosk.press(.next)
        #expect(kiosk.wait(59).isEmpty)
        #expect(kiosk.wait(1) == [.callStaff(step: "take", byPerson: false)])
        #expect(kiosk.wait(3_600).isEmpty)
        #expect(kiosk.screen.name == .take)
        kiosk.send(.cardRemoved)
        #expect(kiosk.screen.name == .start)
    }

    @Test("A card that was left behind begins no new session, whatever its reader repeats; laid down anew it does")
    func leftCardIsNotNew() {
        var kiosk = KioskUnderTest()
        kiosk.layCard()
        kiosk.press(.end)
        #expect(kiosk.screen.key == "take.headingCard")
        kiosk.layCard()
        #expect(kiosk.screen.name == .take && !kiosk.flow.hasSession)
        kiosk.send(.cardRemoved)
        kiosk.layCard()
        #expect(kiosk.screen.name == .items)
    }

    @Test("The next person's card on the last pages begins their session without a question")
    func nextPerson() {
        var kiosk = KioskUnderTest()
        kiosk.goToDone()
        kiosk.send(.cardRemoved)
        kiosk.send(.cardPresented)
        #expect(kiosk.screen.name == .done)
        #expect(kiosk.send(.cardRead(.misterOuyang)) == [.endSession, .beginSession])
        #expect(kiosk.screen.heading.text() == "欧阳先生，您要办哪件事？")
        kiosk.press(.end)
        kiosk.send(.cardRemoved)

        kiosk.goToDone()
        kiosk.send(.cardRemoved)
        kiosk.press(.next)
        kiosk.send(.cardPresented)
        #expect(kiosk.screen.name == .reading)
        #expect(kiosk.send(.cardRead(.misterOuyang)) == [.beginSession])
        #expect(kiosk.screen.name == .items)
    }
}

@Suite("A second card")
struct OtherCardTests {
    @Test("The same card again, and its removal, change nothing")
    func sameCard() {
        var kiosk = KioskUnderTest()
        kiosk.goToFirstQuestion()
        let before = kiosk.screen
        kiosk.send(.cardRemoved)
        kiosk.layCard()
        kiosk.send(.cardRemoved)
        #expect(kiosk.screen == before)
    }

    @Test("Another person's card asks before anything is mixed; the first matter goes on when it is gone")
    func keepFirst() {
        var kiosk = KioskUnderTest()
        kiosk.goToCheck()
        let before = kiosk.screen
        kiosk.send(.cardRemoved)
        kiosk.layCard(.misterOuyang)
        #expect(kiosk.screen.name == .otherCard)
        #expect(kiosk.screen.leadKeys == ["otherCard.lead", "otherCard.lost"])
        kiosk.press(.keepFirstCard)
        #expect(kiosk.screen.key == "otherCard.remove")
        kiosk.send(.cardRemoved)
        #expect(kiosk.screen.name == .check)
        #expect(kiosk.screen.answers == before.answers)
    }

    @Test("Beginning with the new card ends the first session, and nothing of it stays")
    func useNew() {
        var kiosk = KioskUnderTest()
        kiosk.goToScan()
        kiosk.press([.openTextSize, .setTextStep(3), .stay])
        kiosk.send(.cardRemoved)
        kiosk.layCard(.misterOuyang)
        #expect(kiosk.press(.useNewCard) == [.endSession, .beginSession])
        #expect(kiosk.screen.heading.text() == "欧阳先生，您要办哪件事？")
        #expect(kiosk.screen.textStep == 2)
        #expect(!String(describing: kiosk.flow).contains("张秀兰"))
    }

    @Test("A card in mid-scan is asked about when the page is in")
    func midScan() {
        var kiosk = KioskUnderTest()
        kiosk.goToScan()
        kiosk.press(.scan)
        kiosk.layCard(.misterOuyang)
        #expect(kiosk.screen.name == .scanning)
        kiosk.send(.pageScanned(PageID(rawValue: 1), .found([])))
        #expect(kiosk.screen.name == .otherCard)
        kiosk.send(.cardRemoved)
        #expect(kiosk.screen.name == .preview)
    }

    @Test("A card while the receipt is printing waits for it; then the next person begins")
    func midPrint() {
        var kiosk = KioskUnderTest()
        kiosk.goToDone(nil)
        kiosk.layCard(.misterOuyang)
        #expect(kiosk.screen.name == .done)
        #expect(kiosk.send(.receipt(.printed)) == [.endSession, .beginSession])
        #expect(kiosk.screen.name == .items)

        var open = KioskUnderTest()
        open.goToDone(nil)
        open.layCard(.misterOuyang)
        open.send(.receipt(.unknown))
        #expect(open.screen.name == .otherCard)
    }
}
