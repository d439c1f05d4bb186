import HallEmulators
import TestSupport

/// Holds the platform against the journal: every case of it once, of the right person, with what was answered and scanned.
struct PlatformCheck {
    /// A case as the platform opened it.
    struct Opened: Sendable {
        var entry: PlatformStaff.Entry
        var opened: PlatformStaff.Opened
    }

    /// The visits by the journal's id of their case.
    let visits: [String: VisitRecord]
    let journal: [KioskJournal.Case]
    let platform: [Opened]

    /// Broken promises as sentences; none is the proof.
    func broken() -> [String] {
        var broken: [String] = []
        let byID = Dictionary(grouping: platform, by: \.entry.id)
        for one in journal {
            let same = byID[one.id] ?? []
            guard same.count == 1, let found = same.first else {
                broken.append("case \(one.id) is with the platform \(same.count) times")
                continue
            }
            if found.entry.number != one.number || found.entry.acceptanceCode != one.acceptanceCode
                || found.entry.item != one.item
            {
                broken.append("case \(one.id): the journal has \(one), the platform \(found.entry)")
            }
            guard let visit = visits[one.id] else {
                broken.append("case \(one.id) belongs to no visit")
                continue
            }
            broken += Self.content(found.opened, visit).map { "case \(found.entry.number), \(visit.plan): \($0)" }
        }
        let known = Set(journal.map(\.id))
        broken += platform.filter { !known.contains($0.entry.id) }.map {
            "the platform has \($0.entry.id), the journal not"
        }
        for (number, same) in Dictionary(grouping: platform, by: \.entry.number) where same.count > 1 {
            broken.append("number \(number) belongs to \(same.count) cases")
        }
        return broken
    }

    private static func content(_ opened: PlatformStaff.Opened, _ visit: VisitRecord) -> [String] {
        var broken: [String] = []
        let card = Wallet.card(visit.plan.card)
        if opened.person["number"] != card?.number {
            broken.append("it is of \(opened.person["number"] ?? "nobody"), not of \(card?.number ?? "nobody")")
        }
        let pages = opened.materials.map(\.pages)
        if pages != (visit.plan.errand == .seniorCard ? [2] : []) { broken.append("its pages are \(pages)") }
        let phone = opened.answers.first { $0["question"] == "phone" }?["value"]
        if visit.typedPhone, phone != visit.phone {
            broken.append("its phone is \(phone ?? "missing"), not \(visit.phone)")
        }
        if opened.answers.isEmpty { broken.append("it has no answers") }
        return broken
    }
}
