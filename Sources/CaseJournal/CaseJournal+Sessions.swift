import Foundation
import GRDB
import HallModel
import Materials

extension CaseJournal {
    /// Somebody's session begins. Its row is how the next start knows that a session was lost.
    public func beginSession(_ id: ItemID) async throws(CaseJournalError) {
        let time = JournalTime.milliseconds(now())
        try await write { db in
            try db.execute(
                sql: "INSERT INTO sessions (id, begunAt) VALUES (?, ?)", arguments: [id.rawValue, time])
        }
    }

    /// The session is over: whatever was stored in it and not submitted is given up and erased. Ending twice is allowed.
    public func endSession(_ id: ItemID) async throws(CaseJournalError) {
        let names = try await write { db in
            try db.execute(sql: "DELETE FROM sessions WHERE id = ?", arguments: [id.rawValue])
            return try String.fetchAll(
                db,
                sql: "UPDATE materials SET state = 'erased' WHERE session = ? AND state = 'stored' RETURNING file",
                arguments: [id.rawValue])
        }
        await erase(names)
    }

    /// A material's sealed file is on the disk; from now on it is part of the session.
    /// - Parameter material: id of the material in the service item.
    public func recordMaterial(
        _ file: SealedFile, material: String, pages: Int, session: ItemID
    ) async throws(CaseJournalError) {
        let time = JournalTime.milliseconds(now())
        try await write { db in
            try Self.requireSession(session, db)
            try db.execute(
                sql: """
                    INSERT INTO materials (id, session, material, file, sha256, bytes, pages, state, storedAt)
                    VALUES (?, ?, ?, ?, ?, ?, ?, 'stored', ?)
                    """,
                arguments: [
                    file.id.rawValue, session.rawValue, material, file.name, file.sha256, file.bytes, pages, time,
                ])
        }
    }

    /// Gives up a material that will not be submitted. One that was submitted stays.
    public func eraseMaterial(_ id: ItemID) async throws(CaseJournalError) {
        let names = try await write { db in
            try String.fetchAll(
                db, sql: "UPDATE materials SET state = 'erased' WHERE id = ? AND state = 'stored' RETURNING file",
                arguments: [id.rawValue])
        }
        await erase(names)
    }

    static func requireSession(_ id: ItemID, _ db: Database) throws {
        let exists = try Bool.fetchOne(
            db, sql: "SELECT EXISTS (SELECT 1 FROM sessions WHERE id = ?)", arguments: [id.rawValue])
        guard exists == true else { throw CaseJournalError.sessionEnded }
    }
}
