import HallModel

extension GuidedFlow {
    /// A touch on a button. Only what the screen offers can be done, whatever the browser sent.
    mutating func act(
        _ action: ResidentAction, madeOn touched: Int, in environment: FlowEnvironment
    ) -> [FlowEffect] {
        let wasCovered = envelope.isCovered
        let wasAlerted = envelope.alertSince != nil
        let current = revision
        let screen = screen(in: environment)
        let answered = answeredAlert
        let lifted = liftedCover
        answeredAlert = nil
        liftedCover = nil
        self.touched(in: environment)

        // 不办了 on the alert, also when the same touch was reported as activity first and has closed the alert.
        if action == .confirmEnd, wasAlerted ? touched == current : touched == answered {
            return endSession(in: environment)
        }
        // Any touch answers the alert or lifts the cover, and does nothing else; but the frame's buttons stand around the
        // cover too, and whoever has been stuck for so long calls for help with one touch.
        let isAroundCover = screen.offersAroundCover(action) && (wasCovered ? touched == current : touched == lifted)
        guard !wasAlerted, isAroundCover || !wasCovered && touched == current && screen.offers(action) else {
            return []
        }

        var effects: [FlowEffect] = []
        switch place {
        case .leaving: break
        case .start where session == nil && action == .end: return []
        default:
            // Somebody looks around: what they choose must be reset after them.
            if session == nil {
                session = Session()
                effects.append(.beginSession)
            }
        }
        return effects + perform(action, on: screen, in: environment)
    }

    mutating func touched(in environment: FlowEnvironment) {
        envelope.touched(at: environment.now)
        if case .leaving(var leaving) = place {
            leaving.since = environment.now
            place = .leaving(leaving)
        }
    }

    private mutating func perform(
        _ action: ResidentAction, on screen: Screen, in environment: FlowEnvironment
    ) -> [FlowEffect] {
        switch action {
        case .help: return callHelp(from: screen.name)
        case .openTextSize: envelope.dialog = .textSize
        case .setTextStep(let step): envelope.textStep = min(3, max(1, step))
        case .setLowered(let isLowered): envelope.isLowered = isLowered
        case .openLanguage: envelope.dialog = .language
        case .setLanguage(let language): envelope.language = language
        case .stay: envelope.dialog = nil
        case .end: return requestEnd(in: environment)
        case .confirmEnd: return endSession(in: environment)
        case .back: return back(in: environment)
        case .goToWindow: place = .window
        case .chooseItem(let id): return choose(id, in: environment)
        case .anotherItem:
            if session?.item?.isThrough == true { session?.item = nil }
            session?.lookup = nil
            place = .items
        case .keepFirstCard: session?.otherCard?.mustGo = true
        case .useNewCard:
            if let other = session?.otherCard { return begin(with: other.document, in: environment) }
        case .retry: return retry(in: environment)
        case .allTaken:
            if case .leaving(var leaving) = place {
                leaving.isConfirmed = true
                place = .leaving(leaving)
            }
        case .begin, .answer, .digit, .deleteDigit, .confirmDigits, .scan, .keepPage, .scanAgain, .change, .next,
            .submit, .printAgain, .havePaper, .skipPaper:
            return performOnItem(action, in: environment)
        }
        return []
    }

    private mutating func performOnItem(_ action: ResidentAction, in environment: FlowEnvironment) -> [FlowEffect] {
        guard case .item = place, var item = session?.item else { return [] }
        defer { if session != nil { session?.item = item } }
        switch action {
        case .begin: item.begin()
        case .answer(let question, let value): item.answer(question, value)
        case .digit(let digit): item.digit(digit)
        case .deleteDigit: item.deleteDigit()
        case .confirmDigits: item.confirmDigits()
        case .scan: return inHand(of: &item) { $0.scan() }
        case .keepPage: return inHand(of: &item) { $0.keep() }
        case .scanAgain:
            return inHand(of: &item) {
                $0.scanAgain()
                return []
            }
        case .change(let what): item.startChange(what)
        case .submit: return item.item.kind == .certificate ? requestDocument(&item) : submit(&item)
        case .printAgain where item.item.kind == .certificate: return printDocumentAgain(&item)
        case .printAgain:
            let isSecondCopy = item.submission.receipt.mayExist
            if item.submission.receipt.printAgain(), let content = receiptContent(of: item) {
                return printReceipt(content, isSecondCopy: isSecondCopy)
            }
        case .havePaper, .skipPaper:
            let hasPaper = action == .havePaper
            item.submission.receipt.settle(hasPaper: hasPaper)
            item.certificate.print.settle(hasPaper: hasPaper)
        case .next:
            guard item.position == .sent else {
                item.next()
                break
            }
            return endSession(in: environment)
        default: break
        }
        return []
    }

    private mutating func choose(_ id: String, in environment: FlowEnvironment) -> [FlowEffect] {
        guard let visitor = session?.visitor, let chosen = environment.items.first(where: { $0.id == id }) else {
            return []
        }
        // What this kiosk does not offer has a first page too: it says where to go.
        if chosen.kind == .progress, chosen.closedHere == nil {
            return lookUp(.person(number: Sensitive(visitor.document.number)), for: chosen)
        }
        place = .item
        if var draft = session?.item, draft.item.id == id, !draft.isThrough {
            draft.position = .intro
            session?.item = draft
            return []
        }
        let effects = session?.item?.abandoned() ?? []
        session?.item = ItemFlow(chosen)
        return effects
    }

    private mutating func back(in environment: FlowEnvironment) -> [FlowEffect] {
        switch place {
        case .window: place = .start
        case .items: return requestEnd(in: environment)
        case .progress:
            guard session?.visitor != nil else { return leave(in: environment) }
            session?.lookup = nil
            place = .items
        case .item:
            guard let (result, effects) = session?.item?.back() else { return [] }
            if case .leavesItem = result { place = .items }
            return effects
        case .start, .reading, .leaving: break
        }
        return []
    }

    private mutating func retry(in environment: FlowEnvironment) -> [FlowEffect] {
        if case .progress = place {
            guard let question = session?.lookup?.retry() else { return [] }
            return [.lookUpProgress(question)]
        }
        guard case .item = place, var item = session?.item else { return [] }
        defer { session?.item = item }
        if item.position == .sent {
            return item.item.kind == .certificate ? requestDocument(&item) : submit(&item)
        }
        return inHand(of: &item) { scan in
            if case .storeFailed = scan.stage { scan.retryStore() } else { scan.scan() }
        }
    }

    private func inHand(
        of item: inout ItemFlow, _ body: (inout MaterialScan) -> [FlowEffect]
    ) -> [FlowEffect] {
        guard case .material(let place) = item.position, item.scans.indices.contains(place) else { return [] }
        return body(&item.scans[place])
    }

    // MARK: Help

    /// `step` is a screen name: staff learn where the person stands, and nothing else.
    private mutating func callHelp(from name: Screen.Name) -> [FlowEffect] {
        envelope.dialog = .help(.calling)
        guard !envelope.isCallingHelp else { return [] }
        envelope.isCallingHelp = true
        return [.callStaff(step: name.rawValue, byPerson: true)]
    }

    /// Said in the dialog that stands open. A dialog that was closed meanwhile is opened again when nobody was reached:
    /// the person believes that somebody comes.
    mutating func helpEnded(_ outcome: SessionEnvelope.HelpCall, in environment: FlowEnvironment) -> [FlowEffect] {
        guard envelope.isCallingHelp else { return [] }
        envelope.isCallingHelp = false
        guard envelope.dialog == .help(.calling) || outcome == .failed else { return [] }
        touched(in: environment)
        envelope.dialog = .help(outcome)
        return []
    }
}

extension Screen.Overlay {
    fileprivate func offers(_ action: ResidentAction) -> Bool {
        buttons.contains { $0.action == action } || choices.contains { $0.action == action }
    }
}

extension Screen {
    /// The three buttons below, the languages above, and the buttons of an open dialog stand where the cover does not reach.
    fileprivate func offersAroundCover(_ action: ResidentAction) -> Bool {
        [.help, .openTextSize, .openLanguage, .end].contains(action) || overlay?.offers(action) == true
    }

    /// Whether a person could have done this on this screen.
    func offers(_ action: ResidentAction) -> Bool {
        if isCovered { return action == .stay || offersAroundCover(action) }
        if let overlay, action == .stay || overlay.offers(action) { return true }
        switch action {
        // The frame is there on every screen, also around an open dialog.
        case .help, .openTextSize, .openLanguage, .end, .setTextStep, .setLanguage: return true
        default: break
        }
        guard overlay == nil else { return false }
        switch action {
        case .back: return canGoBack
        case .digit, .deleteDigit, .confirmDigits: return digits != nil
        default:
            return buttons.contains { $0.action == action } || choices.contains { $0.action == action }
                || answers.contains { $0.change == action }
        }
    }
}
