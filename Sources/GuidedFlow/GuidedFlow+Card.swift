import HallModel

extension GuidedFlow {
    mutating func card(_ event: FlowEvent, in environment: FlowEnvironment) -> [FlowEffect] {
        touched(in: environment)
        switch event {
        case .cardPresented: return cardPresented(in: environment)
        case .cardRead(let document):
            belongings.cardLies = true
            // A kind that no layout names carries no number to act upon.
            if document.kind == .unknown || document.number.isEmpty { return cardFailed(.cardUnknownKind) }
            return cardRead(document, in: environment)
        case .cardFailed(let code): return cardFailed(code)
        case .cardRemoved:
            belongings.cardLies = false
            session?.otherCard = nil
            if case .reading = place { place = .start }
            return []
        default: return []
        }
    }

    private mutating func cardPresented(in environment: FlowEnvironment) -> [FlowEffect] {
        let wasSeenLying = belongings.cardLies
        belongings.cardLies = true
        switch place {
        case .start, .window:
            notice.cardProblem = nil
            envelope.dialog = nil
            place = .reading
        // The card left behind is not a new one, only because a reader looks at it again.
        case .leaving where !wasSeenLying:
            let effects = returnToStart(in: environment)
            belongings.cardLies = true
            place = .reading
            return effects
        // Somebody looked at the case of a receipt; the card begins a session of its owner's.
        case .progress where session?.visitor == nil:
            let effects = returnToStart(in: environment)
            belongings.cardLies = true
            place = .reading
            return effects
        case .leaving, .reading, .items, .item, .progress: break
        }
        return []
    }

    private mutating func cardRead(_ document: IdentityDocument, in environment: FlowEnvironment) -> [FlowEffect] {
        guard let visitor = session?.visitor else {
            switch place {
            case .start, .reading, .window, .progress: return begin(with: document, in: environment)
            case .leaving, .items, .item: return []
            }
        }
        if visitor.document.isSameDocument(as: document) {
            session?.otherCard = nil
        } else if session?.otherCard?.document.isSameDocument(as: document) != true {
            // `settle` begins anew without a question where the first person's matter is through.
            session?.otherCard = OtherCard(document: document)
            if envelope.dialog == .end { envelope.dialog = nil }
        }
        return []
    }

    private mutating func cardFailed(_ code: ProblemCode) -> [FlowEffect] {
        guard session?.visitor == nil else { return [] }
        switch place {
        case .start, .reading, .window:
            place = .start
            notice.cardProblem = code
        case .leaving, .items, .item, .progress: break
        }
        return []
    }

    /// The session of this card's owner begins; one before it ends first, and nothing of it stays.
    mutating func begin(with document: IdentityDocument, in environment: FlowEnvironment) -> [FlowEffect] {
        var effects: [FlowEffect] = []
        if session?.visitor != nil || session?.lookup != nil { effects += erase(in: environment) }
        if session == nil {
            session = Session()
            effects.append(.beginSession)
        }
        belongings.beginAnew()
        belongings.hadCard = true
        session?.visitor = Visitor(document: document)
        session?.lostSession = notice.lostSession
        notice = StartNotice()
        envelope.dialog = nil
        place = .items
        return effects
    }

    // MARK: Ends

    /// 结束: asks where something would be lost, else ends at once.
    mutating func requestEnd(in environment: FlowEnvironment) -> [FlowEffect] {
        if case .leaving(var leaving) = place {
            leaving.isConfirmed = true
            place = .leaving(leaving)
            return []
        }
        guard whatEndingLoses == nil else {
            envelope.dialog = .end
            return []
        }
        return endSession(in: environment)
    }

    enum Loss: Sendable { case entries, receipt, sending, papers }

    /// What 结束 would cost the person now.
    var whatEndingLoses: Loss? {
        guard let item = session?.item else { return nil }
        if item.submission.stage == .sending { return .sending }
        if item.wouldLoseEntries { return .entries }
        if item.certificate.isMade, !item.certificate.isSettled { return .papers }
        return item.submission.isAccepted && !item.submission.receipt.isSettled ? .receipt : nil
    }

    /// Ends the session: its data at once; the page with what is to be taken stays as long as it must.
    /// Not while the journal is asked, which answers in a moment: nothing may be torn from under it.
    mutating func endSession(in environment: FlowEnvironment) -> [FlowEffect] {
        whatEndingLoses == .sending ? [] : leave(in: environment)
    }

    /// Ends the session whatever is under way: the person is gone.
    mutating func leave(in environment: FlowEnvironment) -> [FlowEffect] {
        // A look around without a card leaves nothing behind, whatever lay there before.
        var mayLeaveSomething = session?.visitor != nil
        if case .reading = place { mayLeaveSomething = true }
        // A page that was laid in and not scanned is left behind like any other.
        if belongings.mayHaveOriginals, availability.hasPaper(.scanner) { belongings.originals = .lies }
        guard mayLeaveSomething, !belongings.things(availability).isEmpty else {
            return returnToStart(in: environment)
        }
        let effects = forget()
        envelope.dialog = nil
        envelope.isCallingHelp = false
        place = .leaving(Leaving(since: environment.now))
        return effects
    }

    /// The plain start screen for the next person: language and size are those of the configuration again (XE5).
    mutating func returnToStart(in environment: FlowEnvironment) -> [FlowEffect] {
        let effects = erase(in: environment)
        belongings = Belongings(cardLies: belongings.cardLies)
        notice = StartNotice()
        place = .start
        return effects
    }

    /// Everything of the session goes from the flow's own memory, and the world is told to do alike.
    private mutating func erase(in environment: FlowEnvironment) -> [FlowEffect] {
        answeredAlert = nil
        liftedCover = nil
        envelope = SessionEnvelope(settings: environment.settings, now: environment.now)
        return forget()
    }

    private mutating func forget() -> [FlowEffect] {
        var effects: [FlowEffect] = []
        if session?.item?.scans.contains(where: \.isScanning) == true { effects.append(.cancelScan) }
        if session?.item?.certificate.isBusy == true { effects.append(.cancelDocument) }
        if session != nil { effects.append(.endSession) }
        session = nil
        return effects
    }
}
