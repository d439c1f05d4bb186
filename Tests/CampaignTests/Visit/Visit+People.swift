import Foundation
import TestSupport

/// Other people, and people who do not stay.
extension Visit {
    /// Begins what the plan has for this screen. True when the resident does nothing here any more.
    func interlude(on screen: ShownScreen) async throws -> Bool {
        guard !interludeDone, person == .own, screen.overlayName == nil else { return false }
        switch plan.interlude {
        case .none: return false
        case .givesUp(let place):
            guard screen.name == place else { return false }
            interludeDone = true
            isLeaving = true
            try await press("end", on: screen)
            return true
        case .otherCard(let card, let place, let keeps):
            guard screen.name == place else { return false }
            interludeDone = true
            try await takeOver(card, keepsFirst: keeps)
            return true
        case .walksAway(let place, let card):
            guard screen.name == place else { return false }
            interludeDone = true
            // Most take their card along.
            if Int.random(in: 0..<3, using: &generator) > 0 { try await hall.desk("reader/remove") }
            try await Task.sleep(for: .milliseconds(Int.random(in: 200...2_500, using: &generator)))
            try await takeOver(card, keepsFirst: false)
            return true
        case .leavesAlone(let place, let leavesThings):
            guard screen.name == place else { return false }
            interludeDone = true
            person = .nobody
            if !leavesThings { try await hall.desk("reader/remove") }
            if leavesThings, place == "scan" { try await layPage(1) }
            return true
        case .liftsCard(let first):
            try await liftOrLay(on: screen, first: first)
            return false
        }
    }

    /// Another screen: the card comes up, or down again. On the way out it stays where it is.
    private func liftOrLay(on screen: ShownScreen, first: Bool) async throws {
        guard hasBegun || screen.name == "items", !isLeaving, screen.name != cardScreen else { return }
        guard !["start", "closed", "take"].contains(screen.name) else { return }
        isCardUp = cardScreen == nil ? first : !isCardUp
        cardScreen = screen.name
        if isCardUp {
            try await hall.desk("reader/remove")
        } else {
            try await hall.desk("reader/place", #"{"card":"\#(plan.card)"}"#)
            cardLaidAgain = .now
        }
    }

    /// A card that was just laid down is seen before its owner goes on: on the last page it would be the next person's.
    func letsCardBeSeen(before action: String) async throws {
        guard let laid = cardLaidAgain, ["next", "end"].contains(action) else { return }
        cardLaidAgain = nil
        try await Task.sleep(for: max(.zero, .seconds(2) - (.now - laid)))
    }

    /// Nobody is there: the alert, the end of the session, the page with what lies about, and the start screen come by themselves.
    func waitAlone(_ screen: ShownScreen) async throws {
        if screen.overlayName == "idle" { record.screens.insert("idle") }
        if screen.name == "take" { try await tidyUp(screen) }
        if screen.name == "start" { finish(.leftAlone) }
    }

    /// Who left things behind does not come back: staff do, when they are called.
    private func tidyUp(_ screen: ShownScreen) async throws {
        struct Call: Decodable { var step: String }
        if plan.leavesThingsBehind, !record.staffCalled {
            let calls = try JSONDecoder().decode([Call].self, from: try await hall.deskState("staff-calls"))
            let new = callsBefore < 100 ? calls.dropFirst(callsBefore) : calls.suffix(1)
            // Also what the page says then has to be seen.
            guard new.contains(where: { $0.step == "take" }), sentences.says(screen, .text("take.still")) else {
                return
            }
            record.staffCalled = true
        }
        try await takeEverything()
    }

    private func takeOver(_ card: String, keepsFirst: Bool) async throws {
        person = .next(card: card, keepsFirst: keepsFirst)
        wasLeaving = isLeaving
        isLeaving = false
        cardLaid = .now
        try await hall.desk("reader/place", #"{"card":"\#(card)"}"#)
    }

    /// The next person wants to be served as themselves, or lets the first one go on.
    func answerAsNext(_ screen: ShownScreen, _ card: String, _ keepsFirst: Bool) async throws {
        if screen.overlayName != nil || screen.actions == ["stay"] {
            let way = isLeaving && screen.offers("confirm-end") ? "confirm-end" : "stay"
            try await press(way, on: screen)
            return
        }
        switch screen.name {
        case "otherCard":
            if !keepsFirst {
                try await press("use-new-card", on: screen)
                hasTakenOver = true
                takenOverAt = takenOverAt ?? screen.sequence + 1
            } else if screen.offers("keep-first-card") {
                try await press("keep-first-card", on: screen)
            } else {
                // 请把这张卡拿走
                try await hall.desk("reader/remove")
                person = .own
                isLeaving = wasLeaving
            }
        case "reading":
            hasTakenOver = true
            takenOverAt = takenOverAt ?? screen.sequence
        case "items":
            guard hasTakenOver || plan.interludePlace != "items" else { return try await layAgain(card) }
            hasTakenOver = true
            takenOverAt = takenOverAt ?? screen.sequence
            isLeaving = true
            try await press("end", on: screen)
        case "take" where isLeaving: try await leave(screen)
        case "start":
            guard isLeaving, hasTakenOver else { return try await layAgain(card) }
            // A card that was laid again a moment before this screen may be read yet: then there is one more session to end.
            if hasLaidAgain {
                hasLaidAgain = false
                try await hall.desk("reader/remove")
                let read = await client.screen(after: screen.sequence, within: .seconds(2)) { $0.name == "items" }
                guard read == nil else { return }
            }
            finish(.replaced)
        default:
            // The machine is at work, or has not seen the card yet.
            try await layAgain(card)
        }
    }

    private func leave(_ screen: ShownScreen) async throws {
        try await takeEverything()
        try await press("all-taken", on: screen)
    }

    private func layAgain(_ card: String) async throws {
        guard let laid = cardLaid, .now - laid > .seconds(6), await !player.isOn else { return }
        cardLaid = .now
        hasLaidAgain = true
        try await hall.desk("reader/remove")
        try await Task.sleep(for: .milliseconds(600))
        try await hall.desk("reader/place", #"{"card":"\#(card)"}"#)
    }
}

extension SessionPlan {
    /// A card stays on a reader that is well, and nobody comes.
    var leavesThingsBehind: Bool {
        if case .leavesAlone(_, leaving: true) = interlude { errand.item != nil && scenes.isEmpty } else { false }
    }

    /// The screen at which the interlude begins.
    var interludePlace: String? {
        switch interlude {
        case .none, .liftsCard: nil
        case .otherCard(_, let place, _), .givesUp(let place), .walksAway(let place, _), .leavesAlone(let place, _):
            place
        }
    }
}
