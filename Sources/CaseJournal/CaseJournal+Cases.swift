import Foundation
import GRDB
import HallModel
import Materials

/// A case that the platform has not confirmed.
public struct PendingCase: Sendable, Equatable {
    /// One sealed file of it.
    public struct File: Sendable, Equatable {
        /// Of the material; for the answers, the id of the case.
        public var id: ItemID
        /// Id of the material in the service item; `nil` for the sealed answers.
        public var material: String?
        /// Name in the sealed folder.
        public var name: String
        /// SHA-256 of the sealed file, 64 lower-case hexadecimal digits.
        public var sha256: String
        /// Length of the sealed file.
        public var bytes: Int
        /// Pages of the material; 0 for the answers.
        public var pages: Int
        /// Where an upload of it was begun.
        public var uploadLocation: String?
    }

    /// Made on the kiosk when the case was taken in, UUIDv7.
    public var id: ItemID
    /// Id of the service item.
    public var item: String
    /// When the journal took it in, by the kiosk's clock.
    public var acceptedAt: Date
    /// Eight characters, unique on this kiosk: see ``AcceptanceCode``.
    public var acceptanceCode: String
    /// As it was signed when the case was taken in.
    public var manifest: SignedManifest
    /// Failed attempts so far.
    public var attempts: Int
    /// Answers first, then the materials in the item's order.
    public var files: [File]
}

extension CaseJournal {
    /// The acceptance: one transaction makes the case out of the sealed answers and the stored materials. When this
    /// returns, the case will be sent, whatever happens to the kiosk.
    /// - Parameter materials: ids of stored materials of this session, in the item's order.
    public func acceptCase(
        id: ItemID, item: String, session: ItemID, acceptanceCode: String, manifest: SignedManifest,
        answers: SealedFile,
        materials: [ItemID]
    ) async throws(CaseJournalError) {
        let time = JournalTime.milliseconds(now())
        try await write { db in
            try Self.requireSession(session, db)
            let isTaken = try Bool.fetchOne(
                db, sql: "SELECT EXISTS (SELECT 1 FROM cases WHERE acceptanceCode = ?)", arguments: [acceptanceCode])
            guard isTaken == false else { throw CaseJournalError.acceptanceCodeTaken }
            try db.execute(
                sql: """
                    INSERT INTO cases
                        (id, item, acceptanceCode, manifest, signature, kioskKey, acceptedAt, state, nextTryAt, session)
                    VALUES (?, ?, ?, ?, ?, ?, ?, 'accepted', ?, ?)
                    """,
                arguments: [
                    id.rawValue, item, acceptanceCode, Data(manifest.bytes), Data(manifest.signature),
                    Data(manifest.publicKey), time, time, session.rawValue,
                ])
            try db.execute(
                sql: """
                    INSERT INTO caseFiles (caseID, position, id, file, sha256, bytes, pages) VALUES (?, 0, ?, ?, ?, ?, 0)
                    """,
                arguments: [id.rawValue, answers.id.rawValue, answers.name, answers.sha256, answers.bytes])
            for (index, material) in materials.enumerated() {
                try db.execute(
                    sql: "UPDATE materials SET state = 'submitted' WHERE id = ? AND session = ? AND state = 'stored'",
                    arguments: [material.rawValue, session.rawValue])
                guard db.changesCount == 1 else { throw CaseJournalError.materialGone }
                try db.execute(
                    sql: """
                        INSERT INTO caseFiles (caseID, position, id, material, file, sha256, bytes, pages)
                        SELECT ?, ?, id, material, file, sha256, bytes, pages FROM materials WHERE id = ?
                        """,
                    arguments: [id.rawValue, index + 1, material.rawValue])
            }
        }
    }

    /// The case to send next: one whose next try is due; a case that was never tried comes before all others, because a
    /// resident may be waiting for its number.
    public func nextPendingCase(dueAt date: Date) async throws(CaseJournalError) -> PendingCase? {
        try await pending("AND nextTryAt <= ?", [JournalTime.milliseconds(date)], limit: 1).first
    }

    /// Every case that waits, in the order in which they would be tried. At most `limit`.
    public func pendingCases(limit: Int = 1000) async throws(CaseJournalError) -> [PendingCase] {
        try await pending("", [], limit: limit)
    }

    /// When the next case falls due; `nil` when none waits.
    public func nextTry() async throws(CaseJournalError) -> Date? {
        try await read { db in
            try Int64.fetchOne(db, sql: "SELECT min(nextTryAt) FROM cases WHERE state != 'confirmed'")
        }.map(JournalTime.date)
    }

    /// Remembers where the upload of a file goes on after a restart; `nil` forgets it.
    public func recordUploadLocation(
        _ location: String?, file: ItemID, ofCase id: ItemID
    ) async throws(CaseJournalError) {
        try await write { db in
            try db.execute(
                sql: "UPDATE caseFiles SET uploadLocation = ? WHERE caseID = ? AND id = ?",
                arguments: [location, id.rawValue, file.rawValue])
            try db.execute(
                sql: "UPDATE cases SET state = 'uploading' WHERE id = ? AND state = 'accepted'",
                arguments: [id.rawValue])
        }
    }

    /// An attempt failed.
    /// - Parameter answer: status words such as `503 unavailable`, never content; cut at 200 characters.
    public func recordFailedAttempt(
        ofCase id: ItemID, answer: String, nextTry: Date
    ) async throws(CaseJournalError) {
        let time = JournalTime.milliseconds(now())
        try await write { db in
            try db.execute(
                sql: """
                    UPDATE cases SET attempts = attempts + 1, lastAnswer = ?, lastTryAt = ?, nextTryAt = ?
                    WHERE id = ? AND state != 'confirmed'
                    """,
                arguments: [String(answer.prefix(200)), time, JournalTime.milliseconds(nextTry), id.rawValue])
        }
    }

    /// The platform has the case: its signed answer is kept, and the sealed files are erased after the commit. A second
    /// call changes nothing.
    public func markConfirmed(
        _ id: ItemID, number: String, confirmation: [UInt8], signature: [UInt8]
    ) async throws(CaseJournalError) {
        let time = JournalTime.milliseconds(now())
        let names = try await write { db in
            try db.execute(
                sql: """
                    UPDATE cases SET state = 'confirmed', number = ?, confirmation = ?, confirmationSignature = ?,
                        confirmedAt = ?, lastTryAt = ?, lastAnswer = 'confirmed'
                    WHERE id = ? AND state != 'confirmed'
                    """,
                arguments: [number, Data(confirmation), Data(signature), time, time, id.rawValue])
            if db.changesCount == 0 {
                let isKnown = try Bool.fetchOne(
                    db, sql: "SELECT EXISTS (SELECT 1 FROM cases WHERE id = ?)", arguments: [id.rawValue])
                guard isKnown == true else { throw CaseJournalError.unknownCase }
            }
            try db.execute(
                sql: """
                    UPDATE materials SET state = 'erased' WHERE state = 'submitted'
                        AND id IN (SELECT id FROM caseFiles WHERE caseID = ?)
                    """,
                arguments: [id.rawValue])
            return try String.fetchAll(
                db, sql: "SELECT file FROM caseFiles WHERE caseID = ?", arguments: [id.rawValue])
        }
        await erase(names)
    }

    /// The number that the platform gave the case; `nil` while it has not confirmed it.
    public func caseNumber(of id: ItemID) async throws(CaseJournalError) -> String? {
        try await read { db in
            try String.fetchOne(db, sql: "SELECT number FROM cases WHERE id = ?", arguments: [id.rawValue])
        }
    }

    private func pending(
        _ condition: String, _ arguments: [Int64], limit: Int
    ) async throws(CaseJournalError) -> [PendingCase] {
        try await read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM cases WHERE state != 'confirmed' \(condition)
                    ORDER BY attempts > 0, nextTryAt, acceptedAt LIMIT \(limit)
                    """,
                arguments: StatementArguments(arguments))
            return try rows.map { row in
                let id: String = row["id"]
                let files = try Row.fetchAll(
                    db, sql: "SELECT * FROM caseFiles WHERE caseID = ? ORDER BY position", arguments: [id])
                return try PendingCase(row: row, files: files.map(PendingCase.File.init(row:)))
            }
        }
    }
}

extension ItemID {
    /// A row of ours holds nothing but ids of ours; anything else is a damaged file.
    init(column: String) throws {
        guard let id = ItemID(rawValue: column) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "an id is damaged")
        }
        self = id
    }
}

extension PendingCase {
    fileprivate init(row: Row, files: [File]) throws {
        let manifest: Data = row["manifest"]
        let signature: Data = row["signature"]
        let key: Data = row["kioskKey"]
        self.init(
            id: try ItemID(column: row["id"]), item: row["item"], acceptedAt: JournalTime.date(row["acceptedAt"]),
            acceptanceCode: row["acceptanceCode"],
            manifest: SignedManifest(bytes: Array(manifest), signature: Array(signature), publicKey: Array(key)),
            attempts: row["attempts"], files: files)
    }
}

extension PendingCase.File {
    fileprivate init(row: Row) throws {
        self.init(
            id: try ItemID(column: row["id"]), material: row["material"], name: row["file"], sha256: row["sha256"],
            bytes: row["bytes"], pages: row["pages"], uploadLocation: row["uploadLocation"])
    }
}
