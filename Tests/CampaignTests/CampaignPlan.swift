import HallEmulators
import TestSupport

/// What comes between, beside the scene: other people, and people who do not stay.
enum Interlude: Sendable, Hashable {
    case none
    /// Another person's card in the middle; `keeps`: the first matter goes on.
    case otherCard(String, at: String, keeps: Bool)
    /// The resident presses 结束 there.
    case givesUp(at: String)
    /// The resident walks away there, and the next person comes with this card.
    case walksAway(at: String, next: String)
    /// The resident walks away there, and nobody comes: the kiosk ends the session when its time is over. `leaving`: card
    /// and papers stay, until staff come who were called.
    case leavesAlone(at: String, leaving: Bool)
    /// The resident lifts the card on one screen, and lays it down again on the next, all the way.
    case liftsCard(first: Bool)
}

/// One person's visit as it is planned: nothing in it depends on what happens.
struct SessionPlan: Sendable, CustomStringConvertible {
    var number: Int
    var card: String
    var errand: ErrandKind
    var isEnglish: Bool
    var scenes: [Scene]
    var interlude: Interlude
    /// Asks for a slip or paper again where the last one is in doubt.
    var wantsPaper: Bool
    /// Presses 叫人帮忙 on a fault page first.
    var asksForHelp: Bool
    /// Draws answers and pauses.
    var seed: UInt64

    var description: String {
        var words = ["session \(number)", card, errand.rawValue]
        if isEnglish { words.append("in English") }
        words += scenes.map { "“\($0.id)”" }
        if interlude != .none { words.append("\(interlude)") }
        if asksForHelp { words.append("asks for help") }
        if !wantsPaper { words.append("does without paper") }
        return words.joined(separator: ", ")
    }
}

/// All visits of a campaign; the same for the same seed.
struct CampaignPlan: Sendable {
    var sessions: [SessionPlan] = []

    /// The cards that a reader can make something of.
    static let readable = Wallet.cards.map(\.id).filter { $0 != "unknown-type" }
    /// Of people who may have a senior citizen's card.
    static let elders = ["zhang", "rare-surname", "long-term", "check-digit-wrong", "hong-kong-expired"]

    /// The screens of an errand at which something may come between.
    static func screens(of errand: ErrandKind) -> [String] {
        switch errand {
        case .seniorCard:
            ["items", "intro", "choice", "digits", "scan", "preview", "stored", "check", "submitting", "done", "take"]
        case .socialCard: ["items", "intro", "choice", "check", "submitting", "done", "take"]
        case .certificate: ["items", "intro", "choice", "check", "making", "papers", "take"]
        case .progressByCard: ["items", "lookingUp", "progress", "take"]
        case .progressByCode: ["progress"]
        }
    }

    /// - Parameters:
    ///   - scenes: those to draw from.
    ///   - waitsForIdle: some walk away and nobody comes, which takes minutes.
    init(seed: UInt64, sessions count: Int, scenes: [Scene] = Scene.all, waitsForIdle: Bool = false) {
        var generator = SeededGenerator(seed: seed)
        // Each scene comes once before any comes again.
        var bag: [Scene] = []
        for number in 1...max(1, count) {
            let lot = Int.random(in: 0..<100, using: &generator)
            var drawn: [Scene] = []
            if lot >= 10 {
                if bag.isEmpty { bag = scenes.shuffled(using: &generator) }
                drawn.append(bag.removeLast())
            }
            let errand =
                drawn.first?.errands.randomElement(using: &generator) ?? ErrandKind.allCases.randomElement(
                    using: &generator)
                ?? .seniorCard
            if lot >= 80, let first = drawn.first {
                let others = scenes.filter { $0.errands.contains(errand) && $0.canComeBeside(first) }
                if let second = others.randomElement(using: &generator) { drawn.append(second) }
            }
            sessions.append(
                Self.session(number, errand, drawn, waitsForIdle, using: &generator))
        }
    }

    /// The table: one visit for each scene, by the main resident, without anything else.
    init(table scenes: [Scene], from number: Int = 1) {
        sessions = scenes.enumerated().map { place, scene in
            let errand = scene.errands[place % scene.errands.count]
            return SessionPlan(
                number: number + place, card: "zhang", errand: errand, isEnglish: place % 4 == 3, scenes: [scene],
                interlude: .none, wantsPaper: true, asksForHelp: place.isMultiple(of: 2), seed: UInt64(number + place))
        }
    }

    /// Everybody on every screen once: somebody who walks away there, somebody whose card is laid down there by mistake, and
    /// somebody who pushes in; and residents who lift their card on every other screen.
    init(peopleFrom number: Int) {
        for errand in ErrandKind.allCases {
            for screen in Self.screens(of: errand) {
                add(errand, .walksAway(at: screen, next: "another-person"), from: number)
                guard errand != .progressByCode else { continue }
                for keeps in [true, false] {
                    add(errand, .otherCard("another-person", at: screen, keeps: keeps), from: number)
                }
            }
            guard errand != .progressByCode else { continue }
            for first in [true, false] { add(errand, .liftsCard(first: first), from: number) }
        }
    }

    /// Somebody who walks away from these screens, and nobody comes.
    init(aloneAt places: [(ErrandKind, screen: String, leaving: Bool)]) {
        for place in places { add(place.0, .leavesAlone(at: place.screen, leaving: place.leaving), from: 1) }
    }

    private mutating func add(_ errand: ErrandKind, _ interlude: Interlude, from number: Int) {
        let place = number + sessions.count
        sessions.append(
            SessionPlan(
                number: place, card: "zhang", errand: errand, isEnglish: place % 4 == 3, scenes: [],
                interlude: interlude, wantsPaper: true, asksForHelp: false, seed: UInt64(place)))
    }

    private static func lot(using generator: inout SeededGenerator) -> Bool { Bool.random(using: &generator) }

    private static func session(
        _ number: Int, _ errand: ErrandKind, _ scenes: [Scene], _ waitsForIdle: Bool,
        using generator: inout SeededGenerator
    ) -> SessionPlan {
        // Most who want an item may have it; the others find out on its first page.
        let cards =
            errand == .seniorCard && !Int.random(in: 0..<10, using: &generator).isMultiple(of: 10) ? elders : readable
        let card = cards.randomElement(using: &generator) ?? "zhang"
        let other = readable.filter { $0 != card }.randomElement(using: &generator) ?? "another-person"
        let screen = screens(of: errand).randomElement(using: &generator) ?? "items"
        let interlude: Interlude
        switch Int.random(in: 0..<100, using: &generator) {
        case 0..<10 where errand != .progressByCode:
            interlude = .otherCard(other, at: screen, keeps: lot(using: &generator))
        case 10..<16: interlude = .givesUp(at: screen)
        case 16..<26: interlude = .walksAway(at: screen, next: other)
        case 26..<28 where waitsForIdle: interlude = .leavesAlone(at: screen, leaving: lot(using: &generator))
        case 28..<32 where errand != .progressByCode: interlude = .liftsCard(first: lot(using: &generator))
        default: interlude = .none
        }
        return SessionPlan(
            number: number, card: card, errand: errand, isEnglish: Int.random(in: 0..<4, using: &generator) == 0,
            scenes: scenes, interlude: interlude, wantsPaper: Int.random(in: 0..<5, using: &generator) > 0,
            asksForHelp: Int.random(in: 0..<3, using: &generator) == 0, seed: generator.next())
    }
}

extension Scene {
    /// Two at once: of different groups, and not both between kiosk and platform, or on one reader.
    func canComeBeside(_ other: Scene) -> Bool {
        let places: [Set<Group>] = [[.network, .platform], [.reader, .cards]]
        return group != other.group && places.allSatisfy { !($0.contains(group) && $0.contains(other.group)) }
    }
}
