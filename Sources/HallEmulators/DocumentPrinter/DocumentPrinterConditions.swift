/// What can be wrong with the printer itself; several at once are possible.
public enum DocumentPrinterCondition: String, Sendable, Codable, CaseIterable {
    case jam, doorOpen, coverOpen, outputFull, paused
}

/// The cartridge.
public enum DocumentPrinterToner: String, Sendable, Codable, CaseIterable { case full, low, empty }

/// What can happen in the middle of a job, once so many sheets have come out.
public enum DocumentPrinterEvent: String, Sendable, Codable, CaseIterable {
    case paperOut, jam, doorOpen, coverOpen, tonerEmpty, outputFull, paused
    /// The plug is pulled: jobs are forgotten, the sheet under way stays inside.
    case power
    /// Somebody cancels the job at the printer's panel.
    case canceled
    /// The printer gives the job up.
    case aborted
}

/// The ways in which the printer's answers can go wrong, and what stands between it and the kiosk.
public enum DocumentPrinterFault: String, Sendable, Codable, CaseIterable {
    case none
    /// Pages take ten times as long, and each answer 3 s.
    case slow
    /// Requests are taken and never answered.
    case silent
    /// One octet in twenty of an answer is another one.
    case garbled
    /// Answers that are no IPP at all.
    case badBytes
    /// Answers carry another request's id.
    case wrongRequestID
    /// Answers end in their middle, and the connection with them.
    case truncated
    /// An answer that never ends.
    case endless
    case status500, status503
    /// Nobody answers at the printer's address; it goes on printing what it has.
    case gone
}

/// How honest the printer is about what it printed.
public enum DocumentPrinterHonesty: String, Sendable, Codable, CaseIterable {
    case honest
    /// Half of a job comes out; the job is completed and says how many impressions there were.
    case fewerImpressions
    /// Half of a job comes out; the job is completed and claims all impressions.
    case claimsAll
}

/// A sheet that came out.
public struct PrintedSheet: Sendable, Codable, Equatable, Identifiable {
    /// `sheet-N`
    public var id: String
    public var job: Int
    public var jobName: String
    /// Pages on it, front first, counted from 1.
    public var pages: [Int]
    /// From its beginning to its end; a sheet that power or a jam caught is not.
    public var isComplete: Bool
    /// Which stored document it shows; not part of the interface.
    var document: Int

    enum CodingKeys: String, CodingKey { case id, job, jobName, pages, isComplete, document }
}

/// A job as the desk sees it.
public struct DocumentJobEntry: Sendable, Codable, Equatable {
    public var id: Int
    public var name: String
    /// `pending`, `processing`, `stopped`, `canceled`, `aborted` or `completed`
    public var state: String
    /// `nil` until the document has been read.
    public var impressions: Int?
    public var impressionsCompleted: Int
    public var sheetsCompleted: Int
}

/// What the A4 printer looks like from outside.
public struct DocumentPrinterSnapshot: Sendable, Codable, Equatable {
    /// `idle`, `processing` or `stopped`
    public var state: String
    /// `printer-state-reasons`
    public var reasons: [String]
    /// `on` or `off`
    public var power: String
    /// Sheets in the tray.
    public var paper: Int
    public var toner: DocumentPrinterToner
    public var conditions: [DocumentPrinterCondition]
    public var fault: DocumentPrinterFault
    /// Answers that the fault will still spoil; `nil`: all.
    public var remaining: Int?
    public var honesty: DocumentPrinterHonesty
    public var forgetsJobs: Bool
    public var namesSeverity: Bool
    /// Where in a job the next event waits, if one does.
    public var eventAfter: EventAfter?
    public var jobs: [DocumentJobEntry]
    /// Sheets that lie in the output tray, oldest first.
    public var output: [PrintedSheet]
    /// A sheet is on its way, or stuck.
    public var sheetInPath: Bool
    /// Sheets that came out since the start.
    public var sheetsPrinted: Int
    public var connections: Int
    /// Seconds since power-on.
    public var upTimeSeconds: Int
    /// Times that Identify-Printer was asked for.
    public var identified: Int

    public struct EventAfter: Sendable, Codable, Equatable {
        public var sheets: Int
        public var event: DocumentPrinterEvent

        public init(sheets: Int, event: DocumentPrinterEvent) {
            self.sheets = sheets
            self.event = event
        }
    }
}
