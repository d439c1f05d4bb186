import HallModel
import Testing

@testable import GuidedFlow

@Suite("Submission and receipt")
struct SubmissionTests {
    @Test("The case goes out as it was confirmed; the number comes, one receipt is printed")
    func wholeWay() {
        var kiosk = KioskUnderTest()
        kiosk.goToCheck()
        #expect(
            kiosk.press(.submit) == [
                .submit(
                    Submission(
                        item: "senior-card", person: .grandmotherZhang,
                        answers: [
                            .init(question: "pickup", label: "领取地点", value: "centre", text: "第九街道服务中心"),
                            .init(question: "notify", label: "怎么通知您", value: "none", text: "不用通知"),
                        ], materials: ["household-register"]))
            ])
        #expect(kiosk.screen.name == .submitting)
        #expect(!kiosk.screen.canGoBack)
        #expect(kiosk.send(.caseAccepted).isEmpty)
        let effects = kiosk.send(.caseConfirmed(number: "9900 0123"))
        #expect(
            effects == [
                .printReceipt(
                    ReceiptContent(
                        itemName: "老年人优待证申领", maskedName: "张*", numberTail: "0025", caseNumber: "9900 0123",
                        acceptanceCode: nil,
                        rows: [.init(label: "领取地点", value: "第九街道服务中心"), .init(label: "怎么通知您", value: "不用通知")],
                        afterwards: "5 个工作日内办好"), isSecondCopy: false)
            ])
        #expect(kiosk.screen.name == .done)
        #expect(kiosk.screen.number == "9900 0123")
        #expect(kiosk.screen.step == .init(5, of: 5))
        #expect(kiosk.screen.noteKeys == ["done.printing"])
        #expect(kiosk.screen.buttons.isEmpty)
        kiosk.send(.receipt(.printed))
        #expect(kiosk.screen.noteKeys == ["done.printed"])
        #expect(kiosk.screen.actions == [.next, .anotherItem])
    }

    @Test("The last page points to the progress of a case only where this kiosk tells it")
    func progressHint() {
        var closed = ServiceItem.progress
        closed.closedHere = LocalizedText("这里不办")
        for (progress, isTold) in [(ServiceItem.progress, true), (closed, false)] {
            var kiosk = KioskUnderTest(items: [.seniorCard, progress])
            kiosk.goToCheck()
            kiosk.press(.submit)
            kiosk.send(.caseAccepted)
            kiosk.send(.caseConfirmed(number: "99000123"))
            #expect(kiosk.screen.name == .done)
            #expect(kiosk.screen.leadKeys.contains("done.progress") == isTold)
        }
    }

    @Test("A phone number stands on the receipt with its last four digits only")
    func maskedPhone() throws {
        var kiosk = KioskUnderTest()
        kiosk.goToCheck()
        kiosk.press([.change("notify"), .answer(question: "notify", value: "phone")])
        kiosk.press([1, 3, 9, 0, 0, 0, 0, 4, 3, 2, 1].map { .digit($0) })
        kiosk.press([.confirmDigits, .submit])
        kiosk.send(.caseAccepted)
        guard case .printReceipt(let content, _) = try #require(kiosk.send(.caseConfirmed(number: "1")).first) else {
            Issue.record("no receipt")
            return
        }
        #expect(content.rows.last == .init(label: "电话号码", value: "*******4321"))
    }

    @Test("A second touch on 提交申请 does nothing")
    func doubleTap() {
        var kiosk = KioskUnderTest()
        kiosk.goToCheck()
        let revision = kiosk.screen.revision
        kiosk.send(.action(.submit, revision: revision))
        kiosk.send(.action(.submit, revision: revision))
        #expect(kiosk.count { if case .submit = $0 { true } else { false } } == 1)
    }

    @Test(
        "Without an answer the acceptance code is shown, and nothing is invented; a number that comes later is taken over"
    )
    func acceptanceCode() {
        var kiosk = KioskUnderTest()
        kiosk.goToCheck()
        kiosk.press(.submit)
        kiosk.send(.caseAccepted)
        kiosk.send(.caseWaits(acceptanceCode: "K7-4402"))
        #expect(kiosk.screen.key == "done.headingKept")
        #expect(kiosk.screen.number == "K7-4402")
        #expect(kiosk.screen.leadKeys.first == "done.code")
        #expect(kiosk.screen.noteKeys.first == "done.kept")
        kiosk.send(.receipt(.printed))
        #expect(kiosk.send(.caseConfirmed(number: "9900 0123")).isEmpty)
        #expect(kiosk.screen.number == "9900 0123")
        #expect(kiosk.screen.key == "done.heading")
        // The slip in the person's hand says the code: the screen goes on naming it.
        #expect(kiosk.screen.lead.prefix(2).map { $0.text() } == ["这是您的办件号。", "受理号 K7-4402 也还能用。"])
        #expect(kiosk.screen.noteKeys == ["done.printed"])
    }

    @Test("A case that was not taken in loses nothing, and is sent again")
    func refused() {
        var kiosk = KioskUnderTest()
        kiosk.goToCheck()
        kiosk.press(.submit)
        kiosk.send(.caseNotAccepted(.diskFull))
        #expect(kiosk.screen.name == .fault)
        #expect(kiosk.screen.buttons.first?.text.text() == "再交一次")
        kiosk.press(.back)
        #expect(kiosk.screen.name == .check)
        kiosk.press(.submit)
        kiosk.send(.caseNotAccepted(.diskFull))
        #expect(kiosk.press(.retry).count == 1)
        kiosk.send(.caseAccepted)
        kiosk.send(.caseNotAccepted(.diskFull))
        #expect(kiosk.screen.name == .submitting)
    }

    @Test("Submission that closes in mid-flow does not concern who is under way; only a write that fails does")
    func closedInMidFlow() {
        var kiosk = KioskUnderTest()
        kiosk.goToCheck()
        kiosk.send(.submissionClosed(.outboxFull))
        #expect(kiosk.screen.name == .check && kiosk.screen.notes.isEmpty)
        #expect(kiosk.press(.submit).count == 1)
        kiosk.send(.caseNotAccepted(.diskFull))
        #expect(kiosk.screen.name == .fault)
        #expect(kiosk.press(.retry).count == 1)
        kiosk.send(.caseNotAccepted(.diskFull))
        kiosk.send(.submissionClosed(nil))
        #expect(kiosk.screen.name == .check)
        #expect(kiosk.press(.submit).count == 1)
    }

    @Test("No paper: the number is there to copy, and the receipt is offered when the printer is well; never by itself")
    func notPrinted() {
        var kiosk = KioskUnderTest()
        kiosk.goToDone(nil)
        kiosk.send(.device(.receiptPrinter, .broken(.printerPaperOut)))
        kiosk.send(.receipt(.paperOut))
        #expect(kiosk.screen.name == .done)
        #expect(kiosk.screen.number == "9900 0123")
        #expect(
            kiosk.screen.notes.map { $0.text.text() }
                == ["凭条没有打出来。凭条打印机没有纸了。", "请叫人帮忙装纸。", "请记下上面的号码，或者叫人帮忙。"])
        #expect(kiosk.screen.actions == [.skipPaper, .help])
        #expect(kiosk.press(.printAgain).isEmpty)
        #expect(kiosk.send(.device(.receiptPrinter, .well)).isEmpty)
        #expect(kiosk.screen.actions == [.printAgain, .skipPaper])
        let effects = kiosk.press(.printAgain)
        guard case .printReceipt(_, isSecondCopy: false)? = effects.first else {
            Issue.record("\(effects)")
            return
        }
        kiosk.send(.receipt(.printed))
        #expect(kiosk.screen.actions == [.next, .anotherItem])
    }

    @Test("An unknown outcome is asked of the person; a further slip is a second copy")
    func unknown() {
        var kiosk = KioskUnderTest()
        kiosk.goToDone(.unknown)
        #expect(kiosk.screen.heading.text() == "凭条出来了吗？")
        #expect(kiosk.screen.actions == [.havePaper, .printAgain])
        let effects = kiosk.press(.printAgain)
        guard case .printReceipt(_, isSecondCopy: true)? = effects.first else {
            Issue.record("\(effects)")
            return
        }
        kiosk.send(.receipt(.unknown))
        #expect(kiosk.press(.havePaper).isEmpty)
        #expect(kiosk.screen.actions == [.next, .anotherItem] && kiosk.screen.notes.isEmpty)
    }

    @Test("Who cannot be given another slip now says which it is: it came out, or they do without and keep the number")
    func unknownAndBroken() {
        var kiosk = KioskUnderTest()
        kiosk.goToDone(.unknown)
        kiosk.send(.device(.receiptPrinter, .broken(.printerPaperOut)))
        #expect(kiosk.screen.actions == [.havePaper, .skipPaper, .help])
        var without = kiosk
        kiosk.press(.havePaper)
        #expect(kiosk.screen.notes.isEmpty)
        without.press(.skipPaper)
        #expect(without.screen.noteKeys == ["done.skipped"])
        for var kiosk in [kiosk, without] {
            kiosk.press(.next)
            // A slip may have come out all the same: it is not left behind.
            #expect(kiosk.screen.things.map(\.text.keyName).contains("take.slip"))
        }
    }

    @Test("While the slip is printed the place of the next buttons is kept, and nothing else stands there")
    func reservedPlace() {
        var kiosk = KioskUnderTest()
        kiosk.goToDone(nil)
        let reserved = kiosk.screen.reserved
        #expect(kiosk.screen.actions.isEmpty)
        kiosk.send(.receipt(.printed))
        #expect(kiosk.screen.buttons == reserved && kiosk.screen.reserved.isEmpty)
    }

    @Test("After the end the person may do something else without laying the card down again")
    func anotherItem() {
        var kiosk = KioskUnderTest()
        kiosk.goToDone()
        #expect(kiosk.press(.anotherItem).isEmpty)
        #expect(kiosk.screen.name == .items)
        kiosk.press([.chooseItem("senior-card"), .begin])
        #expect(kiosk.screen.choices.allSatisfy { !$0.isSelected })
    }

    @Test("While the journal is asked, 结束 waits; afterwards it clears the screen and the case goes on")
    func endWhileSending() {
        var kiosk = KioskUnderTest()
        kiosk.goToCheck()
        kiosk.press(.submit)
        kiosk.press(.end)
        #expect(kiosk.screen.overlay?.buttons.map(\.action) == [.stay])
        #expect(kiosk.press(.confirmEnd).isEmpty)
        kiosk.send(.caseAccepted)
        #expect(kiosk.screen.overlay?.lead.map(\.keyName) == ["end.receipt"])
        #expect(kiosk.press(.confirmEnd) == [.endSession])
        #expect(kiosk.send(.caseConfirmed(number: "9900 0123")).isEmpty)
        #expect(kiosk.screen.name == .take)
    }
}
