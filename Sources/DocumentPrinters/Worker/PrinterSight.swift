import HallModel

/// What one look at a printer showed: at the one who takes the jobs, and at the printer behind a queue where that can be
/// asked too.
struct PrinterSight: Sendable {
    var report: PrinterReport
    /// The printer behind the queue; `nil` where there is none, or none that can be asked.
    var printer: PrinterReport?
    /// The queue leads to a printer that does not answer.
    var printerMissing: String?

    /// Whose word about paper, covers and toner counts.
    ///
    /// An idle queue's own does not: CUPS keeps the reasons of its last job, "media-empty" too, long after the tray was
    /// filled, and no job would ever come to correct it. Only that somebody stopped the queue is the queue's to tell.
    private var speaker: PrinterReport {
        if let printer { return printer }
        return report.isSpooler && report.state != .processing ? report.aboutQueueOnly : report
    }

    /// What keeps it from printing.
    func hindrance(of device: String) -> Problem? { finding.map { $0.problem(of: device) } }

    func status(of device: String, isPrinting: Bool) -> DeviceStatus {
        let condition = PrinterCondition(speaker)
        let paper = printer == nil && report.isSpooler && report.state != .processing ? .unknown : condition.paper
        let model = speaker.model ?? report.model
        if let finding {
            return DeviceStatus(finding.state, paper: paper, problem: finding.problem(of: device), model: model)
        }
        let isBusy = isPrinting || speaker.state == .processing
        return DeviceStatus(
            isBusy ? .busy : .online, paper: paper, problem: condition.warning?.problem(of: device), model: model)
    }

    private var finding: PrinterCondition.Finding? {
        if let printerMissing {
            return PrinterCondition.Finding(code: .documentPrinterMissing, state: .noDevice, evidence: printerMissing)
        }
        if printer != nil, let stopped = PrinterCondition(report.aboutQueueOnly).hindrance { return stopped }
        return PrinterCondition(speaker).hindrance
    }
}

extension PrinterReport {
    private static let holdsNewJobs = "hold-new-jobs"

    /// What is under way goes on while new jobs are held; a job that is held itself is told by its own state.
    var ofJobUnderWay: PrinterReport {
        var report = self
        report.reasons = reasons.filter { !$0.hasPrefix(Self.holdsNewJobs) }
        report.holdsJobsUntil = nil
        return report
    }

    /// Without what a queue repeats of its printer.
    fileprivate var aboutQueueOnly: PrinterReport {
        var report = self
        let ofQueue = ["paused", "moving-to-paused", Self.holdsNewJobs]
        report.reasons = reasons.filter { reason in ofQueue.contains { reason.hasPrefix($0) } }
        return report
    }
}

extension PrinterCondition.Finding {
    fileprivate func problem(of device: String) -> Problem { Problem(code, device: device, evidence: evidence) }
}
