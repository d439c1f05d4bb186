import Foundation
import GRDB
import Glibc
import HallModel
import Logging
import Materials

/// What the kiosk has promised, and how far it has kept it: materials, cases, prints, in one SQLite file.
///
/// **Guarantee.** A call that returned survives `kill -9` and a power cut (WAL with `synchronous = FULL`, checked at
/// every start). A call that threw has changed nothing. Files come first and rows after, so that a row never names a file
/// that is not whole; when something is given up, the row goes first and the file after, and ``recover()`` erases what a
/// crash left between the two.
///
/// SQLite works on queues of its own; no call blocks the caller's thread.
public final class CaseJournal: Sendable {
    /// When submission closes before the next resident begins.
    public struct Limits: Sendable, Equatable {
        /// Sealed bytes that wait on this kiosk, at most.
        public var maximumBytes: Int
        /// Free bytes that the disk must have, at least.
        public var minimumFreeBytes: Int

        /// Both in bytes.
        public init(maximumBytes: Int, minimumFreeBytes: Int) {
            self.maximumBytes = maximumBytes
            self.minimumFreeBytes = minimumFreeBytes
        }
    }

    static let fileName = "journal.sqlite"

    let pool: DatabasePool
    let sealedFolder: String
    let limits: Limits
    let files = FileQueue(label: "journal-files")
    let logger: Logger
    let now: @Sendable () -> Date

    private init(
        pool: DatabasePool, sealedFolder: String, limits: Limits, logger: Logger, now: @escaping @Sendable () -> Date
    ) {
        self.pool = pool
        self.sealedFolder = sealedFolder
        self.limits = limits
        self.logger = logger
        self.now = now
    }

    /// Opens `journal.sqlite` in `stateFolder`, makes or migrates its tables, and makes sure that what it acknowledges is
    /// on the disk. Call ``recover()`` next, before anything is written.
    public static func open(
        stateFolder: String, sealedFolder: String, limits: Limits, logger: Logger,
        now: @escaping @Sendable () -> Date = { Date() }
    ) async throws(CaseJournalError) -> CaseJournal {
        let opening = FileQueue(label: "journal-opening")
        let pool = try await opening.run { () throws(CaseJournalError) in
            do {
                try createPrivately("\(stateFolder)/\(fileName)")
                let pool = try DatabasePool(path: "\(stateFolder)/\(fileName)", configuration: configuration)
                try makeDurable(pool)
                try JournalSchema.migrator.migrate(pool)
                try checkDurability(pool)
                return pool
            } catch { throw CaseJournalError(error) }
        }
        return CaseJournal(pool: pool, sealedFolder: sealedFolder, limits: limits, logger: logger, now: now)
    }

    /// Closes the file. No call may follow.
    public func close() async throws(CaseJournalError) {
        try await files.run { [pool] () throws(CaseJournalError) in
            do { try pool.close() } catch { throw CaseJournalError(error) }
        }
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "case-journal"
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = 2
        return configuration
    }

    /// SQLite would make the file readable for others; `-wal` and `-shm` take its mode.
    private static func createPrivately(_ path: String) throws(CaseJournalError) {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .folder(path: path, words: String(cString: strerror(errno))) }
        Glibc.close(descriptor)
    }

    /// GRDB sets `synchronous = NORMAL` when it turns WAL on, after `Configuration.prepareDatabase`
    /// (`Database.setUpWALMode` in 7.10.0): a power cut could then take back a commit that was acknowledged. So it is set
    /// on the writing connection once that is there; readers do not sync.
    private static func makeDurable(_ pool: DatabasePool) throws {
        try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
    }

    /// Fails unless the writing connection syncs at each commit.
    static func checkDurability(_ pool: DatabasePool) throws {
        let (synchronous, mode) = try pool.writeWithoutTransaction { db in
            (
                try Int.fetchOne(db, sql: "PRAGMA synchronous") ?? -1,
                try String.fetchOne(db, sql: "PRAGMA journal_mode") ?? ""
            )
        }
        guard synchronous == 2, mode == "wal" else {
            throw CaseJournalError.notDurable(synchronous: synchronous, journalMode: mode)
        }
    }

    // MARK: - Access

    /// One transaction.
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(CaseJournalError) -> Value {
        do { return try await pool.write(body) } catch { throw CaseJournalError(error) }
    }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(CaseJournalError) -> Value {
        do { return try await pool.read(body) } catch { throw CaseJournalError(error) }
    }

    /// Erases files whose rows are given up already. What cannot be erased now goes at the next start.
    func erase(_ names: [String]) async {
        guard !names.isEmpty else { return }
        let failed = await files.run { [sealedFolder] in
            names.filter { unlink("\(sealedFolder)/\($0)") != 0 && errno != ENOENT }
        }
        if !failed.isEmpty {
            logger.error("sealed files could not be erased", metadata: ["count": "\(failed.count)"])
        }
    }
}
