import HallModel

/// The resident's way as a pure state machine: events in, effects out, and a screen that follows from the state.
///
/// It does no I/O, reads no clock and starts no task; what it may know of the outside comes with each event in
/// `FlowEnvironment`. It is composed of small machines, one a file: `SessionEnvelope` (idle, cover, dialogs),
/// `Availability` (devices), `ItemFlow` with `MaterialScan` and `CaseSubmission`, `ProgressLookup`, `Belongings`.
public struct GuidedFlow: Sendable {
    /// Where the person is. What is entered lives in `Session`, so that going back keeps it.
    enum Place: Sendable {
        case start
        case reading
        case window
        case items
        case item
        case progress
        case leaving(Leaving)
    }

    /// One person, from the first touch or card to the end. Everything personal is in here and goes with it.
    struct Session: Sendable {
        /// `nil` while somebody looks around without a card.
        var visitor: Visitor?
        var otherCard: OtherCard?
        var item: ItemFlow?
        var lookup: ProgressLookup?
        /// The session before ended because the kiosk stopped: its person, whose card may still lie there, is told.
        var lostSession: LostSession?
    }

    /// A second person's card, and whether it is asked to be taken away.
    struct OtherCard: Sendable {
        var document: IdentityDocument
        var mustGo = false
    }

    /// The kiosk stopped while somebody was using it.
    enum LostSession: Sendable, Equatable {
        /// Nothing had been submitted, and all of it is gone.
        case erased
        /// The case was taken in and goes on; it has this number or acceptance code.
        case accepted(String)
    }

    /// What the start screen has to say of what happened before.
    struct StartNotice: Sendable, Equatable {
        var cardProblem: ProblemCode?
        var lostSession: LostSession?
    }

    var place: Place = .start
    var session: Session?
    var notice = StartNotice()
    var envelope: SessionEnvelope
    var availability = Availability()
    var belongings = Belongings()
    /// Staff were told of the slip that lies in the slot.
    var hasToldOfSlip = false
    private(set) var revision = 1
    private var signature: ScreenSignature?
    private var wakeAsked: Duration?
    /// The revision at which a touch answered the idle alert: the same touch may have been meant for its 不办了.
    var answeredAlert: Int?
    /// The revision at which a touch lifted the cover: the same touch may have been meant for a button of the frame.
    var liftedCover: Int?

    /// The start screen, with nobody there.
    public init(environment: FlowEnvironment) {
        envelope = SessionEnvelope(settings: environment.settings, now: environment.now)
        signature = ScreenSignature(screen(in: environment))
    }

    /// Takes one event and says what is to be done, in this order.
    public mutating func handle(_ event: FlowEvent, in environment: FlowEnvironment) -> [FlowEffect] {
        var effects = respond(to: event, in: environment)
        settle(in: environment, &effects)
        if effects.contains(.beginSession) { effects += tellOfOldSlip() }

        let now = ScreenSignature(screen(in: environment))
        if now != signature {
            signature = now
            revision += 1
        }
        if event == .tick { wakeAsked = nil }
        let deadline = nextDeadline(in: environment)
        if let deadline, deadline != wakeAsked { effects.append(.wake(at: deadline)) }
        wakeAsked = deadline
        return effects
    }

    /// A person is being served: a card was read, or somebody looks around.
    public var hasSession: Bool { session != nil }

    /// The machine is at work for the person (XD3): scanning, storing, submitting, printing, asking, calling.
    public var isBusy: Bool {
        if envelope.dialog == .help(.calling) { return true }
        if let item = session?.item, item.isBusy { return true }
        if case .progress = place, session?.lookup?.isBusy == true { return true }
        return false
    }

    // MARK: -

    private mutating func respond(to event: FlowEvent, in environment: FlowEnvironment) -> [FlowEffect] {
        switch event {
        case .action(let action, let revision): return act(action, madeOn: revision, in: environment)
        case .activity:
            if envelope.alertSince != nil { answeredAlert = revision }
            if envelope.isCovered, envelope.alertSince == nil { liftedCover = revision }
            touched(in: environment)
            return []
        case .tick: return tick(in: environment)
        case .cardPresented, .cardRead, .cardFailed, .cardRemoved: return card(event, in: environment)
        case .device(let role, let status): return device(role, status)
        case .scanStarted: return []
        case .pageScanned, .scanFailed, .materialStored, .materialNotStored: return scan(event)
        case .caseAccepted, .caseNotAccepted, .caseConfirmed, .caseWaits, .receipt: return submission(event)
        case .slipTaken:
            belongings.slip.takenSeen()
            hasToldOfSlip = false
            touched(in: environment)
            return []
        case .documentReady, .documentUnavailable, .documentPrinted: return document(event)
        case .codeRead(let text): return codeRead(text.exposed, in: environment)
        case .progressFound(let cases):
            session?.lookup?.answered(cases)
            return []
        case .progressUnavailable:
            session?.lookup?.failed()
            return []
        case .platformReachable(let isReachable):
            availability.isPlatformReachable = isReachable
            return []
        case .ownCallNotDelivered:
            hasToldOfSlip = false
            if case .leaving(var leaving) = place {
                leaving.callFailed(at: environment.now)
                place = .leaving(leaving)
            }
            return []
        case .helpDelivered: return helpEnded(.delivered, in: environment)
        case .helpNotDelivered: return helpEnded(.failed, in: environment)
        case .submissionClosed(let code):
            availability.submissionClosed = code
            if code == nil { submissionOpened() }
            return []
        case .previousSessionLost(let accepted):
            guard session == nil, case .start = place else { return [] }
            notice.lostSession = accepted.map(LostSession.accepted) ?? .erased
            touched(in: environment)
            return []
        }
    }

    /// A slip that lies in the slot when a person begins is of somebody who has left: staff are told of it, once, and
    /// the person is not, as it may name a stranger.
    private mutating func tellOfOldSlip() -> [FlowEffect] {
        guard availability.mediaPresent(.receiptPrinter) == true, !hasToldOfSlip else { return [] }
        hasToldOfSlip = true
        return [.callStaff(step: Screen.Name.take.rawValue, byPerson: false)]
    }

    private mutating func tick(in environment: FlowEnvironment) -> [FlowEffect] {
        let due = envelope.tick(
            at: environment.now, settings: environment.settings, surroundings: surroundings(in: environment))
        switch due {
        case .nothing: return []
        case .silentReset: return returnToStart(in: environment)
        case .timeOut: return leave(in: environment)
        }
    }

    /// What follows by itself after every event.
    private mutating func settle(in environment: FlowEnvironment, _ effects: inout [FlowEffect]) {
        if session?.item?.takesPages == true { belongings.mayHaveOriginals = true }
        if let other = session?.otherCard, isReceiptSettled { effects += begin(with: other.document, in: environment) }
        if case .leaving(var leaving) = place {
            switch leaving.due(belongings.things(availability), at: environment.now, settings: environment.settings) {
            case .nothing: break
            case .callStaff:
                leaving.calledStaff()
                hasToldOfSlip = availability.mediaPresent(.receiptPrinter) == true
                place = .leaving(leaving)
                effects.append(.callStaff(step: Screen.Name.take.rawValue, byPerson: false))
            case .finished: effects += returnToStart(in: environment)
            }
        }
        envelope.noteWork(isBusy, at: environment.now)
        envelope.fit(surroundings(in: environment))
    }

    private func nextDeadline(in environment: FlowEnvironment) -> Duration? {
        if case .leaving(let leaving) = place {
            return leaving.nextDeadline(belongings.things(availability), settings: environment.settings)
        }
        return envelope.nextDeadline(
            at: environment.now, settings: environment.settings, surroundings: surroundings(in: environment))
    }

    func surroundings(in environment: FlowEnvironment) -> SessionEnvelope.Surroundings {
        let rule: SessionEnvelope.IdleRule
        switch place {
        case .leaving: rule = .none
        case .start: rule = startRule
        case .reading: rule = .silent
        case .window, .items, .item, .progress: rule = .alert
        }
        let isSomebodys = session?.visitor != nil || session?.lookup != nil
        return .init(rule: rule, showsPersonalData: isSomebodys && page(in: environment).showsPersonalData)
    }
}

extension GuidedFlow {
    /// What was said of a card does not stand there for the next person; a session that was lost is spoken of for longer, and
    /// so is a card that still lies there.
    private var startRule: SessionEnvelope.IdleRule {
        if session != nil || notice.lostSession != nil { return .silent }
        guard notice.cardProblem != nil else { return .none }
        return belongings.cardLies ? .silent : .brief
    }
}

extension Screen {
    /// Screens that are covered when nobody touches them (XD2). The number on `done` is not: people copy it by hand. A
    /// question is only where its answers name something of the person's.
    var showsPersonalData: Bool {
        switch name {
        case .items, .digits, .preview, .check, .progress: true
        case .choice: choices.contains { $0.isPersonal }
        case .start, .reading, .closed, .window, .intro, .scan, .scanning, .stored, .submitting, .done, .take, .fault,
            .otherCard, .lookingUp, .making, .papers:
            false
        }
    }
}

/// What a late touch could be wrong about. The revision rises when any of it changes (XT2).
private struct ScreenSignature: Equatable {
    var name: Screen.Name
    var heading: ScreenText
    var page: PageID?
    var actions: [ResidentAction]
    var canGoBack: Bool
    var isCovered: Bool
    var overlay: Screen.Overlay.Name?
    var overlayActions: [ResidentAction]

    init(_ screen: Screen) {
        name = screen.name
        heading = screen.heading
        page = screen.page?.page
        actions = screen.choices.map(\.action) + screen.answers.compactMap(\.change) + screen.buttons.map(\.action)
        canGoBack = screen.canGoBack
        isCovered = screen.isCovered
        overlay = screen.overlay?.name
        overlayActions = (screen.overlay?.choices.map(\.action) ?? []) + (screen.overlay?.buttons.map(\.action) ?? [])
    }
}
