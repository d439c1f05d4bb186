import HallModel

/// What of the resident's may lie on the kiosk: card, originals, printed papers, slip (D9). Holds no personal data.
struct Belongings: Sendable {
    /// The reader saw a card come and not yet go.
    var cardLies = false
    /// A card was laid down in this session.
    var hadCard = false
    /// Something was begun in this session for which papers are laid into the scanner.
    var mayHaveOriginals = false
    /// The papers of the page scanned last.
    var originals: Trace = .none
    var slip: Trace = .none
    /// A4 papers printed here.
    var papers: Trace = .none

    /// What the devices saw of one thing. That a sensor sees nothing proves that a thing was taken only when it had seen
    /// the thing before: paper in an exit tray, or on glass, is invisible to most of them.
    enum Trace: Sendable, Equatable {
        case none
        /// It must be about; nobody saw where.
        case somewhere
        case lies
        case taken

        mutating func seen(lies isThere: Bool) {
            switch (self, isThere) {
            case (.somewhere, true), (.taken, true): self = .lies
            case (.lies, false): self = .taken
            default: break
            }
        }

        mutating func takenSeen() { if self != .none { self = .taken } }
    }

    /// What to take, each with whether the device saw it go.
    func things(_ availability: Availability) -> [Thing] {
        var things: [Thing] = []
        if hadCard || cardLies {
            things.append(Thing(kind: .card, isTaken: availability.isUsable(.cardReader) ? !cardLies : nil))
        }
        func add(_ kind: Thing.Kind, _ trace: Trace, _ role: DeviceRole) {
            switch trace {
            case .none: break
            case .somewhere: things.append(Thing(kind: kind, isTaken: nil))
            case .lies:
                let isSeen = availability.isUsable(role) || availability.hasPaper(role)
                things.append(Thing(kind: kind, isTaken: isSeen ? false : nil))
            case .taken: things.append(Thing(kind: kind, isTaken: true))
            }
        }
        add(.originals, originals, .scanner)
        add(.papers, papers, .documentPrinter)
        add(.slip, slip, .receiptPrinter)
        return things
    }

    /// A new person begins: what the one before may have left is theirs no longer to be told of.
    mutating func beginAnew() { self = Belongings(cardLies: cardLies, hadCard: cardLies) }

    struct Thing: Sendable, Equatable {
        enum Kind: Sendable { case card, originals, papers, slip }
        var kind: Kind
        /// `nil`: the device cannot tell.
        var isTaken: Bool?
    }
}

/// The last page: what is still to be taken, and for how long it is shown.
///
/// Nobody's data is on it; the session is over when it opens.
struct Leaving: Sendable {
    /// Since the page opened or was last touched.
    var since: Duration
    /// 都拿好了 was pressed: only what is seen to lie there keeps the page.
    var isConfirmed = false
    private(set) var hasCalledStaff = false
    /// When staff are called again, because nobody was reached.
    private var callAgain: Duration?
    private var failedCalls = 0

    init(since: Duration) { self.since = since }

    enum Due: Sendable { case nothing, callStaff, finished }

    func due(_ things: [Belongings.Thing], at now: Duration, settings: FlowSettings) -> Due {
        if things.allSatisfy({ $0.isTaken == true }) { return .finished }
        let isLeftBehind = things.contains { $0.isTaken == false }
        if !isLeftBehind {
            return isConfirmed || hasCalledStaff || now >= since + .seconds(settings.takeSeconds) ? .finished : .nothing
        }
        return nextCall(settings).map { now >= $0 } == true ? .callStaff : .nothing
    }

    mutating func calledStaff() {
        hasCalledStaff = true
        callAgain = nil
    }

    /// Nobody was reached: again after 15 s, and after twice as long each time, up to 4 min.
    mutating func callFailed(at now: Duration) {
        guard hasCalledStaff else { return }
        callAgain = now + .seconds(15 << min(failedCalls, 4))
        failedCalls += 1
    }

    func nextDeadline(_ things: [Belongings.Thing], settings: FlowSettings) -> Duration? {
        guard things.contains(where: { $0.isTaken == false }) else { return since + .seconds(settings.takeSeconds) }
        return nextCall(settings)
    }

    /// Something is seen to lie there, and nobody takes it: staff are told, once, unless nobody was reached.
    private func nextCall(_ settings: FlowSettings) -> Duration? {
        hasCalledStaff ? callAgain : since + .seconds(settings.takeSeconds * 2)
    }
}
