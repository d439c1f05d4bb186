import HallModel

/// 打印证明: the document is made, printed, taken.
extension Canvas {
    func certificate(_ flow: ItemFlow) -> Screen {
        switch flow.certificate.request {
        case .notAsked, .asking:
            var screen = screen(.making, .text(.makingHeading), picture: .lookingUp)
            screen.lead = [.text(.makingLead)]
            return screen
        case .unavailable(.nothingOnRecord):
            var screen = papers(.papersNoRecord, picture: ScreenPicture.window.rawValue)
            screen.lead = [.text(.introAskWindow, ["window": .localized(flow.item.window)])]
            screen.buttons = [.init(.go, .anotherItem, .text(.progressAnother)), help]
            return screen
        case .unavailable(.problem(let code)): return fault(code, else: .troubleDocument, retry: .faultRetryDocument)
        case .made(let count): return papers(flow.certificate, of: count)
        }
    }

    private func papers(_ certificate: CertificatePrint, of count: Int) -> Screen {
        let print = certificate.print
        switch print.stage {
        case .notStarted, .printing: return printing(count)
        case .printed:
            var screen = papers(.papersPrinted, picture: ScreenPicture.takeDocuments.rawValue)
            screen.lead = [pages(count, .papersTake)]
            screen.buttons = goOn
            return screen
        case .settled(let hasPaper):
            // Who goes without does not read that all is well.
            let heading: ScreenTextKey =
                hasPaper ? .papersDone : print.mayExist ? .papersPartlyHeading : .papersSkippedHeading
            var screen = papers(heading, picture: print.mayExist ? ScreenPicture.takeDocuments.rawValue : nil)
            if !hasPaper { screen.lead = [.text(print.mayExist ? .papersPartly : .papersSkipped)] }
            screen.buttons = goOn
            return screen
        case .notPrinted(let code): return notPrinted(code, certificate)
        case .unknown: return unknown(count)
        }
    }

    private func printing(_ count: Int) -> Screen {
        if let obstacle = documentObstacle { return waiting(for: obstacle) }
        var screen = papers(.papersPrinting, picture: ScreenPicture.printingDocument.rawValue)
        screen.lead = [pages(count, .papersWait)]
        screen.reserved = goOn
        return screen
    }

    /// The job stands still: nothing is being printed, and the page does not say so. A printer that waits for a person's hands
    /// goes on by itself after them. One that is gone may have printed all of it, and will have been asked in a moment.
    private func waiting(for obstacle: Availability.Obstacle) -> Screen {
        var screen = screen(.papers, what(obstacle))
        screen.problem = obstacle.code
        screen.picture = picture(obstacle.code)
        screen.buttons = [help]
        guard let code = obstacle.code, code != .documentPrinterMissing else {
            screen.lead = [.text(.papersNotKnownYet)]
            return screen
        }
        screen.lead = [advice(code)]
        screen.notes = [
            ProblemCode.mendedAtDocumentPrinter.contains(code)
                ? .init(.good, .text(.papersGoesOn)) : .init(.warn, .text(.papersNotFinished))
        ]
        return screen
    }

    private func notPrinted(_ code: ProblemCode?, _ certificate: CertificatePrint) -> Screen {
        if code == .documentPrinterPaused, documentObstacle == nil, !certificate.hasPrinterRecovered {
            return held(code)
        }
        let skip = Screen.Button(.other, .skipPaper, .text(.papersNone))
        let now = documentObstacle?.code ?? code
        var screen = papers(.papersNotPrinted, picture: picture(now))
        screen.notes = [.init(.stop, what(now, else: .troubleDocumentPrinter))]
        if documentObstacle == nil {
            screen.notes.append(.init(.good, .text(.papersCanPrint)))
            screen.buttons = [.init(.go, .printAgain, .text(.papersPrint)), skip]
        } else {
            screen.notes.append(.init(.stop, advice(now)))
            screen.buttons = [skip, help]
        }
        return screen
    }

    /// The printer says that all is well, and this job was held: nothing was mended, and nobody knows whether the next one goes
    /// through.
    private func held(_ code: ProblemCode?) -> Screen {
        var screen = papers(.papersNotPrinted, picture: picture(code))
        screen.notes = [.init(.stop, .text(.papersHeld)), .init(.stop, advice(code))]
        screen.buttons = [
            .init(.go, .printAgain, .text(.papersPrint)), .init(.other, .skipPaper, .text(.papersNone)), help,
        ]
        return screen
    }

    private func unknown(_ count: Int) -> Screen {
        var screen = papers(.papersQuestion, picture: ScreenPicture.lookForDocuments.rawValue)
        screen.lead = [pages(count, .papersLook)]
        screen.buttons = [.init(.go, .havePaper, .text(.papersHaveThem))]
        if let obstacle = documentObstacle {
            screen.notes = [.init(.stop, what(obstacle))]
            screen.picture = picture(obstacle.code)
            screen.buttons += [.init(.other, .skipPaper, .text(.papersNotAll)), help]
        } else {
            screen.notes = [.init(.warn, .text(.papersSecondCopy))]
            screen.buttons.append(.init(.other, .printAgain, .text(.papersPrintAgain)))
        }
        return screen
    }

    // MARK: -

    private func papers(_ heading: ScreenTextKey, picture: String?) -> Screen {
        var screen = screen(.papers, .text(heading))
        screen.picture = picture
        return screen
    }

    private func pages(_ count: Int, _ key: ScreenTextKey) -> ScreenText {
        .text(key, ["pages": .count(count)])
    }

    private var goOn: [Screen.Button] {
        [.init(.go, .next, .text(.doneNext)), .init(.other, .anotherItem, .text(.doneAnother))]
    }

    private var help: Screen.Button {
        .init(.other, .help, .text(.faultHelp), pictogram: ScreenPictogram.help.rawValue)
    }

    private var documentObstacle: Availability.Obstacle? { availability.obstacle(of: [.documentPrinter]) }
}
