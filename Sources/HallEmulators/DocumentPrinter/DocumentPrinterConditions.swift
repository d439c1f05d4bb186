/// What can be wrong with the printer itself; several at once are possible.
public enum DocumentPrinterCondition: String, Sendable, Codable, CaseIterable {
    /// A sheet is stuck (`media-jam`): nothing moves.
    case jam
    /// `door-open`: nothing moves.
    case doorOpen
    /// `cover-open`: nothing moves.
    case coverOpen
    /// `output-area-full`: no next sheet is fed. Taking the papers ends it.
    case outputFull
    /// Somebody stopped the printer: no next sheet is fed.
    case paused
}

/// The cartridge.
public enum DocumentPrinterToner: String, Sendable, Codable, CaseIterable {
    /// 76 % of its level.
    case full
    /// 8 %, told as `toner-low` and `marker-supply-low`: it still prints.
    case low
    /// Told as `toner-empty` and `marker-supply-empty`: no next sheet is fed.
    case empty
}

/// What can happen in the middle of a job, once so many sheets have come out.
public enum DocumentPrinterEvent: String, Sendable, Codable, CaseIterable {
    /// The tray is empty from here on.
    case paperOut
    /// The next sheet is caught in the rollers.
    case jam
    case doorOpen, coverOpen, tonerEmpty, outputFull, paused
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
    /// HTTP 500 in place of an answer, and HTTP 503.
    case status500, status503
    /// Nobody answers at the printer's address; it goes on printing what it has.
    case gone
}

/// How honest the printer is about what it printed.
public enum DocumentPrinterHonesty: String, Sendable, Codable, CaseIterable {
    /// It counts what came out.
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
    /// Id of the job that it belongs to; ids begin anew at 1 after power-on.
    public var job: Int
    /// `job-name` as the client gave it.
    public var jobName: String
    /// Pages on it, front first, counted from 1.
    public var pages: [Int]
    /// From its beginning to its end; a sheet that power or a jam caught is not.
    public var isComplete: Bool
    /// Which stored document it shows; not part of the interface.
    var document = 0

    enum CodingKeys: String, CodingKey { case id, job, jobName, pages, isComplete }
}

/// A job as the desk sees it.
public struct DocumentJobEntry: Sendable, Codable, Equatable {
    /// `job-id`, from 1.
    public var id: Int
    /// `job-name` as the client gave it.
    public var name: String
    /// `pending`, `processing`, `stopped`, `canceled`, `aborted` or `completed`
    public var state: String
    /// `nil` until the document has been read.
    public var impressions: Int?
    /// What the printer says that it printed; what it really did is in the output tray.
    public var impressionsCompleted: Int
    /// What the printer says that came out.
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
    /// How much toner there is.
    public var toner: DocumentPrinterToner
    /// What is wrong with the printer itself, in the order of the enumeration.
    public var conditions: [DocumentPrinterCondition]
    /// How its answers go wrong now.
    public var fault: DocumentPrinterFault
    /// Answers that the fault will still spoil; `nil`: all.
    public var remaining: Int?
    /// Whether it tells the truth about what it printed.
    public var honesty: DocumentPrinterHonesty
    /// Jobs that are over are forgotten at once: asking for them is answered "not found".
    public var forgetsJobs: Bool
    /// Reasons carry `-error` and `-warning` (RFC 8011 leaves it to the printer).
    public var namesSeverity: Bool
    /// Where in a job the next event waits, if one does.
    public var eventAfter: EventAfter?
    /// Oldest first; at most 30, of which those that are over are dropped first.
    public var jobs: [DocumentJobEntry]
    /// Sheets that lie in the output tray, oldest first.
    public var output: [PrintedSheet]
    /// A sheet is on its way, or stuck.
    public var sheetInPath: Bool
    /// Sheets that came out since the start.
    public var sheetsPrinted: Int
    /// Open ones; at most 16.
    public var connections: Int
    /// Seconds since power-on.
    public var upTimeSeconds: Int
    /// Times that Identify-Printer was asked for.
    public var identified: Int

    /// Something that waits to happen in the middle of a job.
    public struct EventAfter: Sendable, Codable, Equatable {
        /// Sheets that have to come out before, counted from now on over all jobs; below 2 the next one is meant.
        public var sheets: Int
        /// What happens then, once.
        public var event: DocumentPrinterEvent

        /// Takes both as they are.
        public init(sheets: Int, event: DocumentPrinterEvent) {
            self.sheets = sheets
            self.event = event
        }
    }
}
