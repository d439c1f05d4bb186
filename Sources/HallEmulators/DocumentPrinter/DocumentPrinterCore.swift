/// The A4 printer as a pure state machine: paper, toner, jobs, and sheets that take their time. No sockets, no clock, no
/// pictures. Times are seconds of the machine's clock.
struct DocumentPrinterCore {
    /// The sheet that was fed and has not come out yet.
    struct SheetUnderWay {
        var job: Int
        var number: Int
        var plan: DocumentJob.Plan
        var comesOutAt: Double
    }

    static let trayCapacity = 250
    static let outputCapacity = 150
    static let jobLimit = 30
    /// How long a job waits for its next document (`multiple-operation-time-out`).
    static let operationTimeoutSeconds = 60.0
    static let secondsPerImpression = 2.4

    var paper = Self.trayCapacity
    var toner = DocumentPrinterToner.full
    var conditions: Set<DocumentPrinterCondition> = []
    var honesty = DocumentPrinterHonesty.honest
    var isSlow = false
    /// Jobs that are over are forgotten at once.
    var forgetsJobs = false
    /// Reasons carry `-error` or `-warning`, as RFC 8011 lets a printer choose.
    var namesSeverity = true
    var eventAfter: DocumentPrinterSnapshot.EventAfter?

    private(set) var isPowered = true
    private(set) var poweredAt: Double
    /// When state or reasons last became others.
    private(set) var changedAt: Double
    private var shown: (IPPPrinterState, [String]) = (.idle, ["none"])
    private(set) var jobs: [DocumentJob] = []
    private(set) var underWay: SheetUnderWay?
    private(set) var output: [PrintedSheet] = []
    /// Sheets that were taken, for a second look.
    private(set) var taken: [PrintedSheet] = []
    private(set) var sheetsPrinted = 0
    private(set) var lostPower = false
    var identified = 0
    private var nextJob = 1
    private let timeScale: Double

    init(timeScale: Double, now: Double) {
        self.timeScale = timeScale
        poweredAt = now
        changedAt = now
    }

    // MARK: Jobs

    /// A new job, without documents yet.
    mutating func createJob(name: String, user: String, uuid: String, isOpen: Bool, now: Double) -> Int {
        let job = DocumentJob(
            id: nextJob, name: name, user: user, uuid: uuid, createdAt: now, isOpen: isOpen, lastHeard: now)
        nextJob += 1
        jobs.append(job)
        if jobs.count > Self.jobLimit, let old = jobs.firstIndex(where: { $0.state.isOver }) { jobs.remove(at: old) }
        return job.id
    }

    /// Too many jobs wait already.
    var isBusy: Bool { jobs.count { !$0.state.isOver } >= Self.jobLimit }

    func job(_ id: Int) -> DocumentJob? { jobs.first { $0.id == id } }

    mutating func change(_ id: Int, _ body: (inout DocumentJob) -> Void) {
        guard let index = jobs.firstIndex(where: { $0.id == id }) else { return }
        body(&jobs[index])
    }

    /// A document of a job was read: so many pages.
    mutating func documentRead(_ document: Int, pages: Int, now: Double) {
        for job in jobs.indices {
            for part in jobs[job].parts.indices where jobs[job].parts[part].document == document {
                jobs[job].parts[part].pages = pages
            }
        }
        advance(now: now)
    }

    /// A document cannot be read: its job is given up.
    mutating func documentRefused(_ document: Int, now: Double) {
        for job in jobs where job.parts.contains(where: { $0.document == document }) {
            end(job.id, .aborted, "document-format-error", now: now)
        }
        advance(now: now)
    }

    /// Ends a job. A sheet under way comes out all the same. False when there is no such job or it is over.
    @discardableResult
    mutating func end(_ id: Int, _ state: IPPJobState, _ reason: String, now: Double) -> Bool {
        guard let index = jobs.firstIndex(where: { $0.id == id }), !jobs[index].state.isOver else { return false }
        jobs[index].state = state
        jobs[index].reasons = [reason]
        jobs[index].completedAt = now
        jobs[index].isOpen = false
        if forgetsJobs { jobs.remove(at: index) }
        return true
    }

    /// The job that prints, or would if the printer did not stand still.
    var activeJob: DocumentJob? {
        jobs.first { [.processing, .stopped].contains($0.state) } ?? jobs.first { $0.state == .pending && $0.isReady }
    }

    // MARK: Time

    /// When something will happen by itself; `nil` when nothing will.
    var nextDue: Double? {
        guard isPowered, !isHalted else { return nil }
        return underWay?.comesOutAt
    }

    /// Nothing moves, whatever lies in the path.
    private var isHalted: Bool { !conditions.isDisjoint(with: [.jam, .doorOpen, .coverOpen]) }

    /// No next sheet is fed.
    private var isBlocked: Bool {
        isHalted || paper == 0 || toner == .empty || output.count >= Self.outputCapacity
            || !conditions.isDisjoint(with: [.outputFull, .paused])
    }

    /// Lets pass what has passed until now.
    mutating func advance(now: Double) {
        guard isPowered else { return }
        closeForgottenJobs(now: now)
        var feedsAt = now
        while isPowered, !isHalted {
            if let sheet = underWay {
                guard sheet.comesOutAt <= now else { break }
                feedsAt = sheet.comesOutAt
                comeOut(sheet, now: sheet.comesOutAt)
            } else if !feed(at: feedsAt) {
                break
            }
        }
        markStops()
        if shown != (state, reasons) {
            shown = (state, reasons)
            changedAt = now
        }
    }

    private mutating func closeForgottenJobs(now: Double) {
        for job in jobs where job.isOpen && now - job.lastHeard > Self.operationTimeoutSeconds {
            if job.parts.isEmpty {
                end(job.id, .aborted, "aborted-by-system", now: now)
            } else {
                change(job.id) { $0.isOpen = false }
            }
        }
    }

    /// Begins the next sheet; false when there is none, or none can be fed.
    private mutating func feed(at time: Double) -> Bool {
        guard !isBlocked, let job = activeJob else { return false }
        let number = job.sheetsCompleted
        guard let plan = job.plan(sheet: number), !liesNow(job) else {
            finish(job, at: time)
            return true
        }
        paper -= 1
        change(job.id) { job in
            job.state = .processing
            job.reasons = ["job-printing"]
            if job.processingAt == nil { job.processingAt = time }
        }
        let seconds = isSlow ? max(0.5, timeScale) * 10 : timeScale
        underWay = SheetUnderWay(
            job: job.id, number: number, plan: plan,
            comesOutAt: time + Double(plan.pages.count) * Self.secondsPerImpression * seconds)
        return true
    }

    /// Half of the sheets are out, and a printer that lies stops here.
    private func liesNow(_ job: DocumentJob) -> Bool {
        honesty != .honest && job.sheetsCompleted >= (job.sheets ?? 0) / 2
    }

    private mutating func finish(_ job: DocumentJob, at time: Double) {
        if honesty == .claimsAll, let all = job.impressions, let sheets = job.sheets {
            change(job.id) { job in
                job.impressionsCompleted = all
                job.sheetsCompleted = sheets
            }
        }
        if job.processingAt == nil { change(job.id) { $0.processingAt = time } }
        end(job.id, .completed, "job-completed-successfully", now: time)
    }

    private mutating func comeOut(_ sheet: SheetUnderWay, now: Double) {
        underWay = nil
        stack(sheet, isComplete: true)
        change(sheet.job) { job in
            job.impressionsCompleted += sheet.plan.pages.count
            job.sheetsCompleted += 1
        }
        if let event = eventAfter {
            if event.sheets > 1 {
                eventAfter?.sheets -= 1
            } else {
                eventAfter = nil
                happen(event.event, to: sheet.job, now: now)
            }
        }
        if let job = job(sheet.job), job.plan(sheet: job.sheetsCompleted) == nil { finish(job, at: now) }
    }

    private mutating func stack(_ sheet: SheetUnderWay, isComplete: Bool) {
        sheetsPrinted += 1
        output.append(
            PrintedSheet(
                id: "sheet-\(sheetsPrinted)", job: sheet.job, jobName: job(sheet.job)?.name ?? "",
                pages: sheet.plan.pages, isComplete: isComplete, document: sheet.plan.document))
    }

    private mutating func happen(_ event: DocumentPrinterEvent, to job: Int, now: Double) {
        switch event {
        case .paperOut: paper = 0
        case .jam:
            conditions.insert(.jam)
            feedInto(now)
        case .doorOpen: conditions.insert(.doorOpen)
        case .coverOpen: conditions.insert(.coverOpen)
        case .tonerEmpty: toner = .empty
        case .outputFull: conditions.insert(.outputFull)
        case .paused: conditions.insert(.paused)
        case .power:
            feedInto(now)
            setPower(false, now: now)
            lostPower = true
        case .canceled: end(job, .canceled, "job-canceled-at-device", now: now)
        case .aborted: end(job, .aborted, "aborted-by-system", now: now)
        }
    }

    /// The next sheet has just been fed when it happens, and is caught in the rollers.
    private mutating func feedInto(_ now: Double) {
        guard let active = activeJob, let plan = active.plan(sheet: active.sheetsCompleted), paper > 0 else { return }
        paper -= 1
        underWay = SheetUnderWay(job: active.id, number: active.sheetsCompleted, plan: plan, comesOutAt: now)
    }

    /// Whether the power went since last asked.
    mutating func takeLostPower() -> Bool {
        defer { lostPower = false }
        return lostPower
    }

    private mutating func markStops() {
        for index in jobs.indices where !jobs[index].state.isOver {
            let hasBegun = jobs[index].processingAt != nil
            if hasBegun {
                let stands = underWay == nil ? isBlocked : isHalted
                jobs[index].state = stands ? .stopped : .processing
                jobs[index].reasons = [stands ? "printer-stopped" : "job-printing"]
            } else if jobs[index].isOpen {
                jobs[index].reasons = ["job-incoming"]
            } else {
                jobs[index].reasons = [isBlocked ? "printer-stopped" : "none"]
            }
        }
    }

    // MARK: What people do to it

    mutating func setPaper(_ sheets: Int, now: Double) {
        paper = max(0, min(sheets, Self.trayCapacity))
        advance(now: now)
    }

    mutating func set(_ condition: DocumentPrinterCondition, _ isSo: Bool, now: Double) {
        if isSo {
            conditions.insert(condition)
        } else if conditions.remove(condition) != nil, !isHalted, condition != .paused, condition != .outputFull {
            // Whoever freed the path took the sheet out of it: it is printed again.
            underWay = nil
        }
        advance(now: now)
    }

    mutating func setToner(_ toner: DocumentPrinterToner, now: Double) {
        self.toner = toner
        advance(now: now)
    }

    mutating func setPower(_ on: Bool, now: Double) {
        guard on != isPowered else { return }
        isPowered = on
        if on {
            poweredAt = now
            // A sheet that stood in the path is driven out, as it was caught.
            if let sheet = underWay { stack(sheet, isComplete: false) }
            underWay = nil
        } else {
            jobs.removeAll()
            nextJob = 1
        }
    }

    /// Takes what lies in the output tray.
    mutating func takePapers(now: Double) {
        taken = Array((taken + output).suffix(Self.outputCapacity))
        output.removeAll()
        conditions.remove(.outputFull)
        advance(now: now)
    }

    func sheet(_ id: String) -> PrintedSheet? { (output + taken).first { $0.id == id } }

    /// Documents that a job or a sheet still shows.
    var documentsInUse: Set<Int> {
        Set(jobs.flatMap { $0.parts.map(\.document) } + (output + taken).map(\.document))
            .union(underWay.map { [$0.plan.document] } ?? [])
    }

    // MARK: States

    var state: IPPPrinterState {
        if isBlocked { return underWay != nil && !isHalted ? .processing : .stopped }
        return underWay != nil || activeJob != nil ? .processing : .idle
    }

    /// `printer-state-reasons`: PWG 5100.9 and RFC 8011 section 5.4.12.
    var reasons: [String] {
        func named(_ reason: String, _ severity: String) -> String { namesSeverity ? "\(reason)-\(severity)" : reason }
        var reasons: [String] = []
        if paper == 0 {
            reasons.append(named("media-empty", "error"))
            if activeJob != nil { reasons.append(named("media-needed", "error")) }
        } else if paper <= 20 {
            reasons.append(named("media-low", "warning"))
        }
        if conditions.contains(.jam) { reasons.append(named("media-jam", "error")) }
        if conditions.contains(.doorOpen) { reasons.append(named("door-open", "error")) }
        if conditions.contains(.coverOpen) { reasons.append(named("cover-open", "error")) }
        if toner == .empty {
            reasons += [named("toner-empty", "error"), named("marker-supply-empty", "error")]
        } else if toner == .low {
            reasons += [named("toner-low", "warning"), named("marker-supply-low", "warning")]
        }
        if conditions.contains(.outputFull) || output.count >= Self.outputCapacity {
            reasons.append(named("output-area-full", "error"))
        }
        if conditions.contains(.paused) { reasons.append("paused") }
        return reasons.isEmpty ? ["none"] : reasons
    }

    var tonerPercent: Int {
        switch toner {
        case .full: 76
        case .low: 8
        case .empty: 0
        }
    }

    func upTime(now: Double) -> Int { max(1, Int(now - poweredAt) + 1) }
}
