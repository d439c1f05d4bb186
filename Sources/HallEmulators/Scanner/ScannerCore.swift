/// The scanner as a pure state machine: sheets, jobs and faults; no time, no pictures, no network.
///
/// Source: the eSCL specification of the Mopria Alliance (jobs, states, answers).
struct ScannerCore {
    enum JobState: String {
        case pending = "Pending"
        case processing = "Processing"
        case completed = "Completed"
        case canceled = "Canceled"
        case aborted = "Aborted"
    }

    struct Job {
        let id: String
        let settings: ESCLScanSettings
        var state = JobState.pending
        var pages = 0
        var isTransferring = false
        /// Seconds of the machine's clock when the client was last heard of.
        var lastHeard: Double
        var isOver: Bool { state == .completed || state == .canceled || state == .aborted }
    }

    enum Creation: Equatable {
        case created(String)
        /// 409: the scanner's state does not allow it (no paper, jam, cover).
        case conflict
        /// 503: another job is under way.
        case busy
    }

    enum NextDocument {
        case page(ScannerSheet?, ESCLScanSettings)
        /// 404: no more pages, or no such job.
        case noMore
        /// 409: the scanner's state does not allow it.
        case conflict
        /// 503: the page before is not through yet.
        case busy
    }

    static let sheetLimit = 50
    static let jobSilenceSeconds = 60.0

    private(set) var tray: [ScannerSheet] = []
    var glass: ScannerSheet?
    private(set) var output: [ScannerSheet] = []
    private(set) var inThePath: ScannerSheet?
    private(set) var jobs: [Job] = []
    private(set) var pagesScanned = 0
    var fault = ScannerFault.none

    // MARK: Paper

    /// Lays a sheet under those in the feeder. False when the feeder is full.
    mutating func append(_ sheet: ScannerSheet) -> Bool {
        guard tray.count < Self.sheetLimit else { return false }
        tray.append(sheet)
        return true
    }

    mutating func emptyTray() { tray.removeAll() }

    /// Takes what came out and what lies on the glass.
    mutating func takeOriginals() {
        output.removeAll()
        glass = nil
    }

    var feederIsBlocked: Bool { [.jam, .coverOpen, .doorOpen, .mispick, .multipick].contains(fault) }

    // MARK: Jobs

    private var activeJob: Int? { jobs.firstIndex { !$0.isOver } }

    mutating func createJob(_ settings: ESCLScanSettings, id: String, now: Double) -> Creation {
        abandonSilentJob(now: now)
        if fault == .busy || activeJob != nil { return .busy }
        if settings.source == .feeder, feederIsBlocked || tray.isEmpty { return .conflict }
        jobs.append(Job(id: id, settings: settings, lastHeard: now))
        if jobs.count > 10 { jobs.removeFirst() }
        return .created(id)
    }

    mutating func nextDocument(_ id: String, now: Double) -> NextDocument {
        guard let index = jobs.firstIndex(where: { $0.id == id }), !jobs[index].isOver else { return .noMore }
        jobs[index].lastHeard = now
        guard !jobs[index].isTransferring else { return .busy }
        let settings = jobs[index].settings
        if settings.source == .platen {
            jobs[index].isTransferring = true
            jobs[index].state = .processing
            return .page(glass, settings)
        }
        if feederIsBlocked {
            jobs[index].state = .aborted
            return .conflict
        }
        guard !tray.isEmpty else {
            jobs[index].state = .completed
            return .noMore
        }
        let sheet = tray.removeFirst()
        inThePath = sheet
        jobs[index].isTransferring = true
        jobs[index].state = .processing
        return .page(sheet, settings)
    }

    /// The page went out to the last byte.
    mutating func finishPage(_ id: String, now: Double) {
        guard let index = jobs.firstIndex(where: { $0.id == id }) else { return }
        pagesScanned += 1
        jobs[index].isTransferring = false
        jobs[index].pages += 1
        jobs[index].lastHeard = now
        if let sheet = inThePath, jobs[index].settings.source == .feeder {
            output.append(sheet)
            inThePath = nil
        }
        // The feeder is looked at when the next page is asked for: the 404 then ends the job.
        if jobs[index].settings.source == .platen, !jobs[index].isOver { jobs[index].state = .completed }
    }

    /// The page did not get through. A sheet that is stuck, or stands in a scanner without power, is taken out by whoever
    /// stands there and laid in again; else the motor runs on, and it comes out: that nobody takes its picture any more is
    /// nothing to the rollers.
    mutating func breakOffPage(_ id: String) {
        guard let index = jobs.firstIndex(where: { $0.id == id }) else { return }
        if let sheet = inThePath, jobs[index].settings.source == .feeder {
            if feederIsBlocked || fault == .gone { tray.insert(sheet, at: 0) } else { output.append(sheet) }
            inThePath = nil
        }
        jobs[index].isTransferring = false
        if !jobs[index].isOver { jobs[index].state = .aborted }
    }

    /// False when there is no such job. A page under way still comes out, into the output tray.
    mutating func cancelJob(_ id: String) -> Bool {
        guard let index = jobs.firstIndex(where: { $0.id == id }) else { return false }
        if !jobs[index].isOver { jobs[index].state = .canceled }
        return true
    }

    /// Whether the page under way may go on.
    func mayContinue(_ id: String) -> Bool {
        guard let job = jobs.first(where: { $0.id == id }), job.state == .processing else { return false }
        // An open cover or a jam stops the whole machine, also the lamp under the glass.
        // A sheet that was not picked stops the feeder only.
        return !feederIsBlocked || (job.settings.source == .platen && [.mispick, .multipick].contains(fault))
    }

    mutating func abandonSilentJob(now: Double) {
        guard let index = activeJob, now - jobs[index].lastHeard > Self.jobSilenceSeconds else { return }
        breakOffPage(jobs[index].id)
    }

    // MARK: States

    /// `pwg:State`
    var state: String {
        if fault == .busy || activeJob != nil { return "Processing" }
        return feederIsBlocked ? "Stopped" : "Idle"
    }

    /// `scan:AdfState`
    var feederState: String {
        switch fault {
        case .jam: "ScannerAdfJam"
        case .coverOpen: "ScannerAdfHatchOpen"
        case .doorOpen: "ScannerAdfDoorOpen"
        case .mispick: "ScannerAdfMispick"
        case .multipick: "ScannerAdfMultipickDetected"
        default: inThePath != nil ? "ScannerAdfProcessing" : tray.isEmpty ? "ScannerAdfEmpty" : "ScannerAdfLoaded"
        }
    }

    var snapshot: ScannerSnapshot {
        func entry(_ sheet: ScannerSheet) -> SheetEntry { SheetEntry(id: sheet.id, name: sheet.name) }
        let isReadingGlass = jobs.contains { $0.isTransferring && $0.settings.source == .platen }
        return ScannerSnapshot(
            tray: tray.map(entry), glass: glass.map(entry), output: output.map(entry), fault: fault,
            scanning: (inThePath ?? (isReadingGlass ? glass : nil)).map(entry),
            originalsPresent: !tray.isEmpty || glass != nil || !output.isEmpty || inThePath != nil,
            pagesScanned: pagesScanned)
    }

    func sheet(_ id: String) -> ScannerSheet? {
        (tray + output + [glass, inThePath].compactMap { $0 }).first { $0.id == id }
    }
}
