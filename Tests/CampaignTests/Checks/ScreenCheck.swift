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
    func broken(
        _ history: [ShownScreen], _ played: [VisitRecord.Played], takenOverAt: Int?
    ) -> [String] {
        silences(played) + forbidden(history, played) + strangers(history, takenOverAt) + languages(history)
    }

    /// A scene by itself must be heard of, when it has come at all and nobody went away meanwhile.
    private func silences(_ played: [VisitRecord.Played]) -> [String] {
        guard plan.scenes.count == 1, plan.interlude == .none else { return [] }
        return played.flatMap { scene in
            scene.unsaid.map { "“\(scene.scene.id)”: the screen never said \($0)" }
        }
    }

    /// What passes within three seconds is not spoken of.
    private func forbidden(_ history: [ShownScreen], _ played: [VisitRecord.Played]) -> [String] {
        guard plan.scenes.count == 1, plan.interlude == .none, let scene = played.first else { return [] }
        return scene.scene.never.compactMap { sentence in
            history.first { sentences.says($0, sentence) }.map {
                "“\(scene.scene.id)”: the screen \($0.name) said \(sentence): \($0.text)"
            }
        }
    }

    /// Whoever took over finds nothing of the one before.
    private func strangers(_ history: [ShownScreen], _ takenOverAt: Int?) -> [String] {
        guard let takenOverAt, let card = Wallet.card(plan.card) else { return [] }
        let traces = [card.name, card.number].filter { $0.count >= 2 }
        return history.filter { $0.sequence >= takenOverAt }.flatMap { screen in
            traces.filter { (screen.text + screen.overlayText).contains($0) }.map {
                "the next person reads “\($0)” on \(screen.name)"
            }
        }
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
        case .none, .givesUp, .leavesAlone: []
        case .otherCard(let card, _, _), .walksAway(_, let card): [card]
        }
    }
}
