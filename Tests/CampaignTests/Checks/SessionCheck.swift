import TestSupport

/// What is found outside of the kiosk after a visit.
struct VisitEvidence: Sendable {
    struct Slip: Sendable, Equatable {
        var id: String
        var isComplete: Bool
        /// The text of its code, as another program than ours reads it.
        var code: String?
        /// 补打 stands on it.
        var isMarkedSecondCopy: Bool
    }

    /// Rows of this visit only.
    var cases: [KioskJournal.Case] = []
    var receipts: [KioskJournal.Print] = []
    var documents: [KioskJournal.Print] = []
    var slips: [Slip] = []
    var sheets: [PaperSheet] = []
    /// Pages of the document, as the kiosk was told; 0 when none was printed.
    var pages = 0
}

/// Holds the journal against the paper, and both against what the screen said. Pure.
struct SessionCheck {
    let record: VisitRecord
    let evidence: VisitEvidence

    /// Broken promises as sentences; none is the proof.
    func broken() -> [String] { cases() + receipts() + documents() + rows() }

    // MARK: - Cases

    private func cases() -> [String] {
        var broken: [String] = []
        let presses = record.count(of: "submit")
        if evidence.cases.count > 1 { broken.append("\(evidence.cases.count) cases of one visit: \(evidence.cases)") }
        if !evidence.cases.isEmpty, presses == 0 { broken.append("a case that nobody submitted") }
        let isAcknowledged = record.saidAccepted || !record.numbers.isEmpty || !record.codes.isEmpty
        if isAcknowledged, evidence.cases.isEmpty {
            broken.append("the screen spoke of a case, and the journal has none")
        }
        if record.end == .finished, record.plan.errand.makesCase, evidence.cases.isEmpty {
            broken.append("a whole visit without a case")
        }
        for code in record.codes where evidence.cases.first?.acceptanceCode != code {
            broken.append("the screen said code \(code), the journal \(evidence.cases.map(\.acceptanceCode))")
        }
        if record.numbers.count > 1 { broken.append("more than one number: \(record.numbers)") }
        for number in record.numbers where evidence.cases.first?.number != number {
            broken.append("the screen said number \(number), the journal \(evidence.cases.map(\.number))")
        }
        let scenes = record.played.map(\.scene)
        if record.plan.scenes.count == 1, record.end == .finished, let scene = scenes.first {
            if scene.givesCode, record.codes.isEmpty { broken.append("“\(scene.id)”: no acceptance code was shown") }
            if let played = record.played.first, played.owesNumber, record.numbers.isEmpty || !record.codes.isEmpty {
                broken.append("“\(scene.id)”: no number was shown within the patience; \(played.delay)")
            }
        }
        return broken
    }

    // MARK: - Paper

    private func receipts() -> [String] {
        // A piece that the kiosk let out and cut off as waste has no code: the code stands at the end.
        let whole = evidence.slips.filter { $0.isComplete && $0.code != nil }
        var broken = truth(evidence.receipts, whole: whole.count, "slip")
        let own = Set(
            evidence.cases.flatMap { [$0.number.map { "HK1:N:\($0)" }, "HK1:A:\($0.acceptanceCode)"] }.compactMap(
                \.self))
        let isGarbled = record.played.contains { $0.scene.id == "receipt printer garbled" }
        for code in whole.compactMap(\.code) where !isGarbled && !own.contains(code) {
            broken.append("a slip of \(code) on the visit of \(own)")
        }
        let marked = whole.count(where: \.isMarkedSecondCopy)
        let copies = evidence.receipts.filter { $0.isSecondCopy && $0.state != "notPrinted" }.count
        if marked > copies { broken.append("\(marked) slips say 补打, and the journal has \(copies) second copies") }
        if !isGarbled, marked < evidence.receipts.count(where: { $0.isSecondCopy && $0.state == "printed" }) {
            broken.append("a second copy does not say 补打")
        }
        return broken
    }

    private func documents() -> [String] {
        let jobs = Dictionary(grouping: evidence.sheets, by: \.jobName)
        let whole = jobs.values.count { sheets in
            let pages = sheets.filter(\.isComplete).flatMap(\.pages)
            return evidence.pages > 0 && Set(pages).isSuperset(of: 1...evidence.pages)
        }
        for (name, sheets) in jobs {
            let pages = sheets.filter(\.isComplete).flatMap(\.pages)
            if Set(pages).count < pages.count { return ["job \(name) came out with pages \(pages)"] }
        }
        guard !record.played.contains(where: \.scene.printerLies) else { return [] }
        return truth(evidence.documents, whole: whole, "document")
    }

    /// "Printed" only of what came out whole, "not printed" only of what did not, and nothing that nobody asked for.
    private func truth(_ rows: [KioskJournal.Print], whole: Int, _ what: String) -> [String] {
        let printed = rows.count { $0.state == "printed" }
        let unknown = rows.count { $0.state == "unknown" }
        let states = rows.map { "\($0.state) (\($0.rung ?? "-"))" }
        var broken: [String] = []
        if printed > whole { broken.append("\(what): the journal says \(states), and \(whole) came out whole") }
        if whole > printed + unknown {
            broken.append("\(what): \(whole) came out whole, and the journal says \(states)")
        }
        if rows.contains(where: { $0.state == "started" }) {
            broken.append("\(what): a print has no outcome: \(states)")
        }
        return broken
    }

    /// One print by itself, others by a press only; a second copy only after one that may exist.
    private func rows() -> [String] {
        var broken: [String] = []
        let presses = record.count(of: "print-again")
        for (what, rows) in [("slip", evidence.receipts), ("document", evidence.documents)] {
            if rows.count > 1 + presses {
                broken.append("\(what): \(rows.count) prints after \(presses) presses of print-again")
            }
            var mayExist = false
            for row in rows {
                if row.isSecondCopy != mayExist {
                    broken.append(
                        "\(what) \(row.number): second copy \(row.isSecondCopy), and one may exist: \(mayExist)")
                }
                if row.state != "notPrinted" { mayExist = true }
            }
            // Who walks away in the middle breaks their print off: then the scene alone does not say how it ends.
            if record.plan.scenes.count == 1, record.plan.interlude == .none,
                let scene = record.played.first?.scene, let first = rows.first,
                let verdict = Verdict(rawValue: first.state), !scene.firstPrint.contains(verdict)
            {
                broken.append("“\(scene.id)”: the first \(what) is \(first.state) (\(first.rung ?? "-"))")
            }
        }
        return broken
    }
}
