import HallModel

/// Why `kioskd` does not do what it was asked, as the body of an answer that is no success.
public struct ControlRefusal: Error, Sendable, Codable, Equatable, CustomStringConvertible {
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

    public var reason: Reason
    /// What happened, to which thing, what to do.
    public var sentence: String
    public var problem: ProblemReport?

    public init(_ reason: Reason, _ sentence: String, problem: ProblemReport? = nil) {
        self.reason = reason
        self.sentence = sentence
        self.problem = problem
    }

    public var description: String { sentence }
}

/// Body of `POST /v1/outbox/retry`.
public struct RetryRequest: Sendable, Codable, Equatable {
    /// One case; absent: every one that waits.
    public var `case`: ItemID?
    public init(case id: ItemID?) { self.case = id }
}

/// Its answer: what is tried now.
public struct RetryReport: Sendable, Codable, Equatable {
    /// Cases that are due now.
    public var cases: [ItemID]
    public init(cases: [ItemID]) { self.cases = cases }
}

/// Body of `POST /v1/scan`: one page from a scanner, while no resident is there.
public struct ScanRequest: Sendable, Codable, Equatable {
    public var device: String
    /// After this page the feeder lets go of what it drew ahead.
    public var isLast: Bool

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
        public var rows: Int
        public var rowsExpected: Int?

        public init(rows: Int, rowsExpected: Int?) {
            self.rows = rows
            self.rowsExpected = rowsExpected
        }
    }

    /// What came from the scanner.
    public struct Page: Sendable, Codable, Equatable {
        public var dotsPerInch: Int
        public var rowsExpected: Int?
        public var rowsReceived: Int
        public var bytes: Int

        public init(dotsPerInch: Int, rowsExpected: Int?, rowsReceived: Int, bytes: Int) {
            self.dotsPerInch = dotsPerInch
            self.rowsExpected = rowsExpected
            self.rowsReceived = rowsReceived
            self.bytes = bytes
        }
    }

    public var progress: Progress?
    public var page: Page?
    public var print: PrintReport?
    public var refusal: ControlRefusal?

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
    public var device: String
    public var receipt: ReceiptDocument

    public init(device: String, receipt: ReceiptDocument) {
        self.device = device
        self.receipt = receipt
    }
}

/// How a slip ended (D7): whether there is paper, and on what evidence.
public struct PrintReport: Sendable, Codable, Equatable {
    public var device: String
    public var verdict: PrintOutcome.Verdict
    public var rung: PrintOutcome.Rung
    /// Length of the slip.
    public var millimetres: Double
    public var problem: ProblemReport?

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
