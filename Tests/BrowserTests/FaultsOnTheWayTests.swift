import Foundation
import TestSupport
import Testing

/// The whole item with one thing going wrong in turn. Each time the platform ends with exactly one case, or none when
/// the screen said so.
@Suite("Faults on a resident's way", .serialized)
struct FaultsOnTheWayTests {
    @Test("another person's card asks before anything is mixed; the first person goes on")
    func anotherCard() async throws {
        try await visitHall { resident, hall in
            try await resident.answersQuestions()
            try await hall.desk("reader/place", #"{"card":"another-person"}"#)
            try await resident.sees("otherCard")
            try await resident.touches("keep-first-card")
            try await resident.reads("请把这张卡拿走")
            try await hall.desk("reader/remove")
            try await resident.scansBothPages()
            try await resident.touches("submit")
            let number = try await resident.getsNumberAndReceipt()
            let evidence = CaseEvidence(hall: hall)
            try await evidence.oneCase()
            try await evidence.slip(shows: number)
        }
    }

    @Test("another person who takes over finds nothing of the first; nothing was sent")
    func anotherPersonTakesOver() async throws {
        try await visitHall { resident, hall in
            try await resident.answersQuestions()
            try await resident.scansBothPages()
            try await hall.desk("reader/place", #"{"card":"another-person"}"#)
            try await resident.sees("otherCard")
            try await resident.reads("没交的内容会删掉")
            try await resident.touches("use-new-card")
            try await resident.sees("items")
            let page = try await resident.browser.run("return document.documentElement.outerHTML").string ?? ""
            for word in ["张桂兰", "张奶奶", "13900000000", "999999194803150026"] { #expect(!page.contains(word), "\(word)") }
            try await eventually("what the first person scanned is erased") {
                try FileManager.default.contentsOfDirectory(atPath: "\(hall.folder)/state/sealed").isEmpty
            }
            try await CaseEvidence(hall: hall).noCase()
        }
    }

    @Test(
        "a scanner that asks for hands in mid-flow is one sentence; nothing entered or scanned is lost when it clears",
        arguments: [("jam", "卡"), ("coverOpen", "盖")])
    func scanner(fault: String, word: String) async throws {
        try await visitHall { resident, hall in
            try await resident.answersQuestions()
            try await resident.scansFirstPage()
            try await resident.sees("scan")
            try await resident.laysPage(1)
            try await hall.desk("scanner/fault", #"{"fault":"\#(fault)"}"#)
            try await resident.sees("fault")
            try await resident.reads(word)
            try await resident.reads("前面填的、扫的都还在")
            try await hall.desk("scanner/fault", #"{"fault":"none"}"#)
            try await resident.scansSecondPage(isLaid: true)
            try await resident.touches("submit")
            let number = try await resident.getsNumberAndReceipt()
            let evidence = CaseEvidence(hall: hall)
            try await evidence.oneCase()
            try await evidence.slip(shows: number)
        }
    }

    @Test("paper that runs out in mid-receipt is said; after the refill a person asks for the whole slip again")
    func paperOut() async throws {
        try await visitHall { resident, hall in
            try await resident.answersQuestions()
            try await resident.scansBothPages()
            try await hall.desk("printer/fault-at", #"{"millimetres":30,"fault":"paperOut"}"#)
            try await resident.touches("submit")
            try await resident.sees("done", within: 30)
            try await resident.reads("没有打出来", within: 40)
            let number = try await resident.number()
            let evidence = CaseEvidence(hall: hall)
            try await evidence.oneCase()
            let before = try await Slip.all(in: hall).count
            try await hall.desk("printer/state", #"{"paper":"full"}"#)
            try await resident.touches("print-again")
            try await resident.reads("凭条打好了", within: 40)
            let slips = try await Slip.all(in: hall)
            #expect(slips.filter(\.complete).count >= 1)
            #expect(slips.count > before)
            try await evidence.slip(shows: number, isSecondCopy: false, count: slips.count)
            try await evidence.oneCase()
        }
    }

    @Test("a printer that loses its power in mid-receipt leaves it unknown: a person decides, the second slip says 补打")
    func printerPower() async throws {
        try await visitHall { resident, hall in
            try await resident.answersQuestions()
            try await resident.scansBothPages()
            try await hall.desk("printer/fault-at", #"{"millimetres":30,"fault":"power"}"#)
            try await resident.touches("submit")
            try await resident.sees("done", within: 30)
            try await resident.reads("凭条出来了吗", within: 60)
            let number = try await resident.number()
            try await hall.desk("printer/state", #"{"power":"on"}"#)
            // Whole slips come out by a person's wish only.
            try await Task.sleep(for: .seconds(3))
            #expect(try await Slip.all(in: hall).filter(\.complete).isEmpty)
            try await resident.touches("print-again")
            try await resident.reads("凭条打好了", within: 40)
            let evidence = CaseEvidence(hall: hall)
            let count = try await Slip.all(in: hall).count
            try await evidence.slip(shows: number, isSecondCopy: true, count: count)
            try await evidence.oneCase()
        }
    }

    @Test("a journal that is held when the slip is out does not make a second one")
    func journalHeldWhilePrinting() async throws {
        var options = HallUnderTest.Options()
        options.timeScale = 1
        try await visitHall(options) { resident, hall in
            try await resident.answersQuestions()
            try await resident.scansBothPages()
            try await resident.touches("submit")
            try await eventually("the slip comes out", within: .seconds(30), every: .milliseconds(20)) {
                String(decoding: try await hall.deskState("printer"), as: UTF8.self).contains(#""printing":true"#)
            }
            // Longer than the journal waits for its turn.
            let holder = """
                import sqlite3, sys, time
                held = sqlite3.connect(sys.argv[1], isolation_level=None)
                held.execute("BEGIN IMMEDIATE"); time.sleep(8); held.execute("ROLLBACK")
                """
            let run = try await CommandRun.run("python3", ["-c", holder, "\(hall.folder)/state/journal.sqlite"])
            #expect(run.succeeded, "\(run.errors)")
            let number = try await resident.getsNumberAndReceipt()
            let evidence = CaseEvidence(hall: hall)
            try await evidence.slip(shows: number)
            try await evidence.oneCase()
        }
    }

    @Test("a network that is cut in mid-upload costs a resumption, not a second case")
    func networkCutInUpload() async throws {
        try await visitHall { resident, hall in
            try await resident.answersQuestions()
            try await resident.scansBothPages()
            try await hall.desk("network", #"{"mode":"cutAfterBytes","bytes":200000,"direction":"up"}"#)
            try await resident.touches("submit")
            let number = try await resident.getsNumberAndReceipt()
            let evidence = CaseEvidence(hall: hall)
            let entry = try await evidence.oneCase()
            #expect(entry.number == number.filter(\.isNumber))
            try await evidence.slip(shows: number)
        }
    }

    @Test("an answer that is lost after the platform's commit does not make a second case")
    func answerLost() async throws {
        try await visitHall { resident, hall in
            try await resident.answersQuestions()
            try await resident.scansBothPages()
            try await hall.orderPlatformFault(#"{"route":"createCase","kind":"loseAnswer","times":1}"#)
            try await resident.touches("submit")
            let number = try await resident.getsNumberAndReceipt()
            let evidence = CaseEvidence(hall: hall)
            let entry = try await evidence.oneCase()
            #expect(number.filter(\.isNumber) == entry.number)
            try await evidence.slip(shows: number)
        }
    }

    @Test("with the network away the receipt carries a code; when it is back the platform has exactly one case")
    func networkAway() async throws {
        try await visitHall { resident, hall in
            try await resident.answersQuestions()
            try await resident.scansBothPages()
            try await hall.desk("network", #"{"mode":"cut"}"#)
            try await resident.touches("submit")
            try await resident.sees("done", within: 30)
            try await resident.reads("受理号")
            try await resident.reads("凭条打好了", within: 40)
            let code = try await resident.number().filter { $0.isNumber || $0.isLetter }
            let evidence = CaseEvidence(hall: hall)
            try await evidence.slip(shows: code)
            try await hall.desk("network", #"{"mode":"ok"}"#)
            #expect(try await evidence.oneCase(within: .seconds(150)).acceptanceCode == code)
        }
    }

    @Test("a scan worker that is killed in mid-page costs seconds and nothing else")
    func workerKilled() async throws {
        try await visitHall { resident, hall in
            try await resident.answersQuestions()
            try await resident.scansFirstPage()
            try await resident.sees("scan")
            try await resident.laysPage(1)
            try await hall.desk("scanner/fault", #"{"fault":"slow"}"#)
            try await resident.touches("scan")
            try await resident.sees("scanning")
            let worker = try #require(await hall.workerPIDs()["kiosk-worker-scan"])
            kill(worker, SIGKILL)
            try await hall.desk("scanner/fault", #"{"fault":"none"}"#)
            // The sheet has gone through the feeder with the worker: it is asked for again, and never scanned again by
            // itself, because the next sheet would be taken for it.
            try await resident.sees("fault", within: 20)
            try await resident.reads("这一页没有扫成")
            try await eventually("the sheet comes out", within: .seconds(20)) {
                String(decoding: try await hall.deskState("scanner"), as: UTF8.self)
                    .filter { !$0.isWhitespace }.contains(#""tray":[]"#)
            }
            try await hall.desk("scanner/take-originals")
            try await resident.laysPage(1)
            try await resident.touches("retry")
            try await resident.keepsPage()
            try await resident.finishesScanning()
            try await resident.touches("submit")
            let number = try await resident.getsNumberAndReceipt()
            let evidence = CaseEvidence(hall: hall)
            try await evidence.oneCase()
            try await evidence.slip(shows: number)
        }
    }

    @Test("a kioskd that dies ends the session, says so, and begins again with the card that lies there")
    func daemonDies() async throws {
        var options = HallUnderTest.Options()
        options.supervisesKiosk = true
        try await visitHall(options) { resident, hall in
            try await resident.answersQuestions()
            try await resident.scansFirstPage()
            await hall.killKiosk()
            try await resident.sees("items", within: 15)
            try await resident.reads("机器刚才停了一下")
            try await resident.touches("item:senior-card")
            try await resident.sees("intro")
            try await resident.touches("begin")
            try await resident.answersWhatIsAsked()
            try await resident.scansBothPages()
            try await resident.touches("submit")
            _ = try await resident.getsNumberAndReceipt()
            try await CaseEvidence(hall: hall).oneCase()
        }
    }

    @Test("a browser that dies comes back to the same place")
    func browserDies() async throws {
        try await visitHall { resident, hall in
            try await resident.answersQuestions()
            try await resident.scansFirstPage()
            try await resident.sees("scan")
            try await WebDriver.withBrowser { browser in
                let again = Resident(browser: browser, hall: hall)
                try await again.enters()
                try await again.sees("scan")
                try await again.scansSecondPage()
                try await again.touches("submit")
                _ = try await again.getsNumberAndReceipt()
            }
            try await CaseEvidence(hall: hall).oneCase()
        }
    }
}
