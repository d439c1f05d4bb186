import HallModel

/// 办件进度查询: one question to the platform, and its answer.
struct ProgressLookup: Sendable {
    enum Stage: Sendable, Equatable {
        case lookingUp
        case found([CaseSummary])
        case unavailable
    }

    let item: ServiceItem
    private(set) var stage: Stage = .lookingUp

    init(_ item: ServiceItem) { self.item = item }

    var isBusy: Bool { stage == .lookingUp }

    /// What to ask of the platform at the beginning.
    static func question(for visitor: Visitor) -> FlowEffect {
        .lookUpProgress(number: Sensitive(visitor.document.number))
    }

    mutating func answered(_ cases: [CaseSummary]) { if isBusy { stage = .found(cases) } }

    mutating func failed() { if isBusy { stage = .unavailable } }

    /// `true` when the question is to be asked once more.
    mutating func retry() -> Bool {
        guard stage == .unavailable else { return false }
        stage = .lookingUp
        return true
    }
}
