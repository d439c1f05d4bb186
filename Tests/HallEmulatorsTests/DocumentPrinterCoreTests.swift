import Testing

@testable import HallEmulators

@Suite("The A4 printer's paper, jobs and states")
struct DocumentPrinterCoreTests {
    /// Seconds that a simplex sheet takes at time scale 1.
    private let sheet = DocumentPrinterCore.secondsPerImpression

    private func printer() -> DocumentPrinterCore { DocumentPrinterCore(timeScale: 1, now: 0) }

    /// A job of so many pages, ready to print.
    @discardableResult
    private func submit(
        _ core: inout DocumentPrinterCore, pages: Int, document: Int = 1, now: Double = 0,
        _ change: (inout DocumentJob) -> Void = { _ in }
    ) -> Int {
        let id = core.createJob(name: "job", user: "kiosk", uuid: "urn:uuid:0", isOpen: false, now: now)
        core.change(id) { job in
            job.parts = [.init(document: document, pages: nil)]
            change(&job)
        }
        core.documentRead(document, pages: pages, now: now)
        return id
    }

    @Test("impressions follow the paper")
    func follows() throws {
        var core = printer()
        let id = submit(&core, pages: 3)
        #expect(core.state == .processing && core.job(id)?.state == .processing && core.job(id)?.impressions == 3)
        for number in 1...3 {
            core.advance(now: sheet * Double(number) - 0.1)
            #expect(core.job(id)?.impressionsCompleted == number - 1)
            core.advance(now: sheet * Double(number))
            #expect(core.job(id)?.impressionsCompleted == number && core.output.count == number)
        }
        #expect(core.job(id)?.state == .completed && core.state == .idle && core.paper == 247)
        #expect(core.job(id)?.reasons == ["job-completed-successfully"])
    }

    @Test("copies, both sides and page ranges: what goes onto which sheet")
    func plans() {
        var core = printer()
        let id = submit(&core, pages: 5) { job in
            job.copies = 2
            job.sides = .longEdge
            job.pageRanges = [1...1, 3...9]
        }
        let job = core.job(id)
        #expect(job?.impressions == 8 && job?.sheets == 4)
        #expect((0..<5).map { job?.plan(sheet: $0)?.pages } == [[1, 3], [4, 5], [1, 3], [4, 5], nil])
    }

    @Test("paper out in mid-job: the job stands, and goes on after the refill")
    func paperOut() {
        var core = printer()
        core.setPaper(2, now: 0)
        let id = submit(&core, pages: 4)
        core.advance(now: sheet * 10)
        #expect(core.job(id)?.state == .stopped && core.job(id)?.reasons == ["printer-stopped"])
        #expect(core.job(id)?.impressionsCompleted == 2 && core.state == .stopped && core.nextDue == nil)
        #expect(core.reasons == ["media-empty-error", "media-needed-error"])
        core.namesSeverity = false
        #expect(core.reasons == ["media-empty", "media-needed"])
        core.setPaper(100, now: 100)
        core.advance(now: 101 + sheet * 2)
        #expect(core.job(id)?.state == .completed && core.output.count == 4)
    }

    @Test("paper out before: the job waits whole")
    func paperOutBefore() {
        var core = printer()
        core.setPaper(0, now: 0)
        let id = submit(&core, pages: 1)
        #expect(core.job(id)?.state == .pending && core.job(id)?.reasons == ["printer-stopped"])
        core.setPaper(10, now: 5)
        #expect(core.job(id)?.state == .processing)
        #expect(core.reasons == ["media-low-warning"])
    }

    @Test("a jam catches the next sheet; it is taken out and printed again")
    func jam() {
        var core = printer()
        core.eventAfter = .init(sheets: 1, event: .jam)
        let id = submit(&core, pages: 3)
        core.advance(now: 100)
        #expect(core.underWay != nil && core.job(id)?.impressionsCompleted == 1)
        #expect(core.state == .stopped && core.reasons == ["media-jam-error"])
        core.set(.jam, false, now: 100)
        core.advance(now: 200)
        #expect(core.job(id)?.state == .completed && core.output.map(\.pages) == [[1], [2], [3]])
        // Three that came out and the one that was crumpled.
        #expect(core.paper == 246)
    }

    @Test(
        "each condition stops the printer and is named; without it the job goes on",
        arguments: [
            (DocumentPrinterEvent.doorOpen, "door-open-error"), (.coverOpen, "cover-open-error"),
            (.outputFull, "output-area-full-error"), (.paused, "paused"), (.jam, "media-jam-error"),
        ])
    func conditions(_ event: DocumentPrinterEvent, _ reason: String) throws {
        var core = printer()
        core.eventAfter = .init(sheets: 2, event: event)
        let id = submit(&core, pages: 3)
        core.advance(now: 1_000)
        #expect(core.reasons == [reason] && core.state == .stopped && core.job(id)?.impressionsCompleted == 2)
        core.set(try #require(DocumentPrinterCondition(rawValue: event.rawValue)), false, now: 1_000)
        core.advance(now: 2_000)
        #expect(core.job(id)?.state == .completed && core.reasons == ["none"])
    }

    @Test("toner: low is a warning, empty stops")
    func toner() {
        var core = printer()
        core.setToner(.low, now: 0)
        #expect(core.reasons == ["toner-low-warning", "marker-supply-low-warning"] && core.state == .idle)
        core.setToner(.empty, now: 0)
        submit(&core, pages: 1)
        core.advance(now: 100)
        #expect(core.reasons == ["toner-empty-error", "marker-supply-empty-error"] && core.output.isEmpty)
        core.setToner(.full, now: 100)
        core.advance(now: 200)
        #expect(core.output.count == 1)
    }

    @Test("an output tray holds 150 sheets; taken away, printing goes on")
    func outputTray() {
        var core = printer()
        let id = submit(&core, pages: 160)
        core.advance(now: 10_000)
        #expect(core.output.count == 150 && core.reasons == ["output-area-full-error"])
        core.takePapers(now: 10_000)
        core.advance(now: 20_000)
        #expect(core.job(id)?.state == .completed && core.output.count == 10)
        #expect(core.sheet("sheet-1") != nil)
    }

    @Test(
        "power cut in mid-job: the job is forgotten, ids and the clock begin anew, the sheet inside comes out spoiled")
    func powerCut() {
        var core = printer()
        core.eventAfter = .init(sheets: 1, event: .power)
        submit(&core, pages: 3, now: 500)
        core.advance(now: 600)
        let lost = core.takeLostPower()
        #expect(lost && !core.isPowered && core.jobs.isEmpty && core.output.count == 1)
        core.setPower(true, now: 700)
        #expect(core.upTime(now: 700) == 1 && core.output.map(\.isComplete) == [true, false])
        #expect(submit(&core, pages: 1, document: 2, now: 700) == 1)
    }

    @Test("cancelled or given up at the printer: the sheet under way still comes out")
    func endedAtThePrinter() {
        for (event, state) in [(DocumentPrinterEvent.canceled, IPPJobState.canceled), (.aborted, .aborted)] {
            var core = printer()
            core.eventAfter = .init(sheets: 1, event: event)
            let id = submit(&core, pages: 3)
            core.advance(now: 100)
            #expect(core.job(id)?.state == state && core.output.count == 1 && core.state == .idle)
        }
        var core = printer()
        let id = submit(&core, pages: 3)
        core.end(id, .canceled, "job-canceled-by-user", now: 0.1)
        core.advance(now: 100)
        #expect(core.output.count == 1 && core.job(id)?.impressionsCompleted == 1)
    }

    @Test("a printer that lies: half comes out, and the job is completed, with fewer impressions or claiming all")
    func lies() {
        for (honesty, claimed) in [(DocumentPrinterHonesty.fewerImpressions, 2), (.claimsAll, 4)] {
            var core = printer()
            core.honesty = honesty
            let id = submit(&core, pages: 4)
            core.advance(now: 100)
            #expect(core.job(id)?.state == .completed && core.output.count == 2)
            #expect(core.job(id)?.impressionsCompleted == claimed)
        }
    }

    @Test("a printer without a memory forgets jobs that are over")
    func forgets() {
        var core = printer()
        core.forgetsJobs = true
        let id = submit(&core, pages: 1)
        core.advance(now: 100)
        #expect(core.job(id) == nil && core.output.count == 1)
    }

    @Test("a job whose documents do not come is closed after a minute")
    func silence() {
        var core = printer()
        let empty = core.createJob(name: "a", user: "b", uuid: "c", isOpen: true, now: 0)
        core.advance(now: 59)
        #expect(core.job(empty)?.state == .pending)
        core.advance(now: 61)
        #expect(core.job(empty)?.state == .aborted)
    }

    @Test("thirty jobs are remembered, those that are over first forgotten")
    func bounded() {
        var core = DocumentPrinterCore(timeScale: 0, now: 0)
        for number in 1...100 { submit(&core, pages: 1, document: number, now: Double(number)) }
        core.takePapers(now: 200)
        #expect(core.jobs.count == DocumentPrinterCore.jobLimit && core.jobs.last?.id == 100)
    }
}
