import HallModel

/// 打印证明 (F11): the document is asked of the platform, then printed on A4.
struct CertificatePrint: Sendable {
    enum Request: Sendable, Equatable {
        case notAsked
        /// The platform makes the document.
        case asking
        case unavailable(DocumentObstacle)
        /// It is there: the questions are behind the person.
        case made(pages: Int)
    }

    private(set) var request: Request = .notAsked
    var print = PaperPrinting()
    /// The printer could not be used when the last print had ended, and can again.
    private(set) var hasPrinterRecovered = false

    var isBusy: Bool { request == .asking || print.isPrinting }
    var isMade: Bool { if case .made = request { true } else { false } }
    var isSettled: Bool { isMade && print.isSettled }

    /// Whether the platform is to be asked: never while it is at work, never once the document is there.
    mutating func ask() -> Bool {
        switch request {
        case .notAsked, .unavailable:
            request = .asking
            return true
        case .asking, .made: return false
        }
    }

    /// `true` for the one print that nobody has to ask for.
    mutating func ready(pages: Int) -> Bool {
        guard request == .asking else { return false }
        request = .made(pages: pages)
        return print.start()
    }

    mutating func printed(_ outcome: PrintOutcome) {
        print.ended(outcome)
        hasPrinterRecovered = false
    }

    mutating func printerRecovered() { hasPrinterRecovered = true }

    mutating func unavailable(_ obstacle: DocumentObstacle) {
        if request == .asking { request = .unavailable(obstacle) }
    }

    /// Back to the check page, from a document that was not to be had or is not wanted any more. The answer to the question
    /// asked meanwhile is nobody's.
    mutating func returnToCheck() { if !isMade { request = .notAsked } }
}
