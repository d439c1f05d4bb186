import Foundation
import GRDB

/// Which cases staff want to see.
enum CaseFilter: Sendable, Equatable {
    case all
    /// Cases that now have this status.
    case status(String)
    /// The case with this number or acceptance code, as typed or read from a receipt.
    case search(String)
}

/// Where in a list a page begins. Newest first everywhere.
enum CasePosition: Sendable, Equatable {
    case newest
    /// Cases older than this place in the sequence.
    case before(Int64)
    /// Cases newer than this place in the sequence, the nearest ones.
    case after(Int64)
    /// From 1. Only of all cases, whose places in the sequence have no gaps.
    case page(Int)
}

/// One page of a list.
struct CasePage: Sendable {
    var cases: [StoredCase]
    /// Cases of the whole list.
    var total: Int
    /// Whether the list goes on in this direction.
    var hasNewer: Bool
    var hasOlder: Bool
}

/// How many cases there are of each status, whether the configuration knows it or not.
struct StatusCount: Sendable, Equatable, FetchableRecord {
    var status: String
    var cases: Int
    /// The words with which it was given last.
    var title: PlatformText?

    init(row: Row) throws {
        status = row["status"]
        cases = row["cases"]
        title = try StoredText.text(row["titles"])
    }
}

/// What staff see and do. Every query reads a bounded number of rows, however many cases there are.
extension CaseStore {
    func statusCounts() async throws -> [StatusCount] {
        try await database.pool.read { db in try Self.statusCounts(in: db) }
    }

    private static func statusCounts(in db: Database) throws -> [StatusCount] {
        try StatusCount.fetchAll(
            db, sql: "SELECT status, cases, titles FROM statusCount WHERE cases > 0 ORDER BY status")
    }

    /// - Parameter size: cases on a page.
    func page(_ filter: CaseFilter, at position: CasePosition, size: Int) async throws -> CasePage {
        try await database.pool.read { db in
            if case .search(let words) = filter {
                let found = try Self.search(words, size: size, in: db)
                return CasePage(cases: found, total: found.count, hasNewer: false, hasOlder: false)
            }
            let counts = try Self.statusCounts(in: db)
            var position = position
            let total: Int
            var condition = ""
            var arguments: StatementArguments = []
            switch filter {
            case .status(let id):
                total = counts.first { $0.status == id }?.cases ?? 0
                condition = "status = ? AND "
                arguments = [id]
                if case .page = position { position = .newest }
            default:
                total = counts.reduce(0) { $0 + $1.cases }
                if case .page(let page) = position {
                    let newest = try Int64.fetchOne(db, sql: "SELECT max(sequence) FROM platformCase") ?? 0
                    let last = max(1, (total + size - 1) / size)
                    position = .before(newest + 1 - Int64((min(max(1, page), last) - 1) * size))
                }
            }
            let (edge, isForward): (Int64, Bool) =
                switch position {
                case .before(let sequence): (sequence, false)
                case .after(let sequence): (sequence, true)
                default: (.max, false)
                }
            var cases = try StoredCase.fetchAll(
                db,
                sql: """
                    SELECT * FROM platformCase WHERE \(condition)sequence \(isForward ? ">" : "<") ?
                    ORDER BY sequence \(isForward ? "ASC" : "DESC") LIMIT ?
                    """, arguments: arguments + [edge, size])
            if isForward { cases.reverse() }
            func exists(_ comparison: String, _ sequence: Int64?) throws -> Bool {
                guard let sequence else { return false }
                return try Bool.fetchOne(
                    db,
                    sql: """
                        SELECT EXISTS (SELECT 1 FROM platformCase WHERE \(condition)sequence \(comparison) ?)
                        """, arguments: arguments + [sequence]) ?? false
            }
            return CasePage(
                cases: cases, total: total, hasNewer: try exists(">", cases.first?.sequence),
                hasOlder: try exists("<", cases.last?.sequence))
        }
    }

    private static func search(_ words: String, size: Int, in db: Database) throws -> [StoredCase] {
        var text = words.uppercased().filter { !$0.isWhitespace && $0 != "-" }
        if let receipt = CaseReference(text) {
            switch receipt {
            case .number(let number): text = number
            case .acceptanceCode(let code): text = code
            }
        }
        guard (4...64).contains(text.utf8.count) else { return [] }
        return try StoredCase.fetchAll(
            db,
            sql: """
                SELECT * FROM platformCase WHERE number = ? OR acceptanceCode = ? ORDER BY sequence DESC LIMIT ?
                """, arguments: [text, text, size])
    }

    func find(number: String) async throws -> StoredCase? {
        try await database.pool.read { db in
            try StoredCase.fetchOne(db, sql: "SELECT * FROM platformCase WHERE number = ?", arguments: [number])
        }
    }

    func files(of id: String) async throws -> [CaseFile] {
        try await database.pool.read { db in
            try CaseFile.fetchAll(db, sql: "SELECT * FROM caseFile WHERE caseID = ? ORDER BY position", arguments: [id])
        }
    }

    func history(of id: String) async throws -> [StatusChange] {
        try await database.pool.read { db in
            try StatusChange.fetchAll(
                db, sql: "SELECT * FROM statusChange WHERE caseID = ? ORDER BY rowid DESC LIMIT 200", arguments: [id])
        }
    }

    /// Gives a case another status.
    ///
    /// - Parameter seen: the status that whoever changes it has seen; `nil` when they did not say.
    /// - Throws: ``APIProblem`` `status-changed` when it is another by now, `status-not-allowed` when the configuration
    ///   does not let the one follow the other.
    func change(
        _ stored: StoredCase, to status: PlatformConfiguration.Status, detail: PlatformText?, seen: String? = nil
    ) async throws {
        let now = clock.now().unixSeconds
        try await database.pool.write { db in
            guard
                let current = try String.fetchOne(
                    db, sql: "SELECT status FROM platformCase WHERE id = ?", arguments: [stored.id])
            else { throw APIProblem(.notFound, "没有这个办件。") }
            if let seen, seen != current {
                throw APIProblem(.statusChanged, "这个办件的状态刚刚被别人改过，请看过现在的状态再改。")
            }
            guard configuration.statuses(after: current).contains(where: { $0.id == status.id }) else {
                let words = CaseWords.status(current, stored.statusTitle, configuration).simplifiedChinese
                throw APIProblem(
                    .statusNotAllowed,
                    configuration.status(current)?.isFinal == true
                        ? "办件已经是「\(words)」，不能再改。" : "「\(words)」之后不能改成「\(status.title.simplifiedChinese)」。")
            }
            let titles = StoredText.json(status.title)
            let details = detail.flatMap { $0.translations.isEmpty ? nil : StoredText.json($0) }
            try db.execute(
                sql: "UPDATE platformCase SET status = ?, statusTitles = ?, detail = ?, details = ? WHERE id = ?",
                arguments: [status.id, titles, detail?.simplifiedChinese, details, stored.id])
            try db.execute(
                sql: """
                    INSERT INTO statusChange (caseID, at, status, statusTitles, detail, details)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """,
                arguments: [stored.id, now, status.id, titles, detail?.simplifiedChinese, details])
        }
    }
}
