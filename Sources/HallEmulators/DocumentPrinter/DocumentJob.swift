/// A print job inside the emulated A4 printer. Times are seconds of the machine's clock.
struct DocumentJob {
    enum Sides: String, CaseIterable {
        case oneSided = "one-sided"
        case longEdge = "two-sided-long-edge"
        case shortEdge = "two-sided-short-edge"
    }

    /// A document that was received, in the order of the job.
    struct Part {
        var document: Int
        /// `nil` until the document has been read.
        var pages: Int?
    }

    /// What goes onto one sheet.
    struct Plan: Equatable {
        var document: Int
        var pages: [Int]
    }

    let id: Int
    var name: String
    var user: String
    var uuid: String
    var copies = 1
    var sides = Sides.oneSided
    /// Pages to print of each document; none: all.
    var pageRanges: [ClosedRange<Int>] = []
    var createdAt: Double
    var processingAt: Double?
    var completedAt: Double?
    var state = IPPJobState.pending
    var reasons: [String] = ["none"]
    /// More documents may come.
    var isOpen: Bool
    var lastHeard: Double
    var parts: [Part] = []
    var octets = 0
    var impressionsCompleted = 0
    var sheetsCompleted = 0

    /// Everything has arrived and been read.
    var isReady: Bool { !isOpen && !parts.isEmpty && parts.allSatisfy { $0.pages != nil } }

    /// Impressions of the whole job; `nil` until all documents have been read.
    var impressions: Int? {
        guard isReady else { return nil }
        return parts.reduce(0) { $0 + chosen($1).count } * copies
    }

    /// Sheets of the whole job; `nil` until all documents have been read.
    var sheets: Int? { isReady ? sheetsPerCopy * copies : nil }

    /// The pages of a document that are wanted, from 1.
    private func chosen(_ part: Part) -> [Int] {
        guard let pages = part.pages, pages > 0 else { return [] }
        guard !pageRanges.isEmpty else { return Array(1...pages) }
        return (1...pages).filter { page in pageRanges.contains { $0.contains(page) } }
    }

    private var perSheet: Int { sides == .oneSided ? 1 : 2 }

    private var sheetsPerCopy: Int { parts.reduce(0) { $0 + sheets(of: chosen($1)) } }

    private func sheets(of pages: [Int]) -> Int { (pages.count + perSheet - 1) / perSheet }

    /// What the sheet with this number, from 0, carries; `nil` behind the last one. Copies are collated.
    func plan(sheet number: Int) -> Plan? {
        guard isReady, sheetsPerCopy > 0, number >= 0, number < sheetsPerCopy * copies else { return nil }
        var left = number % sheetsPerCopy
        for part in parts {
            let pages = chosen(part)
            let count = sheets(of: pages)
            if left < count {
                let first = left * perSheet
                return Plan(document: part.document, pages: Array(pages[first..<min(pages.count, first + perSheet)]))
            }
            left -= count
        }
        return nil
    }

    var entry: DocumentJobEntry {
        DocumentJobEntry(
            id: id, name: name, state: "\(state)", impressions: impressions,
            impressionsCompleted: impressionsCompleted, sheetsCompleted: sheetsCompleted)
    }
}
