import DeviceKit
import HallModel
import TestSupport
import Testing

@testable import DocumentPrinters

/// Stories of three pages, told to the machine in virtual time.
@Suite("is it on paper?")
struct DocumentJobMachineTests {
    private typealias Event = DocumentJobMachine.Event

    /// With the printer itself. What is seen at which millisecond; the machine is asked after each, and each half second up to the end.
    private func ends(_ seen: [(Int, Event)]) -> (outcome: PrintOutcome?, at: Int, cancelledAt: Int?) {
        ends(.printer, seen)
    }

    private func ends(
        _ route: DocumentJobMachine.Route, _ seen: [(Int, Event)], until end: Int = 60_000
    ) -> (outcome: PrintOutcome?, at: Int, cancelledAt: Int?) {
        var machine = DocumentJobMachine(
            device: "a4", pages: 3, route: route, limit: .seconds(20), handsLimit: .seconds(40), now: .zero)
        var cancelled: Int?
        let moments = Set(seen.map(\.0)).union(stride(from: 0, through: end, by: 500)).sorted()
        for moment in moments {
            for (at, event) in seen where at == moment { machine.note(event, at: .milliseconds(moment)) }
            switch machine.step(at: .milliseconds(moment)) {
            case .wait: continue
            case .cancel: cancelled = cancelled ?? moment
            case .end(let outcome): return (outcome, moment, cancelled)
            }
        }
        return (nil, end, cancelled)
    }

    private func job(_ state: JobReport.State, _ impressions: Int? = nil, reasons: [String] = []) -> Event {
        var report = JobReport(id: 7, state: state, impressions: impressions)
        report.reasons = reasons
        return .job(report)
    }

    private func queue(_ state: JobReport.State, neverBegun: Bool = false) -> Event {
        var report = JobReport(id: 9, state: state, impressions: 3)
        report.wasNeverBegun = neverBegun
        return .queueJob(report)
    }

    private func seen(_ seconds: Int?, _ code: ProblemCode? = nil) -> Event {
        .printer(
            hindrance: code.map { Problem($0, device: "a4", evidence: "as it says") }, upTimeSeconds: seconds)
    }

    private let silence = Event.silence(Problem(.documentPrinterMissing, device: "a4", evidence: "ECONNREFUSED"))
    private let sent: [(Int, Event)] = [(0, .sendingBegan), (100, .sent)]
    private let openQueue = DocumentJobMachine.Route.queue(asksPrinter: true, scheme: "ipp")
    private let closedQueue = DocumentJobMachine.Route.queue(asksPrinter: false, scheme: "socket")

    // MARK: - The printer itself

    @Test("completed and counted in full is printed, at once")
    func printed() {
        let story = ends(sent + [(200, job(.processing, 0)), (900, job(.processing, 3)), (1_400, job(.completed, 3))])
        #expect(story.outcome == PrintOutcome(.printed, rung: .impressions))
        #expect(story.at == 1_400)
    }

    @Test("a number that comes a moment late still counts")
    func lateNumber() {
        let story = ends(sent + [(1_000, job(.completed, 2)), (2_000, job(.completed, 3))])
        #expect(story.outcome?.verdict == .printed)
    }

    @Test("a printer that is done before its answer is missed is waited for, and not for ever")
    func lateAnswer() {
        let done: [(Int, Event)] = [(0, .sendingBegan), (500, job(.completed, 3))]
        #expect(ends(done + [(6_000, .sent)]).outcome == PrintOutcome(.printed, rung: .impressions))
        let story = ends(done)
        #expect(story.outcome?.verdict == .unknown && story.at == 10_500)
    }

    @Test("a duplex printer may count more sides than pages")
    func padded() {
        #expect(ends(sent + [(1_000, job(.completed, 4))]).outcome?.verdict == .printed)
    }

    @Test(
        "without proof it is unknown, and says what was counted",
        arguments: [
            (2, PrintOutcome.Rung.impressions, "the printer calls the job completed; 2 of 3 pages were counted"),
            (0, .jobCompleted, "the printer calls the job completed; 0 of 3 pages were counted"),
            (nil, .jobCompleted, "the printer calls the job completed; pages were not counted"),
        ] as [(Int?, PrintOutcome.Rung, String)])
    func completedOnly(_ impressions: Int?, _ rung: PrintOutcome.Rung, _ evidence: String) {
        let story = ends(sent + [(1_000, job(.completed, impressions))])
        #expect(
            story.outcome
                == PrintOutcome(
                    .unknown, rung: rung, problem: Problem(.documentUnknown, device: "a4", evidence: evidence)))
        #expect(story.at == 2_500)
    }

    @Test("all counted is no proof while the printer is still at it")
    func countedNotCompleted() {
        let story = ends(sent + [(1_000, job(.processing, 3)), (2_000, .jobMissing)])
        #expect(story.outcome?.verdict == .unknown)
        #expect(
            story.outcome?.problem?.evidence == "the printer does not know the job any more; 3 of 3 pages were counted")
    }

    @Test("aborted or cancelled before the first page is not printed", arguments: [JobReport.State.aborted, .canceled])
    func endedBefore(_ state: JobReport.State) {
        let story = ends(sent + [(500, job(.processing, 0)), (1_000, job(state, 0, reasons: ["aborted-by-system"]))])
        #expect(story.outcome?.verdict == .notPrinted)
        #expect(story.outcome?.rung == .impressions)
        #expect(story.outcome?.problem?.code == .documentPrinterFault)
        let uncounted = ends(sent + [(1_000, job(state, nil))])
        #expect(uncounted.outcome?.verdict == .unknown)
        var never = JobReport(id: 7, state: state)
        never.wasNeverBegun = true
        #expect(ends(sent + [(1_000, .job(never))]).outcome?.verdict == .notPrinted)
    }

    @Test("aborted after a page is unknown")
    func endedBetween() {
        let story = ends(sent + [(500, job(.processing, 2)), (1_000, job(.aborted, 2))])
        #expect(story.outcome?.verdict == .unknown)
        #expect(story.outcome?.problem?.evidence == "the job was aborted; 2 of 3 pages were counted")
        // What was counted once was put out, whatever the last answer says.
        let forgotten = ends(sent + [(500, job(.processing, 1)), (1_000, job(.aborted, 0))])
        #expect(forgotten.outcome?.verdict == .unknown)
    }

    @Test("a printer that is still stopping is waited for, and not for ever")
    func stopping() {
        let busy = ["processing-to-stop-point"]
        let story = ends(sent + [(1_000, job(.canceled, 0, reasons: busy)), (5_000, job(.canceled, 1))])
        #expect(story.outcome?.verdict == .unknown)
        #expect(story.at == 5_000)
        let endless = ends(sent + [(1_000, job(.canceled, 0, reasons: busy))])
        #expect(endless.outcome?.verdict == .unknown)
        #expect(endless.at == 11_500)
    }

    @Test("a printer that was switched off and on is unknown, whatever it says then")
    func restarted() {
        let story = ends(
            [(0, seen(500))] + sent
                + [
                    (500, seen(501)), (500, job(.processing, 1)), (1_000, silence), (9_000, seen(2)),
                    (9_000, job(.completed, 3)),
                ])
        #expect(story.outcome?.verdict == .unknown)
        #expect(
            story.outcome?.problem?.evidence == "printer-up-time went from 501 back to 2; 1 of 3 pages were counted")
        #expect(story.at == 9_000)
    }

    @Test("a printer that does not come back is unknown; a short silence is not noticed")
    func lost() {
        let story = ends(sent + [(500, job(.processing, 1)), (1_000, silence)])
        #expect(story.outcome?.verdict == .unknown)
        #expect(story.outcome?.problem?.evidence == "ECONNREFUSED; 1 of 3 pages were counted")
        #expect((16_000...17_000).contains(story.at))
        let blip = ends(
            sent + [(1_000, silence), (14_000, seen(nil)), (14_000, job(.processing, 2)), (15_000, job(.completed, 3))])
        #expect(blip.outcome?.verdict == .printed)
    }

    @Test("what was turned away was not printed")
    func refused() {
        let story = ends([(0, .sendingBegan), (200, .refused("client-error-document-format-not-supported"))])
        #expect(story.outcome?.verdict == .notPrinted)
        #expect(story.outcome?.rung == .notStarted)
        #expect(story.outcome?.problem?.evidence == "client-error-document-format-not-supported")
    }

    @Test("half a document is ended, and is not printed when the printer says so")
    func halfSent() {
        let half: [(Int, Event)] = [(0, .sendingBegan), (500, .sendingBroke("EPIPE", bytes: 4_000))]
        let story = ends(half + [(1_000, job(.canceled, 0))])
        #expect(story.cancelledAt == 500)
        #expect(story.outcome?.verdict == .notPrinted)
        #expect(ends(half + [(1_000, job(.completed, 3))]).outcome?.verdict == .unknown)
        // Nothing of it was handed over: whatever becomes of the empty job.
        let none = ends([(0, .sendingBegan), (500, .sendingBroke("EPIPE", bytes: 0))])
        #expect(none.outcome?.verdict == .notPrinted)
        #expect(none.outcome?.rung == .notStarted)
    }

    @Test("a job that takes too long is ended: unknown after a page, not printed before")
    func tooLong() {
        let story = ends(
            sent + [(500, job(.processing, 0)), (21_000, job(.canceled, 0))])
        #expect(story.cancelledAt == 20_500)
        #expect(story.outcome?.verdict == .notPrinted)
        #expect(story.outcome?.problem?.evidence == "the job was not done within 20 s")
        let page = ends(sent + [(500, job(.processing, 1)), (21_000, job(.canceled, 1))])
        #expect(page.outcome?.verdict == .unknown)
        // It came out all the same, and the printer counted it.
        let late = ends(sent + [(500, job(.processing, 1)), (22_000, job(.completed, 3))])
        #expect(late.outcome?.verdict == .printed)
    }

    @Test(
        "the time that it waits for hands is counted apart, and bounded by a limit of its own",
        arguments: ProblemCode.mendedAtDocumentPrinter)
    func waiting(_ code: ProblemCode) {
        let story = ends(
            sent + [
                (1_000, seen(nil, code)), (1_000, job(.processing, 1)), (39_000, seen(nil)),
                (39_000, job(.processing, 2)), (55_000, job(.completed, 3)),
            ])
        #expect(story.cancelledAt == nil)
        #expect(story.outcome?.verdict == .printed)
        let never = ends(
            sent + [(1_000, seen(nil, code)), (1_000, job(.processing, 0)), (43_000, job(.canceled, 0))])
        #expect((41_000...42_000).contains(never.cancelledAt ?? 0))
        #expect(never.outcome?.verdict == .notPrinted)
        #expect(never.outcome?.problem?.code == code)
    }

    @Test("what no hands at the printer mend is waited for as long as the work may take, and no longer")
    func standing() {
        for code in [ProblemCode.documentPrinterPaused, .documentPrinterMissing, .documentPrinterFault] {
            let story = ends(
                sent + [(1_000, seen(nil, code)), (1_000, job(.processing, 0)), (23_000, job(.canceled, 0))])
            #expect((21_000...22_000).contains(story.cancelledAt ?? 0), "\(code)")
            #expect(story.outcome?.problem?.code == code)
            // Paper that was fetched before does not count for it, nor the other way round.
            let both = ends(
                sent + [
                    (1_000, seen(nil, .documentPrinterPaperOut)), (1_000, job(.processing, 0)),
                    (36_000, seen(nil, code)),
                    (54_000, seen(nil)), (58_000, job(.completed, 3)),
                ])
            #expect(both.cancelledAt == nil && both.outcome?.verdict == .printed, "\(code)")
        }
    }

    @Test("a cancel that is never confirmed is unknown")
    func cancelUnheard() {
        let story = ends(sent + [(500, job(.processing, 0)), (2_000, .abandoned("nobody waits"))])
        #expect(story.cancelledAt == 2_000)
        #expect(story.outcome?.verdict == .unknown)
        #expect((12_000...13_000).contains(story.at))
        let confirmed = ends(
            sent + [(500, job(.processing, 0)), (2_000, .abandoned("nobody waits")), (3_000, job(.canceled, 0))])
        #expect(confirmed.outcome?.verdict == .notPrinted)
    }

    // MARK: - Behind a queue

    @Test("a queue's completed is no proof, and says behind what")
    func queueCompleted() {
        let story = ends(closedQueue, sent + [(1_000, queue(.completed))])
        #expect(
            story.outcome
                == PrintOutcome(
                    .unknown, rung: .jobCompleted,
                    problem: Problem(
                        .documentUnknown, device: "a4",
                        evidence:
                            "the queue calls the job completed, which is no proof behind socket:; pages were not counted"
                    )))
    }

    @Test("the printer behind it proves it, before or after the queue is done")
    func printerBehind() {
        let before = ends(openQueue, sent + [(500, queue(.processing)), (1_000, job(.completed, 3))])
        #expect(before.outcome == PrintOutcome(.printed, rung: .impressions))
        let after = ends(
            openQueue, sent + [(500, job(.processing, 1)), (1_000, queue(.completed)), (9_000, job(.completed, 3))])
        #expect(after.outcome == PrintOutcome(.printed, rung: .impressions))
    }

    @Test("a queue that is done and a printer that knows no such job is unknown")
    func notAtPrinter() {
        for state in [JobReport.State.completed, .aborted, .canceled] {
            let story = ends(openQueue, sent + [(1_000, queue(state))])
            #expect(story.outcome?.verdict == .unknown)
            #expect(story.outcome?.rung == .jobCompleted)
            #expect(story.at == 2_500)
        }
    }

    @Test("what the queue never began with is not printed")
    func neverBegun() {
        for route in [openQueue, closedQueue] {
            let story = ends(route, sent + [(1_000, queue(.canceled, neverBegun: true))])
            #expect(story.outcome?.verdict == .notPrinted)
            #expect(story.outcome?.rung == .notStarted)
        }
    }

    // MARK: - Whatever comes

    @Test(
        "a job that somebody holds is ended before it comes out for a stranger; one whose document still comes is not held"
    )
    func held() {
        func heldInQueue(_ reasons: [String]) -> Event {
            var report = JobReport(id: 9, state: .held)
            report.reasons = reasons
            report.wasNeverBegun = true
            return .queueJob(report)
        }
        let held = heldInQueue(["job-hold-until-specified"])
        let story = ends(openQueue, sent + [(500, held), (3_000, queue(.canceled, neverBegun: true))])
        #expect(story.cancelledAt == 2_000)
        #expect(story.outcome?.verdict == .notPrinted && story.outcome?.problem?.code == .documentPrinterPaused)
        #expect(story.outcome?.problem?.evidence == "the job is held, job-hold-until-specified")
        for early in [
            [(0, Event.sendingBegan), (50, held)], [(0, .sendingBegan), (50, heldInQueue(["job-incoming"]))],
        ] {
            let story = ends(
                openQueue, early + [(4_000, .sent), (4_100, queue(.processing)), (5_000, job(.completed, 3))])
            #expect(story.outcome == PrintOutcome(.printed, rung: .impressions) && story.cancelledAt == nil)
        }
    }

    @Test(
        "a job that is held for paper of its kind is waited for, whoever of printer and job tells it; an order is not")
    func heldForPaper() {
        func held(_ reasons: [String]) -> Event { job(.held, 0, reasons: reasons) }
        let done: [(Int, Event)] = [(16_000, job(.processing, 1)), (18_000, job(.completed, 3))]
        for reasons in [["resources-are-not-ready"], ["printer-stopped-partly", "resources-are-not-ready"]] {
            let story = ends(sent + [(500, held(reasons))] + done)
            #expect(story.cancelledAt == nil && story.outcome?.verdict == .printed, "\(reasons)")
        }
        // The printer says what it lacks, and the job says nothing; a moment passes after the refill.
        let waiting: [(Int, Event)] = (1...30).map { (500 * $0, held([])) }
        let story = ends(
            sent + [(400, seen(nil, .documentPrinterPaperOut))] + waiting + [(15_000, seen(nil)), (15_500, held([]))]
                + done)
        #expect(story.cancelledAt == nil && story.outcome?.verdict == .printed)
        for order in [
            "job-hold-until-specified", "job-held-for-review", "job-password-wait", "job-delay-output-until-specifie",
            "cups-held-for-authentication",
        ] {
            let ordered: [(Int, Event)] = [
                (400, seen(nil, .documentPrinterPaperOut)), (500, held([order, "resources-are-not-ready"])),
            ]
            #expect(ends(sent + ordered).cancelledAt == 2_000, "\(order)")
        }
        #expect(ends(sent + [(500, held([]))]).cancelledAt == 2_000)
    }

    @Test("whatever is seen, it ends in bounded time, and never calls printed what was not counted")
    func anyStory() {
        var random = SeededGenerator()
        let states: [JobReport.State] = [
            .pending, .held, .processing, .stopped, .canceled, .aborted, .completed, .unknown,
        ]
        for _ in 0..<2_000 {
            let route = [.printer, openQueue, closedQueue].randomElement(using: &random) ?? .printer
            var story: [(Int, Event)] = [(0, .sendingBegan)]
            for _ in 0..<Int.random(in: 0...25, using: &random) {
                let at = Int.random(in: 0...200, using: &random) * 250
                let state = states.randomElement(using: &random) ?? .unknown
                let counted: Int? = Bool.random(using: &random) ? Int.random(in: 0...3, using: &random) : nil
                let event: Event
                switch Int.random(in: 0...9, using: &random) {
                case 0: event = .sent
                case 1: event = .sendingBroke("EPIPE", bytes: Int.random(in: 0...9, using: &random))
                case 2: event = .jobMissing
                case 3: event = queue(state)
                case 4: event = .queueJobMissing
                case 5: event = silence
                case 6:
                    event = seen(
                        Int.random(in: 0...99, using: &random),
                        [nil, .documentPrinterJam].randomElement(using: &random) ?? nil)
                default: event = job(state, counted)
                }
                story.append((at, event))
            }
            let (outcome, at, _) = ends(route, story.sorted { $0.0 < $1.0 }, until: 200_000)
            #expect(outcome != nil, "seed \(random.seed)")
            #expect(at <= 120_000, "seed \(random.seed)")
            let counts = story.compactMap { moment, event in
                if moment <= at, case .job(let report) = event { report.impressions } else { nil }
            }
            let mostCounted = counts.max() ?? 0
            if outcome?.verdict == .printed {
                #expect(mostCounted >= 3 && outcome?.rung == .impressions, "seed \(random.seed)")
            }
            if outcome?.verdict == .notPrinted {
                #expect(mostCounted == 0 || outcome?.rung == .notStarted, "seed \(random.seed)")
            }
        }
    }
}

@Suite("several jobs of one name")
struct JobReportTests {
    @Test("count together, and are under way as long as one of them is")
    func together() {
        let first = JobReport(id: 1, state: .canceled, impressions: 1)
        let second = JobReport(id: 2, state: .completed, impressions: 3)
        #expect(JobReport.together([]) == nil)
        #expect(JobReport.together([first])?.impressions == 1)
        let whole = JobReport.together([second, first])
        #expect(whole?.id == 2 && whole?.state == .completed && whole?.impressions == 4)
        let active = JobReport.together([
            JobReport(id: 3, state: .canceled, impressions: 0), JobReport(id: 1, state: .processing),
        ])
        #expect(active?.state == .processing && active?.impressions == 0)
    }
}
