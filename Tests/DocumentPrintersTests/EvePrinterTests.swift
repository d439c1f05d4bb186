import DeviceKit
import Foundation
import HallModel
import TestSupport
import Testing

/// The driver against CUPS's own IPP Everywhere printer.
@Suite("a printer that speaks IPP", .timeLimit(.minutes(1)))
struct EvePrinterTests {
    /// A printer and a driver that has seen it, both gone afterwards.
    private func withPrinter(
        plan: String = "pages 3", formats: String = "application/pdf,image/pwg-raster",
        settings: DocumentPrinterSettings = .quick,
        _ body: (EvePrinter, PrinterUnderTest) async throws -> Void
    ) async throws {
        let eve = try await EvePrinter(plan: plan, formats: formats)
        let kiosk = try PrinterUnderTest("ipp://localhost:\(eve.port)/ipp/print", settings: settings)
        do {
            try await kiosk.becomes("the printer was seen") { $0.state != .noDevice }
            try await body(eve, kiosk)
        } catch {
            await kiosk.stop()
            await eve.stop()
            throw error
        }
        await kiosk.stop()
        await eve.stop()
    }

    private func expectPrinted(_ kiosk: PrinterUnderTest, _ eve: EvePrinter) async throws {
        let outcome = await kiosk.print()
        #expect(
            outcome == PrintOutcome(.printed, rung: .impressions),
            "\(outcome), the printer's words: \(eve.lines("printer.log").suffix(20))")
    }

    @Test("three pages are printed, and the printer's own count is the proof")
    func printed() async throws {
        try await withPrinter { eve, kiosk in
            #expect(kiosk.last == DeviceStatus(.online, paper: .full, model: "Example Printer"))
            let job = DocumentJob.next(pages: 3)
            let outcome = await kiosk.print(job: job)
            #expect(outcome == PrintOutcome(.printed, rung: .impressions), "\(eve.lines("printer.log"))")
            #expect(eve.pagesOut == 3)
            // The printer got the document as it is, and nothing about a person.
            #expect(try eve.folder.bytes(of: "last-document") == Array(DrawnPDF.pages(3).readableBytesView))
            let told = eve.lines("last-environment")
            #expect(told.contains("IPP_JOB_NAME=" + job.id.rawValue))
            #expect(told.contains("IPP_JOB_ORIGINATING_USER_NAME=hallkiosk"))
            #expect(told.contains("IPP_MEDIA=iso_a4_210x297mm"))
            #expect(told.contains("IPP_SIDES=one-sided"))
            #expect(told.contains("IPP_COPIES=1"))
            #expect(told.contains("CONTENT_TYPE=application/pdf"))
            try await kiosk.becomes("idle again") { $0.state == .online }
            #expect(kiosk.statuses.contains { $0.state == .busy })
        }
    }

    @Test("two documents come one after the other, each counted for itself")
    func twoInARow() async throws {
        try await withPrinter { eve, kiosk in
            for _ in 0..<2 { try await expectPrinted(kiosk, eve) }
            #expect(eve.pagesOut == 6)
            #expect(Set(eve.lines("begun")).count == 2)
        }
    }

    @Test("a second document beside the first one is turned away")
    func oneAtATime() async throws {
        try await withPrinter(plan: "hold; pages 3") { eve, kiosk in
            async let first = kiosk.print()
            try await eventually("the first one has begun") { eve.lines("begun").count == 1 }
            let second = await kiosk.print()
            #expect(second.verdict == .notPrinted && second.rung == .notStarted)
            try eve.release()
            #expect(await first.verdict == .printed)
            #expect(eve.pagesOut == 3)
        }
    }

    @Test("a printer that is switched off is missing with the system's word, and is back when it is on")
    func switchedOff() async throws {
        try await withPrinter { eve, kiosk in
            await eve.cutPower()
            try await kiosk.becomes("the printer is gone") { $0.state == .noDevice }
            #expect(kiosk.last?.problem?.code == .documentPrinterMissing)
            #expect(kiosk.last?.problem?.evidence.hasPrefix("ECONNREFUSED localhost:\(eve.port)") == true)
            let outcome = await kiosk.print()
            #expect(outcome.verdict == .notPrinted && outcome.rung == .notStarted)
            #expect(outcome.problem?.code == .documentPrinterMissing)
            try await eve.start()
            try await kiosk.becomes("the printer is back") { $0.state == .online && $0.problem == nil }
            try await expectPrinted(kiosk, eve)
            #expect(eve.pagesOut == 3)
        }
    }

    @Test("an empty tray is told before anything is sent, and nothing comes out after the refill")
    func paperOutBefore() async throws {
        try await withPrinter { eve, kiosk in
            try await eve.setPaper(sheets: 0)
            let outcome = await kiosk.print()
            #expect(outcome.verdict == .notPrinted && outcome.rung == .notStarted)
            #expect(outcome.problem?.code == .documentPrinterPaperOut)
            #expect(kiosk.last?.state == .userError && kiosk.last?.paper == .out)
            // Idle, it says "-report"; the same empty tray.
            #expect(kiosk.last?.problem?.evidence == "media-empty-report")
            try await eve.setPaper(sheets: 100)
            try await kiosk.becomes("refilled") { $0.state == .online && $0.paper == .full }
            #expect(eve.lines("begun").isEmpty)
        }
    }

    @Test("paper that ends in mid-job is waited for, and the rest comes after the refill")
    func paperOutBetween() async throws {
        let plan = "page 1; state +media-empty; hold; state -media-empty; page 2; page 3"
        try await withPrinter(plan: plan) { eve, kiosk in
            async let printing = kiosk.print()
            try await kiosk.becomes("paper out") { $0.problem?.code == .documentPrinterPaperOut }
            #expect(kiosk.last?.state == .userError && kiosk.last?.paper == .out)
            try eve.release()
            #expect(await printing == PrintOutcome(.printed, rung: .impressions))
            #expect(eve.pagesOut == 3)
        }
    }

    @Test(
        "a job that waits too long for a person is ended: unknown with a page out, else not printed",
        arguments: [("page 1;", PrintOutcome.Verdict.unknown), ("", .notPrinted)])
    func neverRefilled(_ before: String, _ verdict: PrintOutcome.Verdict) async throws {
        var settings = DocumentPrinterSettings.quick
        settings.waitForHandsMilliseconds = 1_500
        let plan = "\(before) state +media-empty; hold; state -media-empty; exit 1"
        try await withPrinter(plan: plan, settings: settings) { eve, kiosk in
            async let printing = kiosk.print()
            try await eventually("the job is ended") { eve.wasAsked("Cancel-Job") }
            // As a printer does that was told to.
            try eve.release()
            let outcome = await printing
            #expect(outcome.verdict == verdict)
            #expect(outcome.rung == .impressions)
            if verdict == .notPrinted {
                #expect(outcome.problem?.code == .documentPrinterPaperOut)
            } else {
                #expect(outcome.problem?.code == .documentUnknown)
                #expect(outcome.problem?.evidence.contains("1 of 3 pages") == true, "\(outcome)")
            }
        }
    }

    @Test(
        "what keeps the printer from going on is told while the job waits",
        arguments: [
            ("media-jam", ProblemCode.documentPrinterJam, DeviceState.hardwareError, PaperState.jammed),
            ("cover-open", .documentPrinterCoverOpen, .userError, .full),
            ("input-tray-missing", .documentPrinterCoverOpen, .userError, .full),
            ("marker-supply-empty", .documentPrinterSupplyEmpty, .hardwareError, .full),
        ])
    func hindrances(_ reason: String, _ code: ProblemCode, _ state: DeviceState, _ paper: PaperState) async throws {
        let plan = "page 1; state +\(reason); hold; state -\(reason); page 2; page 3"
        try await withPrinter(plan: plan) { eve, kiosk in
            async let printing = kiosk.print()
            try await kiosk.becomes(reason) { $0.problem?.code == code }
            #expect(kiosk.last?.state == state && kiosk.last?.paper == paper)
            #expect(kiosk.last?.problem?.evidence.hasPrefix(reason) == true)
            try eve.release()
            #expect(await printing.verdict == .printed)
            try await kiosk.becomes("well again") {
                $0 == DeviceStatus(.online, paper: .full, model: "Example Printer")
            }
        }
    }

    @Test("toner that is low is told, and it prints all the same")
    func tonerLow() async throws {
        try await withPrinter { eve, kiosk in
            try await eve.setInk(5)
            try await kiosk.becomes("low") { $0.problem?.code == .documentPrinterSupplyLow }
            #expect(kiosk.last?.state == .online)
            try await expectPrinted(kiosk, eve)
        }
    }

    @Test(
        "a job that the printer aborts is not printed before the first page, and unknown after it",
        arguments: [("exit 1", PrintOutcome.Verdict.notPrinted), ("page 1; page 2; exit 1", .unknown)])
    func aborted(_ plan: String, _ verdict: PrintOutcome.Verdict) async throws {
        try await withPrinter(plan: plan) { eve, kiosk in
            let outcome = await kiosk.print()
            #expect(outcome.verdict == verdict)
            #expect(outcome.rung == .impressions)
            let evidence = outcome.problem?.evidence ?? ""
            #expect(
                evidence.contains(verdict == .unknown ? "aborted, aborted-by-system; 2 of 3" : "the job was aborted"),
                "\(evidence)")
            try eve.write(plan: "pages 3")
            try await expectPrinted(kiosk, eve)
        }
    }

    @Test(
        "completed without the count is unknown",
        arguments: [("pages 2", "2 of 3 pages"), ("sleep 0.1", "0 of 3 pages")])
    func tooFew(_ plan: String, _ counted: String) async throws {
        try await withPrinter(plan: plan) { _, kiosk in
            let outcome = await kiosk.print()
            #expect(outcome.verdict == .unknown)
            #expect(outcome.problem?.code == .documentUnknown)
            #expect(outcome.problem?.evidence.contains(counted) == true, "\(outcome)")
        }
    }

    @Test("power that is cut in mid-job and comes back is unknown, and nothing comes out by itself")
    func powerCut() async throws {
        try await withPrinter(plan: "page 1; hold; page 2; page 3") { eve, kiosk in
            async let printing = kiosk.print()
            try await eventually("one page is out") { eve.pagesOut == 1 }
            await eve.cutPower()
            try await eve.start()
            let outcome = await printing
            #expect(outcome.verdict == .unknown)
            #expect(outcome.problem?.code == .documentUnknown)
            let evidence = outcome.problem?.evidence ?? ""
            #expect(evidence.contains("does not know the job") || evidence.contains("printer-up-time"), "\(evidence)")
            try eve.write(plan: "pages 3")
            // A moment after its word of the next document nothing more has come.
            try await expectPrinted(kiosk, eve)
            #expect(Set(eve.lines("begun")).count == 2)
            try eve.release()
        }
    }

    @Test("power that is cut for good is unknown in bounded time, and is told after three seconds")
    func powerCutForGood() async throws {
        try await withPrinter(plan: "page 1; hold") { eve, kiosk in
            async let printing = kiosk.print()
            try await eventually("one page is out") { eve.pagesOut == 1 }
            await eve.cutPower()
            try await kiosk.becomes("gone") { $0.state == .noDevice }
            let outcome = await printing
            #expect(outcome.verdict == .unknown)
            #expect(outcome.problem?.evidence.contains("ECONNREFUSED") == true, "\(outcome)")
            try eve.release()
        }
    }

    @Test("a printer without PDF is refused when it is set up, not at the first resident")
    func noPDF() async throws {
        try await withPrinter(formats: "image/pwg-raster,image/jpeg") { eve, kiosk in
            #expect(kiosk.last?.state == .hardwareError)
            #expect(kiosk.last?.problem?.code == .documentPrinterFault)
            #expect(kiosk.last?.problem?.evidence.hasPrefix("the printer takes no application/pdf") == true)
            let outcome = await kiosk.print()
            #expect(outcome.verdict == .notPrinted && outcome.rung == .notStarted)
            #expect(eve.lines("begun").isEmpty)
        }
    }

    @Test("a printer without our paper or our sides is refused with what it has")
    func noPaper() async throws {
        var settings = DocumentPrinterSettings.quick
        settings.media = "iso_a3_297x420mm"
        try await withPrinter(settings: settings) { _, kiosk in
            #expect(kiosk.last?.problem?.evidence.hasPrefix("the printer has no iso_a3_297x420mm") == true)
            #expect(await kiosk.print().rung == .notStarted)
        }
        settings = .quick
        settings.sides = "two-sided-long-edge"
        try await withPrinter(settings: settings) { _, kiosk in
            #expect(kiosk.last?.problem?.evidence == "the printer cannot print two-sided-long-edge, only one-sided")
        }
    }

    @Test("a document that nobody waits for any more is ended at the printer, and the next one prints")
    func cancelled() async throws {
        try await withPrinter(plan: "page 1; hold; exit 0") { eve, kiosk in
            let printing = Task { await kiosk.print() }
            try await eventually("one page is out") { eve.pagesOut == 1 }
            printing.cancel()
            try await eventually("the job is ended") { eve.wasAsked("Cancel-Job") }
            try eve.release()
            let outcome = await printing.value
            #expect(outcome.verdict == .unknown)
            #expect(outcome.problem?.evidence.contains("1 of 3 pages") == true)
            try eve.write(plan: "pages 3")
            try await expectPrinted(kiosk, eve)
        }
    }

    @Test("a driver that is let go ends its job")
    func letGo() async throws {
        try await withPrinter(plan: "hold; exit 0") { eve, kiosk in
            async let printing = kiosk.print()
            try await eventually("the job has begun") { eve.lines("begun").count == 1 }
            async let stopped: Void = kiosk.stop()
            try await eventually("the job is ended") { eve.wasAsked("Cancel-Job") }
            try eve.release()
            #expect(await printing.verdict == .notPrinted)
            await stopped
        }
    }

    @Test("a job of ours that nobody waits for is ended at the start, before it comes out for the next person")
    func leftover() async throws {
        let eve = try await EvePrinter(plan: "hold; page 1; exit 0")
        let job = try await eve.submit(owner: "hallkiosk")
        let kiosk = try PrinterUnderTest("ipp://localhost:\(eve.port)/ipp/print")
        try await eventually("it is ended") { eve.wasAsked("Cancel-Job") }
        try eve.release()
        try await eventually("it has ended") { try await eve.state(of: job) == "canceled" }
        try eve.write(plan: "pages 3")
        try await expectPrinted(kiosk, eve)
        await kiosk.stop()
        await eve.stop()
    }

    @Test("somebody else's job is left alone, and ours is turned away while it lasts")
    func othersJob() async throws {
        let eve = try await EvePrinter(plan: "hold; page 1; exit 0")
        let job = try await eve.submit(owner: "somebody")
        let kiosk = try PrinterUnderTest("ipp://localhost:\(eve.port)/ipp/print")
        try await kiosk.becomes("busy") { $0.state == .busy }
        let outcome = await kiosk.print()
        #expect(outcome.verdict == .notPrinted && outcome.rung == .notStarted)
        #expect(outcome.problem?.evidence.contains("server-error-busy") == true, "\(outcome)")
        try eve.release()
        try await eventually("it is printed") { try await eve.state(of: job) == "completed" }
        #expect(!eve.wasAsked("Cancel-Job"))
        await kiosk.stop()
        await eve.stop()
    }
}
