import HallModel

/// 办件进度查询: one question to the platform, and its answer.
struct ProgressLookup: Sendable {
    enum Stage: Sendable, Equatable {
        case lookingUp
        case found([CaseSummary])
        case unavailable
    }

    let item: ServiceItem
    let question: ProgressQuestion
    private(set) var stage: Stage = .lookingUp

    init(_ item: ServiceItem, _ question: ProgressQuestion) {
        self.item = item
        self.question = question
    }

    var isBusy: Bool { stage == .lookingUp }

    /// Asked with a receipt: what is shown is one case, not all of a person's.
    var isOfReceipt: Bool { if case .receipt = question { true } else { false } }

    mutating func answered(_ cases: [CaseSummary]) { if isBusy { stage = .found(cases) } }

    mutating func failed() { if isBusy { stage = .unavailable } }

    /// The question, when it is to be asked once more.
    mutating func retry() -> ProgressQuestion? {
        guard stage == .unavailable else { return nil }
        stage = .lookingUp
        return question
    }
}
