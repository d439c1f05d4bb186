import Foundation
import GRDB

/// The platform's embedded database: uploads, cases and their history.
///
/// WAL mode with `synchronous = FULL`: what has been committed survives a power cut.
struct PlatformDatabase: Sendable {
    let pool: DatabasePool

    /// Opens or makes the database file.
    ///
    /// - Throws: `DatabaseError`, or ``PlatformFailure`` when the file cannot be made durable.
    ///
    /// - Parameter watch: called once with every connection; for tests that look at the statements.
    init(path: String, watch: (@Sendable (Database) throws -> Void)? = nil) throws {
        var configuration = Configuration()
        if let watch { configuration.prepareDatabase(watch) }
        configuration.maximumReaderCount = 4
        configuration.busyMode = .timeout(5)
        configuration.label = "platform"
        pool = try DatabasePool(path: path, configuration: configuration)
        // A pool switches to `synchronous = NORMAL` when it enters WAL mode, after every hook that runs before the
        // first use; then a commit may be lost in a power cut. (GRDB 7.10.0, Database.setUpWALMode.)
        try pool.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA synchronous = FULL") }
        guard try synchronousLevel() == 2 else {
            throw PlatformFailure("The database at \(path) cannot be set to synchronous = FULL.")
        }
        try Self.migrations.migrate(pool)
    }

    /// `PRAGMA synchronous` of the connection that writes: 2 is FULL.
    func synchronousLevel() throws -> Int? {
        try pool.writeWithoutTransaction { db in try Int.fetchOne(db, sql: "PRAGMA synchronous") }
    }

    private static var migrations: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { db in
            try db.execute(
                sql: """
                    CREATE TABLE upload (
                        id TEXT PRIMARY KEY,
                        kiosk TEXT NOT NULL,
                        item TEXT NOT NULL,
                        digest TEXT NOT NULL,
                        length INTEGER NOT NULL,
                        offset INTEGER NOT NULL DEFAULT 0,
                        received TEXT,
                        state TEXT NOT NULL CHECK (state IN ('open', 'complete', 'claimed', 'gone')),
                        touched INTEGER NOT NULL
                    ) STRICT;
                    CREATE UNIQUE INDEX upload_announced ON upload (kiosk, item, digest) WHERE state <> 'gone';
                    CREATE INDEX upload_state ON upload (state, touched);
                    CREATE TABLE platformCase (
                        id TEXT PRIMARY KEY,
                        sequence INTEGER NOT NULL UNIQUE,
                        number TEXT NOT NULL UNIQUE,
                        kiosk TEXT NOT NULL,
                        item TEXT NOT NULL,
                        itemTitle TEXT NOT NULL,
                        acceptedAt INTEGER NOT NULL,
                        acceptanceCode TEXT NOT NULL,
                        personKey TEXT NOT NULL,
                        status TEXT NOT NULL,
                        detail TEXT,
                        requestDigest TEXT NOT NULL,
                        manifest BLOB NOT NULL,
                        manifestSignature BLOB NOT NULL,
                        kioskKey BLOB NOT NULL,
                        receivedAt INTEGER NOT NULL,
                        confirmation BLOB NOT NULL,
                        signature BLOB NOT NULL
                    ) STRICT;
                    CREATE INDEX platformCase_code ON platformCase (acceptanceCode);
                    CREATE INDEX platformCase_person ON platformCase (personKey, sequence);
                    CREATE INDEX platformCase_kiosk ON platformCase (kiosk, sequence);
                    CREATE TABLE caseFile (
                        caseID TEXT NOT NULL REFERENCES platformCase (id),
                        position INTEGER NOT NULL,
                        upload TEXT NOT NULL UNIQUE REFERENCES upload (id),
                        material TEXT,
                        name TEXT,
                        digest TEXT NOT NULL,
                        pages INTEGER,
                        PRIMARY KEY (caseID, position)
                    ) STRICT;
                    CREATE TABLE statusChange (
                        caseID TEXT NOT NULL REFERENCES platformCase (id),
                        at INTEGER NOT NULL,
                        status TEXT NOT NULL,
                        detail TEXT
                    ) STRICT;
                    CREATE INDEX statusChange_case ON statusChange (caseID);
                    """)
        }
        migrator.registerMigration("2") { db in
            // Words in other languages, as JSON objects by language tag; the status keeps its own words, so that a case
            // can still say them when the configuration no longer knows the status. `statusCount` spares the staff page
            // from counting rows; cases are never removed.
            try db.execute(
                sql: """
                    ALTER TABLE platformCase ADD COLUMN itemTitles TEXT;
                    ALTER TABLE platformCase ADD COLUMN statusTitles TEXT;
                    ALTER TABLE platformCase ADD COLUMN details TEXT;
                    ALTER TABLE statusChange ADD COLUMN statusTitles TEXT;
                    ALTER TABLE statusChange ADD COLUMN details TEXT;
                    CREATE INDEX platformCase_status ON platformCase (status, sequence);
                    ALTER TABLE platformCase ADD COLUMN keyChanged INTEGER NOT NULL DEFAULT 0;
                    UPDATE platformCase SET keyChanged = EXISTS (
                        SELECT 1 FROM platformCase earlier WHERE earlier.kiosk = platformCase.kiosk
                        AND earlier.sequence < platformCase.sequence AND earlier.kioskKey <> platformCase.kioskKey
                    );
                    CREATE TABLE statusCount (status TEXT PRIMARY KEY, cases INTEGER NOT NULL, titles TEXT) STRICT;
                    INSERT INTO statusCount SELECT status, count(*), NULL FROM platformCase GROUP BY status;
                    CREATE TRIGGER platformCase_made AFTER INSERT ON platformCase BEGIN
                        INSERT INTO statusCount VALUES (new.status, 1, new.statusTitles) ON CONFLICT (status)
                        DO UPDATE SET cases = cases + 1, titles = coalesce(new.statusTitles, titles);
                    END;
                    CREATE TRIGGER platformCase_moved AFTER UPDATE OF status ON platformCase BEGIN
                        UPDATE statusCount SET cases = cases - 1 WHERE status = old.status;
                        INSERT INTO statusCount VALUES (new.status, 1, new.statusTitles) ON CONFLICT (status)
                        DO UPDATE SET cases = cases + 1, titles = coalesce(new.statusTitles, titles);
                    END;
                    CREATE INDEX upload_open ON upload (kiosk, length) WHERE state IN ('open', 'complete');
                    CREATE INDEX upload_gone ON upload (touched) WHERE state = 'gone';
                    CREATE TABLE document (
                        kiosk TEXT NOT NULL,
                        id TEXT NOT NULL,
                        number TEXT NOT NULL UNIQUE,
                        item TEXT NOT NULL,
                        requestKey TEXT NOT NULL,
                        checkData BLOB NOT NULL,
                        madeAt INTEGER NOT NULL,
                        state TEXT NOT NULL CHECK (state IN ('made', 'gone')),
                        PRIMARY KEY (kiosk, id)
                    ) STRICT;
                    CREATE INDEX document_made ON document (madeAt) WHERE state = 'made';
                    """)
        }
        return migrator
    }
}

/// Something that stops the platform from starting or working, as a sentence for a person.
public struct PlatformFailure: Error, Sendable, CustomStringConvertible {
    /// The sentence.
    public let description: String
    /// A failure in these words: what happened, to which thing, what to do.
    public init(_ description: String) { self.description = description }
}
