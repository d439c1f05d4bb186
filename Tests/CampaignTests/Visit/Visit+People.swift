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
        case .leavesAlone(let place):
            guard screen.name == place else { return false }
            interludeDone = true
            person = .nobody
            try await hall.desk("reader/remove")
            return true
        }
    }

    /// Nobody is there: the alert, the end of the session, the page with what lies about, and the start screen come by themselves.
    func waitAlone(_ screen: ShownScreen) async throws {
        if screen.overlayName == "idle" { record.screens.insert("idle") }
        if screen.name == "take" { try await takeEverything() }
        if screen.name == "start" { finish(.leftAlone) }
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
            } else if screen.offers("keep-first-card") {
                try await press("keep-first-card", on: screen)
            } else {
                // 请把这张卡拿走
                try await hall.desk("reader/remove")
                person = .own
                isLeaving = wasLeaving
            }
        case "reading": hasTakenOver = true
        case "items":
            guard hasTakenOver || plan.interludePlace != "items" else { return try await layAgain(card) }
            hasTakenOver = true
            takenOverAt = takenOverAt ?? screen.sequence
            isLeaving = true
            try await press("end", on: screen)
        case "take" where isLeaving: try await leave(screen)
        case "start":
            if isLeaving, hasTakenOver { return finish(.replaced) }
            try await layAgain(card)
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
        try await hall.desk("reader/remove")
        try await Task.sleep(for: .milliseconds(600))
        try await hall.desk("reader/place", #"{"card":"\#(card)"}"#)
    }
}

extension SessionPlan {
    /// The screen at which the interlude begins.
    var interludePlace: String? {
        switch interlude {
        case .none: nil
        case .otherCard(_, let place, _), .givesUp(let place), .walksAway(let place, _), .leavesAlone(let place): place
        }
    }
}
