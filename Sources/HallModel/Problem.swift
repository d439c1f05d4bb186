/// The stable name of a problem, shared by screen, log, command line and metrics. Defined in `Kiosk/problems.yaml`.
public struct ProblemCode: RawRepresentable, Hashable, Sendable, Codable, CustomStringConvertible {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
    public init(_ rawValue: String) { self.rawValue = rawValue }
    public var description: String { rawValue }
    public init(from decoder: any Decoder) throws { rawValue = try decoder.singleValueContainer().decode(String.self) }
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}

extension ProblemCode {
    // Card readers.
    public static let readerMissing = ProblemCode("reader-missing")
    public static let readerSilent = ProblemCode("reader-silent")
    public static let readerNotAuthorised = ProblemCode("reader-not-authorised")
    public static let readerFault = ProblemCode("reader-fault")
    /// The reader refuses a command, or answers with a status that no table names.
    public static let readerUnsupported = ProblemCode("reader-unsupported")
    public static let readerGarbled = ProblemCode("reader-garbled")
    public static let cardUnreadable = ProblemCode("card-unreadable")
    public static let cardUnknownKind = ProblemCode("card-unknown-kind")
    public static let cardRemovedTooSoon = ProblemCode("card-removed-too-soon")
    // Scanners.
    public static let scannerMissing = ProblemCode("scanner-missing")
    public static let scannerJam = ProblemCode("scanner-jam")
    public static let scannerCoverOpen = ProblemCode("scanner-cover-open")
    public static let scannerNoPaper = ProblemCode("scanner-no-paper")
    public static let scannerBusy = ProblemCode("scanner-busy")
    public static let scannerFault = ProblemCode("scanner-fault")
    /// The scan worker was lost while a page went through: nobody knows where the paper is.
    public static let scanInterrupted = ProblemCode("scan-interrupted")
    public static let pageIncomplete = ProblemCode("page-incomplete")
    public static let pageBlank = ProblemCode("page-blank")
    public static let pageDark = ProblemCode("page-dark")
    public static let pageSkewed = ProblemCode("page-skewed")
    public static let pageCropped = ProblemCode("page-cropped")
    // Receipt printers.
    public static let printerMissing = ProblemCode("printer-missing")
    public static let printerPaperOut = ProblemCode("printer-paper-out")
    public static let printerPaperLow = ProblemCode("printer-paper-low")
    public static let printerCoverOpen = ProblemCode("printer-cover-open")
    public static let printerCutter = ProblemCode("printer-cutter")
    /// Paper is stuck between the printer's head and its slot.
    public static let printerJam = ProblemCode("printer-jam")
    /// The printer does not answer what its profile says that it knows; it prints all the same.
    public static let printerUnsupported = ProblemCode("printer-unsupported")
    public static let printerFault = ProblemCode("printer-fault")
    public static let receiptUnknown = ProblemCode("receipt-unknown")
    // Document printers (A4).
    public static let documentPrinterMissing = ProblemCode("document-printer-missing")
    public static let documentPrinterPaperOut = ProblemCode("document-printer-paper-out")
    public static let documentPrinterJam = ProblemCode("document-printer-jam")
    public static let documentPrinterCoverOpen = ProblemCode("document-printer-cover-open")
    /// Toner or ink is used up.
    public static let documentPrinterSupplyEmpty = ProblemCode("document-printer-supply-empty")
    /// Paper, toner or ink is nearly used up: it still prints.
    public static let documentPrinterSupplyLow = ProblemCode("document-printer-supply-low")
    /// The output tray is full.
    public static let documentPrinterOutputFull = ProblemCode("document-printer-output-full")
    /// Somebody stopped the queue or the printer.
    public static let documentPrinterPaused = ProblemCode("document-printer-paused")
    public static let documentPrinterFault = ProblemCode("document-printer-fault")
    /// Nobody can tell whether the papers came out.
    public static let documentUnknown = ProblemCode("document-unknown")
    // Code readers.
    public static let codeReaderMissing = ProblemCode("code-reader-missing")
    public static let codeUnreadable = ProblemCode("code-unreadable")
    // The kiosk itself and the platform.
    public static let diskFull = ProblemCode("disk-full")
    public static let outboxFull = ProblemCode("outbox-full")
    public static let platformUnreachable = ProblemCode("platform-unreachable")
    public static let platformRefused = ProblemCode("platform-refused")
    public static let rendererMissing = ProblemCode("renderer-missing")
    /// A material or case could not be written, and the disk is not full.
    public static let storageFault = ProblemCode("storage-fault")
    public static let helpUndelivered = ProblemCode("help-undelivered")
}

/// A problem that exists now: which, where, what was measured.
public struct Problem: Hashable, Sendable, Codable {
    public var code: ProblemCode
    /// The device it is about, by its configured name; `nil` for the kiosk itself.
    public var device: String?
    /// What was seen, for a technician: "status 66", "ENOENT /dev/ttyUSB0". Never personal data.
    public var evidence: String

    public init(_ code: ProblemCode, device: String? = nil, evidence: String = "") {
        self.code = code
        self.device = device
        self.evidence = evidence
    }
}

/// One entry of the problem catalogue.
public struct ProblemEntry: Sendable, Codable, Equatable {
    public enum Severity: String, Sendable, Codable { case info, warning, fault }

    /// One of several causes of a problem, told by a word in its evidence, such as `EACCES`.
    public struct Variant: Sendable, Codable, Equatable {
        public var measured: [String]
        public var cause: String
        public var action: String

        public init(measured: [String], cause: String, action: String) {
            self.measured = measured
            self.cause = cause
            self.action = action
        }
    }

    public var code: ProblemCode
    public var severity: Severity
    /// For the technician: why this happens, and what to do next.
    public var cause: String
    public var action: String
    /// Where what was measured tells the cause apart: the first that fits stands for `cause` and `action`.
    public var variants: [Variant] = []
    /// For the resident: one sentence of what happened, one of what to do. `nil` when no resident ever sees it.
    public var residentHeading: LocalizedText?
    public var residentAction: LocalizedText?
    /// Name of the drawing that shows the fault where it is.
    public var picture: String?

    public init(
        code: ProblemCode, severity: Severity, cause: String, action: String, residentHeading: LocalizedText? = nil,
        residentAction: LocalizedText? = nil, picture: String? = nil
    ) {
        self.code = code
        self.severity = severity
        self.cause = cause
        self.action = action
        self.residentHeading = residentHeading
        self.residentAction = residentAction
        self.picture = picture
    }
}

extension ProblemEntry {
    /// The cause of this problem with this evidence.
    public func cause(seeing evidence: String) -> String { variant(seeing: evidence)?.cause ?? cause }

    /// What to do next about it.
    public func action(seeing evidence: String) -> String { variant(seeing: evidence)?.action ?? action }

    private func variant(seeing evidence: String) -> Variant? {
        let words = Set(evidence.split { !$0.isLetter && !$0.isNumber }.map(String.init))
        return variants.first { $0.measured.contains(where: words.contains) }
    }
}
