import HallModel

/// Why `kioskd` does not do what it was asked: the body of an answer that is no success, or a line of one that had
/// begun (``WorkLine``).
public struct ControlRefusal: Error, Sendable, Codable, Equatable, CustomStringConvertible {
    /// What a program may decide by.
    public enum Reason: String, Sendable, Codable {
        /// No such device, or none of the needed role.
        case unknownDevice
        /// No case of that id waits.
        case unknownCase
        /// A resident is at the kiosk, or came while the work was done: theirs goes first, always.
        case sessionOn
        /// Another technician's work goes on.
        case busy
        /// What was sent cannot be read.
        case notUnderstood
        /// As many readers as there may be follow already.
        case tooMany
        /// The device, the paper, the worker: `problem` says what.
        case failed
        /// The worker process of the device ended or hangs.
        case workerFailed
    }

    /// For `kioskctl`'s exit status.
    public var reason: Reason
    /// What happened, to which thing, what to do.
    public var sentence: String
    /// With the catalogue's words, where it is one of the catalogue's.
    public var problem: ProblemReport?

    /// Takes the members as they are.
    public init(_ reason: Reason, _ sentence: String, problem: ProblemReport? = nil) {
        self.reason = reason
        self.sentence = sentence
        self.problem = problem
    }

    /// The sentence.
    public var description: String { sentence }
}

/// Body of `POST /v1/outbox/retry`.
public struct RetryRequest: Sendable, Codable, Equatable {
    /// One case; absent: every one that waits.
    public var `case`: ItemID?
    /// Names a case, or all of them.
    public init(case id: ItemID?) { self.case = id }
}

/// Its answer: what is tried now.
public struct RetryReport: Sendable, Codable, Equatable {
    /// Cases that are due now.
    public var cases: [ItemID]
    /// Takes ids of cases.
    public init(cases: [ItemID]) { self.cases = cases }
}

/// Body of `POST /v1/scan`: one page from a scanner, while no resident is there.
public struct ScanRequest: Sendable, Codable, Equatable {
    /// Configured name of a scanner.
    public var device: String
    /// After this page the feeder lets go of what it drew ahead.
    public var isLast: Bool

    /// Names the scanner, and says whether more pages come.
    public init(device: String, isLast: Bool) {
        self.device = device
        self.isLast = isLast
    }
}

/// A line of the answer to `POST /v1/scan` or `POST /v1/print`; one of its members is there. After a line with `page` come its
/// JPEG's `bytes`, raw, and nothing more.
public struct WorkLine: Sendable, Codable, Equatable {
    /// How far the page is, by rows.
    public struct Progress: Sendable, Codable, Equatable {
        /// That have come; ascending.
        public var rows: Int
        /// That the scanner announced; `nil` when it announced none.
        public var rowsExpected: Int?

        /// Takes both as they are.
        public init(rows: Int, rowsExpected: Int?) {
            self.rows = rows
            self.rowsExpected = rowsExpected
        }
    }

    /// What came from the scanner.
    public struct Page: Sendable, Codable, Equatable {
        /// Of the scan, across and along.
        public var dotsPerInch: Int
        /// Rows of pixels that the scanner announced; `nil` when it announced none.
        public var rowsExpected: Int?
        /// Rows of pixels that came: fewer than announced is a page that broke off.
        public var rowsReceived: Int
        /// Length of the JPEG that follows this line.
        public var bytes: Int

        /// Takes the members as they are.
        public init(dotsPerInch: Int, rowsExpected: Int?, rowsReceived: Int, bytes: Int) {
            self.dotsPerInch = dotsPerInch
            self.rowsExpected = rowsExpected
            self.rowsReceived = rowsReceived
            self.bytes = bytes
        }
    }

    /// How far a scan is; a slow reader gets the newest only.
    public var progress: Progress?
    /// Ends a scan well.
    public var page: Page?
    /// Ends a print, also one without paper.
    public var print: PrintReport?
    /// Ends either: nothing, or nothing more, is done.
    public var refusal: ControlRefusal?

    /// One of the four is given.
    public init(
        progress: Progress? = nil, page: Page? = nil, print: PrintReport? = nil, refusal: ControlRefusal? = nil
    ) {
        self.progress = progress
        self.page = page
        self.print = print
        self.refusal = refusal
    }
}

/// Body of `POST /v1/print`: a slip for a receipt printer, while no resident is there.
public struct PrintRequest: Sendable, Codable, Equatable {
    /// Configured name of a receipt printer.
    public var device: String
    /// Rendered by the kiosk with the printer's profile.
    public var receipt: ReceiptDocument

    /// Names the printer and what it prints.
    public init(device: String, receipt: ReceiptDocument) {
        self.device = device
        self.receipt = receipt
    }
}

/// How a slip ended (D7): whether there is paper, and on what evidence.
public struct PrintReport: Sendable, Codable, Equatable {
    /// Configured name of the printer, or its address with `--direct`.
    public var device: String
    /// Whether there is paper with all of the slip on it.
    public var verdict: PrintOutcome.Verdict
    /// The evidence for it.
    public var rung: PrintOutcome.Rung
    /// Length of the slip by its layout, the way to the cutter included; whatever came out of it.
    public var millimetres: Double
    /// What stopped it, with the catalogue's words; `nil` when nothing did.
    public var problem: ProblemReport?

    /// Takes the members as they are.
    public init(
        device: String, verdict: PrintOutcome.Verdict, rung: PrintOutcome.Rung, millimetres: Double,
        problem: ProblemReport?
    ) {
        self.device = device
        self.verdict = verdict
        self.rung = rung
        self.millimetres = millimetres
        self.problem = problem
    }
}
