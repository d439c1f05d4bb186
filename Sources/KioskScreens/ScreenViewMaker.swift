import GuidedFlow
import HallModel

/// Turns a `Screen` into the words and drawings that the templates print.
struct ScreenViewMaker: Sendable {
    var texts: TextResolver
    var pictures: PictureLibrary
    /// Called with the name of a picture that is not in `Kiosk/pictures`.
    var onMissingPicture: @Sendable (String) -> Void

    func view(of screen: Screen) -> ScreenView {
        let languages = button(.openLanguage, "frame.language", icon: "language")
        return ScreenView(
            name: screen.name.rawValue,
            language: screen.language.rawValue,
            textStep: screen.textStep,
            revision: screen.revision,
            back: screen.canGoBack ? button(.back, "frame.back", icon: "back") : nil,
            step: screen.step.map(stepView),
            // Beside the steps there is room for one word: the language that this one is not.
            languages: screen.step == nil
                ? languages : frameButton(.openLanguage, "frame.otherLanguage", icon: nil),
            cover: screen.isCovered ? cover() : nil,
            heading: texts.resolve(screen.heading),
            lead: ListView(screen.lead.map(texts.resolve)),
            notes: ListView(screen.notes.map(note)),
            picture: screen.picture.flatMap(picture),
            choices: ListView(screen.choices.map(choice)),
            digits: screen.digits.map(digits),
            preview: screen.page.map {
                PreviewView(source: "/page/\($0.page.rawValue).jpg", description: texts.resolve($0.description))
            },
            answers: ListView(screen.answers.map(answer)),
            number: screen.number.map { NumberView(text: CleanText.clean($0).inGroupsOfFour, isLong: $0.count > 10) },
            cases: ListView(screen.cases.map(caseView)),
            things: ListView(screen.things.map(thing)),
            buttons: ListView(screen.buttons.map(button)),
            reserved: ListView(screen.reserved.map(button)),
            more: pagingButton("frame.more", after: "down"),
            previous: pagingButton("frame.previous", icon: "up"),
            help: frameButton(.help, "frame.help", icon: "help", isHelp: true),
            textSize: frameButton(.openTextSize, "frame.textSize", icon: "size"),
            end: frameButton(.end, "frame.end", icon: "end"),
            dialog: screen.overlay.map { dialog($0, languages: languages) },
            offline: texts.resolve("frame.offline"))
    }

    // MARK: - Frame

    /// Ids inside an action come from item files, and stand in an attribute.
    private func form(_ action: ResidentAction) -> String { CleanText.clean(action.form) }

    private func button(_ action: ResidentAction, _ key: String, icon: String) -> ButtonView {
        frameButton(action, key, icon: icon)
    }

    private func frameButton(
        _ action: ResidentAction, _ key: String, icon: String?, isHelp: Bool = false
    ) -> ButtonView {
        ButtonView(
            action: form(action), label: texts.resolve(key), icon: icon.flatMap(pictogram), isGo: false, isHelp: isHelp,
            after: nil)
    }

    private func pagingButton(_ key: String, icon: String? = nil, after: String? = nil) -> ButtonView {
        ButtonView(
            action: "", label: texts.resolve(key), icon: icon.flatMap(pictogram), isGo: after != nil, isHelp: false,
            after: after.flatMap(pictogram))
    }

    private func stepView(_ step: Screen.Step) -> StepView {
        let values: [String: ScreenText] = ["n": .plain(String(step.number)), "m": .plain(String(step.of))]
        let dots = (1...max(1, min(step.of, 20))).map {
            StepView.Dot(isDone: $0 < step.number, isNow: $0 == step.number)
        }
        return StepView(text: texts.resolve("frame.step", values), dots: dots)
    }

    private func cover() -> CoverView {
        CoverView(
            text: texts.resolve("frame.covered"),
            button: ButtonView(
                action: form(.stay), label: texts.resolve("frame.continue"), icon: nil, isGo: true,
                isHelp: false, after: nil),
            icon: pictures.drawing("covered"))
    }

    // MARK: - Main

    private func note(_ note: Screen.Note) -> NoteView {
        let icon =
            switch note.kind {
            case .good: "check"
            case .warn: "warn"
            case .stop: "stop"
            }
        return NoteView(kind: note.kind.rawValue, icon: pictogram(icon), text: texts.resolve(note.text))
    }

    private func picture(_ name: String) -> PictureView? {
        if let drawing = pictures.drawing(name) { return PictureView(name: name, drawing: drawing) }
        // A small sign, as items have, is not blown up to the size of a drawing.
        if let sign = pictures.pictogram(name) { return PictureView(name: "sign " + name, drawing: sign) }
        onMissingPicture(name)
        return nil
    }

    private func pictogram(_ name: String) -> Markup? {
        if let found = pictures.pictogram(name) { return found }
        onMissingPicture(name)
        return nil
    }

    private func choice(_ choice: Screen.Choice) -> ChoiceView {
        var sampleStep: Int?
        var spokenIn: String?
        // A setting stays here: no arrow promises another page.
        var leadsOn = false
        switch choice.action {
        case .setTextStep(let step): sampleStep = step
        case .setLanguage(let language): spokenIn = language.rawValue
        case .setLowered: break
        default: leadsOn = true
        }
        return ChoiceView(
            action: form(choice.action),
            title: texts.resolve(choice.title),
            detail: choice.detail.map(texts.resolve),
            icon: choice.pictogram.flatMap(pictogram),
            after: choice.isSelected ? pictogram("check") : leadsOn ? pictogram("to") : nil,
            isSelected: choice.isSelected,
            sampleStep: sampleStep,
            spokenIn: spokenIn)
    }

    private func button(_ button: Screen.Button) -> ButtonView {
        ButtonView(
            action: form(button.action), label: texts.resolve(button.text), icon: button.pictogram.flatMap(pictogram),
            isGo: button.kind == .go, isHelp: false, after: nil)
    }

    private func digits(_ digits: Screen.Digits) -> DigitsView {
        let maximum = max(1, min(digits.maximum, 20))
        let entered = CleanText.clean(digits.entered).filter(\.isNumber).prefix(maximum).map(String.init)
        var groups: [DigitsView.Group] = []
        var start = 0
        for size in DigitGroups.sizes(maximum: maximum) {
            let end = start + size
            let filled = entered.count > start ? Array(entered[start..<min(end, entered.count)]) : []
            groups.append(.init(entered: filled, open: Array(repeating: "", count: end - start - filled.count)))
            start = end
        }
        func key(_ digit: Int) -> DigitsView.Key {
            DigitsView.Key(action: form(.digit(digit)), label: String(digit))
        }
        return DigitsView(
            groups: groups, keys: (1...9).map(key), zero: key(0),
            delete: frameButton(.deleteDigit, "frame.delete", icon: "delete"),
            error: digits.error.map(texts.resolve), errorIcon: pictogram("warn"))
    }

    private func answer(_ answer: Screen.Answer) -> AnswerView {
        let label = texts.resolve(answer.label)
        let change = texts.resolve("frame.change")
        return AnswerView(
            label: label, value: texts.resolve(answer.value), source: answer.source.map(texts.resolve),
            change: answer.change.map {
                .init(action: form($0), label: change, spoken: "\(change)：\(label)")
            })
    }

    private func caseView(_ summary: CaseSummary) -> CaseView {
        let accepted = summary.acceptedOn.map { day in
            texts.resolve(
                "frame.acceptedOn",
                [
                    "date": .key(
                        "frame.date",
                        [
                            "year": .plain(String(day.year)), "month": .key("frame.month\(day.month)", [:]),
                            "day": .plain(String(day.day)),
                        ])
                ])
        }
        return CaseView(
            title: texts.resolve(.localized(summary.itemTitle)), numberLabel: texts.resolve("frame.caseNumber"),
            number: CleanText.clean(summary.number).inGroupsOfFour, status: texts.resolve(.localized(summary.status)),
            acceptedOn: accepted,
            detail: summary.detail.map { texts.resolve(.localized($0)) })
    }

    private func thing(_ thing: Screen.Thing) -> ThingView {
        ThingView(
            text: texts.resolve(thing.text), icon: pictogram(thing.pictogram),
            state: thing.isTaken.map { texts.resolve($0 ? "frame.taken" : "frame.stillThere") },
            isTaken: thing.isTaken == true, isThere: thing.isTaken == false,
            stateIcon: thing.isTaken.flatMap { pictogram($0 ? "check" : "warn") })
    }

    // MARK: - Dialogs

    private func dialog(_ overlay: Screen.Overlay, languages: ButtonView) -> DialogView {
        let interrupts = overlay.name == .idle || overlay.name == .end
        let icon =
            switch overlay.name {
            case .idle: "clock"
            case .help: "help"
            case .textSize: "size"
            case .end: "end"
            case .language: "language"
            }
        return DialogView(
            name: overlay.name.rawValue, role: interrupts ? "alertdialog" : "dialog",
            heading: texts.resolve(overlay.heading), icon: pictogram(icon),
            text: ListView(overlay.lead.map(texts.resolve)),
            seconds: overlay.secondsLeft.map {
                texts.resolve("frame.secondsLeft", ["seconds": .plain(String($0))])
            },
            options: ListView(overlay.choices.map(choice)), actions: ListView(overlay.buttons.map(button)),
            toLanguages: overlay.name == .textSize ? languages : nil)
    }
}
