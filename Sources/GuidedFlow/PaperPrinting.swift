import HallModel

/// A slip or an A4 document on its way to paper: printed once by itself, and never again but by a person's wish (D7).
struct PaperPrinting: Sendable {
    enum Stage: Sendable, Equatable {
        case notStarted
        case printing
        case printed
        case notPrinted(ProblemCode?)
        /// Nobody can tell but the person, who is asked.
        case unknown
        /// The person has said that they have it, or that they do without.
        case settled(hasPaper: Bool)
    }

    private(set) var stage: Stage = .notStarted
    /// Paper may have come out already: the next print is a second copy.
    private(set) var mayExist = false

    var isPrinting: Bool { stage == .printing }

    var isSettled: Bool {
        switch stage {
        case .printed, .settled: true
        case .notStarted, .printing, .notPrinted, .unknown: false
        }
    }

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

    /// What the person said of it.
    mutating func settle(hasPaper: Bool) {
        switch stage {
        case .notPrinted, .unknown: stage = .settled(hasPaper: hasPaper)
        default: break
        }
    }
}
