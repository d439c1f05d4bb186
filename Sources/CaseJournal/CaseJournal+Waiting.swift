import Foundation
import GRDB
import HallModel

/// A case that waits, as a technician sees it: ids, counts, times, status words.
public struct JournalledWait: Sendable, Equatable {
    /// Id of the case.
    public var id: ItemID
    /// Id of the service item.
    public var item: String
    /// When the journal took it in, by the kiosk's clock.
    public var acceptedAt: Date
    /// Its sealed files, and their bytes together.
    public var files: [ItemID]
    /// Of all its sealed files together.
    public var bytes: Int
    /// Failed attempts so far.
    public var attempts: Int
    /// Status words of the newest failed attempt, at most 200 characters; `nil` before the first.
    public var lastAnswer: String?
    /// When it falls due; may have passed already.
    public var nextTry: Date
}

extension CaseJournal {
    /// What waits, in the order in which it would be tried. At most `limit`.
    public func waits(limit: Int = 200) async throws(CaseJournalError) -> [JournalledWait] {
        try await read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT cases.id, item, acceptedAt, attempts, lastAnswer, nextTryAt, sum(bytes) AS bytes,
                        group_concat(caseFiles.id) AS files
                    FROM cases JOIN caseFiles ON caseFiles.caseID = cases.id WHERE state != 'confirmed'
                    GROUP BY cases.id ORDER BY attempts > 0, nextTryAt, acceptedAt LIMIT ?
                    """, arguments: [limit]
            ).map { row in
                let files: String = row["files"]
                return JournalledWait(
                    id: try ItemID(column: row["id"]), item: row["item"],
                    acceptedAt: JournalTime.date(row["acceptedAt"]),
                    files: try files.split(separator: ",").map { try ItemID(column: String($0)) }, bytes: row["bytes"],
                    attempts: row["attempts"], lastAnswer: row["lastAnswer"],
                    nextTry: JournalTime.date(row["nextTryAt"]))
            }
        }
    }

    /// A person wants it tried now: what was put off is due at once. What is counted of failed attempts stays.
    /// - Parameter id: one case, which then comes before all that were tried before; `nil`: every case that waits.
    /// - Returns: the cases that are due now, at most 10,000 of them; none when no such case waits.
    public func makeDue(_ id: ItemID?) async throws(CaseJournalError) -> [ItemID] {
        let time = JournalTime.milliseconds(now())
        return try await write { db in
            guard let id else {
                try db.execute(
                    sql: "UPDATE cases SET nextTryAt = ? WHERE state != 'confirmed' AND nextTryAt > ?",
                    arguments: [time, time])
                let ids = try String.fetchAll(
                    db,
                    sql: "SELECT id FROM cases WHERE state != 'confirmed' ORDER BY nextTryAt, acceptedAt LIMIT 10000")
                return try ids.map(ItemID.init(column:))
            }
            try db.execute(
                sql: """
                    UPDATE cases SET nextTryAt = min(?, (SELECT min(nextTryAt) FROM cases WHERE state != 'confirmed') - 1)
                    WHERE id = ? AND state != 'confirmed'
                    """, arguments: [time, id.rawValue])
            return db.changesCount == 1 ? [id] : []
        }
    }
}
