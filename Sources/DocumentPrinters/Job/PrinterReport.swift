import DeviceKit
import HallModel

/// What a printer or a queue says of itself (Get-Printer-Attributes).
struct PrinterReport: Sendable, Equatable {
    enum State: Sendable, Equatable { case idle, processing, stopped, unknown }

    static let attributeNames = [
        "printer-state", "printer-state-reasons", "printer-up-time", "printer-make-and-model",
        "printer-is-accepting-jobs", "operations-supported", "document-format-supported", "media-supported",
        "sides-supported", "job-cancel-after-supported", "job-hold-until-default", "printer-type",
        "device-uri",
    ]

    var state = State.unknown
    /// Keywords as they came, without *none*.
    var reasons: [String] = []
    /// Seconds; starts anew with the printer.
    var upTimeSeconds: Int?
    var model: String?
    var acceptsJobs = true
    /// What releases each job that is sent (`job-hold-until-default`, `indefinite` for nothing); `nil` when jobs are not held.
    var holdsJobsUntil: String?
    /// Create-Job and Send-Document are both known.
    var createsJobs = false
    /// Empty where the printer does not say.
    var formats: [String] = []
    var media: [String] = []
    var sides: [String] = []
    var knowsCancelAfter = false
    /// It is a queue of CUPS: `printer-type` and `device-uri` are CUPS's own attributes.
    var isSpooler = false
    /// Where a queue's printer is.
    var deviceURI: String?

    init() {}

    /// Of a queue that could not be asked just now.
    static var silentQueue: PrinterReport {
        var report = PrinterReport()
        report.isSpooler = true
        return report
    }

    init(_ group: IPPAnswer.Group) {
        state =
            switch group.integer("printer-state") {
            case 3: .idle
            case 4: .processing
            case 5: .stopped
            default: .unknown
            }
        reasons = group.texts("printer-state-reasons").prefix(32).compactMap(PlainText.keyword)
            .filter { $0 != "none" }
        upTimeSeconds = group.integer("printer-up-time")
        model = group.texts("printer-make-and-model").first.flatMap(PlainText.line)
        acceptsJobs = group.integer("printer-is-accepting-jobs") != 0
        holdsJobsUntil = group.texts("job-hold-until-default").first.flatMap(PlainText.line)
            .flatMap { $0 == "no-hold" ? nil : $0 }
        let operations = Set(group.integers("operations-supported"))
        createsJobs =
            operations.contains(IPPRequest.Operation.createJob.rawValue)
            && operations.contains(IPPRequest.Operation.sendDocument.rawValue)
        formats = group.texts("document-format-supported")
        media = group.texts("media-supported")
        sides = group.texts("sides-supported")
        knowsCancelAfter = group.values["job-cancel-after-supported"] != nil
        deviceURI = group.texts("device-uri").first
        isSpooler = deviceURI != nil || group.values["printer-type"] != nil
    }

    /// Why it cannot take our documents at all, whatever its state; `nil` when it can.
    func refusal(of settings: DocumentPrinterSettings) -> String? {
        func lacks(_ list: [String], _ wanted: String) -> Bool {
            !list.isEmpty && !list.contains { $0.lowercased() == wanted.lowercased() }
        }
        func listed(_ list: [String]) -> String {
            list.prefix(6).compactMap { PlainText.line($0) }.joined(separator: ", ") + (list.count > 6 ? ", …" : "")
        }
        if lacks(formats, IPPRequest.pdf) {
            return
                "the printer takes no \(IPPRequest.pdf), only \(listed(formats)); use a queue of CUPS, which converts"
        }
        if lacks(media, settings.media) { return "the printer has no \(settings.media), only \(listed(media))" }
        if lacks(sides, settings.sides) { return "the printer cannot print \(settings.sides), only \(listed(sides))" }
        return nil
    }
}
