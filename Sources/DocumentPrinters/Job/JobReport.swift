import HallModel

/// What a printer or a queue says of a job (Get-Job-Attributes, Get-Jobs).
struct JobReport: Sendable, Equatable {
    enum State: Sendable, Equatable {
        case pending, held, processing, stopped, canceled, aborted, completed, unknown

        var hasEnded: Bool { self == .canceled || self == .aborted || self == .completed }
    }

    static let attributeNames = [
        "job-id", "job-name", "job-originating-user-name", "job-state", "job-state-reasons",
        "job-impressions-completed", "time-at-processing",
    ]
    /// Jobs of one list.
    static let listLimit: Int32 = 100

    var id: Int32
    /// `nil` where the printer keeps it to itself.
    var name: String?
    var owner: String?
    var state = State.unknown
    var reasons: [String] = []
    /// Sides of paper that are done; `nil` where the printer does not count.
    var impressions: Int?
    /// The printer says that it has never begun with it.
    var wasNeverBegun = false

    init(id: Int32, state: State, impressions: Int? = nil) {
        self.id = id
        self.state = state
        self.impressions = impressions
    }

    init?(_ group: IPPAnswer.Group) {
        guard let id = group.integer("job-id"), let id = Int32(exactly: id) else { return nil }
        self.id = id
        name = group.texts("job-name").first
        owner = group.texts("job-originating-user-name").first
        state =
            switch group.integer("job-state") {
            case 3: .pending
            case 4: .held
            case 5: .processing
            case 6: .stopped
            case 7: .canceled
            case 8: .aborted
            case 9: .completed
            default: .unknown
            }
        reasons = group.texts("job-state-reasons").prefix(16).compactMap(PlainText.keyword).filter { $0 != "none" }
        impressions = group.integer("job-impressions-completed").map { max(0, $0) }
        wasNeverBegun = group.values["time-at-processing"] == IPPAnswer.Value.none
    }

    /// RFC 8011 5.3.8, PWG 5100.7 and 5100.11, and CUPS's own. By their beginnings, as some printers cut them at 31 characters.
    private static let orders = [
        "job-hold-until-specified", "job-held-", "job-password-wait", "job-release-wait", "job-delay-output-until",
        "cups-held-",
    ]
    private static let waits = ["resources-are-not-ready", "printer-stopped", "job-data-insufficient"]

    /// It is held until somebody, or a time that somebody set, releases it.
    var isHeldByOrder: Bool { hasReason(of: Self.orders) }

    /// It is held until the printer has what it needs: paper of its kind, the rest of the document.
    var isHeldForPrinter: Bool { hasReason(of: Self.waits) }

    private func hasReason(of beginnings: [String]) -> Bool {
        reasons.contains { reason in beginnings.contains { reason.hasPrefix($0) } }
    }

    /// It ends, and paper may still be moving.
    var isStillStopping: Bool { reasons.contains("processing-to-stop-point") }
}

extension JobReport {
    /// Several jobs of one name: a queue that had to begin anew leaves the earlier one with the printer. Together they are
    /// as much under way as any of them, and have put out what all of them have.
    static func together(_ jobs: [JobReport]) -> JobReport? {
        guard var whole = jobs.max(by: { $0.id < $1.id }) else { return nil }
        for job in jobs where job.id != whole.id {
            if let counted = job.impressions { whole.impressions = (whole.impressions ?? 0) + counted }
            if !job.wasNeverBegun { whole.wasNeverBegun = false }
            if whole.state.hasEnded, !job.state.hasEnded || job.state == .completed { whole.state = job.state }
        }
        return whole
    }
}
