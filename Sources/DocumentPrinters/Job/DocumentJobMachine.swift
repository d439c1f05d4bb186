import DeviceKit
import HallModel

/// What is certain about one document on its way to paper, and what follows from it. Pure: it is told what was seen and
/// when, and says what is to be done.
///
/// *Printed* needs proof: the printer itself counted as many impressions as pages were sent, and calls the job completed.
/// *Not printed* needs proof too: nothing of it was sent, or the printer itself ended the job and counted none. All else is
/// *unknown* (docs/devices/printing.md).
struct DocumentJobMachine: Sendable {
    /// Who the job was given to.
    enum Route: Sendable, Equatable {
        /// The printer itself.
        case printer
        /// A queue; its printer is asked as well where it can be. `scheme` is for evidence: `ipp`, `socket`, `usb`.
        case queue(asksPrinter: Bool, scheme: String)
    }

    enum Event: Sendable, Equatable {
        /// Some of the document may be on its way.
        case sendingBegan
        case sent
        /// The request was turned away.
        case refused(String)
        /// Sending ended in the middle, after so many bytes of the document.
        case sendingBroke(String, bytes: Int)
        /// The printer's own word about the job.
        case job(JobReport)
        /// The printer answers and does not know a job that it had.
        case jobMissing
        /// The queue's word about the job.
        case queueJob(JobReport)
        case queueJobMissing
        /// The printer's state and, where it was asked itself, its clock.
        case printer(hindrance: Problem?, upTimeSeconds: Int?)
        /// The one whose word counts did not answer.
        case silence(Problem)
        /// Nobody waits for the document any more.
        case abandoned(String)
    }

    enum Step: Sendable, Equatable {
        case wait
        /// The job is to be ended, so that it does not come out for the next person; asked again until it has.
        case cancel
        case end(PrintOutcome)
    }

    private enum Sending: Sendable, Equatable {
        case nothing, begun, all
        case broken(String, bytes: Int)
        case refused(String)
    }

    /// Without an answer for so long, a printer is lost with the job.
    static let lossPatience = Duration.seconds(15)
    /// An ended job may be told a moment before the last of its numbers.
    static let settling = Duration.milliseconds(1_500)
    /// The longest that a cancelled job may take to end.
    static let cancelPatience = Duration.seconds(10)

    private let device: String
    private let pages: Int
    private let route: Route
    private let limit: Duration
    private let handsLimit: Duration

    private var sending = Sending.nothing
    private var job: JobReport?
    private var queueJob: JobReport?
    /// The most that the printer ever counted; `nil` when it does not count.
    private var impressions: Int?
    private var lost: String?
    private var clock = UpTimeWatch()
    private var hindrance: Problem?
    private var lastHindrance: Problem?
    private var silence: (since: Duration, Problem)?
    private var ended: (since: Duration, JobReport.State)?
    private var queueEnded: Duration?
    /// Since when the job is held by an order: somebody's, or a rule's.
    private var held: (since: Duration, JobReport)?
    private var cancelling: (since: Duration, why: Problem)?
    private var lastStep: Duration
    private var worked = Duration.zero
    private var waitedForHands = Duration.zero
    /// Time of a hindrance that no hands at the printer mend.
    private var stood = Duration.zero

    /// - Parameters:
    ///   - limit: the longest that the printer may work on it, and, besides, the longest that it may stand still for what no
    ///     hands at the printer mend.
    ///   - handsLimit: the longest that it may wait for hands: paper, a jam, a cover.
    init(device: String, pages: Int, route: Route, limit: Duration, handsLimit: Duration, now: Duration) {
        self.device = device
        self.pages = pages
        self.route = route
        self.limit = limit
        self.handsLimit = handsLimit
        lastStep = now
    }

    var isQueue: Bool { route != .printer }

    var asksPrinter: Bool {
        if case .queue(asksPrinter: true, _) = route { true } else { false }
    }

    /// Nobody holds anything of the job any more.
    var hasEndedEverywhere: Bool { job?.state.hasEnded != false && (!isQueue || queueJob?.state.hasEnded == true) }

    /// The one who took it has all of it.
    var isSent: Bool { sending == .all }

    // MARK: - What was seen

    mutating func note(_ event: Event, at now: Duration) {
        switch event {
        case .sendingBegan: sending = .begun
        case .sent: sending = .all
        case .refused(let cause): sending = .refused(cause)
        case .sendingBroke(let cause, let bytes): sending = .broken(cause, bytes: bytes)
        case .job(let report): note(report, at: now)
        case .jobMissing:
            silence = nil
            lost = lost ?? "the printer does not know the job any more"
        case .queueJob(let report):
            queueJob = report
            noteHeld(report, at: now)
            if report.state.hasEnded { queueEnded = queueEnded ?? now } else { queueEnded = nil }
        case .queueJobMissing:
            queueEnded = queueEnded ?? now
        case .printer(let hindrance, let upTime):
            silence = nil
            self.hindrance = hindrance
            lastHindrance = hindrance ?? lastHindrance
            if let restarted = clock.note(upTime, at: now) { lost = lost ?? restarted }
        case .silence(let problem):
            hindrance = nil
            silence = (silence?.since ?? now, problem)
        case .abandoned(let cause): cancel(Problem(.documentPrinterFault, device: device, evidence: cause), at: now)
        }
    }

    private mutating func note(_ report: JobReport, at now: Duration) {
        silence = nil
        // What the printer said after it was started anew is about another job of the same number, if anything.
        guard lost == nil else { return }
        job = report
        if !isQueue { noteHeld(report, at: now) }
        if let counted = report.impressions { impressions = max(impressions ?? 0, counted) }
        if !report.state.hasEnded {
            ended = nil
        } else if ended == nil {
            ended = (now, report.state)
        }
    }

    /// A job whose document is still coming is called held as well, and by some printers one that waits for paper: they go
    /// on by themselves. Without any reason told it is an order where nothing keeps the printer from printing.
    private mutating func noteHeld(_ report: JobReport, at now: Duration) {
        let isOrder = report.isHeldByOrder || (hindrance == nil && !report.isHeldForPrinter)
        let isHeld = report.state == .held && isSent && !report.reasons.contains("job-incoming") && isOrder
        held = isHeld ? (held?.since ?? now, report) : nil
    }

    // MARK: - What follows

    mutating func step(at now: Duration) -> Step {
        let passed = now - lastStep
        lastStep = now
        switch hindrance {
        case nil: worked += passed
        case .some where waitsForHands: waitedForHands += passed
        case .some: stood += passed
        }
        if let outcome = outcome(at: now) { return .end(outcome) }
        if cancelling == nil, let why = reasonToCancel(at: now) { cancel(why, at: now) }
        return cancelling == nil ? .wait : .cancel
    }

    private var waitsForHands: Bool { hindrance.map { ProblemCode.mendedAtDocumentPrinter.contains($0.code) } ?? false }

    private mutating func cancel(_ why: Problem, at now: Duration) {
        if cancelling == nil { cancelling = (now, why) }
    }

    private func reasonToCancel(at now: Duration) -> Problem? {
        if case .broken(let cause, _) = sending { return fault(cause) }
        // Whenever it is released, it would come out for a stranger.
        if let held, now - held.since >= Self.settling {
            let words = ["the job is held"] + held.1.reasons.prefix(4)
            return Problem(.documentPrinterPaused, device: device, evidence: words.joined(separator: ", "))
        }
        if let hindrance, waitsForHands ? waitedForHands > handsLimit : stood > limit { return hindrance }
        guard worked > limit else { return nil }
        return lastHindrance ?? fault("the job was not done within \(Int(limit / .seconds(1))) s")
    }

    private func outcome(at now: Duration) -> PrintOutcome? {
        if case .refused(let cause) = sending { return notPrinted(.notStarted, fault(cause)) }
        if let lost { return isOnItsWay ? unknown(lost) : notPrinted(.notStarted, fault(lost)) }
        if let job, job.state.hasEnded, let ended { return outcome(of: job, since: now - ended.since) }
        if let queueEnded, let outcome = outcomeOfQueue(since: now - queueEnded) { return outcome }
        if let silence, now - silence.since > Self.lossPatience {
            return isOnItsWay
                ? unknown(silence.1.evidence) : notPrinted(.notStarted, silence.1)
        }
        guard let cancelling, now - cancelling.since > Self.cancelPatience else { return nil }
        return isOnItsWay
            ? unknown("\(cancelling.why.evidence); the job was cancelled and did not end")
            : notPrinted(.notStarted, cancelling.why)
    }

    /// Something of the document may have been heard.
    private var isOnItsWay: Bool {
        switch sending {
        case .nothing, .refused: false
        case .broken(_, let bytes): bytes > 0
        case .begun, .all: true
        }
    }

    /// By the printer's own word.
    private func outcome(of job: JobReport, since: Duration) -> PrintOutcome? {
        if job.state == .completed, let impressions, impressions >= pages, sending == .all {
            return PrintOutcome(.printed, rung: .impressions)
        }
        // The last numbers may lag, and paper may still move. Whether all of it was heard, the one who is still sending will
        // know: a lost answer is noticed late.
        let isSending = sending == .begun && job.state == .completed
        guard since >= (isSending ? Self.cancelPatience : Self.settling),
            !job.isStillStopping || since > Self.cancelPatience
        else { return nil }
        if job.state == .completed {
            return unknown("the printer calls the job completed", (impressions ?? 0) > 0 ? .impressions : .jobCompleted)
        }
        let how = "the job was \(job.state == .aborted ? "aborted" : "cancelled")"
        let why = cancelling?.why ?? lastHindrance ?? fault(([how] + job.reasons.prefix(4)).joined(separator: ", "))
        if !isOnItsWay { return notPrinted(.notStarted, why) }
        if impressions == 0, !job.isStillStopping { return notPrinted(.impressions, why) }
        if impressions == nil, job.wasNeverBegun { return notPrinted(.notStarted, why) }
        return unknown(cancelling.map { "\(how): \($0.why.evidence)" } ?? ([how] + job.reasons).joined(separator: ", "))
    }

    /// The queue has nothing more to do with it. What the printer says counts, where it can be asked; it may lag behind.
    private func outcomeOfQueue(since: Duration) -> PrintOutcome? {
        if let queueJob, queueJob.state.hasEnded, queueJob.state != .completed, queueJob.wasNeverBegun {
            return notPrinted(
                .notStarted, cancelling?.why ?? fault("the queue dropped the job before it began with it"))
        }
        guard case .queue(let asksPrinter, let scheme) = route else { return nil }
        if asksPrinter {
            // It goes on there, and the printer will say how it ended.
            guard job == nil, since >= Self.settling else { return nil }
            return unknown("\(queueWord), and its printer does not know the job", .jobCompleted)
        }
        guard since >= Self.settling || queueJob?.state == .completed else { return nil }
        return unknown("\(queueWord), which is no proof behind \(scheme):", .jobCompleted)
    }

    private var queueWord: String {
        switch queueJob?.state {
        case .completed: "the queue calls the job completed"
        case .canceled: "the queue cancelled the job\(cancelling.map { " (\($0.why.evidence))" } ?? "")"
        case .aborted: "the queue aborted the job"
        default: "the queue does not know the job any more"
        }
    }

    private func unknown(_ cause: String, _ rung: PrintOutcome.Rung? = nil) -> PrintOutcome {
        let counted = impressions.map { "; \($0) of \(pages) pages were counted" } ?? "; pages were not counted"
        let reached: PrintOutcome.Rung =
            if let rung { rung } else if impressions != nil { .impressions } else { .writeOnly }
        return PrintOutcome(
            .unknown, rung: reached,
            problem: Problem(.documentUnknown, device: device, evidence: cause + counted))
    }

    private func notPrinted(_ rung: PrintOutcome.Rung, _ why: Problem) -> PrintOutcome {
        PrintOutcome(.notPrinted, rung: rung, problem: why)
    }

    private func fault(_ cause: String) -> Problem { Problem(.documentPrinterFault, device: device, evidence: cause) }
}
