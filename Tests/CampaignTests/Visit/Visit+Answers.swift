import Foundation
import TestSupport

/// What the resident does on each screen.
extension Visit {
    func answer(_ screen: ShownScreen) async throws {
        if try await answerDialog(screen) { return }
        if isLeaving, ["start", "closed"].contains(screen.name) {
            if screen.name == "start" { finish(leavingEnd) }
            return
        }
        switch screen.name {
        case "start": try await arrive(at: screen)
        case "closed", "reading", "lookingUp", "making", "scanning", "submitting": break
        case "items": try await choose(on: screen)
        case "intro": try await begin(on: screen)
        case "choice":
            let choices = screen.actions.filter { $0.hasPrefix("answer:") }
            if let lastTouch, lastTouch.revision == screen.revision, .now - lastTouch.at < .seconds(1.5) { return }
            if let one = choices.randomElement(using: &generator) { try await press(one, on: screen) }
        case "digits": try await typePhone(on: screen)
        case "scan": try await scan(on: screen, "scan")
        case "fault": try await mend(on: screen)
        case "preview":
            sheetLaid = nil
            try await press(screen.offers("keep-page") ? "keep-page" : "scan-again", on: screen)
        case "stored": try await press("next", on: screen)
        case "check": try await press("submit", on: screen)
        case "done", "papers": try await settlePrint(on: screen)
        case "progress": try await read(screen)
        case "take":
            isLeaving = true
            try await takeEverything()
            try await press("all-taken", on: screen)
        case "otherCard": try await press("keep-first-card", on: screen)
        case "window": try await press("back", on: screen)
        default: break
        }
    }

    private var leavingEnd: VisitRecord.End {
        if case .givesUp = plan.interlude, interludeDone { return .gaveUp }
        return refusal.map(VisitRecord.End.refused) ?? .finished
    }

    // MARK: - Dialogs

    /// True when there was one, and it has been answered.
    private func answerDialog(_ screen: ShownScreen) async throws -> Bool {
        guard screen.overlayName != nil || screen.actions == ["stay"] else { return false }
        if screen.overlayName == "language", !hasArrived, screen.language != "en" {
            try await press("language:en", on: screen)
        } else if screen.overlayName == "end", isLeaving, screen.offers("confirm-end") {
            try await press("confirm-end", on: screen)
        } else {
            try await press("stay", on: screen)
        }
        return true
    }

    // MARK: - Coming

    private func arrive(at screen: ShownScreen) async throws {
        if hasBegun { return finish(.stuck("the session ended by itself: \(screen.text)")) }
        if plan.isEnglish, screen.language != "en" {
            try await press("languages", on: screen)
            return
        }
        if !hasArrived {
            hasArrived = true
            try await player.reaches(.arrival)
        }
        guard let laid = cardLaid else { return try await present() }
        // Nothing came of it: once more, as the screen asks for.
        guard .now - laid > .seconds(3) else { return }
        if !CampaignPlan.readable.contains(plan.card) { return finish(.refused("the card")) }
        if await player.isOn, plan.scenes.contains(where: { [.reader, .cards, .codes].contains($0.group) }) { return }
        if plan.errand.item != nil {
            try await hall.desk("reader/remove")
            try await Task.sleep(for: .milliseconds(600))
        }
        try await present()
    }

    private func present() async throws {
        cardLaid = .now
        if plan.errand.item == nil {
            try await hall.desk("code-reader/hold", #"{"text":"\#(receiptCode)"}"#)
        } else {
            try await hall.desk("reader/add", #"{"card":"\#(plan.card)"}"#)
        }
    }

    private func choose(on screen: ShownScreen) async throws {
        hasBegun = true
        guard !isLeaving, let item = plan.errand.item else {
            isLeaving = true
            try await press("end", on: screen)
            return
        }
        try await press("item:\(item)", on: screen)
    }

    /// The first page of the item: waits while something is mended, and leaves when it is not to be had.
    private func begin(on screen: ShownScreen) async throws {
        if screen.offers("begin") { return _ = try await press("begin", on: screen) }
        guard await !player.isOn, stands > .seconds(8) || isTooYoung(screen) else { return }
        refusal = screen.text
        isLeaving = true
        try await press("end", on: screen)
    }

    private func isTooYoung(_ screen: ShownScreen) -> Bool { sentences.says(screen, .text("intro.fromAge")) }

    // MARK: - Entering and scanning

    private func typePhone(on screen: ShownScreen) async throws {
        let phone = record.phone
        record.typedPhone = true
        if screen.entered != phone {
            guard phone.hasPrefix(screen.entered) else { return _ = try await press("delete-digit", on: screen) }
            for digit in phone.dropFirst(screen.entered.count) { await client.touch("digit:\(digit)", on: screen) }
        }
        let complete = await client.screen(within: .seconds(1)) { $0.name != "digits" || $0.entered == phone }
        if let complete, complete.name == "digits" { try await press("confirm-digits", on: complete) }
    }

    private func scan(on screen: ShownScreen, _ action: String) async throws {
        pageWanted = isSecondPage(screen) ? 2 : 1
        // A scene that belongs to this screen is to be seen before anybody presses on.
        if await player.isOn, plan.scenes.contains(where: { $0.moment == .shown("scan") }) { return }
        try await layPage(pageWanted)
        try await press(action, on: screen, again: .seconds(3))
    }

    private func isSecondPage(_ screen: ShownScreen) -> Bool {
        screen.text.contains("您自己的那一页") || screen.text.contains("your own name")
    }

    func layPage(_ number: Int) async throws {
        struct Tray: Decodable {
            struct Sheet: Decodable {}
            var tray: [Sheet]
        }
        let wanted = "household-register-\(number)"
        let tray = try JSONDecoder().decode(Tray.self, from: try await hall.deskState("scanner")).tray
        if tray.count == 1, sheetLaid == wanted { return }
        try await hall.desk("scanner/take-originals")
        try await hall.desk("scanner/tray", method: .DELETE)
        try await hall.desk("scanner/tray", #"{"document":"\#(wanted)"}"#)
        sheetLaid = wanted
    }

    /// A fault page: hands do what it asks for, which is the scene's mending; then its button is pressed.
    private func mend(on screen: ShownScreen) async throws {
        guard await !player.holds(screen), stands > .seconds(1) else { return }
        if screen.offers("help"), record.count(of: "help") == 0, plan.asksForHelp {
            try await callForHelp(on: screen)
            return
        }
        if plan.errand == .seniorCard, record.screens.contains("scan") { try await layPage(pageWanted) }
        try await press("retry", on: screen, again: .seconds(4))
    }

    /// A page that changes in the same moment takes no touch of the one before; one that stands does.
    private func callForHelp(on screen: ShownScreen) async throws {
        guard try await press("help", on: screen) else { return }
        if await client.screen(within: .seconds(2), where: { $0.overlayName == "help" }) != nil { return }
        record.touched.removeAll { $0 == "help" }
        guard let latest = await client.latest, latest.revision == screen.revision else { return }
        record.broken.append("叫人帮忙 was pressed on \(screen.name), and nothing came of it")
    }

    // MARK: - Paper

    /// On 交上去了 and on the page of the certificate: how the print went, and what the person makes of it.
    private func settlePrint(on screen: ShownScreen) async throws {
        if screen.offers("next") {
            // What is still to be said is waited for: a number that follows the code, for one.
            if await player.isUnsaid, stands < .seconds(20) { return }
            isLeaving = true
            try await press("next", on: screen)
            return
        }
        // A paper without a record: nothing to print.
        if screen.name == "papers", screen.offers("another-item") {
            isLeaving = true
            try await press("another-item", on: screen)
            return
        }
        guard await !player.isUnsaid else { return }
        let prints = record.count(of: "print-again")
        if plan.wantsPaper, prints < 3, screen.offers("print-again") {
            guard await !player.holds(screen), stands > .seconds(1) else { return }
            try await press("print-again", on: screen, again: .seconds(4))
        } else if let settles = ["have-paper", "skip-paper"].first(where: screen.offers) {
            if plan.wantsPaper, prints < 3, await player.holds(screen) || stands < .seconds(25) { return }
            try await press(settles, on: screen)
        }
    }

    private func read(_ screen: ShownScreen) async throws {
        hasBegun = true
        if screen.offers("retry") {
            guard await !player.holds(screen), await !player.isUnsaid else { return }
            try await press("retry", on: screen, again: .seconds(3))
            return
        }
        isLeaving = true
        let way = screen.offers("another-item") ? "another-item" : "end"
        try await press(way, on: screen)
    }
}
