import Foundation
import GRDB
import Glibc
import HallModel
import Materials

extension CaseJournal {
    /// What a start found of the run before.
    public struct Recovery: Sendable, Equatable {
        /// A session was under way when the kiosk stopped: the screen says so.
        public var sessionLost: Bool
        /// The lost session had a case taken in: its number where the platform has given one, else its acceptance code.
        public var acceptedInLostSession: String?
        /// Files that were erased because nothing names them (any more).
        public var erasedFiles: Int
        /// Prints of which nobody knows whether they came out.
        public var unknownPrints: Int
        /// Files that a waiting case names and that are not there: damage, for the log and a technician.
        public var missingFiles: [ItemID]
    }

    /// Start-up is recovery: to be called once after ``open(stateFolder:sealedFolder:limits:logger:now:)``, before
    /// anything is stored. Ends the sessions of the run before, gives up what they had not submitted, calls prints that
    /// were under way unknown, and erases every sealed file or draft that no waiting case names.
    public func recover() async throws(CaseJournalError) -> Recovery {
        let time = JournalTime.milliseconds(now())
        let (lost, accepted, prints, kept) = try await write { db in
            let lost = try Int.fetchOne(db, sql: "SELECT count(*) FROM sessions") ?? 0
            let accepted = try String.fetchOne(
                db,
                sql: """
                    SELECT coalesce(number, acceptanceCode) FROM cases
                    WHERE session = (SELECT id FROM sessions ORDER BY begunAt DESC LIMIT 1)
                    ORDER BY acceptedAt DESC LIMIT 1
                    """)
            try db.execute(sql: "DELETE FROM sessions")
            try db.execute(sql: "UPDATE materials SET state = 'erased' WHERE state = 'stored'")
            var prints = 0
            for (table, problem) in [(PrintTable.receipts, ProblemCode.receiptUnknown), (.documents, .documentUnknown)]
            {
                try db.execute(
                    sql: """
                        UPDATE \(table.rawValue) SET state = 'unknown', rung = 'writeOnly', problem = ?, endedAt = ?
                        WHERE state = 'started'
                        """,
                    arguments: [problem.rawValue, time])
                prints += db.changesCount
            }
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT caseFiles.id AS id, file FROM caseFiles JOIN cases ON cases.id = caseID
                    WHERE state != 'confirmed'
                    """)
            let kept = try Dictionary(
                uniqueKeysWithValues: rows.map { ($0["file"] as String, try ItemID(column: $0["id"])) })
            return (lost, accepted, prints, kept)
        }
        let (erased, present) = try await files.run { [sealedFolder] () throws(CaseJournalError) in
            try Self.sweep(sealedFolder, keeping: Set(kept.keys))
        }
        let missing = kept.filter { !present.contains($0.key) }.map(\.value)
        if !missing.isEmpty {
            logger.critical(
                "sealed files of waiting cases are gone", metadata: ["files": "\(missing.map(\.rawValue).sorted())"])
        }
        return Recovery(
            sessionLost: lost > 0, acceptedInLostSession: accepted, erasedFiles: erased, unknownPrints: prints,
            missingFiles: missing.sorted { $0.rawValue < $1.rawValue })
    }

    /// Erases sealed files and drafts that are not to be kept; leaves alone what does not look like one of ours.
    private static func sweep(
        _ folder: String, keeping kept: Set<String>
    ) throws(CaseJournalError) -> (erased: Int, present: Set<String>) {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw .folder(path: folder, words: "cannot be read")
        }
        var erased = 0
        for name in names where !kept.contains(name) {
            guard name.hasSuffix(".age") || name.hasSuffix(SealedFileWriter.draftSuffix) else { continue }
            if unlink("\(folder)/\(name)") == 0 { erased += 1 }
        }
        return (erased, Set(names).intersection(kept))
    }
}
