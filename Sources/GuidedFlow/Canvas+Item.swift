import HallModel

/// First page, questions and scans of an item.
extension Canvas {
    func item(_ flow: ItemFlow, _ visitor: Visitor) -> Screen {
        switch flow.position {
        case .intro: return intro(flow.item, visitor)
        case .question: return question(flow, visitor)
        case .material:
            guard let scan = flow.scanInHand else { return intro(flow.item, visitor) }
            return material(scan)
        case .check: return check(flow, visitor)
        case .sent: return flow.item.kind == .certificate ? certificate(flow) : sent(flow)
        }
    }

    private func intro(_ item: ServiceItem, _ visitor: Visitor) -> Screen {
        var screen = screen(.intro, .localized(item.officialName))
        screen.picture = item.pictogram
        let help = Screen.Button(.other, .help, .text(.introHelp), pictogram: ScreenPictogram.help.rawValue)
        if let obstacle = availability.obstacle(of: item) {
            screen.notes = [.init(.stop, .text(.introUnavailable, ["why": what(obstacle)]))]
            screen.lead = [.text(.introWindow, ["window": .localized(item.window)])]
            screen.buttons = [help]
            return screen
        }
        if let minimum = item.minimumAge, let age = visitor.age(on: environment.today), age < minimum {
            screen.notes = [.init(.stop, .text(.introFromAge, ["age": .count(minimum)]))]
            screen.lead = [.text(.introAskWindow, ["window": .localized(item.window)])]
            screen.buttons = [help]
            return screen
        }
        if !item.bring.isEmpty {
            screen.lead.append(.text(.introBring, ["what": .localized(.list(item.bring))]))
        }
        screen.lead.append(.text(.introMinutes, ["minutes": .count(item.minutes)]))
        screen.lead.append(.text(item.canBeFinishedHere ? .introHere : .introNotHere))
        if !item.canBeFinishedHere, let elsewhere = item.elsewhere { screen.lead.append(.localized(elsewhere)) }
        screen.lead += afterwards(of: item)
        screen.buttons = [.init(.go, .begin, .text(.introBegin))]
        return screen
    }

    /// What happens next, as a sentence; none where the item says nothing of it.
    func afterwards(of item: ServiceItem) -> [ScreenText] {
        let text = item.afterwards.withoutFullStop
        return text[.simplifiedChinese].isEmpty ? [] : [.text(.introAfterwards, ["what": .localized(text)])]
    }

    private func question(_ flow: ItemFlow, _ visitor: Visitor) -> Screen {
        guard let question = flow.question else { return screen(.intro, .localized(flow.item.officialName)) }
        switch question.form {
        case .choice(let choices):
            var screen = screen(.choice, .localized(question.heading))
            let possible = choices.filter { !$0.needsAddress || visitor.address != nil }
            if possible.count < choices.count { screen.notes = [.init(.warn, .text(.choiceNoAddress))] }
            screen.choices = possible.map { choice in
                .init(
                    action: .answer(question: question.id, value: choice.id), title: .localized(choice.label),
                    detail: detail(of: choice, visitor), pictogram: choice.pictogram,
                    isSelected: flow.answers[question.id] == choice.id,
                    isPersonal: choice.needsAddress)
            }
            return screen
        case .digits(let length, _):
            var screen = screen(.digits, .localized(question.heading))
            let error = flow.entryWasRefused ? flow.fault(of: question).map(error) : nil
            // What is wrong takes the place of what is asked for.
            if error == nil {
                screen.lead = [
                    length.lowerBound == length.upperBound
                        ? .text(.digitsCount, ["count": .count(length.lowerBound)])
                        : .text(
                            .digitsBetween, ["least": .count(length.lowerBound), "most": .count(length.upperBound)])
                ]
            }
            screen.digits = .init(
                entered: flow.entries[question.id] ?? "", maximum: length.upperBound, error: error)
            screen.buttons = [.init(.go, .confirmDigits, .text(.digitsConfirm))]
            return screen
        }
    }

    /// Where something is sent to the address of the card, that address is what the person has to know.
    private func detail(of choice: ServiceItem.Choice, _ visitor: Visitor) -> ScreenText? {
        if choice.needsAddress, let address = visitor.address { return .plain(address) }
        return choice.detail.map(ScreenText.localized)
    }

    private func error(_ fault: ItemFlow.EntryFault) -> ScreenText {
        switch fault {
        case .short(let missing): .text(.digitsShort, ["missing": .count(missing)])
        case .start: .text(.digitsStart)
        }
    }

    // MARK: Scans

    private func material(_ scan: MaterialScan) -> Screen {
        switch scan.stage {
        case .prompt:
            if let obstacle = scanObstacle {
                return fault(obstacle.code, else: fallback(obstacle), retry: .faultRetryScan)
            }
            return prompt(scan)
        case .scanning(isInterrupted: true):
            let obstacle = scanObstacle
            return fault(
                obstacle?.code, else: obstacle.map(fallback) ?? .troubleScan, retry: .faultRetryScan)
        case .scanning(isInterrupted: false):
            var screen = screen(.scanning, .text(.scanningHeading), picture: .scanning)
            screen.lead = [whichPage(scan), .text(.scanningLead), .text(.scanningStop)]
            return screen
        case .scanFailed(let code): return fault(code, else: .troubleScan, retry: .faultRetryScan)
        case .preview: return preview(scan)
        case .storing:
            var screen = screen(.scanning, .text(.storingHeading), picture: .stored)
            screen.lead = [.text(.storingLead)]
            return screen
        case .storeFailed(let code): return fault(code, else: .troubleStore, retry: .faultRetryStore)
        case .stored:
            var screen = screen(.stored, .text(.storedHeading), picture: .stored)
            screen.lead = [
                .text(
                    .storedLead,
                    [
                        "material": .localized(scan.requirement.title),
                        "pages": .count(scan.requirement.pages.count),
                    ]),
                .text(.storedOriginals),
            ]
            screen.buttons = [.init(.go, .next, .text(.storedNext))]
            return screen
        }
    }

    private func prompt(_ scan: MaterialScan) -> Screen {
        let pages = scan.requirement.pages
        let page = pages.indices.contains(scan.index) ? pages[scan.index] : scan.requirement.title
        var screen = screen(.scan, .text(.scanHeading, ["page": .localized(page)]), picture: .placePage)
        screen.lead = [whichPage(scan), .text(.scanHow)]
        screen.buttons = [.init(.go, .scan, .text(.scanGo))]
        return screen
    }

    /// A good page is kept with the main button; after a finding the main button scans again.
    private func preview(_ scan: MaterialScan) -> Screen {
        guard let page = scan.pageInHand else { return prompt(scan) }
        var screen = screen(.preview, .text(.previewHeading))
        screen.lead = [whichPage(scan)]
        screen.page = .init(
            page: page.id,
            description: .text(
                .previewDescription,
                ["material": .localized(scan.requirement.title), "page": .count(scan.index + 1)]))
        let findings = page.checks.findings
        if findings.isEmpty {
            screen.notes = [.init(.good, .text(.previewGood))]
            screen.buttons = [
                .init(.go, .keepPage, .text(scan.isLastPage ? .previewLast : .previewNext)),
                .init(.other, .scanAgain, .text(.previewAgain)),
            ]
            return screen
        }
        screen.notes = findings.map { .init($0 == .incomplete ? .stop : .warn, .text(Self.sentence($0))) }
        screen.buttons = [.init(.go, .scanAgain, .text(.previewAgain))]
        if scan.canKeep {
            let keep: ScreenTextKey = findings.contains(.blank) ? .previewKeepBlank : .previewKeepAnyway
            screen.buttons.append(.init(.other, .keepPage, .text(keep)))
        }
        return screen
    }

    private func whichPage(_ scan: MaterialScan) -> ScreenText {
        .text(
            .scanWhich,
            [
                "material": .localized(scan.requirement.title), "page": .count(scan.index + 1),
                "pages": .count(scan.requirement.pages.count),
            ])
    }

    private static func sentence(_ finding: PageChecks.Finding) -> ScreenTextKey {
        switch finding {
        case .incomplete: .previewIncomplete
        case .blank: .previewBlank
        case .tooDark: .previewTooDark
        case .skewed: .previewSkewed
        case .cropped: .previewCropped
        }
    }

    /// Pages are drawn by the scanner and looked at by the renderer.
    private var scanObstacle: Availability.Obstacle? { availability.obstacle(of: [.scanner, .renderer]) }

    private func fallback(_ obstacle: Availability.Obstacle) -> ScreenTextKey {
        switch obstacle {
        case .device(let role, _): Self.fallback(role)
        case .closed, .notOffered: .troubleClosed
        }
    }
}
