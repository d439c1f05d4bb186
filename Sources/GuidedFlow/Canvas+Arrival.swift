import HallModel

/// From the empty kiosk to the choice of an item, and away again.
extension Canvas {
    func start(_ notice: GuidedFlow.StartNotice) -> Screen {
        if let obstacle = closed {
            var screen = screen(.closed, .text(.closedHeading))
            screen.problem = obstacle.code
            screen.picture =
                obstacle.code.flatMap { environment.problems[$0]?.picture } ?? ScreenPicture.closed.rawValue
            screen.notes =
                lostSession(notice.lostSession, else: .closedSessionLost) + [
                    .init(.stop, .text(.closedWhy, ["why": what(obstacle)]))
                ]
            screen.lead = [.text(.closedWindow, ["window": window])] + receiptHint
            screen.buttons = [.init(.other, .help, .text(.faultHelp), pictogram: ScreenPictogram.help.rawValue)]
            return screen
        }
        var screen = screen(.start, .text(.startHeading), picture: .placeCard)
        screen.lead =
            [
                .text(.startReads, ["hall": .localized(environment.settings.hallName)]), .text(.startPurpose),
            ] + receiptHint
        if let code = notice.cardProblem {
            screen.notes.append(.init(.stop, what(code, else: .troubleCard)))
            let advice = environment.problems[code]?.residentAction.map(ScreenText.localized)
            screen.notes.append(.init(.stop, advice ?? .text(.troubleCardAdvice)))
        }
        screen.notes += lostSession(notice.lostSession, else: .startSessionLost) + notesOnItems
        screen.buttons = [.init(.other, .goToWindow, .text(.startWindow))]
        return screen
    }

    func reading() -> Screen {
        var screen = screen(.reading, .text(.readingHeading), picture: .readingCard)
        screen.lead = [.text(.readingLead)]
        return screen
    }

    func windowInstead() -> Screen {
        var screen = screen(.window, .text(.windowHeading, ["window": window]), picture: .window)
        screen.lead = [.text(.windowLead), .text(.windowBring)]
        screen.buttons = [.init(.go, .back, .text(.windowBack))]
        screen.canGoBack = true
        return screen
    }

    func items(_ session: GuidedFlow.Session?) -> Screen {
        let visitor = session?.visitor
        var screen = screen(.items, greeting(visitor))
        screen.canGoBack = true
        if session?.item == nil { screen.notes += lostSession(session?.lostSession, else: .itemsSessionLost) }
        if visitor?.document.flags.contains(.expired) == true {
            screen.notes.append(.init(.warn, .text(.itemsExpired)))
        }
        if visitor?.document.flags.contains(.notYetValid) == true {
            screen.notes.append(.init(.warn, .text(.itemsNotYetValid)))
        }
        screen.choices = environment.items.map { item in
            .init(
                action: .chooseItem(item.id), title: .localized(item.title), detail: detail(of: item, for: visitor),
                pictogram: item.pictogram)
        }
        screen.buttons = [.init(.other, .help, .text(.itemsNone), pictogram: ScreenPictogram.help.rawValue)]
        return screen
    }

    func otherCard(_ other: GuidedFlow.OtherCard, loses: Bool) -> Screen {
        var screen = screen(
            .otherCard, .text(other.mustGo ? .otherCardRemove : .otherCardHeading),
            picture: other.mustGo ? .takeCard : .otherCard)
        if other.mustGo {
            screen.lead = [.text(.otherCardRemoveLead)]
            // Nothing to press by mistake: the screen goes on when the card is taken. 结束 stands below.
        } else {
            screen.lead = [.text(.otherCardLead)] + (loses ? [.text(.otherCardLost)] : [])
            screen.buttons = [
                .init(.go, .keepFirstCard, .text(.otherCardKeep)), .init(.other, .useNewCard, .text(.otherCardUse)),
            ]
        }
        return screen
    }

    func take(_ things: [Belongings.Thing], _ leaving: Leaving) -> Screen {
        let shown = leaving.isConfirmed ? things.filter { $0.isTaken == false } : things
        let left = shown.filter { $0.isTaken != true }.map(\.kind)
        let isCardLying = shown.contains { $0.kind == .card && $0.isTaken == false }
        let isCardOnly = left == [.card] && isCardLying
        let picture: ScreenPicture =
            switch left {
            case [.card]: .takeCard
            case [.originals]: .takeOriginals
            case [.slip]: .takeSlip
            case [.papers]: .takeDocuments
            default: .takeAll
            }
        var screen = screen(.take, .text(isCardOnly ? .takeHeadingCard : .takeHeading), picture: picture)
        screen.lead = [.text(.takeCleared)] + (isCardLying ? [.text(.takeAgain)] : [])
        if leaving.isConfirmed || leaving.hasCalledStaff { screen.notes = [.init(.warn, .text(.takeStill))] }
        screen.things = shown.map { thing in
            switch thing.kind {
            case .card: .init(text: .text(.takeCard), pictogram: ScreenPictogram.card.rawValue, isTaken: thing.isTaken)
            case .originals:
                .init(text: .text(.takeOriginals), pictogram: ScreenPictogram.page.rawValue, isTaken: thing.isTaken)
            case .papers:
                .init(text: .text(.takePapers), pictogram: ScreenPictogram.page.rawValue, isTaken: thing.isTaken)
            case .slip: .init(text: .text(.takeSlip), pictogram: ScreenPictogram.slip.rawValue, isTaken: thing.isTaken)
            }
        }
        screen.buttons = [.init(.go, .allTaken, .text(.takeDone))]
        return screen
    }

    // MARK: -

    /// Why nobody can begin at all. While only submission is closed, other items stay open.
    private var closed: Availability.Obstacle? {
        if let reader = availability.obstacle(of: [.cardReader]) { return reader }
        guard let code = availability.submissionClosed, openItems.isEmpty else { return nil }
        return .closed(code)
    }

    private func lostSession(_ lost: GuidedFlow.LostSession?, else key: ScreenTextKey) -> [Screen.Note] {
        switch lost {
        case nil: []
        case .erased: [.init(.warn, .text(key))]
        case .accepted(let number): [.init(.good, .text(.startSessionKept, ["number": .plain(number)]))]
        }
    }

    /// Before anybody begins: what cannot be done today, why, and where else (D8). Two short items with the same cause and
    /// the same window share a sentence; more would not fit a page in the largest letters. What this kiosk never offers is said where it is chosen.
    private var notesOnItems: [Screen.Note] {
        struct Blocked { var titles: [LocalizedText]; var why: ScreenText; var window: LocalizedText }
        var blocked: [Blocked] = []
        for item in environment.items where item.closedHere == nil {
            guard let why = availability.obstacle(of: item).map(what) else { continue }
            if let place = blocked.firstIndex(where: {
                $0.why == why && $0.window == item.window && $0.titles.count < 2
                    && LocalizedText.list($0.titles + [item.title]).isShort
            }) {
                blocked[place].titles.append(item.title)
            } else {
                blocked.append(Blocked(titles: [item.title], why: why, window: item.window))
            }
        }
        let notes = blocked.map { blocked in
            Screen.Note(
                .warn,
                .text(
                    .startItemUnavailable,
                    [
                        "item": .localized(.list(blocked.titles)), "why": blocked.why,
                        "window": .localized(blocked.window),
                    ]))
        }
        guard availability.submissionClosed != nil else { return notes }
        return notes + [.init(.good, .text(.startStillOpen, ["items": .localized(.list(openItems.map(\.title)))]))]
    }

    /// What can be done here now.
    private var openItems: [ServiceItem] { environment.items.filter { availability.obstacle(of: $0) == nil } }

    /// Whoever has a receipt needs no card to see how their case stands.
    private var receiptHint: [ScreenText] {
        let offers = environment.items.contains { $0.kind == .progress && $0.closedHere == nil }
        return offers && availability.has(.codeReader) ? [.text(.startReceipt)] : []
    }

    private func greeting(_ visitor: Visitor?) -> ScreenText {
        func who(_ key: ScreenTextKey, _ surname: String) -> ScreenText {
            .text(.itemsHeading, ["who": .text(key, ["surname": .plain(surname)])])
        }
        switch visitor?.salutation(on: environment.today) ?? .none {
        case .grandmother(let surname): return who(.whoGrandmother, surname)
        case .grandfather(let surname): return who(.whoGrandfather, surname)
        case .madam(let surname): return who(.whoMadam, surname)
        case .sir(let surname): return who(.whoSir, surname)
        case .name(let name): return .text(.itemsHeadingByName, ["name": .plain(name)])
        case .none: return .text(.itemsHeadingPlain)
        }
    }

    private func detail(of item: ServiceItem, for visitor: Visitor?) -> ScreenText {
        if availability.obstacle(of: item) != nil {
            return .text(.itemsUnavailable, ["window": .localized(item.window)])
        }
        guard let minimum = item.minimumAge else { return .localized(item.summary) }
        let minutes = ["minutes": ScreenText.count(item.minutes)]
        guard let age = visitor?.age(on: environment.today) else { return .text(.itemsMinutes, minutes) }
        return age >= minimum ? .text(.itemsEligible, minutes) : .text(.itemsFromAge, ["age": .count(minimum)])
    }
}
