/// The stable name of a problem, shared by screen, log, command line and metrics. Defined in `Kiosk/problems.yaml`.
public struct ProblemCode: RawRepresentable, Hashable, Sendable, Codable, CustomStringConvertible {
    /// The code as screen, log, command line and configuration write it: `reader-missing`.
    public let rawValue: String
    /// Takes any text; whether the catalogue has it is not asked.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// The same as ``init(rawValue:)``.
    public init(_ rawValue: String) { self.rawValue = rawValue }
    /// The code as written.
    public var description: String { rawValue }
    /// A JSON string; every string is taken.
    public init(from decoder: any Decoder) throws { rawValue = try decoder.singleValueContainer().decode(String.self) }
    /// Writes the code as one string.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}

extension ProblemCode {
    // Card readers.
    /// The configured reader cannot be opened: not there, taken, forbidden or no serial line.
    public static let readerMissing = ProblemCode("reader-missing")
    /// The reader is connected and answers nothing at any speed of its profile.
    public static let readerSilent = ProblemCode("reader-silent")
    /// Status 66: the reader's security module (SAM) may not read cards.
    public static let readerNotAuthorised = ProblemCode("reader-not-authorised")
    /// Status 47 or 60: random number or self test of the security module failed.
    public static let readerFault = ProblemCode("reader-fault")
    /// The reader refuses a command, or answers with a status that no table names.
    public static let readerUnsupported = ProblemCode("reader-unsupported")
    /// Answers arrive damaged, or as bytes that belong to no frame.
    public static let readerGarbled = ProblemCode("reader-garbled")
    /// A card was found, and its data could not be read or did not verify (status 31, 32, 33, 41 and the like).
    public static let cardUnreadable = ProblemCode("card-unreadable")
    /// Status 40, or a card whose type letter no layout has.
    public static let cardUnknownKind = ProblemCode("card-unknown-kind")
    /// The card was taken away while it was being read.
    public static let cardRemovedTooSoon = ProblemCode("card-removed-too-soon")
    // Scanners.
    /// The configured scanner does not answer, or SANE cannot open it.
    public static let scannerMissing = ProblemCode("scanner-missing")
    /// A sheet is stuck in the feeder, was not drawn in, or came with a second one.
    public static let scannerJam = ProblemCode("scanner-jam")
    /// A cover, or the feeder itself, is open.
    public static let scannerCoverOpen = ProblemCode("scanner-cover-open")
    /// A scan was begun and the scanner found no paper.
    public static let scannerNoPaper = ProblemCode("scanner-no-paper")
    /// The scanner works for another job or another computer.
    public static let scannerBusy = ProblemCode("scanner-busy")
    /// The scanner broke off a scan with an error that it does not explain.
    public static let scannerFault = ProblemCode("scanner-fault")
    /// The scan worker was lost while a page went through: nobody knows where the paper is.
    public static let scanInterrupted = ProblemCode("scan-interrupted")
    /// Fewer rows arrived than the scanner announced, or the image is damaged (``PageChecks/Finding/incomplete``).
    public static let pageIncomplete = ProblemCode("page-incomplete")
    /// ``PageChecks/Finding/blank``.
    public static let pageBlank = ProblemCode("page-blank")
    /// ``PageChecks/Finding/tooDark``.
    public static let pageDark = ProblemCode("page-dark")
    /// ``PageChecks/Finding/skewed``.
    public static let pageSkewed = ProblemCode("page-skewed")
    /// ``PageChecks/Finding/cropped``.
    public static let pageCropped = ProblemCode("page-cropped")
    // Receipt printers.
    /// The configured receipt printer cannot be opened, or does not answer.
    public static let printerMissing = ProblemCode("printer-missing")
    /// The printer reports paper end: nothing is printed.
    public static let printerPaperOut = ProblemCode("printer-paper-out")
    /// The near-end sensor has tripped. Receipts are printed as long as the paper counted since then lasts.
    public static let printerPaperLow = ProblemCode("printer-paper-low")
    /// The printer's cover is open, or its head is up.
    public static let printerCoverOpen = ProblemCode("printer-cover-open")
    /// The blade is blocked or did not return.
    public static let printerCutter = ProblemCode("printer-cutter")
    /// Paper is stuck between the printer's head and its slot.
    public static let printerJam = ProblemCode("printer-jam")
    /// The printer does not answer what its profile says that it knows; it prints all the same.
    public static let printerUnsupported = ProblemCode("printer-unsupported")
    /// An error that the printer cannot clear by itself or does not name, or it broke off in the middle of a receipt.
    public static let printerFault = ProblemCode("printer-fault")
    /// Bytes of a receipt were sent and nothing proves that it was printed.
    public static let receiptUnknown = ProblemCode("receipt-unknown")
    // Document printers (A4).
    /// The configured A4 printer, or its queue, does not answer or is not known there.
    public static let documentPrinterMissing = ProblemCode("document-printer-missing")
    /// The tray is empty (`media-empty`, `media-needed`).
    public static let documentPrinterPaperOut = ProblemCode("document-printer-paper-out")
    /// A sheet is stuck in the A4 printer (`media-jam`).
    public static let documentPrinterJam = ProblemCode("document-printer-jam")
    /// A cover or door is open, or a tray is missing.
    public static let documentPrinterCoverOpen = ProblemCode("document-printer-cover-open")
    /// Toner or ink is used up.
    public static let documentPrinterSupplyEmpty = ProblemCode("document-printer-supply-empty")
    /// Paper, toner or ink is nearly used up: it still prints.
    public static let documentPrinterSupplyLow = ProblemCode("document-printer-supply-low")
    /// The output tray is full.
    public static let documentPrinterOutputFull = ProblemCode("document-printer-output-full")
    /// Somebody stopped the queue or the printer, or it holds what is sent to it.
    public static let documentPrinterPaused = ProblemCode("document-printer-paused")
    /// The A4 printer or its queue reports an error that it cannot clear by itself, or lacks what the profile
    /// asks of it.
    public static let documentPrinterFault = ProblemCode("document-printer-fault")
    /// What a person's hands at the A4 printer mend: the job waits for them, and goes on by itself afterwards.
    public static let mendedAtDocumentPrinter: Set<ProblemCode> = [
        documentPrinterPaperOut, documentPrinterJam, documentPrinterCoverOpen, documentPrinterSupplyEmpty,
        documentPrinterOutputFull,
    ]
    /// Nobody can tell whether the papers came out.
    public static let documentUnknown = ProblemCode("document-unknown")
    // Code readers.
    /// The configured code reader cannot be opened.
    public static let codeReaderMissing = ProblemCode("code-reader-missing")
    /// What was read is no code of a receipt, or no text at all.
    public static let codeUnreadable = ProblemCode("code-unreadable")
    // The kiosk itself and the platform.
    /// The state folder's file system is below the configured free space, or a write failed for want of space.
    public static let diskFull = ProblemCode("disk-full")
    /// Sealed cases that wait for the platform exceed the configured size together.
    public static let outboxFull = ProblemCode("outbox-full")
    /// The platform does not answer, or says that it cannot now. Accepted cases wait.
    public static let platformUnreachable = ProblemCode("platform-unreachable")
    /// The platform refused something for good: asking again does not help.
    public static let platformRefused = ProblemCode("platform-refused")
    /// The worker that checks pages and lays out receipts does not run.
    public static let rendererMissing = ProblemCode("renderer-missing")
    /// A material or case could not be written, and the disk is not full.
    public static let storageFault = ProblemCode("storage-fault")
    /// A call for staff reached none of the configured webhooks.
    public static let helpUndelivered = ProblemCode("help-undelivered")
}

/// A problem that exists now: which, where, what was measured.
public struct Problem: Hashable, Sendable, Codable {
    /// Which of the catalogue's problems.
    public var code: ProblemCode
    /// The device it is about, by its configured name; `nil` for the kiosk itself.
    public var device: String?
    /// What was seen, for a technician: "status 66", "ENOENT /dev/ttyUSB0". Never personal data.
    public var evidence: String

    /// Takes the three as they are; whoever measures keeps personal data out of `evidence`.
    public init(_ code: ProblemCode, device: String? = nil, evidence: String = "") {
        self.code = code
        self.device = device
        self.evidence = evidence
    }
}

/// One entry of the problem catalogue.
public struct ProblemEntry: Sendable, Codable, Equatable {
    /// How much it hinders.
    public enum Severity: String, Sendable, Codable {
        /// Nothing to mend.
        case info
        /// Something soon cannot be done, or is slower.
        case warning
        /// Something cannot be done.
        case fault
    }

    /// One of several causes of a problem, told by what stands in its evidence, such as `EACCES`.
    public struct Variant: Sendable, Codable, Equatable {
        /// Words of letters and digits, or several of them joined by anything else (`hold-new-jobs`); one of these in the
        /// evidence, as whole words in their order, is enough.
        public var measured: [String]
        /// For the technician: why this happens, where it is told apart by `measured`.
        public var cause: String
        /// For the technician: what to do next in that case.
        public var action: String
        /// What follows `action` where a kiosk runs.
        public var atKiosk: String?

        /// Takes the values as they are; nothing is checked.
        public init(measured: [String], cause: String, action: String, atKiosk: String? = nil) {
            self.measured = measured
            self.cause = cause
            self.action = action
            self.atKiosk = atKiosk
        }
    }

    /// The code that it explains.
    public var code: ProblemCode
    /// As the catalogue has it. A device that is lost for good is reported as a fault whatever stands here.
    public var severity: Severity
    /// For the technician: why this happens, where no variant fits.
    public var cause: String
    /// For the technician: what to do next, where no variant fits.
    public var action: String
    /// What follows `action` where a kiosk runs: a command that drives one device by itself has no screen and no
    /// configuration to speak of.
    public var atKiosk: String?
    /// Where what was measured tells the cause apart: the first that fits stands for `cause` and `action`.
    public var variants: [Variant] = []
    /// For the resident: what happened, in one sentence without a full stop, as it also stands inside of others. `nil`
    /// when no resident ever sees it.
    public var residentHeading: LocalizedText?
    /// For the resident: what to do, in one sentence. There when `residentHeading` is.
    public var residentAction: LocalizedText?
    /// Name of the drawing that shows the fault where it is.
    public var picture: String?

    /// An entry without variants; nothing is checked here (the catalogue's reader holds it to its schema).
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

    /// What to do next about it, at a kiosk that runs.
    public func action(seeing evidence: String) -> String {
        let variant = variant(seeing: evidence)
        let more = variant == nil ? atKiosk : variant?.atKiosk
        return [deviceAction(seeing: evidence), more].compactMap(\.self).joined(separator: " ")
    }

    /// What to do next about it, as far as the device itself goes.
    public func deviceAction(seeing evidence: String) -> String { variant(seeing: evidence)?.action ?? action }

    private func variant(seeing evidence: String) -> Variant? {
        let words = Self.words(evidence)
        return variants.first { $0.measured.contains { words.contains(Self.words($0)) } }
    }

    /// `hold-new-jobs` is three, to be found one after the other.
    private static func words(_ text: String) -> [Substring] { text.split { !$0.isLetter && !$0.isNumber } }
}
