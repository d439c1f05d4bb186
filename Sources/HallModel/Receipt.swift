/// A receipt written once, rendered to ESC/POS text, ESC/POS raster and PNG.
public struct ReceiptDocument: Sendable, Equatable, Codable {
    /// One piece of a slip, from the top down. Measures and fonts are the renderer's (docs/pages-and-receipts.md).
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

    /// In the order in which they are printed; a document of more than 200 is not rendered.
    public var blocks: [Block]
    /// Marked 补打 when a person asked for a second copy.
    public var isSecondCopy: Bool

    /// Takes the blocks as they are: what does not fit on a slip is found when it is rendered.
    public init(blocks: [Block], isSecondCopy: Bool = false) {
        self.blocks = blocks
        self.isSecondCopy = isSecondCopy
    }
}

/// How a print ended (D7), and on what evidence.
public struct PrintOutcome: Sendable, Equatable, Codable {
    /// Whether there is paper with all of it. Never guessed: what is not proved is `unknown`.
    public enum Verdict: String, Sendable, Codable {
        /// All of it came out, on the evidence of the rung.
        case printed
        /// Not all of it came out: nothing was begun, or what hangs there has no end.
        case notPrinted
        /// Nobody can tell but by looking.
        case unknown
    }

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

    /// What became of the print.
    public var verdict: Verdict
    /// The evidence for the verdict: the strongest that was reached.
    public var rung: Rung
    /// What stopped it, when something did.
    public var problem: Problem?

    /// Takes verdict and evidence as they are; that they fit each other is the driver's to see to.
    public init(_ verdict: Verdict, rung: Rung, problem: Problem? = nil) {
        self.verdict = verdict
        self.rung = rung
        self.problem = problem
    }
}
