import HallModel

/// 打印证明 (F11): the document is asked of the platform, then printed on A4 once by itself, and again only by a person's
/// wish (D7).
struct CertificatePrint: Sendable {
    enum Stage: Sendable, Equatable {
        case notAsked
        /// The platform makes the document.
        case asking
        case unavailable(DocumentObstacle)
        case printing
        case printed
        case notPrinted(ProblemCode?)
        /// Nobody can tell but the person, who is asked.
        case unknown
        /// The person has it, or does without.
        case settledByPerson
    }

    private(set) var stage: Stage = .notAsked
    /// Papers may have come out already: the next ones are a second copy.
    private(set) var mayExist = false
    /// Of the document; 0 until it is there.
    private(set) var pages = 0

    var isPrinting: Bool { stage == .printing }
    var isBusy: Bool { stage == .asking || stage == .printing }
    var isSettled: Bool { stage == .printed || stage == .settledByPerson }
    /// The document is there, printed or not: the questions are behind the person.
    var isMade: Bool {
        switch stage {
        case .printing, .printed, .notPrinted, .unknown, .settledByPerson: true
        case .notAsked, .asking, .unavailable: false
        }
    }

    /// Whether the platform is to be asked: never while it is at work, never once the document is there.
    mutating func ask() -> Bool {
        switch stage {
        case .notAsked, .unavailable:
            stage = .asking
            return true
        case .asking, .printing, .printed, .notPrinted, .unknown, .settledByPerson: return false
        }
    }

    /// The one print that nobody has to ask for.
    mutating func ready(pages: Int) -> Bool {
        guard stage == .asking else { return false }
        self.pages = pages
        stage = .printing
        return true
    }

    mutating func unavailable(_ obstacle: DocumentObstacle) {
        if stage == .asking { stage = .unavailable(obstacle) }
    }

    /// Back to the check page, from a document that was not to be had or is not wanted any more. The answer to the question
    /// asked meanwhile is nobody's.
    mutating func returnToCheck() {
        switch stage {
        case .asking, .unavailable: stage = .notAsked
        default: break
        }
    }

    mutating func ended(_ outcome: PrintOutcome) {
        guard stage == .printing else { return }
        switch outcome.verdict {
        case .printed:
            stage = .printed
            mayExist = true
        case .notPrinted: stage = .notPrinted(outcome.problem?.code)
        case .unknown:
            stage = .unknown
            mayExist = true
        }
    }

    /// A person's wish after `notPrinted` or `unknown`.
    mutating func printAgain() -> Bool {
        switch stage {
        case .notPrinted, .unknown:
            stage = .printing
            return true
        default: return false
        }
    }

    mutating func settle() {
        switch stage {
        case .notPrinted, .unknown: stage = .settledByPerson
        default: break
        }
    }
}
