import HallModel
import Testing

@testable import GuidedFlow

@Suite("Scanning a material")
struct ScanTests {
    @Test("Each page is laid down, scanned, looked at and kept; 收好了 comes only when all is on disk")
    func wholeMaterial() {
        var kiosk = KioskUnderTest()
        kiosk.goToScan()
        #expect(kiosk.screen.heading.text() == "请放户主那一页")
        #expect(kiosk.press(.scan) == [.scanPage(material: "household-register", index: 0)])
        #expect(kiosk.screen.name == .scanning)
        #expect(kiosk.flow.isBusy)
        #expect(kiosk.screen.canGoBack)
        kiosk.send(.scanStarted)
        kiosk.send(.pageScanned(PageID(rawValue: 1), .found([])))
        #expect(kiosk.screen.name == .preview)
        #expect(kiosk.screen.page?.page == PageID(rawValue: 1))
        #expect(kiosk.screen.buttons.map { $0.text.text() } == ["清楚，放下一页", "重新扫这一页"])
        kiosk.press(.keepPage)
        #expect(kiosk.screen.heading.text() == "请放您自己那一页")
        kiosk.scanPage(2)
        #expect(kiosk.screen.buttons.first?.text.text() == "清楚，收好")
        #expect(
            kiosk.press(.keepPage)
                == [.storeMaterial("household-register", pages: [PageID(rawValue: 1), PageID(rawValue: 2)])])
        #expect(kiosk.screen.key == "storing.heading")
        #expect(!kiosk.screen.canGoBack)
        kiosk.send(.materialStored("another"))
        #expect(kiosk.screen.key == "storing.heading")
        #expect(
            kiosk.send(.materialStored("household-register"))
                == [.discardPage(PageID(rawValue: 1)), .discardPage(PageID(rawValue: 2))])
        #expect(kiosk.screen.name == .stored)
        #expect(kiosk.send(.materialStored("household-register")).isEmpty)
        kiosk.press(.next)
        #expect(kiosk.screen.name == .check)
    }

    @Test(
        "Each finding is one sentence of what was seen and what to do",
        arguments: [
            (PageChecks.Finding.incomplete, "preview.incomplete", false), (.blank, "preview.blank", true),
            (.tooDark, "preview.tooDark", true), (.skewed, "preview.skewed", true), (.cropped, "preview.cropped", true),
        ])
    func findings(finding: PageChecks.Finding, key: String, canKeep: Bool) {
        var kiosk = KioskUnderTest()
        kiosk.goToScan()
        kiosk.scanPage(1, [finding])
        #expect(kiosk.screen.noteKeys == [key])
        #expect(kiosk.screen.buttons.first?.kind == .go)
        #expect(kiosk.screen.actions == (canKeep ? [.scanAgain, .keepPage] : [.scanAgain]))
        kiosk.press(.keepPage)
        #expect(kiosk.screen.name == (canKeep ? .scan : .preview))
    }

    @Test("Scanning again replaces the page; the first one stays until then")
    func again() {
        var kiosk = KioskUnderTest()
        kiosk.goToScan()
        kiosk.scanPage(1, [.skewed])
        kiosk.press(.scanAgain)
        #expect(kiosk.screen.name == .scan)
        kiosk.press(.back)
        #expect(kiosk.screen.page?.page == PageID(rawValue: 1))
        kiosk.press([.scanAgain, .scan])
        #expect(kiosk.send(.pageScanned(PageID(rawValue: 2), .found([]))) == [.discardPage(PageID(rawValue: 1))])
        #expect(kiosk.screen.page?.page == PageID(rawValue: 2))
    }

    @Test("Going back keeps the pages that were scanned")
    func backKeepsPages() {
        var kiosk = KioskUnderTest()
        kiosk.goToScan()
        kiosk.scanPage(1)
        kiosk.press(.keepPage)
        kiosk.press(.back)
        #expect(kiosk.screen.page?.page == PageID(rawValue: 1))
        kiosk.press(.back)
        #expect(kiosk.screen.name == .choice)
        kiosk.press(.answer(question: "notify", value: "none"))
        #expect(kiosk.screen.page?.page == PageID(rawValue: 1))
        kiosk.press(.keepPage)
        #expect(kiosk.screen.heading.text() == "请放您自己那一页")
        #expect(!kiosk.effects.contains { if case .discardPage = $0 { true } else { false } })
    }

    @Test("A jam is one sentence, one picture and what to do; then the same page is scanned, and nothing is lost")
    func jam() {
        var kiosk = KioskUnderTest()
        kiosk.goToScan()
        kiosk.scanPage(1)
        kiosk.press([.keepPage, .scan])
        kiosk.send(.scanFailed(.scannerJam))
        #expect(kiosk.screen.name == .fault)
        #expect(kiosk.screen.heading.text() == "扫描仪里的纸卡住了")
        #expect(kiosk.screen.lead.map { $0.text() } == ["请轻轻向上拉出来，再放一次。"])
        #expect(kiosk.screen.noteKeys == ["fault.kept"])
        #expect(kiosk.screen.picture == "scanner-jam")
        #expect(kiosk.screen.actions == [.retry, .help])
        #expect(kiosk.screen.step == .init(3, of: 5))
        #expect(kiosk.press(.retry) == [.scanPage(material: "household-register", index: 1)])
        kiosk.send(.pageScanned(PageID(rawValue: 2), .found([])))
        #expect(
            kiosk.press(.keepPage)
                == [.storeMaterial("household-register", pages: [PageID(rawValue: 1), PageID(rawValue: 2)])])
    }

    @Test("A fault clears by itself when the scanner is well again, at the same page")
    func clearsByItself() {
        var kiosk = KioskUnderTest()
        kiosk.goToScan()
        kiosk.press(.scan)
        kiosk.send(.device(.scanner, .broken(.scannerCoverOpen)))
        #expect(kiosk.screen.heading.text() == "扫描仪的盖子开着")
        kiosk.send(.scanFailed(.scannerCoverOpen))
        #expect(kiosk.screen.name == .fault)
        kiosk.send(.device(.scanner, .broken(.scannerCoverOpen)))
        #expect(kiosk.screen.name == .fault)
        kiosk.send(.device(.scanner, .well))
        #expect(kiosk.screen.name == .scan)
    }

    @Test("A scan that fails on a scanner that says it is well stays said until the person tries again")
    func failureWithoutStatus() {
        var kiosk = KioskUnderTest()
        kiosk.send(.device(.scanner, .well))
        kiosk.goToScan()
        kiosk.press(.scan)
        kiosk.send(.scanFailed(.scannerNoPaper))
        kiosk.send(.device(.scanner, .well))
        #expect(kiosk.screen.heading.text() == "扫描仪里没有纸")
        kiosk.send(.device(.scanner, DeviceStatus(.online, mediaPresent: true)))
        #expect(kiosk.screen.name == .scan)
    }

    @Test("A scanner lost in mid-scan: the person may try again, and the first scan is given up")
    func lostInMidScan() {
        var kiosk = KioskUnderTest()
        kiosk.goToScan()
        kiosk.press(.scan)
        kiosk.send(.device(.scanner, DeviceStatus(.offline, problem: Problem(.scannerMissing))))
        #expect(kiosk.screen.key == "trouble.scanner")
        #expect(kiosk.press(.retry) == [.cancelScan, .scanPage(material: "household-register", index: 0)])
        kiosk.send(.device(.scanner, .well))
        #expect(kiosk.screen.name == .scanning)
    }

    @Test(
        "A scan that was broken off stays said when its worker is back, however long it was away: look for the paper first"
    )
    func interruptedStaysSaid() {
        var kiosk = KioskUnderTest()
        kiosk.goToScan()
        kiosk.press(.scan)
        kiosk.send(.scanFailed(.scanInterrupted))
        let said = kiosk.screen.heading.text()
        kiosk.send(.device(.scanner, DeviceStatus(.offline, problem: Problem(.scannerMissing))))
        #expect(kiosk.screen.heading.text() == said)
        kiosk.send(.device(.scanner, .well))
        #expect(kiosk.screen.name == .fault)
        #expect(kiosk.screen.heading.text() == said)
        #expect(kiosk.press(.retry) == [.scanPage(material: "household-register", index: 0)])
        #expect(kiosk.screen.name == .scanning)
    }

    @Test("返回 gives a scan up: the page is laid down and scanned anew, and what the first scan brings is dropped")
    func giveUpScan() {
        var kiosk = KioskUnderTest()
        kiosk.goToScan()
        kiosk.press(.scan)
        #expect(kiosk.screen.leadKeys.last == "scanning.stop")
        #expect(kiosk.press(.back) == [.cancelScan])
        #expect(kiosk.screen.heading.text() == "请放户主那一页")
        #expect(!kiosk.flow.isBusy)
        #expect(kiosk.send(.pageScanned(PageID(rawValue: 1), .found([]))) == [.discardPage(PageID(rawValue: 1))])
        #expect(kiosk.send(.scanFailed(.scannerFault)).isEmpty)
        #expect(kiosk.screen.name == .scan)

        // A page that is scanned again is still there when that is given up.
        kiosk.scanPage(2)
        kiosk.press([.scanAgain, .scan, .back, .back])
        #expect(kiosk.screen.page?.page == PageID(rawValue: 2))

        // From the fault page of a scanner that was lost, too.
        kiosk.press([.scanAgain, .scan])
        kiosk.send(.device(.scanner, .broken(.scannerMissing)))
        #expect(kiosk.screen.name == .fault)
        #expect(kiosk.press(.back) == [.cancelScan])
        kiosk.press(.back)
        #expect(kiosk.screen.name == .preview)
    }

    @Test("A device that is not needed now is not spoken of")
    func notNeededNow() {
        var kiosk = KioskUnderTest()
        kiosk.goToFirstQuestion()
        let before = kiosk.screen
        kiosk.send(.device(.scanner, .broken(.scannerJam)))
        kiosk.send(.device(.receiptPrinter, .broken(.printerPaperOut)))
        kiosk.send(.device(.cardReader, .broken(.readerMissing)))
        #expect(kiosk.screen == before)
        kiosk.press([.answer(question: "pickup", value: "east"), .answer(question: "notify", value: "none")])
        #expect(kiosk.screen.name == .fault)
        kiosk.send(.device(.scanner, .well))
        #expect(kiosk.screen.name == .scan)
        kiosk.scanPage(1)
        kiosk.send(.device(.scanner, .broken(.scannerJam)))
        #expect(kiosk.screen.name == .preview)
    }

    @Test("A store that fails keeps the pages, says so, and is tried again")
    func storeFails() {
        var kiosk = KioskUnderTest()
        kiosk.goToScan()
        kiosk.scanPage(1)
        kiosk.press(.keepPage)
        kiosk.scanPage(2)
        kiosk.press(.keepPage)
        kiosk.send(.materialNotStored("household-register", .diskFull))
        #expect(kiosk.screen.name == .fault)
        #expect(kiosk.screen.heading.text() == "机器里的地方满了")
        let store = FlowEffect.storeMaterial("household-register", pages: [PageID(rawValue: 1), PageID(rawValue: 2)])
        #expect(kiosk.press(.retry) == [store])
        kiosk.send(.materialNotStored("household-register", .rendererMissing))
        kiosk.send(.device(.renderer, .broken(.rendererMissing)))
        #expect(kiosk.send(.device(.renderer, .well)) == [store])
        kiosk.send(.materialStored("household-register"))
        #expect(kiosk.screen.name == .stored)
    }

    @Test("更改 of a material scans it anew; the stored one stays until the new one is safe")
    func rescanFromCheck() {
        var kiosk = KioskUnderTest()
        kiosk.goToCheck()
        kiosk.press(.change("household-register"))
        #expect(kiosk.screen.name == .scan)
        kiosk.scanPage(11)
        kiosk.press(.keepPage)
        kiosk.press([.back, .back])
        #expect(kiosk.screen.name == .check)
        #expect(kiosk.effects.last == .discardPage(PageID(rawValue: 11)))

        kiosk.press(.change("household-register"))
        kiosk.scanPage(12)
        kiosk.press(.keepPage)
        kiosk.scanPage(13)
        #expect(
            kiosk.press(.keepPage)
                == [.storeMaterial("household-register", pages: [PageID(rawValue: 12), PageID(rawValue: 13)])])
        kiosk.send(.materialStored("household-register"))
        kiosk.press(.next)
        #expect(kiosk.screen.name == .check)
        #expect(!kiosk.effects.contains { if case .eraseMaterial = $0 { true } else { false } })
    }

    @Test("A page that comes after the session has ended is dropped")
    func latePage() {
        var kiosk = KioskUnderTest()
        kiosk.goToScan()
        kiosk.press(.scan)
        kiosk.press(.end)
        #expect(kiosk.press(.confirmEnd) == [.cancelScan, .endSession])
        #expect(kiosk.send(.pageScanned(PageID(rawValue: 9), .found([]))) == [.discardPage(PageID(rawValue: 9))])
        #expect(kiosk.send(.materialStored("household-register")) == [.eraseMaterial("household-register")])
    }
}
