import HallModel

/// Check page, submission, number and receipt.
extension Canvas {
    func check(_ flow: ItemFlow, _ visitor: Visitor) -> Screen {
        var screen = screen(.check, .text(.checkHeading))
        let source = ScreenText.text(.checkFromCard)
        screen.answers = [.init(label: .text(.checkItem), value: .localized(flow.item.officialName))]
        if let name = visitor.name {
            screen.answers.append(.init(label: .text(.checkName), value: .plain(name), source: source))
        }
        screen.answers.append(
            .init(label: .text(.checkNumber), value: tail(visitor.document.number), source: source))
        if let address = visitor.address {
            screen.answers.append(.init(label: .text(.checkAddress), value: .plain(address), source: source))
        }
        for question in flow.askedQuestions {
            guard let text = flow.text(of: question) else { continue }
            let value: ScreenText =
                if case .digits(let length, _) = question.form {
                    // Whole, also when it is private: a wrong digit must be seen here. The cover hides it (XD2).
                    .plain(DigitGroups.text(text[.simplifiedChinese], maximum: length.upperBound))
                } else {
                    .localized(text)
                }
            screen.answers.append(
                .init(label: .localized(question.label), value: value, change: .change(question.id)))
        }
        for scan in flow.scans where !scan.requirement.pages.isEmpty {
            screen.answers.append(
                .init(
                    label: .localized(scan.requirement.title),
                    value: .text(.checkPages, ["pages": .count(scan.requirement.pages.count)]),
                    change: .change(scan.requirement.id)))
        }
        let isPrinted = flow.item.kind == .certificate
        screen.lead = [.text(isPrinted ? .checkLeadPrint : .checkLead)]
        screen.buttons = [.init(.go, .submit, .text(isPrinted ? .checkPrint : .checkSubmit))]
        return screen
    }

    func sent(_ flow: ItemFlow) -> Screen {
        switch flow.submission.stage {
        case .refused(let code): return fault(code, else: .troubleSubmit, retry: .faultRetrySubmit)
        case .notSent, .sending, .accepted:
            var screen = screen(.submitting, .text(.submittingHeading), picture: .sending)
            screen.lead = [
                .text(flow.submission.stage == .accepted ? .submittingAccepted : .submittingLead)
            ]
            return screen
        case .answered: return done(flow)
        }
    }

    private func done(_ flow: ItemFlow) -> Screen {
        let submission = flow.submission
        var screen = screen(.done, .text(submission.caseNumber == nil ? .doneHeadingKept : .doneHeading))
        screen.number = submission.caseNumber ?? submission.acceptanceCode
        screen.lead = [.text(submission.caseNumber == nil ? .doneCode : .doneNumber)]
        if submission.caseNumber == nil {
            screen.notes.append(.init(.warn, .text(.doneKept)))
        } else if let code = submission.acceptanceCode {
            // The slip beside it may carry this one: what the person holds and what they read belong together.
            screen.lead.append(.text(.doneCodeToo, ["code": .plain(code.inGroupsOfFour)]))
        }
        screen.lead += afterwards(of: flow.item)
        if environment.items.contains(where: { $0.kind == .progress && $0.closedHere == nil }) {
            screen.lead.append(.text(.doneProgress))
        }
        draw(submission.receipt, on: &screen)
        return screen
    }

    private func draw(_ receipt: PaperPrinting, on screen: inout Screen) {
        let goOn: [Screen.Button] = [
            .init(.go, .next, .text(.doneNext)), .init(.other, .anotherItem, .text(.doneAnother)),
        ]
        switch receipt.stage {
        case .notStarted, .printing:
            screen.notes.append(.init(.good, .text(.donePrinting)))
            screen.picture = ScreenPicture.printing.rawValue
            screen.reserved = goOn
        case .printed:
            screen.notes.append(.init(.good, .text(.donePrinted)))
            screen.picture = ScreenPicture.takeSlip.rawValue
            screen.buttons = goOn
        case .settled(let hasPaper):
            if !hasPaper { screen.notes.append(.init(.warn, .text(.doneSkipped))) }
            screen.buttons = goOn
        case .notPrinted(let code):
            drawNotPrinted(code, on: &screen)
        case .unknown:
            screen.heading = .text(.doneQuestion)
            let isSafe = Screen.Note(.good, .text(.doneIsSafe))
            screen.notes += [isSafe, .init(.warn, .text(.doneSecondCopy))]
            screen.buttons = [.init(.go, .havePaper, .text(.doneHaveIt))]
            if let obstacle = printObstacle {
                screen.notes = [isSafe, .init(.stop, what(obstacle)), .init(.warn, .text(.doneWriteDown))]
                screen.picture = picture(obstacle.code)
                screen.buttons.append(.init(.other, .skipPaper, .text(.doneNoReceipt)))
                screen.buttons.append(.init(.other, .help, .text(.faultHelp), pictogram: ScreenPictogram.help.rawValue))
            } else {
                screen.buttons.append(.init(.other, .printAgain, .text(.donePrintAgain)))
            }
        }
    }

    /// The printer is offered again only when it is well; until then the number is what counts.
    private func drawNotPrinted(_ code: ProblemCode?, on screen: inout Screen) {
        let skip = Screen.Button(.other, .skipPaper, .text(.doneNoReceipt))
        if let obstacle = printObstacle {
            let now = obstacle.code ?? code
            screen.notes.append(.init(.stop, .text(.doneNotPrinted, ["why": what(now, else: .troublePrinter)])))
            screen.notes.append(.init(.stop, advice(now)))
            screen.notes.append(.init(.warn, .text(.doneWriteDown)))
            screen.picture = picture(now)
            screen.buttons = [skip, .init(.other, .help, .text(.faultHelp), pictogram: ScreenPictogram.help.rawValue)]
        } else {
            screen.notes.append(
                .init(.warn, .text(.doneNotPrinted, ["why": what(code, else: .troublePrinter)])))
            screen.notes.append(.init(.good, .text(.doneCanPrint)))
            screen.buttons = [.init(.go, .printAgain, .text(.donePrint)), skip]
        }
    }

    private var printObstacle: Availability.Obstacle? { availability.obstacle(of: [.receiptPrinter, .renderer]) }

    private func tail(_ value: String) -> ScreenText { .text(.checkTail, ["tail": .plain(String(value.suffix(4)))]) }
}
