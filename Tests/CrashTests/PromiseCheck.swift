import TestSupport

/// Holds what the screen said against what the platform has.
enum PromiseCheck {
    /// Every promise that was broken, as sentences; none is the proof.
    static func broken(_ records: [Errand.Record], _ cases: [PlatformCases.Case]) -> [String] {
        var sentences: [String] = []
        for (number, same) in Dictionary(grouping: cases, by: \.number) where same.count > 1 {
            sentences.append("the platform lists case \(number) \(same.count) times")
        }
        for (code, same) in Dictionary(grouping: cases, by: \.acceptanceCode) where same.count > 1 {
            sentences.append("acceptance code \(code) belongs to \(same.count) cases")
        }
        let byPhone = Dictionary(grouping: cases, by: \.phone)
        for record in records {
            let own = byPhone[record.phone] ?? []
            let who = "errand \(record.phone)"
            if own.count > 1 { sentences.append("\(who): \(own.count) cases, \(own.map(\.number))") }
            if record.isAcknowledged, own.isEmpty {
                sentences.append("\(who): lost; the screen said \(record.numbers.union(record.codes).sorted())")
            }
            if record.end == .lost, !record.saidStopped {
                sentences.append("\(who): the session was lost and the screen did not say so")
            }
            if !record.pressedSubmit, !own.isEmpty { sentences.append("\(who): a case that nobody submitted") }
            for number in record.numbers where own.first?.number != number {
                sentences.append("\(who): the screen said number \(number), the platform \(own.map(\.number))")
            }
            for code in record.codes where own.first?.acceptanceCode != code {
                sentences.append("\(who): the screen said code \(code), the platform \(own.map(\.acceptanceCode))")
            }
            if let one = own.first, one.pages != [2] { sentences.append("\(who): the pages are \(one.pages)") }
        }
        let known = Set(records.map(\.phone))
        for one in cases where !known.contains(one.phone) {
            sentences.append("case \(one.number) belongs to no errand")
        }
        return sentences
    }
}
