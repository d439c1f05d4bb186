import Foundation
import GRDB

/// The tables. No column holds personal data: ids, digests, counts, times, status words.
enum JournalSchema {
    /// A migration that has shipped is never changed; the next change is a new one.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 sessions, materials, cases, prints") { db in
            try db.execute(sql: firstTables)
        }
        // Which session a case came from: after a crash its person is told that it was taken in.
        migrator.registerMigration("2 session of a case") { db in
            try db.execute(sql: "ALTER TABLE cases ADD COLUMN session TEXT")
        }
        migrator.registerMigration("3 prints of documents") { db in try db.execute(sql: documentPrints) }
        return migrator
    }

    private static let documentPrints = """
        CREATE TABLE documentPrints (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            document TEXT NOT NULL,
            item TEXT NOT NULL,
            pages INTEGER NOT NULL,
            isSecondCopy INTEGER NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('started', 'printed', 'notPrinted', 'unknown')),
            rung TEXT,
            problem TEXT,
            startedAt INTEGER NOT NULL,
            endedAt INTEGER
        ) STRICT;
        CREATE INDEX documentPrintsByDocument ON documentPrints (document);
        """

    private static let firstTables = """
        CREATE TABLE sessions (
            id TEXT PRIMARY KEY NOT NULL,
            begunAt INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE materials (
            id TEXT PRIMARY KEY NOT NULL,
            session TEXT NOT NULL,
            material TEXT NOT NULL,
            file TEXT NOT NULL UNIQUE,
            sha256 TEXT NOT NULL,
            bytes INTEGER NOT NULL,
            pages INTEGER NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('stored', 'submitted', 'erased')),
            storedAt INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX materialsBySession ON materials (session) WHERE state = 'stored';

        CREATE TABLE cases (
            id TEXT PRIMARY KEY NOT NULL,
            item TEXT NOT NULL,
            acceptanceCode TEXT NOT NULL UNIQUE,
            manifest BLOB NOT NULL,
            signature BLOB NOT NULL,
            kioskKey BLOB NOT NULL,
            acceptedAt INTEGER NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('accepted', 'uploading', 'confirmed')),
            attempts INTEGER NOT NULL DEFAULT 0,
            lastAnswer TEXT,
            lastTryAt INTEGER,
            nextTryAt INTEGER NOT NULL,
            number TEXT,
            confirmation BLOB,
            confirmationSignature BLOB,
            confirmedAt INTEGER
        ) STRICT;
        CREATE INDEX casesWaiting ON cases (nextTryAt) WHERE state != 'confirmed';

        CREATE TABLE caseFiles (
            caseID TEXT NOT NULL REFERENCES cases (id),
            position INTEGER NOT NULL,
            id TEXT NOT NULL UNIQUE,
            material TEXT,
            file TEXT NOT NULL UNIQUE,
            sha256 TEXT NOT NULL,
            bytes INTEGER NOT NULL,
            pages INTEGER NOT NULL,
            uploadLocation TEXT,
            PRIMARY KEY (caseID, position)
        ) STRICT;

        CREATE TABLE prints (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            caseID TEXT NOT NULL REFERENCES cases (id),
            isSecondCopy INTEGER NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('started', 'printed', 'notPrinted', 'unknown')),
            rung TEXT,
            problem TEXT,
            startedAt INTEGER NOT NULL,
            endedAt INTEGER
        ) STRICT;
        """
}

/// Times in the journal: milliseconds since 1970.
struct JournalTime {
    static func milliseconds(_ date: Date) -> Int64 { Int64((date.timeIntervalSince1970 * 1000).rounded()) }
    static func date(_ milliseconds: Int64) -> Date { Date(timeIntervalSince1970: Double(milliseconds) / 1000) }
}
