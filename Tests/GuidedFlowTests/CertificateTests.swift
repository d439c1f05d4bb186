import HallModel
import Testing

@testable import GuidedFlow

@Suite("打印证明")
struct CertificateTests {
    private static let address = DocumentRequest(
        item: "certificate", person: .grandmotherZhang,
        answers: [.init(question: "period", label: "时间", value: "year", text: "最近一年")])

    @Test("Without its printer, or without the platform, the item says so before anybody begins, and names the window")
    func unavailable() {
        for event in [FlowEvent.device(.documentPrinter, .broken(.printerPaperOut)), .platformReachable(false)] {
            var kiosk = KioskUnderTest()
            kiosk.send(event)
            #expect(kiosk.screen.noteKeys == ["start.itemUnavailable"], "\(event)")
            #expect(kiosk.screen.notes.first?.text.text().contains("2 号窗口") == true)
            kiosk.layCard()
            let choice = kiosk.screen.choices.first { $0.action == .chooseItem("certificate") }
            #expect(choice?.detail?.keyName == "items.unavailable")
            kiosk.press(.chooseItem("certificate"))
            #expect(kiosk.screen.name == .intro && kiosk.screen.noteKeys == ["intro.unavailable"])
            #expect(!kiosk.screen.actions.contains(.begin))
        }
    }

    @Test("Items that fail for the same cause share a sentence on the start screen")
    func groupedNotes() {
        var kiosk = KioskUnderTest()
        kiosk.send(.device(.receiptPrinter, .broken(.printerPaperOut)))
        #expect(kiosk.screen.notes.count == 1)
        let sentence = kiosk.screen.notes.first?.text.text() ?? ""
        #expect(sentence.contains("老年人优待证、补领社保卡"), "\(sentence)")
    }

    @Test("Nothing on record is said, with the window; the person goes on with something else")
    func nothingOnRecord() {
        var kiosk = KioskUnderTest()
        kiosk.goToCertificateCheck()
        #expect(kiosk.press(.submit) == [.requestDocument(Self.address)])
        #expect(kiosk.screen.name == .making)
        kiosk.send(.documentUnavailable(.nothingOnRecord))
        #expect(kiosk.screen.key == "papers.noRecord")
        kiosk.press(.anotherItem)
        #expect(kiosk.screen.name == .items)
    }

    @Test("When the platform fails, the answers stay, and the person tries again or goes back to the check page")
    func platformFails() {
        var kiosk = KioskUnderTest()
        kiosk.goToCertificateCheck()
        kiosk.press(.submit)
        kiosk.send(.documentUnavailable(.problem(.platformUnreachable)))
        #expect(kiosk.screen.name == .fault)
        #expect(kiosk.press(.retry) == [.requestDocument(Self.address)])
        kiosk.send(.documentUnavailable(.problem(.platformUnreachable)))
        kiosk.press(.back)
        #expect(kiosk.screen.name == .check)
        #expect(kiosk.press(.submit) == [.requestDocument(Self.address)])
    }

    @Test("Going back while it is being made gives the question up: its answer must not serve another one")
    func backWhileMaking() {
        var kiosk = KioskUnderTest()
        kiosk.goToCertificateCheck()
        kiosk.press(.submit)
        #expect(kiosk.press(.back) == [.cancelDocument])
        #expect(kiosk.send(.documentReady(pages: 9)).isEmpty)
        #expect(kiosk.screen.name == .check)
    }

    @Test("It is printed once by itself, and the person is told where it lies")
    func printed() {
        var kiosk = KioskUnderTest()
        kiosk.goToCertificateCheck()
        kiosk.press(.submit)
        #expect(kiosk.send(.documentReady(pages: 2)) == [.printDocument(isSecondCopy: false)])
        #expect(kiosk.screen.key == "papers.printing")
        #expect(kiosk.send(.documentReady(pages: 2)).isEmpty)
        kiosk.send(.documentPrinted(.init(.printed, rung: .impressions)))
        #expect(kiosk.screen.key == "papers.printed" && kiosk.screen.picture == "take-documents")
        #expect(kiosk.press(.next) == [.endSession])
        #expect(kiosk.screen.name == .take)
        #expect(kiosk.screen.things.map(\.text.keyName) == ["take.card", "take.papers"])
    }

    @Test("A printer out of paper in mid-job is said while the job waits; nothing is printed again by itself")
    func paperOutMeanwhile() {
        var kiosk = KioskUnderTest()
        kiosk.goToPapers(nil)
        kiosk.send(.device(.documentPrinter, DeviceStatus(.userError, problem: Problem(.documentPrinterPaperOut))))
        #expect(kiosk.screen.name == .papers && kiosk.screen.heading.text() == "打印机的纸用完了")
        #expect(kiosk.screen.noteKeys == ["papers.goesOn"] && kiosk.screen.problem == .documentPrinterPaperOut)
        #expect(kiosk.screen.actions == [.help])
        #expect(kiosk.send(.device(.documentPrinter, .well)).isEmpty)
        #expect(kiosk.screen.key == "papers.printing" && kiosk.screen.notes.isEmpty)
    }

    @Test(
        "Who waits while staff fetch paper is asked whether they are there, and who answers goes on waiting; the promise holds"
    )
    func waitsForHands() {
        var kiosk = KioskUnderTest()
        kiosk.goToPapers(nil)
        kiosk.send(.device(.documentPrinter, .broken(.documentPrinterPaperOut)))
        kiosk.wait(300 + 179)
        #expect(kiosk.screen.overlay == nil && kiosk.screen.noteKeys == ["papers.goesOn"])
        var away = kiosk
        kiosk.wait(1)
        #expect(kiosk.screen.overlay?.name == .idle)
        #expect(kiosk.press(.stay).isEmpty)
        #expect(kiosk.wait(119).isEmpty)
        #expect(kiosk.screen.overlay == nil && kiosk.screen.noteKeys == ["papers.goesOn"])
        kiosk.send(.device(.documentPrinter, .well))
        #expect(kiosk.screen.key == "papers.printing")
        kiosk.send(.documentPrinted(.init(.printed, rung: .impressions)))
        #expect(kiosk.screen.key == "papers.printed")
        // Nobody is there any more: nothing comes out for the next person.
        #expect(away.wait(46) == [.cancelDocument, .endSession])
    }

    @Test(
        "A job that was held, by a printer that is well all along: nobody is told that it is good again, or that it stands still"
    )
    func heldJob() {
        var kiosk = KioskUnderTest()
        let held = PrintOutcome(.notPrinted, rung: .notStarted, problem: Problem(.documentPrinterPaused))
        kiosk.goToPapers(held)
        #expect(kiosk.screen.key == "papers.notPrinted")
        #expect(kiosk.screen.noteKeys == ["papers.held", "trouble.advice"])
        #expect(kiosk.screen.actions == [.printAgain, .skipPaper, .help])
        // Told by the device too, it is an obstacle; when that ends, the printer is good again.
        kiosk.send(.device(.documentPrinter, .broken(.documentPrinterPaused)))
        #expect(kiosk.screen.actions == [.skipPaper, .help])
        kiosk.send(.device(.documentPrinter, .well))
        #expect(kiosk.screen.noteKeys.last == "papers.canPrint")
        #expect(kiosk.press(.printAgain) == [.printDocument(isSecondCopy: false)])
        kiosk.send(.documentPrinted(held))
        #expect(kiosk.screen.noteKeys.first == "papers.held")
    }

    @Test("While nothing is being printed no heading says so, and only a printer that waits for hands is said to go on")
    func headingTellsTheTruth() {
        let waitsForHands: Set<ProblemCode> = [
            .documentPrinterPaperOut, .documentPrinterJam, .documentPrinterCoverOpen, .documentPrinterSupplyEmpty,
            .documentPrinterOutputFull,
        ]
        for code in waitsForHands.union([.documentPrinterMissing, .documentPrinterPaused, .documentPrinterFault]) {
            var kiosk = KioskUnderTest()
            kiosk.goToPapers(nil)
            kiosk.send(.device(.documentPrinter, .broken(code)))
            #expect(kiosk.screen.key != "papers.printing", "\(code)")
            let isGone = code == .documentPrinterMissing
            let note = waitsForHands.contains(code) ? "papers.goesOn" : "papers.notFinished"
            #expect(kiosk.screen.noteKeys == (isGone ? [] : [note]), "\(code)")
            #expect(kiosk.screen.leadKeys.contains("papers.notKnownYet") == isGone, "\(code)")
        }
    }

    @Test("While it is printed the place of the next buttons is kept")
    func reservedPlace() {
        var kiosk = KioskUnderTest()
        kiosk.goToPapers(nil)
        let reserved = kiosk.screen.reserved
        #expect(kiosk.screen.actions.isEmpty)
        kiosk.send(.documentPrinted(.init(.printed, rung: .impressions)))
        #expect(kiosk.screen.buttons == reserved && kiosk.screen.reserved.isEmpty)
    }

    @Test("When nobody knows, the person is asked; only their wish prints again, as a second copy")
    func unknown() {
        var kiosk = KioskUnderTest()
        kiosk.goToPapers(.init(.unknown, rung: .jobCompleted))
        #expect(kiosk.screen.key == "papers.question")
        #expect(kiosk.wait(60).isEmpty)
        kiosk.press(.stay)
        #expect(kiosk.press(.printAgain) == [.printDocument(isSecondCopy: true)])
        kiosk.send(.documentPrinted(.init(.unknown, rung: .jobCompleted)))
        kiosk.press(.havePaper)
        #expect(kiosk.screen.key == "papers.done" && kiosk.screen.lead.isEmpty)
    }

    @Test("Who has not got all pages, from a printer that cannot print now, is not made to say that they have")
    func unknownAndBroken() {
        var kiosk = KioskUnderTest()
        kiosk.goToPapers(.init(.unknown, rung: .impressions))
        kiosk.send(.device(.documentPrinter, .broken(.documentPrinterPaperOut)))
        #expect(kiosk.screen.actions == [.havePaper, .skipPaper, .help])
        kiosk.press(.skipPaper)
        #expect(kiosk.screen.key == "papers.partlyHeading" && kiosk.screen.leadKeys == ["papers.partly"])
        kiosk.press(.next)
        #expect(kiosk.screen.things.map(\.text.keyName).contains("take.papers"))
    }

    @Test("What was not printed is offered again when the printer is well, and is no second copy")
    func notPrinted() {
        var kiosk = KioskUnderTest()
        kiosk.goToPapers(nil)
        kiosk.send(.device(.documentPrinter, .broken(.printerPaperOut)))
        kiosk.send(.documentPrinted(.init(.notPrinted, rung: .notStarted, problem: Problem(.printerPaperOut))))
        #expect(!kiosk.screen.actions.contains(.printAgain))
        kiosk.send(.device(.documentPrinter, .well))
        #expect(kiosk.press(.printAgain) == [.printDocument(isSecondCopy: false)])
    }

    @Test("Nothing printed lies in the tray: nobody is told to take it")
    func nothingToTake() {
        var kiosk = KioskUnderTest()
        kiosk.goToPapers(.init(.notPrinted, rung: .notStarted, problem: Problem(.printerPaperOut)))
        kiosk.press(.skipPaper)
        #expect(kiosk.screen.key == "papers.skippedHeading" && kiosk.screen.leadKeys == ["papers.skipped"])
        kiosk.press(.next)
        #expect(kiosk.screen.things.map(\.text.keyName) == ["take.card"])
    }

    @Test("Ending while it prints is asked about, and gives the print up: it must not come out for the next person")
    func endWhilePrinting() {
        var kiosk = KioskUnderTest()
        kiosk.goToPapers(nil)
        kiosk.press(.end)
        #expect(kiosk.screen.overlay?.lead.map(\.keyName) == ["end.papers"])
        #expect(kiosk.press(.confirmEnd) == [.cancelDocument, .endSession])
        #expect(kiosk.screen.things.map(\.text.keyName) == ["take.card", "take.papers"])
    }

    @Test("The next person's card begins anew when the papers are out")
    func nextPerson() {
        var kiosk = KioskUnderTest()
        kiosk.goToPapers()
        kiosk.send(.cardRemoved)
        kiosk.layCard(.misterOuyang)
        #expect(kiosk.screen.name == .items && kiosk.screen.heading.text().contains("欧阳先生"))
    }
}

@Suite("Sending by post")
struct PostTests {
    @Test("is not offered to a person whose card has no address, and the page says why")
    func noAddress() {
        var kiosk = KioskUnderTest()
        var card = IdentityDocument.grandmotherZhang
        card.address = ""
        kiosk.layCard(card)
        kiosk.press([.chooseItem("social-card"), .begin])
        #expect(kiosk.screen.choices.map(\.action) == [.answer(question: "delivery", value: "pickup")])
        #expect(kiosk.screen.noteKeys == ["choice.noAddress"])
        kiosk.press(.answer(question: "delivery", value: "post"))
        #expect(kiosk.screen.name == .choice)
    }

    @Test("shows the address that the parcel goes to, the newest one where the card has it")
    func address() {
        var kiosk = KioskUnderTest()
        var card = IdentityDocument.grandmotherZhang
        card.newestAddress = "虚构省虚构市新住处 1 号"
        kiosk.layCard(card)
        kiosk.press([.chooseItem("social-card"), .begin])
        #expect(kiosk.screen.choices.last?.detail == .plain("虚构省虚构市新住处 1 号"))
        kiosk.press(.answer(question: "delivery", value: "post"))
        #expect(kiosk.screen.name == .check)
        #expect(kiosk.screen.answers.contains { $0.value == .plain("虚构省虚构市新住处 1 号") })
    }
}

@Suite("Items that this kiosk does not do")
struct NotOfferedTests {
    @Test("are shown with why and with the window, and cannot be begun; the start screen is silent of them")
    func closed() {
        for var item in [ServiceItem.seniorCard, .certificate, .progress] {
            item.closedHere = LocalizedText("这里不办")
            item.window = LocalizedText("5 号窗口")
            var kiosk = KioskUnderTest(items: [item])
            #expect(kiosk.screen.notes.isEmpty)
            kiosk.layCard()
            #expect(kiosk.screen.choices.first?.detail?.text().contains("5 号窗口") == true)
            #expect(kiosk.press(.chooseItem(item.id)).isEmpty)
            #expect(kiosk.screen.name == .intro)
            #expect(kiosk.screen.notes.first?.text.text().contains("这里不办") == true)
            #expect(!kiosk.screen.actions.contains(.begin))
        }
    }
}
