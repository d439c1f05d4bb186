import Foundation
import GRDB
import Glibc
import HallModel
import Materials

/// The outbox as an administrator sees it.
public struct OutboxSummary: Sendable, Equatable {
    /// Cases that the platform has not confirmed.
    public var cases: Int
    /// Their sealed bytes on the disk.
    public var bytes: Int
    /// When the oldest of them was accepted.
    public var oldest: Date?
    /// Status words of the newest failed attempt among them.
    public var lastAnswer: String?
    /// When the next of them falls due, which may have passed already; `nil` when none waits.
    public var nextTry: Date?
}

extension CaseJournal {
    /// Counts what waits, at this moment.
    public func outboxSummary() async throws(CaseJournalError) -> OutboxSummary {
        try await read { db in
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT count(*) AS cases, min(acceptedAt) AS oldest, min(nextTryAt) AS nextTry,
                        (SELECT coalesce(sum(bytes), 0) FROM caseFiles JOIN cases ON cases.id = caseID
                            WHERE state != 'confirmed') AS bytes,
                        (SELECT lastAnswer FROM cases WHERE state != 'confirmed' AND lastAnswer IS NOT NULL
                            ORDER BY lastTryAt DESC LIMIT 1) AS lastAnswer
                    FROM cases WHERE state != 'confirmed'
                    """)
            let oldest: Int64? = row?["oldest"]
            let nextTry: Int64? = row?["nextTry"]
            return OutboxSummary(
                cases: row?["cases"] ?? 0, bytes: row?["bytes"] ?? 0, oldest: oldest.map(JournalTime.date),
                lastAnswer: row?["lastAnswer"], nextTry: nextTry.map(JournalTime.date))
        }
    }

    /// Why submission has to stay closed now; `nil` when it is open. To be asked before a resident begins.
    /// Its evidence is what was measured, beside what is wanted.
    public func submissionProblem() async -> Problem? {
        do {
            // Both on the journal's thread: this is asked every few seconds, day and night.
            return try await read { [sealedFolder, limits] db in
                guard let free = DiskSpace.freeBytes(of: sealedFolder) else {
                    return Problem(.storageFault, evidence: "\(String(cString: strerror(errno))): \(sealedFolder)")
                }
                guard free >= limits.minimumFreeBytes else {
                    return Problem(
                        .diskFull,
                        evidence:
                            "\(free >> 20) MiB free at \(sealedFolder), at least \(limits.minimumFreeBytes >> 20) wanted"
                    )
                }
                let bytes =
                    try Int.fetchOne(
                        db,
                        sql: """
                            SELECT (SELECT coalesce(sum(bytes), 0) FROM caseFiles JOIN cases ON cases.id = caseID
                                    WHERE state != 'confirmed')
                                + (SELECT coalesce(sum(bytes), 0) FROM materials WHERE state = 'stored')
                            """) ?? 0
                guard bytes > limits.maximumBytes else { return nil }
                return Problem(
                    .outboxFull, evidence: "\((bytes - 1) >> 20 + 1) MiB wait, at most \(limits.maximumBytes >> 20) may"
                )
            }
        } catch {
            return error == .diskFull
                ? Problem(.diskFull, evidence: "\(error)")
                : Problem(.storageFault, evidence: "the journal is unreadable: \(error)")
        }
    }
}
