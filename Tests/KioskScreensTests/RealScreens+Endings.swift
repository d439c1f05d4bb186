import GuidedFlow
import HallModel

/// From the check page to the end, and what lies around every screen.
extension RealScreens {
    mutating func checkAndSubmission() {
        var kiosk = kiosk
        kiosk.goToCheck()
        show("check", kiosk.screen)
        for code in Self.closed + [ProblemCode("unknown")] {
            var closed = kiosk
            show("check, \(code)", closed.send(.submissionClosed(code)))
        }
        show("submitting", kiosk.press(.submit))
        for code in Self.submission + [ProblemCode("unknown")] {
            var refused = kiosk
            show("not accepted, \(code)", refused.send(.caseNotAccepted(code)))
        }
        show("accepted", kiosk.send(.caseAccepted))
    }

    mutating func receipts() {
        var printing = kiosk
        printing.goToAccepted()
        var waiting = printing
        show("done, printing", printing.send(.caseConfirmed(number: "9900 0123")))
        show("done, waiting", waiting.send(.caseWaits(acceptanceCode: "K7F3K92Q")))
        for (label, kiosk) in [("number", printing), ("waiting", waiting)] {
            var printed = kiosk
            show("done, \(label), printed", printed.send(.receipt(.init(.printed, rung: .processID))))
            var unknown = kiosk
            show("done, \(label), unknown", unknown.send(.receipt(.init(.unknown, rung: .writeOnly))))
            show("done, \(label), unknown, it is there", unknown.press(.havePaper))
        }
        waiting.send(.receipt(.init(.printed, rung: .processID)))
        show("done, number after the acceptance number", waiting.send(.caseConfirmed(number: "9900 0123")))
        for code in Self.printer + [nil] {
            var failed = printing
            failed.send(.device(.receiptPrinter, Self.broken(code)))
            var unknown = failed
            show(
                "done, not printed, \(code?.rawValue ?? "printer")",
                failed.send(
                    .receipt(.init(.notPrinted, rung: .statusUnchanged, problem: code.map { Problem($0) }))))
            show(
                "done, unknown, \(code?.rawValue ?? "printer")",
                unknown.send(.receipt(.init(.unknown, rung: .writeOnly))))
            if code == .printerPaperOut { show("done, unknown, no receipt wanted", unknown.press(.skipPaper)) }
            guard code == .printerPaperOut else { continue }
            show("done, not printed, the printer is well again", failed.send(.device(.receiptPrinter, .init(.online))))
            show("done, no receipt wanted", failed.press(.skipPaper))
        }
    }

    mutating func progress() {
        var kiosk = kiosk
        kiosk.layCard()
        show("looking up", kiosk.press(.chooseItem("progress")))
        var none = kiosk
        show("progress, none", none.send(.progressFound([])))
        var unavailable = kiosk
        show("progress, unavailable", unavailable.send(.progressUnavailable))
        let cases = (1...3).map { place in
            CaseSummary(
                number: "9900 012\(place)",
                itemTitle: LocalizedText([
                    .simplifiedChinese: "老年人优待证申领", .english: "Senior citizen card, first issue",
                ]),
                status: place == 1
                    ? LocalizedText([.simplifiedChinese: "审核中", .english: "Being reviewed"])
                    : LocalizedText([.simplifiedChinese: "办好了，可以来拿", .english: "Ready to collect"]),
                acceptedOn: CalendarDate(year: 2026, month: 3, day: place),
                detail: place == 2
                    ? nil
                    : LocalizedText([.simplifiedChinese: "预计 3 月 12 日办好", .english: "Expected to be ready by 12 March"])
            )
        }
        show("progress, three", kiosk.send(.progressFound(cases)))
    }

    mutating func leaving() {
        var one = kiosk
        one.layCard()
        show("take, card", one.press(.end))
        var all = kiosk
        all.goToAccepted()
        all.send(.caseConfirmed(number: "9900 0123"))
        all.send(.receipt(.init(.printed, rung: .processID)))
        var unseen = all
        unseen.send(.device(.cardReader, Self.broken(.readerSilent)))
        show("take, all, nothing seen", unseen.press(.next))
        all.send(.device(.scanner, .init(.online, mediaPresent: true)))
        all.send(.device(.receiptPrinter, .init(.online, mediaPresent: true)))
        show("take, all of them lie there", all.press(.next))
        var slip = all
        slip.send(.cardRemoved)
        show("take, originals and slip", slip.screen)
        slip.send(.device(.scanner, .init(.online, mediaPresent: false)))
        show("take, slip", slip.screen)
        show("take, still there", all.press(.allTaken))
        var papers = kiosk
        papers.goToScan()
        papers.scanPage(1)
        papers.send(.cardRemoved)
        show("take, originals", papers.press(.end, .confirmEnd))
    }

    mutating func otherCards() {
        var kiosk = kiosk
        kiosk.layCard()
        show("another card, nothing entered", kiosk.layCard(.misterOuyang))
        kiosk = self.kiosk
        kiosk.goToScan()
        show("another card", kiosk.layCard(.misterOuyang))
        show("another card must go", kiosk.press(.keepFirstCard))
    }

    mutating func dialogs() {
        var start = kiosk
        show("dialog language", start.press(.openLanguage, .setLanguage(language)))
        var scan = kiosk
        scan.goToScan()
        show("dialog text size", scan.press(.openTextSize))
        show("dialog text size, lowered", scan.press(.setLowered(true)))
        scan.press(.setLowered(false), .stay)
        show("dialog help, calling", scan.press(.help))
        var failed = scan
        show("dialog help, called", scan.send(.helpDelivered))
        show("dialog help, failed", failed.send(.helpNotDelivered))
        scan.press(.stay)
        show("dialog end, entries", scan.press(.end))
        scan.press(.stay)
        show("dialog idle", scan.wait(180))
        show("dialog idle, seconds", scan.wait(23))
        var sending = kiosk
        sending.goToCheck()
        sending.press(.submit)
        show("dialog end, sending", sending.press(.end))
        sending.send(.caseAccepted)
        show("dialog end, receipt", sending.screen)
        sending.press(.stay)
        sending.send(.caseConfirmed(number: "9900 0123"))
        sending.send(.receipt(.init(.printed, rung: .processID)))
        show("dialog idle, accepted", sending.wait(190))
        covers()
    }

    private mutating func covers() {
        var check = kiosk
        check.goToCheck()
        show("covered", check.wait(30))
        show("covered, dialog text size", check.press(.openTextSize))
    }
}
