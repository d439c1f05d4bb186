import GRDBSQLite

/// A journal's file and nothing between it and SQLite.
final class RawSQLite {
    private var database: OpaquePointer?
    private var statement: OpaquePointer?

    init(path: String) throws {
        try check(
            sqlite3_open_v2(
                path, &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nil))
        sqlite3_busy_timeout(database, 5_000)
        try execute("PRAGMA journal_mode = WAL")
        try execute("PRAGMA synchronous = FULL")
        try execute(
            "CREATE TABLE IF NOT EXISTS sessions (id TEXT PRIMARY KEY NOT NULL, begunAt INTEGER NOT NULL) STRICT")
        try check(
            sqlite3_prepare_v2(database, "INSERT INTO sessions (id, begunAt) VALUES (?, ?)", -1, &statement, nil))
    }

    deinit {
        sqlite3_finalize(statement)
        sqlite3_close(database)
    }

    func insert(_ id: String) throws {
        try execute("BEGIN IMMEDIATE")
        try step(id)
        try execute("COMMIT")
    }

    func fill(with ids: [String]) throws {
        try execute("BEGIN IMMEDIATE")
        for id in ids { try step(id) }
        try execute("COMMIT")
    }

    /// A past: materials of sessions that ended without a case.
    static func addErasedMaterials(_ count: Int, to path: String) throws {
        let journal = try RawSQLite(path: path)
        try journal.execute(
            """
            WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < \(count))
            INSERT INTO materials (id, session, material, file, sha256, bytes, pages, state, storedAt)
            SELECT 'past-' || n, 'past-' || n, 'household-register', 'past-' || n, '', 0, 2, 'erased', 0 FROM numbers
            """)
    }

    private func step(_ id: String) throws {
        sqlite3_reset(statement)
        try id.withCString { text in
            try check(sqlite3_bind_text(statement, 1, text, -1, nil))
            try check(sqlite3_bind_int64(statement, 2, 1_700_000_000_000))
            guard sqlite3_step(statement) == SQLITE_DONE else { throw failure() }
        }
        sqlite3_reset(statement)
    }

    private func execute(_ sql: String) throws { try check(sqlite3_exec(database, sql, nil, nil, nil)) }

    private func check(_ status: Int32) throws { if status != SQLITE_OK { throw failure() } }

    private func failure() -> CannotMeasure { CannotMeasure("SQLite: \(String(cString: sqlite3_errmsg(database)))") }
}
