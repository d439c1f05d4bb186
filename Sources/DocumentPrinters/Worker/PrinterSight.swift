import HallModel

/// What one look at a printer showed: at the one who takes the jobs, and at the printer behind a queue where that can be
/// asked too.
struct PrinterSight: Sendable {
    var report: PrinterReport
    /// The printer behind the queue; `nil` where there is none, or none that can be asked.
    var printer: PrinterReport?
    /// The queue leads to a printer that does not answer.
    var printerMissing: String?

    /// Whose word about paper and toner counts: a queue's own is as old as its last job.
    private var speaker: PrinterReport { printer ?? report }

    /// What keeps it from printing.
    func hindrance(of device: String) -> Problem? { finding.map { $0.problem(of: device) } }

    func status(of device: String, isPrinting: Bool) -> DeviceStatus {
        let condition = PrinterCondition(speaker)
        let model = speaker.model ?? report.model
        if let finding {
            return DeviceStatus(
                finding.state, paper: condition.paper, problem: finding.problem(of: device), model: model)
        }
        let isBusy = isPrinting || speaker.state == .processing
        return DeviceStatus(
            isBusy ? .busy : .online, paper: condition.paper, problem: condition.warning?.problem(of: device),
            model: model)
    }

    private var finding: PrinterCondition.Finding? {
        if let printerMissing {
            return PrinterCondition.Finding(code: .documentPrinterMissing, state: .noDevice, evidence: printerMissing)
        }
        let own = PrinterCondition(report).hindrance
        guard let printer else { return own }
        // Of the queue only what the printer cannot know: that somebody stopped it.
        if let own, own.code == .documentPrinterPaused || own.code == .documentPrinterFault { return own }
        return PrinterCondition(printer).hindrance
    }
}

extension PrinterCondition.Finding {
    fileprivate func problem(of device: String) -> Problem { Problem(code, device: device, evidence: evidence) }
}
