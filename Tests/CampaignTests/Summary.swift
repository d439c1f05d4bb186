/// What a campaign was, as tables.
struct Summary: CustomStringConvertible {
    let result: Campaign.Result

    var description: String {
        let outcomes = result.outcomes
        var lines = [
            "\(outcomes.count) visits in \(Self.seconds(result.lasted)), \(result.broken.count) broken promises"
        ]
        lines.append("by item: visits, ended how, prints, longest visit")
        for errand in ErrandKind.allCases {
            let own = outcomes.filter { $0.record.plan.errand == errand }
            guard !own.isEmpty else { continue }
            lines.append(
                "  \(errand.rawValue): \(own.count), \(Self.counts(own.map { Self.end($0.record) })), "
                    + "\(Self.counts(own.flatMap(\.verdicts))), \(Self.seconds(own.map(\.lasted).max() ?? .zero))")
        }
        lines.append("by scene: visits, begun, ended how, prints, longest recovery")
        for scene in Scene.all {
            let own = outcomes.filter { $0.record.plan.scenes.contains { $0.id == scene.id } }
            guard !own.isEmpty else { continue }
            let played = own.flatMap { $0.record.played.filter { $0.scene.id == scene.id } }
            let recovery = played.compactMap(\.recovery).max()
            lines.append(
                "  \(scene.id): \(own.count), \(played.count), \(Self.counts(own.map { Self.end($0.record) })), "
                    + "\(Self.counts(own.flatMap(\.verdicts))), \(recovery.map(Self.seconds) ?? "-")")
        }
        let none = outcomes.count { $0.record.plan.scenes.isEmpty }
        lines.append("  nothing: \(none)")
        let timed = outcomes.flatMap { $0.record.played.filter(\.scene.givesNumber) }
        if let hindered = timed.map(\.hindered).max(), let away = timed.map(\.away).max() {
            lines.append(
                "the number owed on \(timed.count(where: \.owesNumber)) of \(timed.count) visits: held up by the machine for "
                    + "\(Self.seconds(hindered)) at most, the platform away for \(Self.seconds(away)) too long")
        }
        lines.append(
            "a start screen that speaks of nothing, at the latest \(Self.seconds(outcomes.map(\.cleared).max() ?? .zero)) after a visit"
        )
        return lines.joined(separator: "\n")
    }

    private static func end(_ record: VisitRecord) -> String {
        switch record.end {
        case .finished: record.numbers.isEmpty && !record.codes.isEmpty ? "finished with a code" : "finished"
        case .refused: "refused"
        case .gaveUp: "gave up"
        case .replaced: "replaced"
        case .leftAlone: "left alone"
        case .stuck, nil: "STUCK"
        }
    }

    private static func counts(_ words: [String]) -> String {
        let counted = Dictionary(grouping: words) { $0 }.mapValues(\.count).sorted { $0.key < $1.key }
        return counted.isEmpty ? "no prints" : counted.map { "\($0.value) \($0.key)" }.joined(separator: " + ")
    }

    private static func seconds(_ duration: Duration) -> String {
        let tenths = Int(duration / .milliseconds(100))
        return "\(tenths / 10).\(tenths % 10) s"
    }
}
