import Foundation
import HallEmulators
import TestSupport

/// One resident in front of the screen and the desk: does on each screen what it asks for, whatever goes wrong, and holds
/// the screen to what it must and must not say. Looks at nothing but the screen's HTTP.
actor Visit {
    /// Whose hands are at the screen.
    enum Person: Sendable, Equatable {
        case own
        /// The next one, who lays down this card and wants nothing but to be served as themselves.
        case next(card: String, keepsFirst: Bool)
        case nobody
    }

    let plan: SessionPlan
    let hall: HallUnderTest
    let client: ScreenClient
    let sentences: Sentences
    let player: ScenePlayer
    /// The text of a receipt's code from an earlier visit.
    let receiptCode: String
    var generator: SeededGenerator
    var record: VisitRecord
    var person = Person.own

    // What the hands have done.
    var hasArrived = false
    var hasBegun = false
    /// The matter is done, or given up: from here on it is the way out.
    var isLeaving = false
    var wasLeaving = false
    var cardLaid: ContinuousClock.Instant?
    /// The next person has lifted their card and laid it down again.
    var hasLaidAgain = false
    var sheetLaid: String?
    var pageWanted = 1
    var lastTouch: (action: String, revision: Int, at: ContinuousClock.Instant)?
    var screenSince: (key: String, at: ContinuousClock.Instant)?
    var interludeDone = false
    /// Sequence number of the screen at which the next person took over.
    var takenOverAt: Int?
    var hasTakenOver = false
    /// The words with which the item was refused.
    var refusal: String?
    /// Of the card that is lifted again and again: where it is, and the screen that stood there when it went up or down.
    var isCardUp = false
    var cardScreen: String?
    /// When their own card was laid down again, and nothing was pressed since that could be the end.
    var cardLaidAgain: ContinuousClock.Instant?
    /// Calls for staff before this visit.
    var callsBefore = 0

    init(
        _ plan: SessionPlan, client: ScreenClient, in hall: HallUnderTest, sentences: Sentences, phone: String,
        receiptCode: String
    ) {
        self.plan = plan
        self.hall = hall
        self.client = client
        self.sentences = sentences
        self.receiptCode = receiptCode
        player = ScenePlayer(plan.scenes, hall: hall, client: client, sentences: sentences)
        generator = SeededGenerator(seed: plan.seed)
        record = VisitRecord(plan)
        record.phone = phone
    }

    /// The whole visit, until the start screen is back.
    func walk() async throws -> VisitRecord {
        var limit = Duration.seconds(120)
        // Idle time, the alert, and twice the time of the page with what lies about.
        if case .leavesAlone = plan.interlude { limit += .seconds(240) }
        await client.forgetHistory()
        struct Call: Decodable {}
        callsBefore = try JSONDecoder().decode([Call].self, from: try await hall.deskState("staff-calls")).count
        let deadline = ContinuousClock.now + limit
        var seen = 0
        while record.end == nil, ContinuousClock.now < deadline {
            try Task.checkCancellation()
            let next = await client.screen(after: seen, within: .milliseconds(300))
            guard let screen = if let next { next } else { await client.latest } else { continue }
            seen = screen.sequence
            note(screen)
            try await player.reaches(.shown(screen.name))
            try await player.tick()
            if try await interlude(on: screen) { continue }
            switch person {
            case .own: try await answer(screen)
            case .next(let card, let keepsFirst): try await answerAsNext(screen, card, keepsFirst)
            case .nobody: try await waitAlone(screen)
            }
        }
        if record.end == nil {
            let last = await client.latest
            record.end = .stuck("\(last?.name ?? "no screen"): \(last?.text ?? "") \(last?.overlayText ?? "")")
        }
        try await collectPapers()
        try await player.finish()
        record.played = await player.played
        let history = await client.history
        record.clearedAt = [record.clearedAt, takenOverAt].compactMap(\.self).min()
        record.broken += ScreenCheck(plan, sentences).broken(history, record)
        return record
    }

    private func note(_ screen: ShownScreen) {
        if screenSince?.key != screen.name { screenSince = (screen.name, .now) }
        if record.clearedAt == nil, hasBegun, ["take", "start", "closed"].contains(screen.name) {
            record.clearedAt = screen.sequence
        }
        guard person == .own else { return }
        record.screens.insert(screen.name)
        if sentences.says(screen, .text("submitting.accepted")) { record.saidAccepted = true }
        guard screen.name == "done", let number = screen.number else { return }
        if sentences.says(screen, .text("done.code")) {
            record.codes.insert(number)
        } else if sentences.says(screen, .text("done.number")) {
            record.numbers.insert(number)
        }
    }

    /// How long this screen has stood.
    var stands: Duration { screenSince.map { .now - $0.at } ?? .zero }

    // MARK: - Hands

    /// Presses a button that is there; the same one on the same screen again only after a while.
    @discardableResult
    func press(_ action: String, on screen: ShownScreen, again: Duration = .milliseconds(1_500)) async throws -> Bool {
        if let last = lastTouch, last.action == action, last.revision == screen.revision, .now - last.at < again {
            return false
        }
        let name = String(action.prefix { $0 != ":" })
        try await letsCardBeSeen(before: name)
        try await player.reaches(.before(name))
        lastTouch = (action, screen.revision, .now)
        record.touched.append(name)
        return await client.touch(action, on: screen)
    }

    func finish(_ end: VisitRecord.End) { record.end = end }

    /// Whatever came out is written down before it is taken away.
    func collectPapers() async throws {
        struct Printer: Decodable { var output: [PaperSheet] }
        let now = try JSONDecoder().decode(Printer.self, from: try await hall.deskState("document-printer")).output
        let known = Set(record.sheets.map(\.id))
        record.sheets += now.filter { !known.contains($0.id) }
    }

    func takeEverything() async throws {
        try await collectPapers()
        try await hall.desk("reader/remove")
        try await hall.desk("scanner/tray", method: .DELETE)
        try await hall.desk("scanner/take-originals")
        try await hall.desk("printer/take-slip")
        try await hall.desk("document-printer/take-papers")
        sheetLaid = nil
    }
}
