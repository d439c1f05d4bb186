/// A receipt written once, rendered to ESC/POS text, ESC/POS raster and PNG.
public struct ReceiptDocument: Sendable, Equatable, Codable {
    public enum Block: Sendable, Equatable, Codable {
        /// Centred, large.
        case title(String)
        /// Running text, wrapped at the paper's width.
        case line(String)
        /// Centred and very large: the number that matters.
        case number(String)
        /// Label and value in two columns.
        case row(label: String, value: String)
        /// A QR code, centred; at most 512 bytes of UTF-8.
        case qr(String)
        /// A thin rule.
        case rule
        /// White, in millimetres (1…30).
        case space(millimetres: Double)
    }

    public var blocks: [Block]
    /// Marked 补打 when a person asked for a second copy.
    public var isSecondCopy: Bool

    public init(blocks: [Block], isSecondCopy: Bool = false) {
        self.blocks = blocks
        self.isSecondCopy = isSecondCopy
    }
}

/// How a print ended (D7), and on what evidence.
public struct PrintOutcome: Sendable, Equatable, Codable {
    public enum Verdict: String, Sendable, Codable { case printed, notPrinted, unknown }

    /// The evidence ladder, strongest first (docs/devices/printing.md).
    public enum Rung: String, Sendable, Codable {
        /// `GS ( H` function 48 answered with our process id.
        case processID
        /// IPP straight to the printer: its count of impressions reached the number of pages sent.
        case impressions
        /// Presenter or paper-taken sensor.
        case paperTaken
        /// A buffered query after the cut was answered.
        case bufferedQuery
        /// DLE EOT before and after, unchanged.
        case statusUnchanged
        /// A spooler says *completed*: it passed the job on, and that proves nothing either.
        case jobCompleted
        /// The bytes were written; that proves nothing.
        case writeOnly
        /// Nothing was sent.
        case notStarted
    }

    public var verdict: Verdict
    public var rung: Rung
    /// What stopped it, when something did.
    public var problem: Problem?

    public init(_ verdict: Verdict, rung: Rung, problem: Problem? = nil) {
        self.verdict = verdict
        self.rung = rung
        self.problem = problem
    }
}
