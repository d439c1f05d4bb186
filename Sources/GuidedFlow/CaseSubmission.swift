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
    var receipt = PaperPrinting()

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
