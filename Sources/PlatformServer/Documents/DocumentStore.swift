import Foundation
import GRDB
import HallModel
import Logging
import NIOPosix

/// Makes documents for kiosks and keeps each for its kiosk until it has been printed.
///
/// Their bytes are in memory only and end with the process; what is on the disk is who may know what of them later:
/// kiosk, id, number and day in the clear, the masked name encrypted.
actor DocumentStore {
    struct Key: Hashable {
        var kiosk: String
        var id: String
    }

    private struct Held {
        var answer: DocumentAnswer
        var content: [UInt8]
        var requestKey: String
        var expires: Int64
    }

    private struct Making {
        var requestKey: String
        var task: Task<Held, any Error>
    }

    /// What one document may take while it is being made.
    static let largestDocument = 4 << 20

    private let database: PlatformDatabase
    private let keys: PlatformKeys
    private let configuration: PlatformConfiguration
    private let threads: NIOThreadPool
    private let clock: PlatformClock
    private let logger: Logger
    private let turnstile = Turnstile(2)
    private var held: [Key: Held] = [:]
    private var making: [Key: Making] = [:]
    /// "https://localhost:8443", once the server is up.
    private var ownAddress = "https://localhost"

    init(
        database: PlatformDatabase, keys: PlatformKeys, configuration: PlatformConfiguration, threads: NIOThreadPool,
        clock: PlatformClock, logger: Logger
    ) {
        self.database = database
        self.keys = keys
        self.configuration = configuration
        self.threads = threads
        self.clock = clock
        self.logger = logger
    }

    func answers(at address: String) { ownAddress = address }

    /// After a start nothing is in memory any more. Blocks on the disk.
    nonisolated static func recover(_ database: PlatformDatabase) throws {
        try database.pool.write { db in
            try db.execute(sql: "UPDATE document SET state = 'gone' WHERE state = 'made'")
        }
    }

    // MARK: - For kiosks

    /// Makes a document, or gives the one that the same request made before.
    ///
    /// - Throws: ``APIProblem`` `unknown-item`, `nothing-on-record`, `document-differs`, `document-gone`,
    ///   `too-many-documents` or `unavailable`.
    func make(_ wanted: NewDocument, kiosk: String) async throws -> (answer: DocumentAnswer, isNew: Bool) {
        let wanted = try wanted.checked()
        guard let kind = configuration.documents.kind(of: wanted.item) else {
            throw APIProblem(.unknownItem, "The platform makes no document for the item `\(wanted.item)`.")
        }
        let key = Key(kiosk: kiosk, id: wanted.id.rawValue)
        let requestKey = wanted.key(keys)
        try await expire()
        if let known = held[key] {
            guard known.requestKey == requestKey else { throw Self.differs }
            return (known.answer, false)
        }
        if let other = making[key] {
            guard other.requestKey == requestKey else { throw Self.differs }
            return (try await other.task.value.answer, false)
        }
        if try await row(key) != nil {
            throw APIProblem(.documentGone, "This document was given up or has expired; ask for a new one.")
        }
        // The row was asked for with this actor free: another request may have come in between.
        if making[key] != nil || held[key] != nil { return try await make(wanted, kiosk: kiosk) }
        guard !configuration.documents.numbersWithoutRecord.contains(wanted.idNumber.exposed) else {
            throw APIProblem(.nothingOnRecord, "There is nothing on record from which this document could be made.")
        }
        try checkRoom(kiosk)
        // Not a child of the request: another request may wait for the same document.
        let task = Task { try await draw(wanted, kind, kiosk: kiosk, requestKey: requestKey) }
        making[key] = Making(requestKey: requestKey, task: task)
        defer { making[key] = nil }
        let made = try await task.value
        held[key] = made
        logger.info("A document was made.", metadata: ["kiosk": "\(kiosk)", "pages": "\(made.answer.pages)"])
        return (made.answer, true)
    }

    /// - Throws: ``APIProblem`` `not-found` or `document-gone`.
    func content(of id: String, kiosk: String) async throws -> (answer: DocumentAnswer, content: [UInt8]) {
        try await expire()
        let key = Key(kiosk: kiosk, id: id)
        if let known = held[key] { return (known.answer, known.content) }
        let problem = try await missing(key)
        throw problem
    }

    /// - Throws: ``APIProblem`` `not-found` or `document-gone`.
    func drop(_ id: String, kiosk: String) async throws {
        try await expire()
        let key = Key(kiosk: kiosk, id: id)
        guard held[key] != nil else {
            let problem = try await missing(key)
            throw problem
        }
        try await markGone([key])
        held[key] = nil
    }

    // MARK: - For whoever has the paper

    /// - Throws: ``APIProblem`` `not-found` when no such document was ever issued.
    func check(_ number: String) async throws -> DocumentCheckAnswer {
        let unknown = APIProblem(.notFound, "No document with this number was issued by this platform.")
        guard DocumentNumber.isValid(number) else { throw unknown }
        let found = try await database.pool.read { db in
            try IssuedDocument.fetchOne(db, sql: "SELECT * FROM document WHERE number = ?", arguments: [number])
        }
        guard let found, let plain = keys.opened(found.checkData, context: "document \(number)"),
            let data = try? JSONDecoder().decode(CheckData.self, from: plain)
        else { throw unknown }
        return DocumentCheckAnswer(
            number: number, title: data.title.simplifiedChinese, item: found.item,
            madeOn: found.madeAt.chinaDay, office: data.office, name: data.maskedName,
            translations: Translations.of(["title": data.title]))
    }

    // MARK: - Upkeep

    /// Forgets documents whose time is over.
    func expire() async throws {
        let now = clock.now().unixSeconds
        let over = held.filter { $0.value.expires <= now }.map(\.key)
        guard !over.isEmpty else { return }
        for key in over { held[key] = nil }
        try await markGone(over)
    }

    // MARK: - Pieces

    private struct IssuedDocument: Sendable, FetchableRecord {
        var item: String
        var madeAt: Timestamp
        var checkData: Data

        init(row: Row) throws {
            item = row["item"]
            madeAt = Timestamp(unixSeconds: row["madeAt"])
            checkData = row["checkData"]
        }
    }

    private struct CheckData: Codable {
        var title: PlatformText
        var office: String
        var maskedName: String
    }

    private static let differs = APIProblem(
        .documentDiffers, "A document with this id was asked for before with other content.")

    private func missing(_ key: Key) async throws -> APIProblem {
        try await row(key) == nil
            ? APIProblem(.notFound, "This kiosk has no such document.")
            : APIProblem(.documentGone, "This document was given up or has expired; ask for a new one.")
    }

    private func row(_ key: Key) async throws -> String? {
        try await database.pool.read { db in
            try String.fetchOne(
                db, sql: "SELECT number FROM document WHERE kiosk = ? AND id = ?", arguments: [key.kiosk, key.id])
        }
    }

    private func markGone(_ keys: [Key]) async throws {
        try await database.pool.write { db in
            for key in keys {
                try db.execute(
                    sql: "UPDATE document SET state = 'gone' WHERE kiosk = ? AND id = ?",
                    arguments: [key.kiosk, key.id])
            }
        }
    }

    private func checkRoom(_ kiosk: String) throws {
        let own = held.keys.count { $0.kiosk == kiosk } + making.keys.count { $0.kiosk == kiosk }
        guard own < configuration.documents.openPerKiosk else {
            throw APIProblem(
                .tooManyDocuments, "This kiosk has \(own) documents that were not given up; give some up first."
            ).retry(afterSeconds: 60)
        }
        let bytes = held.values.reduce(0) { $0 + $1.content.count } + (making.count + 1) * Self.largestDocument
        guard bytes <= max(configuration.documents.memoryBytes, Self.largestDocument) else {
            throw APIProblem(.unavailable, "The platform has no memory for another document just now.")
                .retry(afterSeconds: 60)
        }
    }

    private func draw(
        _ wanted: NewDocument, _ kind: PlatformConfiguration.Documents.Kind, kiosk: String, requestKey: String
    ) async throws -> Held {
        let now = clock.now()
        let number = DocumentNumber.random()
        let check = (configuration.documents.checkAddress ?? ownAddress + "/v1/document-checks/") + number
        let period: InsuranceRecord.Period =
            wanted.answer(to: kind.periodQuestion)?.value == "all" ? .all : .lastTwelveMonths
        let record = InsuranceRecord(
            number: wanted.idNumber, name: wanted.name, period: period, at: InsuranceRecord.Month(now))
        let purpose = wanted.answer(to: "purpose").map { $0.text ?? $0.value }
        let paper = CertificatePaper(
            title: kind.title.simplifiedChinese, number: number, record: record, purpose: purpose,
            office: configuration.documents.office, madeAt: now, checkAddress: check)
        let drawn = try await turnstile.pass {
            try await threads.runIfActive { try paper.drawn() }
        }
        guard drawn.content.count <= Self.largestDocument else {
            throw APIProblem(.unavailable, "The document became too large.")
        }
        let data = CheckData(
            title: kind.title, office: configuration.documents.office,
            maskedName: record.name.exposed.prefix(1) + "*")
        let sealed = try keys.sealed(PlatformJSON.encode(data), context: "document \(number)")
        try await database.pool.write { db in
            try db.execute(
                sql: """
                    INSERT INTO document (kiosk, id, number, item, requestKey, checkData, madeAt, state)
                    VALUES (?, ?, ?, ?, ?, ?, ?, 'made')
                    """,
                arguments: [
                    kiosk, wanted.id.rawValue, number, wanted.item, requestKey, sealed, now.unixSeconds,
                ])
        }
        return Held(
            answer: DocumentAnswer(
                id: wanted.id.rawValue, number: number, title: kind.title.simplifiedChinese, pages: drawn.pages,
                bytes: drawn.content.count, sha256: Digest256.of(drawn.content), madeAt: now.text,
                translations: Translations.of(["title": kind.title])),
            content: drawn.content, requestKey: requestKey,
            expires: now.unixSeconds + configuration.documents.expirySeconds)
    }
}
