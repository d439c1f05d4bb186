import HallEmulators
import TestSupport

/// Holds every screen of a visit against what must and must not stand on it.
struct ScreenCheck {
    private let plan: SessionPlan
    private let sentences: Sentences

    init(_ plan: SessionPlan, _ sentences: Sentences) {
        self.plan = plan
        self.sentences = sentences
    }

    /// Broken rules as sentences; none is the proof.
    func broken(_ history: [ShownScreen], _ record: VisitRecord) -> [String] {
        silences(history, record) + forbidden(history, record.played) + ownCard(history) + alone(history, record)
            + strangers(history, record) + languages(history)
    }

    /// A scene by itself must be heard of, when it has come at all and nobody went away meanwhile; and where nothing is to be
    /// heard of it, or it is over, the plain way must be.
    private func silences(_ history: [ShownScreen], _ record: VisitRecord) -> [String] {
        guard plan.scenes.count == 1, plan.interlude == .none, let scene = record.played.first else { return [] }
        let id = scene.scene.id
        let seen = history.filter { $0.arrived >= scene.began }
        var silent = scene.unsaid
        if record.end == .finished {
            silent += scene.scene.plainWay(of: plan.errand).filter { alternatives in
                !seen.contains { screen in alternatives.contains { sentences.says(screen, $0) } }
            }
        }
        let stayed = scene.scene.withdraws.filter { sentence in
            !seen.contains { $0.name == "start" && !sentences.says($0, sentence) }
        }
        return silent.map { "“\(id)”: the screen never said \($0)" }
            + stayed.map { "“\(id)”: the start screen went on saying \($0)" }
    }

    /// What passes within three seconds is not spoken of.
    private func forbidden(_ history: [ShownScreen], _ played: [VisitRecord.Played]) -> [String] {
        guard plan.scenes.count == 1, plan.interlude == .none, let scene = played.first else { return [] }
        // Where no number is owed, the code may be shown.
        let code: [Sentence] =
            scene.scene.givesNumber && !scene.owesNumber ? [.text("done.code"), .text("done.kept")] : []
        return scene.scene.never.filter { !code.contains($0) }.compactMap { sentence in
            history.first { sentences.says($0, sentence) }.map {
                "“\(scene.scene.id)”: the screen \($0.name) said \(sentence): \($0.text)"
            }
        }
    }

    /// A card that is lifted and laid down again by its owner is nobody else's, and nobody is told off.
    private func ownCard(_ history: [ShownScreen]) -> [String] {
        guard case .liftsCard = plan.interlude, plan.scenes.isEmpty else { return [] }
        let never: [Sentence] = [
            .text("otherCard.heading"), .text("otherCard.remove"), .problem("card-removed-too-soon"),
            .problem("card-unreadable"), .text("start.sessionLost"),
        ]
        return never.compactMap { sentence in
            history.first { sentences.says($0, sentence) }.map {
                "the card was lifted, and the screen \($0.name) said \(sentence)"
            }
        }
    }

    /// XD1, XD2 and D9, where somebody walked away and nobody came: what is theirs is covered, the alert asks, the last page
    /// shows what lies there, and staff are called for what stays.
    private func alone(_ history: [ShownScreen], _ record: VisitRecord) -> [String] {
        guard case .leavesAlone(let place, let leavesThings) = plan.interlude, record.end == .leftAlone else {
            return []
        }
        let alert = history.firstIndex { $0.overlayName == "idle" }
        // The last page asks nobody: nothing is on it.
        if alert == nil, place != "take" { return ["nobody was asked whether they are still there"] }
        var broken: [String] = []
        if let last = history[..<(alert ?? 0)].last, Self.personal.contains(last.name),
            !sentences.says(last, .text("frame.covered"))
        {
            broken.append("nobody touched \(last.name), and it was not covered: \(last.text)")
        }
        guard plan.leavesThingsBehind else { return broken }
        let last = history.filter { $0.name == "take" }
        if !last.contains(where: { sentences.says($0, .text("frame.stillThere")) }) {
            broken.append("the card lay there, and the last page did not show it: \(last.last?.text ?? "no such page")")
        }
        if leavesThings, place == "scan", !last.contains(where: { sentences.says($0, .text("take.originals")) }) {
            broken.append("a page lay in the scanner, and the last page did not show it: \(last.last?.text ?? "")")
        }
        if !record.staffCalled { broken.append("things were left behind, and nobody called staff") }
        if !last.contains(where: { sentences.says($0, .text("take.still")) }) {
            broken.append("staff were called, and the last page did not say that something is still there")
        }
        return broken
    }

    /// Screens that are covered when nobody touches them, whatever they ask (XD2).
    private static let personal: Set<String> = ["items", "digits", "preview", "check", "progress"]

    /// Whoever comes next finds nothing of the one before; nor does anybody who sees a covered page, or the question whose
    /// card that is.
    private func strangers(_ history: [ShownScreen], _ record: VisitRecord) -> [String] {
        let card = plan.errand.item == nil ? nil : Wallet.card(plan.card)
        let phone = record.typedPhone ? record.phone : nil
        func find(_ screens: [ShownScreen], next: [String]) -> [String] {
            let traces = Traces(
                of: card, phone: phone, numbers: record.numbers.union(record.codes), next: next.compactMap(Wallet.card))
            return screens.flatMap { screen in
                traces.found(in: [screen.text, screen.overlayText]).map {
                    "somebody else can read “\($0)” on \(screen.name): \(screen.text) \(screen.overlayText)"
                }
            }
        }
        let later = record.clearedAt.map { first in history.filter { $0.sequence >= first } } ?? []
        return find(later, next: plan.otherCards)
            + find(
                history.filter { $0.name == "otherCard" || sentences.says($0, .text("frame.covered")) }, next: [])
    }

    /// In English no Chinese word stands on a page but names, and what stands on the card.
    private func languages(_ history: [ShownScreen]) -> [String] {
        guard plan.isEnglish else { return [] }
        var own = Set<Character>()
        for id in [plan.card] + plan.otherCards {
            guard let card = Wallet.card(id) else { continue }
            own.formUnion(String(decoding: Self.units(card.text), as: UTF16.self))
            for address in card.additionalAddresses {
                own.formUnion(String(decoding: Self.units(address), as: UTF16.self))
            }
        }
        for screen in history where screen.language == "en" {
            let words = screen.overlayName == "language" ? screen.text : screen.text + " " + screen.overlayText
            let foreign = words.filter { Self.isHan($0) && !own.contains($0) }
            if !foreign.isEmpty { return ["the English screen \(screen.name) says “\(foreign)”: \(words)"] }
        }
        return []
    }

    private static func units(_ bytes: [UInt8]) -> [UInt16] {
        stride(from: 0, to: bytes.count - 1, by: 2).map { UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8 }
    }

    private static func isHan(_ character: Character) -> Bool {
        character.unicodeScalars.contains {
            (0x3400...0x9FFF).contains($0.value) || (0x20000...0x3FFFF).contains($0.value)
        }
    }
}

extension SessionPlan {
    /// Cards of the others that come on this visit.
    var otherCards: [String] {
        switch interlude {
        case .none, .givesUp, .leavesAlone, .liftsCard: []
        case .otherCard(let card, _, _), .walksAway(_, let card): [card]
        }
    }
}
