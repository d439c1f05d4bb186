import HallModel

/// What the reasons of a printer mean for the hall.
struct PrinterCondition: Sendable, Equatable {
    /// The most urgent thing that keeps it from printing; `nil` when it prints.
    var hindrance: Finding?
    /// It prints, and will need something soon.
    var warning: Finding?
    var paper: PaperState?

    struct Finding: Sendable, Equatable {
        var code: ProblemCode
        var state: DeviceState
        /// The printer's own word.
        var evidence: String
    }

    fileprivate struct Rule {
        var keyword: String
        var code: ProblemCode
        var state: DeviceState
        var paper: PaperState?

        init(_ keyword: String, _ code: ProblemCode, _ state: DeviceState, _ paper: PaperState? = nil) {
            (self.keyword, self.code, self.state, self.paper) = (keyword, code, state, paper)
        }
    }

    /// RFC 8011 5.4.12 and PWG 5100.9. The most urgent ones first; matched by their beginnings, because some printers cut
    /// keywords at 31 characters, suffix and all. Severity suffixes say nothing: an empty tray is told as `-report` when the
    /// printer is idle and as `-warning` when a job waits for it.
    private static let rules: [Rule] = [
        Rule("media-jam", .documentPrinterJam, .hardwareError, .jammed),
        Rule("cover-open", .documentPrinterCoverOpen, .userError),
        Rule("door-open", .documentPrinterCoverOpen, .userError),
        Rule("interlock-open", .documentPrinterCoverOpen, .userError),
        Rule("input-tray-missing", .documentPrinterCoverOpen, .userError),
        Rule("output-tray-missing", .documentPrinterCoverOpen, .userError),
        Rule("media-empty", .documentPrinterPaperOut, .userError, .out),
        Rule("media-needed", .documentPrinterPaperOut, .userError, .out),
        Rule("output-area-full", .documentPrinterOutputFull, .userError),
        Rule("toner-empty", .documentPrinterSupplyEmpty, .hardwareError),
        Rule("marker-supply-empty", .documentPrinterSupplyEmpty, .hardwareError),
        Rule("marker-supply-missing", .documentPrinterSupplyEmpty, .hardwareError),
        Rule("developer-empty", .documentPrinterSupplyEmpty, .hardwareError),
        Rule("opc-life-over", .documentPrinterSupplyEmpty, .hardwareError),
        Rule("marker-waste-full", .documentPrinterFault, .hardwareError),
        Rule("fuser-over-temp", .documentPrinterFault, .hardwareError),
        Rule("spool-area-full", .documentPrinterFault, .hardwareError),
        Rule("paused", .documentPrinterPaused, .offline),
        Rule("moving-to-paused", .documentPrinterPaused, .offline),
        // `cupsdisable --hold`: what is sent lies in the queue until somebody releases it.
        Rule("hold-new-jobs", .documentPrinterPaused, .offline),
        Rule("offline", .documentPrinterMissing, .offline),
        Rule("shutdown", .documentPrinterMissing, .offline),
        Rule("timed-out", .documentPrinterMissing, .offline),
    ]
    private static let warnings: [Rule] = [
        Rule("media-low", .documentPrinterSupplyLow, .online, .low),
        Rule("marker-supply-low", .documentPrinterSupplyLow, .online),
        Rule("toner-low", .documentPrinterSupplyLow, .online),
        Rule("developer-low", .documentPrinterSupplyLow, .online),
        Rule("opc-near-eol", .documentPrinterSupplyLow, .online),
        Rule("marker-waste-almost-full", .documentPrinterSupplyLow, .online),
        Rule("output-area-almost-full", .documentPrinterSupplyLow, .online),
    ]

    init(_ report: PrinterReport) {
        hindrance = Self.first(of: Self.rules, in: report.reasons).map(Finding.init)
        if hindrance == nil, !report.acceptsJobs {
            hindrance = Finding(
                code: .documentPrinterPaused, state: .offline, evidence: "printer-is-accepting-jobs false")
        }
        // A rule of the queue's, or of the printer's: each job would be held.
        if hindrance == nil, let until = report.holdsJobsUntil {
            hindrance = Finding(
                code: .documentPrinterPaused, state: .offline, evidence: "job-hold-until-default \(until)")
        }
        // Stopped, and no reason that we know: the printer says that it cannot go on by itself. A stop that comes with a
        // mere warning is one too.
        if hindrance == nil, report.state == .stopped {
            let words = (["printer-state stopped"] + report.reasons.prefix(4)).joined(separator: ", ")
            hindrance = Finding(code: .documentPrinterFault, state: .hardwareError, evidence: words)
        }
        let soon = Self.first(of: Self.warnings, in: report.reasons)
        warning = soon.map(Finding.init)
        let papers = (Self.rules + Self.warnings).compactMap { rule in
            report.reasons.contains { Self.matches($0, rule.keyword) } ? rule.paper : nil
        }
        paper = papers.first ?? .full
    }

    private static func first(of rules: [Rule], in reasons: [String]) -> (Rule, String)? {
        for rule in rules {
            if let reason = reasons.first(where: { matches($0, rule.keyword) }) { return (rule, reason) }
        }
        return nil
    }

    /// `media-empty`, `media-empty-error`, `media-empty-warning`, and keywords that were cut.
    private static func matches(_ reason: String, _ keyword: String) -> Bool { reason.hasPrefix(keyword) }
}

extension PrinterCondition.Finding {
    fileprivate init(_ match: (PrinterCondition.Rule, String)) {
        self.init(code: match.0.code, state: match.0.state, evidence: match.1)
    }
}
