import Foundation
import TestSupport
import Testing

/// 打印参保证明 on the whole product with a queue of a real `cupsd` between the kiosk and the A4 printer. The proof that a
/// certificate is on paper is the printer's own: what lies in its tray, each sheet once.
@Suite("A certificate through a queue of CUPS", .serialized)
struct CupsPrintingTests {
    private static let printed = "打好了，请取走"
    private static let paperOut = "打印机的纸用完了"

    @Test("paper that ends in mid-job is said and nothing else; filled up, it prints on: 请取走, one paper, proved")
    func paperOut() async throws {
        try await visitHallWithQueue { resident, hall, cups in
            try await hall.desk("document-printer/state", #"{"paper":1}"#)
            try await resident.asksForCertificate("all")
            try await resident.reads(Self.paperOut, within: 40)
            // Nothing is being printed, and no line says so.
            #expect(try await resident.heading() == Self.paperOut)
            #expect(try await resident.text().contains("正在打印") == false)
            try await hall.desk("document-printer/state", #"{"paper":250}"#)
            try await resident.reads(Self.printed, within: 60)
            let papers = try await Papers(hall: hall)
            #expect(papers.sheets.count >= 2 && papers.pages == Array(1...papers.sheets.count), "\(papers.pages)")
            try expectJournal(hall, ["printed impressions"])
            try await eventually("CUPS has nothing of it any more") {
                try await cups.openJobs.isEmpty && cups.spooledDocuments.isEmpty
            }
            try await resident.touches("next")
            try await resident.reads("刚打的证明")
            try await resident.takesCardAndPapers()
        }
    }

    @Test(
        "a cupsd that dies in mid-errand costs nothing; started again it has forgotten the job, and the item is back by itself"
    )
    func daemonDies() async throws {
        try await visitHallWithQueue { resident, hall, cups in
            try await hall.desk("document-printer/state", #"{"paper":1}"#)
            try await resident.asksForCertificate("all")
            try await resident.reads(Self.paperOut, within: 40)
            await cups.kill()
            try await hall.desk("document-printer/state", #"{"paper":250}"#)
            try await resident.reads(Self.printed, within: 60)
            let papers = try await Papers(hall: hall)
            #expect(papers.pages == Array(1...papers.sheets.count), "\(papers.pages)")
            try expectJournal(hall, ["printed impressions"])
            try await resident.touches("next")
            try await resident.takesCardAndPapers()
            // Who comes next is told before they begin.
            try await resident.reads("打印机没有接好", within: 30)
            try await cups.start()
            try await resident.reads(without: "打印机没有接好", within: 30)
            #expect(try await cups.openJobs.isEmpty)
            #expect(try await Papers(hall: hall).sheets.isEmpty)
        }
    }

    @Test("a queue that is stopped is said before anybody begins, and in mid-job; the person decides, the copy says 补打")
    func queueStopped() async throws {
        try await visitHallWithQueue { resident, hall, cups in
            try await cups.tool("cupsdisable", ["hall_a4"])
            try await resident.reads("打印机现在停着", within: 30)
            try await cups.tool("cupsenable", ["hall_a4"])
            try await resident.reads(without: "打印机现在停着", within: 30)

            try await hall.desk("document-printer/state", #"{"paper":1}"#)
            try await resident.asksForCertificate("all")
            try await resident.reads(Self.paperOut, within: 40)
            try await cups.tool("cupsdisable", ["hall_a4"])
            try await eventually("the printer has let go of the job") {
                try await cups.openJobs.isEmpty
            }
            try await hall.desk("document-printer/state", #"{"paper":250}"#)
            try await resident.reads("纸都出来了吗", within: 60)
            try await resident.reads("打印机现在停着")
            try await cups.tool("cupsenable", ["hall_a4"])
            try await resident.touches("print-again")
            try await resident.reads(Self.printed, within: 90)
            try expectJournal(hall, ["unknown impressions", "printed impressions, second copy"])
            let papers = try await Papers(hall: hall)
            #expect(papers.pages == [1] + Array(1..<papers.sheets.count), "\(papers.pages)")
            #expect(try await cups.openJobs.isEmpty)
        }
    }

    // MARK: - Pieces

    /// A hall whose kiosk reaches its A4 printer through the queue `hall_a4` only.
    private func visitHallWithQueue(
        _ body: @Sendable (Resident, HallUnderTest, CupsServer) async throws -> Void
    ) async throws {
        let cups = try await CupsServer()
        do {
            var options = HallUnderTest.Options()
            options.startsKiosk = false
            options.profiles = ["a4-printer": "cups-queue"]
            options.changesConfiguration = { [port = cups.port] in
                $0.replacing(/ipp:[^"]*/, with: "cups:hall_a4@localhost:\(port)")
            }
            try await visitHall(options) { resident, hall in
                try await body(resident, hall, cups)
            } preparing: { hall in
                try await cups.addQueue("hall_a4", to: await hall.address(of: "documentPrinter"))
                try await hall.startKiosk()
            }
        } catch {
            await cups.stop()
            throw error
        }
        await cups.stop()
    }

    private func expectJournal(
        _ hall: HallUnderTest, _ outcomes: [String], sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let prints = try KioskJournal(folder: "\(hall.folder)/state").documents().map {
            "\($0.state) \($0.rung ?? "-")\($0.isSecondCopy ? ", second copy" : "")"
        }
        #expect(prints == outcomes, sourceLocation: sourceLocation)
    }
}

extension Resident {
    fileprivate func heading() async throws -> String {
        try await browser.run("return document.querySelector('#content h1').textContent.trim()").string ?? ""
    }

    /// Waits until the page does not say this any more.
    fileprivate func reads(without words: String, within seconds: Double) async throws {
        try await browser.wait(
            for: "“\(words)” to be gone", seconds: seconds,
            "return !document.body.textContent.includes(arguments[0])", .string(words))
    }
}
