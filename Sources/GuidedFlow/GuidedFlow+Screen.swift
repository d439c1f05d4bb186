import HallModel

extension GuidedFlow {
    /// What the person sees now. Follows from the state and the moment; changes nothing.
    public func screen(in environment: FlowEnvironment) -> Screen {
        var screen = page(in: environment)
        screen.isLowered = envelope.isLowered
        screen.isCovered = envelope.isCovered
        screen.overlay = overlay(in: environment)
        return screen
    }

    /// The screen below any dialog and cover.
    func page(in environment: FlowEnvironment) -> Screen {
        let canvas = Canvas(
            revision: revision, language: envelope.language, textStep: envelope.textStep, environment: environment,
            availability: availability, hasVisitor: session?.visitor != nil)
        // A second card waits until the machine's work is done; then it is asked about before anything else.
        if let other = session?.otherCard, !isBusy { return canvas.otherCard(other, loses: whatEndingLoses != nil) }
        switch place {
        case .start: return canvas.start(notice)
        case .reading: return canvas.reading()
        case .window: return canvas.windowInstead()
        case .leaving(let leaving): return canvas.take(belongings.things(availability), leaving)
        case .items: return canvas.items(session)
        case .progress:
            guard let lookup = session?.lookup else { return canvas.items(session) }
            return canvas.progress(lookup)
        case .item:
            guard let item = session?.item, let visitor = session?.visitor else {
                return canvas.items(session)
            }
            var screen = canvas.item(item, visitor)
            screen.step = item.step
            screen.canGoBack = item.canGoBack
            return screen
        }
    }

    /// The dialog above the page; the idle alert lies above any other.
    private func overlay(in environment: FlowEnvironment) -> Screen.Overlay? {
        if envelope.alertSince != nil {
            let isAccepted = session?.item?.submission.isAccepted ?? false
            return Screen.Overlay(
                name: .idle, heading: .text(.idleHeading),
                lead: [.text(isAccepted ? .idleLeadAccepted : .idleLead)],
                buttons: [.init(.go, .stay, .text(.idleStay)), .init(.other, .confirmEnd, .text(.idleLeave))],
                secondsLeft: envelope.secondsLeft(at: environment.now, settings: environment.settings))
        }
        switch envelope.dialog {
        case nil: return nil
        case .help(let call): return Self.help(call, window: .localized(environment.settings.window))
        case .textSize:
            let sizes: [(Int, ScreenTextKey)] = [(1, .textSizeSmall), (2, .textSizeLarge), (3, .textSizeLargest)]
            return Screen.Overlay(
                name: .textSize, heading: .text(.textSizeHeading),
                choices: sizes.map {
                    .init(action: .setTextStep($0), title: .text($1), isSelected: envelope.textStep == $0)
                } + [
                    envelope.isLowered
                        ? .init(
                            action: .setLowered(false), title: .text(.textSizeRaise),
                            pictogram: ScreenPictogram.raise.rawValue)
                        : .init(
                            action: .setLowered(true), title: .text(.textSizeLower),
                            pictogram: ScreenPictogram.lower.rawValue)
                ], buttons: [.init(.go, .stay, .text(.textSizeClose))])
        case .language:
            let names: [(Language, String)] = [(.simplifiedChinese, "简体中文"), (.english, "English")]
            return Screen.Overlay(
                name: .language, heading: .text(.languageHeading),
                choices: names.map {
                    .init(action: .setLanguage($0), title: .plain($1), isSelected: envelope.language == $0)
                }, buttons: [.init(.go, .stay, .text(.languageClose))])
        case .end: return endDialog
        }
    }

    private static func help(_ call: SessionEnvelope.HelpCall, window: ScreenText) -> Screen.Overlay {
        switch call {
        case .calling:
            return .init(
                name: .help, heading: .text(.helpCalling), lead: [.text(.helpCallingLead)],
                buttons: [.init(.go, .stay, .text(.helpClose))])
        case .delivered:
            return .init(
                name: .help, heading: .text(.helpCalled), lead: [.text(.helpCalledLead)],
                buttons: [.init(.go, .stay, .text(.helpClose))])
        case .failed:
            return .init(
                name: .help, heading: .text(.helpFailed), lead: [.text(.helpFailedLead, ["window": window])],
                buttons: [.init(.go, .stay, .text(.helpClose)), .init(.other, .help, .text(.helpAgain))])
        }
    }

    private var endDialog: Screen.Overlay {
        let stay = Screen.Button(.go, .stay, .text(.endStay))
        switch whatEndingLoses {
        case .sending:
            return .init(
                name: .end, heading: .text(.endSendingHeading), lead: [.text(.endSendingLead)], buttons: [stay])
        case .receipt:
            return .init(
                name: .end, heading: .text(.endHeading), lead: [.text(.endReceipt)],
                buttons: [stay, .init(.other, .confirmEnd, .text(.endConfirm))])
        case .papers:
            return .init(
                name: .end, heading: .text(.endHeading), lead: [.text(.endPapers)],
                buttons: [stay, .init(.other, .confirmEnd, .text(.endConfirm))])
        case .entries:
            return .init(
                name: .end, heading: .text(.endHeading), lead: [.text(.endUnsent)],
                buttons: [stay, .init(.other, .confirmEnd, .text(.endConfirm))])
        case nil:
            return .init(
                name: .end, heading: .text(.endHeading),
                buttons: [stay, .init(.other, .confirmEnd, .text(.endConfirm))])
        }
    }
}
