import HallModel

/// What a scanner says of itself in `ScannerStatus` (Mopria eSCL 2.97, chapter 9; PWG 5100 state words).
public struct ESCLScannerStatus: Sendable, Equatable {
    /// `Idle`, `Processing`, `Testing`, `Stopped`, `Down`.
    public var state: String?
    /// `ScannerAdfEmpty`, `ScannerAdfLoaded`, `ScannerAdfJam`, …
    public var feeder: String?
    /// The scanner's own reasons, not those of its jobs.
    public var reasons: [String] = []
    /// What it has been asked to scan, by anybody; at most 32.
    public var jobs: [Job] = []

    /// `JobInfo`: one job of the scanner, whoever gave it.
    public struct Job: Sendable, Equatable {
        /// An address or a path: `/eSCL/ScanJobs/17`.
        public var uri = ""
        /// `Pending`, `Processing`, `Completed`, `Canceled`, `Aborted`.
        public var state = ""
        /// Pages that it has scanned so far; `nil` where the scanner does not count.
        public var imagesCompleted: Int?
        /// Seconds since the scanner last worked on it.
        public var ageSeconds: Int?

        /// It keeps the scanner from other jobs.
        var isActive: Bool { state == "Pending" || state == "Processing" }
    }

    /// Reads the document; any bytes may be given, missing elements stay `nil`.
    public init(_ document: some Sequence<UInt8>) {
        for element in XMLElements(document) {
            guard !element.path.contains("Jobs") else {
                readJob(element)
                continue
            }
            guard !element.text.isEmpty else { continue }
            switch element.path.last {
            case "State": state = state ?? PlainText.keyword(element.text)
            case "AdfState": feeder = feeder ?? PlainText.keyword(element.text)
            case "StateReason" where reasons.count < 16: reasons += PlainText.keyword(element.text).map { [$0] } ?? []
            default: continue
            }
        }
    }

    private mutating func readJob(_ element: XMLElements.Element) {
        if element.path.last == "JobInfo" {
            if jobs.count < 32 { jobs.append(Job()) }
            return
        }
        guard let last = jobs.indices.last else { return }
        switch element.path.last {
        case "JobUri": jobs[last].uri = element.text
        case "JobState": jobs[last].state = element.text
        case "ImagesCompleted": jobs[last].imagesCompleted = Int(element.text)
        case "Age": jobs[last].ageSeconds = Int(element.text)
        default: return
        }
    }

    /// Jobs that nobody fetches pages of: active in an earlier status and in this one, and not a page or a sign of life
    /// between. A job of another computer that is being scanned moves on.
    func jobsLeftBehind(since earlier: ESCLScannerStatus) -> [Job] {
        jobs.filter { job in
            guard job.isActive, let before = earlier.jobs.first(where: { $0.uri == job.uri }), before.isActive else {
                return false
            }
            guard job.imagesCompleted == before.imagesCompleted else { return false }
            guard let age = job.ageSeconds, let ageBefore = before.ageSeconds else { return true }
            return age > ageBefore
        }
    }

    /// Paper in the feeder; `nil` where the scanner has none or does not say.
    public var feederIsLoaded: Bool? {
        switch feeder {
        case "ScannerAdfLoaded", "ScannerAdfProcessing": true
        case "ScannerAdfEmpty": false
        default: nil
        }
    }

    /// What keeps it from scanning, in our words. Anything that names a jam or a cover counts: models spell them
    /// in many ways, and few keep to the standard's list.
    public var problem: ProblemCode? {
        let words = ([feeder ?? ""] + reasons).map { $0.lowercased() }
        func named(_ parts: String...) -> Bool { words.contains { word in parts.contains { word.contains($0) } } }
        if named("jam", "mispick", "multipick") { return .scannerJam }
        if named("hatchopen", "dooropen", "coveropen", "cover-open", "door-open", "hatch-open", "interlock") {
            return .scannerCoverOpen
        }
        if state == "Stopped" || state == "Down" { return .scannerFault }
        if named("trayfailed", "overloaded", "tooshort", "toolong") { return .scannerFault }
        return nil
    }

    /// For a technician: the scanner's own words.
    public var evidence: String {
        (["state \(state ?? "unknown")"] + (feeder.map { ["feeder \($0)"] } ?? []) + reasons).joined(separator: ", ")
    }

    /// The same as the core wants it.
    public func deviceStatus(of device: String, model: String?) -> DeviceStatus {
        guard let problem else {
            let isBusy = state == "Processing" || state == "Testing"
            return DeviceStatus(isBusy ? .busy : .online, mediaPresent: feederIsLoaded, model: model)
        }
        return DeviceStatus(
            problem == .scannerFault ? .hardwareError : .userError, paper: problem == .scannerJam ? .jammed : nil,
            problem: Problem(problem, device: device, evidence: evidence), mediaPresent: feederIsLoaded, model: model)
    }
}
