import Foundation
import GRDB
import HallModel
import Logging
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix

/// One announced file.
struct Upload: Sendable, Equatable, FetchableRecord {
    enum State: String, Sendable { case open, complete, claimed, gone }

    var id: String
    var kiosk: String
    var item: String
    /// The digest that the kiosk announced.
    var digest: String
    var length: Int64
    /// Bytes that are on disk for good.
    var offset: Int64
    /// The digest that the platform computed, once complete.
    var received: String?
    var state: State
    /// Unix seconds of the last progress.
    var touched: Int64

    init(row: Row) throws {
        id = row["id"]
        kiosk = row["kiosk"]
        item = row["item"]
        digest = row["digest"]
        length = row["length"]
        offset = row["offset"]
        received = row["received"]
        state = State(rawValue: row["state"]) ?? .gone
        touched = row["touched"]
    }
}

/// Keeps sealed files as they arrive. The file is written and fsynced first, the row that acknowledges it after; what
/// the row does not know is cut off at the next start.
struct UploadStore: Sendable {
    let folder: String
    let database: PlatformDatabase
    let limits: PlatformConfiguration.Limits
    /// For blocking file work.
    let threads: NIOThreadPool
    let clock: PlatformClock
    /// Bytes that are free on the disk for files of this folder; `nil` when nobody can tell.
    let freeBytes: @Sendable (_ folder: String) -> Int64?
    let logger: Logger
    let turns = UploadTurns()
    /// Ids of files that nothing holds any more and that could not be removed; ``expire()`` tries again, and so does a start.
    private let leftovers = NIOLockedValueBox<Set<String>>([])
    /// After so many bytes of one request an offset is made durable, so that a killed server loses no more than that.
    static let checkpointBytes: Int64 = 512 << 10

    func path(_ id: String) -> String { folder + "/" + id }

    /// When an upload that no case holds ends, in Unix seconds: what `Upload-Expires` says. From then on it is gone for
    /// everybody; ``expire()`` only clears away.
    func expiry(of upload: Upload) -> Int64 { upload.touched + limits.uploadExpirySeconds }

    func isExpired(_ upload: Upload) -> Bool {
        (upload.state == .open || upload.state == .complete) && clock.now().unixSeconds >= expiry(of: upload)
    }

    // MARK: creation

    /// The upload for this kiosk, item and digest: the one there is, or a new one.
    func create(kiosk: String, metadata: TusHeaders.Metadata, length: Int64) async throws -> Upload {
        guard length <= limits.uploadBytes else {
            throw APIProblem(.tooLarge, "A file may have at most \(limits.uploadBytes) bytes.")
                .with(limit: limits.uploadBytes)
        }
        try await checkRoom(for: length)
        let id = Self.newID()
        try await files { try StoredFile.create(path(id)) }
        let now = clock.now().unixSeconds
        let outcome: (upload: Upload, replaced: String?)
        do {
            outcome = try await database.pool.write { db in
                var replaced: String?
                let known = try Upload.fetchOne(
                    db, sql: "SELECT * FROM upload WHERE kiosk = ? AND item = ? AND digest = ? AND state <> 'gone'",
                    arguments: [kiosk, metadata.item.rawValue, metadata.digest])
                if let known {
                    if isExpired(known) || (known.state == .complete && known.received != known.digest) {
                        try db.execute(
                            sql: "UPDATE upload SET state = 'gone', touched = ? WHERE id = ?",
                            arguments: [now, known.id])
                        replaced = known.id
                    } else if known.length != length {
                        throw APIProblem(
                            .lengthMismatch,
                            "This file was announced before with \(known.length) bytes, now with \(length).")
                    } else {
                        return (known, nil)
                    }
                }
                try checkOpen(of: kiosk, length: length, in: db)
                try db.execute(
                    sql: """
                        INSERT INTO upload (id, kiosk, item, digest, length, state, touched)
                        VALUES (?, ?, ?, ?, ?, 'open', ?)
                        """,
                    arguments: [id, kiosk, metadata.item.rawValue, metadata.digest, length, now])
                guard let made = try Upload.fetchOne(db, sql: "SELECT * FROM upload WHERE id = ?", arguments: [id])
                else { throw APIProblem(.unavailable, "The upload could not be stored.") }
                return (made, replaced)
            }
        } catch {
            try? await removeFile(id)
            throw error
        }
        if outcome.upload.id != id { try? await removeFile(id) }
        if let replaced = outcome.replaced { try? await removeFile(replaced) }
        // A file without bytes is complete as soon as it is announced; so is one whose last step was not reached.
        if outcome.upload.offset == outcome.upload.length, outcome.upload.state == .open {
            return try await complete(outcome.upload)
        }
        return outcome.upload
    }

    // MARK: looking and ending

    /// - Throws: ``APIProblem`` `not-found` or `upload-gone`.
    func find(_ id: String, kiosk: String) async throws -> Upload {
        let upload = try await database.pool.read { db in
            try Upload.fetchOne(db, sql: "SELECT * FROM upload WHERE id = ? AND kiosk = ?", arguments: [id, kiosk])
        }
        guard let upload else { throw APIProblem(.notFound, "This kiosk has no such upload.") }
        guard upload.state != .gone, !isExpired(upload) else {
            throw APIProblem(.uploadGone, "This upload was terminated or has expired; create it again.")
        }
        return upload
    }

    /// The durable offset, after whoever was still sending has given way.
    func inspect(_ id: String, kiosk: String) async throws -> Upload {
        _ = try await find(id, kiosk: kiosk)
        return try await inTurn(id) { try await find(id, kiosk: kiosk) }
    }

    func terminate(_ id: String, kiosk: String) async throws {
        _ = try await find(id, kiosk: kiosk)
        try await inTurn(id) {
            let upload = try await find(id, kiosk: kiosk)
            try await database.pool.write { db in
                try db.execute(
                    sql: "UPDATE upload SET state = 'gone', touched = ? WHERE id = ? AND state IN ('open', 'complete')",
                    arguments: [clock.now().unixSeconds, upload.id])
                guard db.changesCount == 1 else {
                    throw APIProblem(.uploadInCase, "A case holds this upload; it cannot be terminated.")
                }
            }
            try await removeFile(id)
        }
    }

    // MARK: start and upkeep

    /// Brings files and rows to one truth after a crash: unknown files go, bytes that no row acknowledges are cut off.
    func recover() throws {
        let rows = try database.pool.read { db in
            try Upload.fetchAll(db, sql: "SELECT * FROM upload WHERE state <> 'gone'")
        }
        let known = Set(rows.map(\.id))
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] where !known.contains(name) {
            do { try StoredFile.remove(path(name)) } catch {
                logger.error("A file that no upload holds cannot be removed.", metadata: ["reason": "\(error)"])
                leftovers.withLockedValue { _ = $0.insert(name) }
            }
        }
        for row in rows {
            guard let size = StoredFile.size(path(row.id)), size >= row.offset else {
                logger.critical(
                    "An upload's file is missing or shorter than acknowledged; the disk has lost data.",
                    metadata: ["upload": "\(row.id)", "state": "\(row.state.rawValue)"])
                if row.state == .open || row.state == .complete {
                    try database.pool.write { db in
                        try db.execute(sql: "UPDATE upload SET state = 'gone' WHERE id = ?", arguments: [row.id])
                    }
                }
                continue
            }
            if size > row.offset, row.state == .open {
                let descriptor = try StoredFile.openForWriting(path(row.id))
                defer { StoredFile.close(descriptor) }
                try StoredFile.truncate(descriptor, to: row.offset, path: path(row.id))
                try StoredFile.sync(descriptor, path: path(row.id))
            }
        }
    }

    /// Erases uploads that no case took in time, and forgets those that have been gone for long.
    func expire() async throws {
        for id in leftovers.withLockedValue({ $0.prefix(1000) }) { try? await removeFile(id) }
        let now = clock.now()
        let limit = now.unixSeconds - limits.uploadExpirySeconds
        let expired = try await database.pool.read { db in
            try String.fetchAll(
                db, sql: "SELECT id FROM upload WHERE state IN ('open', 'complete') AND touched <= ? LIMIT 1000",
                arguments: [limit])
        }
        for id in expired {
            // One that somebody is at just now is left for the next time, and holds up no other.
            do { try await erase(id, untouchedSince: limit, at: now.unixSeconds) } catch let problem as APIProblem {
                guard problem.kind == .uploadBusy else { throw problem }
            }
        }
        _ = try await database.pool.write { db in
            try db.execute(
                sql: "DELETE FROM upload WHERE state = 'gone' AND touched < ?",
                arguments: [now.unixSeconds - 30 * 86_400])
        }
    }

    private func erase(_ id: String, untouchedSince limit: Int64, at time: Int64) async throws {
        try await inTurn(id) {
            let gone = try await database.pool.write { db in
                try db.execute(
                    sql: """
                        UPDATE upload SET state = 'gone', touched = ?
                        WHERE id = ? AND state IN ('open', 'complete') AND touched <= ?
                        """,
                    arguments: [time, id, limit])
                return db.changesCount == 1
            }
            // One file that cannot be removed keeps no other.
            if gone { try? await removeFile(id) }
        }
    }

    /// Removes a file whose row is gone, or was never there. What fails now is tried again at the next ``expire()``.
    private func removeFile(_ id: String) async throws {
        do {
            try await files { try StoredFile.remove(path(id)) }
            leftovers.withLockedValue { _ = $0.remove(id) }
        } catch {
            leftovers.withLockedValue { _ = $0.insert(id) }
            throw error
        }
    }

    /// The sealed bytes of a complete upload.
    func sealedBytes(_ id: String) async throws -> [UInt8] {
        try await files { try StoredFile.read(path(id), limit: Int(limits.uploadBytes)) }
    }

    // MARK: limits

    /// What a kiosk may have without a case. The sums come from an index over such uploads only.
    private func checkOpen(of kiosk: String, length: Int64, in db: Database) throws {
        let row = try Row.fetchOne(
            db,
            sql: """
                SELECT count(*) AS uploads, coalesce(sum(length), 0) AS bytes FROM upload
                WHERE kiosk = ? AND state IN ('open', 'complete')
                """, arguments: [kiosk])
        let open: Int = row?["uploads"] ?? 0
        let bytes: Int64 = row?["bytes"] ?? 0
        guard open < limits.openUploadsPerKiosk else {
            throw APIProblem(
                .tooManyUploads, "This kiosk has \(open) uploads without a case; finish or terminate some first."
            ).retry(afterSeconds: 60)
        }
        guard bytes + length <= limits.openBytesPerKiosk else {
            throw APIProblem(
                .tooManyUploads,
                "This kiosk has \(bytes) bytes in uploads without a case, and may have \(limits.openBytesPerKiosk); "
                    + "finish or terminate some first."
            ).with(limit: limits.openBytesPerKiosk).retry(afterSeconds: 60)
        }
    }

    /// Takes nothing new when the disk is nearly full: what was promised before must still find its room.
    ///
    /// - Throws: ``APIProblem`` `disk-full`.
    func checkRoom(for length: Int64 = 0) async throws {
        let free = try await files { freeBytes(folder) }
        guard let free, free - length < limits.minimumFreeBytes else { return }
        logger.error("The disk is nearly full.", metadata: ["free": "\(free)"])
        throw APIProblem(.diskFull, "The platform's disk is nearly full.").retry(afterSeconds: 60)
    }

    // MARK: pieces

    /// Runs blocking file work on its own thread and turns a full disk into its problem.
    func files<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        do {
            return try await threads.runIfActive(body)
        } catch let failure as FileFailure {
            logger.error("A file operation failed.", metadata: ["failure": "\(failure)"])
            if failure.isDiskFull {
                throw APIProblem(.diskFull, "The platform's disk is full.").retry(afterSeconds: 60)
            }
            throw APIProblem(.unavailable, "The platform's disk does not work.").retry(afterSeconds: 60)
        }
    }

    func inTurn<Value: Sendable>(_ id: String, _ body: () async throws -> Value) async throws -> Value {
        let token = try await turns.take(id)
        do {
            let value = try await body()
            await turns.give(id, token)
            return value
        } catch {
            await turns.give(id, token)
            throw error
        }
    }

    /// Computes the digest of a file that has all its bytes and marks it complete.
    func complete(_ upload: Upload) async throws -> Upload {
        let digest = try await files { try StoredFile.digest(path(upload.id)) }
        return try await database.pool.write { db in
            try db.execute(
                sql: """
                    UPDATE upload SET offset = length, received = ?, state = 'complete', touched = ?
                    WHERE id = ? AND state = 'open'
                    """,
                arguments: [digest, clock.now().unixSeconds, upload.id])
            return try Upload.fetchOne(db, sql: "SELECT * FROM upload WHERE id = ?", arguments: [upload.id]) ?? upload
        }
    }

    private static func newID() -> String {
        var generator = SystemRandomNumberGenerator()
        return Hexadecimal.text((0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }
}
