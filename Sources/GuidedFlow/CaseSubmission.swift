import HallModel

/// From 提交申请 to the number, and the receipt that carries it.
struct CaseSubmission: Sendable {
    enum Stage: Sendable, Equatable {
        case notSent
        /// The journal is asked to take the case in.
        case sending
        case refused(ProblemCode)
        /// The journal has it: nothing can lose it now. Waiting for the platform, at most 10 s.
        case accepted
        /// The number, or the acceptance code, is known.
        case answered
    }

    private(set) var stage: Stage = .notSent
    private(set) var caseNumber: String?
    private(set) var acceptanceCode: String?
    var receipt = ReceiptPrinting()

    var isAccepted: Bool { stage == .accepted || stage == .answered }
    var isBusy: Bool { stage == .sending || stage == .accepted || receipt.isPrinting }

    /// Whether a submission may be sent: never while one is under way, never after one was accepted.
    mutating func send() -> Bool {
        switch stage {
        case .notSent, .refused:
            stage = .sending
            return true
        case .sending, .accepted, .answered: return false
        }
    }

    mutating func accepted() { if stage == .sending { stage = .accepted } }

    mutating func refused(_ code: ProblemCode) { if stage == .sending { stage = .refused(code) } }

    /// Back from a refusal to the check page.
    mutating func returnToCheck() { if case .refused = stage { stage = .notSent } }

    /// Submission is open again: the check page is back by itself.
    mutating func opened() { returnToCheck() }

    /// `true` when this is the first answer, the moment for the receipt. A number that comes after the acceptance code is
    /// taken over quietly.
    mutating func confirmed(_ number: String) -> Bool {
        switch stage {
        case .sending, .accepted:
            caseNumber = number
            stage = .answered
            return true
        case .answered:
            caseNumber = caseNumber ?? number
            return false
        case .notSent, .refused: return false
        }
    }

    mutating func waits(_ code: String) -> Bool {
        guard stage == .sending || stage == .accepted else { return false }
        acceptanceCode = code
        stage = .answered
        return true
    }
}

/// One receipt: printed once by itself, and never again but by a person's wish (D7).
struct ReceiptPrinting: Sendable {
    enum Stage: Sendable, Equatable {
        case notStarted
        case printing
        case printed
        case notPrinted(ProblemCode?)
        /// Nobody can tell but the person, who is asked.
        case unknown
        /// The person has it, or does without.
        case settledByPerson
    }

    private(set) var stage: Stage = .notStarted
    /// A slip may have come out already: the next one is a second copy.
    private(set) var mayExist = false

    var isPrinting: Bool { stage == .printing }
    var isSettled: Bool { stage == .printed || stage == .settledByPerson }

    /// The one print that nobody has to ask for.
    mutating func start() -> Bool {
        guard stage == .notStarted else { return false }
        stage = .printing
        return true
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

    mutating func settle() {
        switch stage {
        case .notPrinted, .unknown: stage = .settledByPerson
        default: break
        }
    }
}
