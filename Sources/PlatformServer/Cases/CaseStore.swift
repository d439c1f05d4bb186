import Crypto
import Foundation
import GRDB
import HallModel
import Logging

/// Turns complete uploads into cases and answers for them.
struct CaseStore: Sendable {
    let database: PlatformDatabase
    let uploads: UploadStore
    let keys: PlatformKeys
    let unsealer: any Unsealer
    let configuration: PlatformConfiguration
    let clock: PlatformClock
    let logger: Logger

    /// Commits a case, or finds the one that the same request made before.
    ///
    /// The platform opens every file before it commits: a kiosk erases its copies on the strength of the confirmation,
    /// so nothing may be confirmed that only looks like a case.
    func create(_ body: NewCase, kiosk: String) async throws -> (answer: CaseAnswer, isNew: Bool) {
        let wanted = try body.checked()
        if let known = try await find(id: wanted.id.rawValue) {
            return (try await repeated(known, wanted, kiosk: kiosk), false)
        }
        try SignedManifest.check(wanted, kiosk: kiosk)
        guard let item = configuration.item(wanted.item) else {
            throw APIProblem(.unknownItem, "The platform accepts no item `\(wanted.item)`.")
        }
        // One snapshot for both: had the same request been committed in between, its own claim on the files would look
        // like another case's.
        let committed = try await database.pool.read { db -> StoredCase? in
            if let known = try Self.find(id: wanted.id.rawValue, in: db) { return known }
            try checkUploads(of: wanted, kiosk: kiosk, in: db)
            return nil
        }
        if let committed { return (try await repeated(committed, wanted, kiosk: kiosk), false) }
        let personKey = try await openEverything(wanted)
        let stored = try await database.pool.write { db -> (StoredCase, Bool) in
            if let known = try Self.find(id: wanted.id.rawValue, in: db) { return (known, false) }
            try checkUploads(of: wanted, kiosk: kiosk, in: db)
            return (try insert(wanted, kiosk: kiosk, item: item, personKey: personKey, in: db), true)
        }
        guard stored.1 else { return (try await repeated(stored.0, wanted, kiosk: kiosk), false) }
        logger.info("A case was committed.", metadata: ["number": "\(stored.0.number)", "kiosk": "\(kiosk)"])
        return (CaseAnswer(stored.0, digests: wanted.files.map(\.digest), words: words(of: stored.0)), true)
    }

    /// - Throws: ``APIProblem`` `not-found`.
    func answer(id: String, kiosk: String) async throws -> CaseAnswer {
        guard let stored = try await find(id: id), stored.kiosk == kiosk else {
            throw APIProblem(.notFound, "This kiosk has no such case.")
        }
        let digests = try await files(of: stored.id).map(\.digest)
        return CaseAnswer(stored, digests: digests, words: words(of: stored))
    }

    func resolve(acceptanceCode: String) async throws -> CaseSummaryAnswer {
        let found = try await database.pool.read { db in
            try StoredCase.fetchAll(
                db, sql: "SELECT * FROM platformCase WHERE acceptanceCode = ? LIMIT 2", arguments: [acceptanceCode])
        }
        guard let first = found.first else {
            throw APIProblem(.notFound, "No case with this acceptance code has come in yet.")
        }
        guard found.count == 1 else {
            throw APIProblem(
                .acceptanceCodeAmbiguous, "More than one case has this acceptance code; ask for the case by ID card.")
        }
        return CaseSummaryAnswer(first, words: words(of: first))
    }

    func query(idNumber: Sensitive<String>) async throws -> [CaseSummaryAnswer] {
        let key = keys.personKey(idNumber)
        let found = try await database.pool.read { db in
            try StoredCase.fetchAll(
                db, sql: "SELECT * FROM platformCase WHERE personKey = ? ORDER BY sequence DESC LIMIT 50",
                arguments: [key])
        }
        return found.map { CaseSummaryAnswer($0, words: words(of: $0)) }
    }

    /// The case behind a receipt, at most one.
    ///
    /// - Throws: ``APIProblem`` `acceptance-code-ambiguous`.
    func query(receipt: CaseReference) async throws -> [CaseSummaryAnswer] {
        switch receipt {
        case .acceptanceCode(let code):
            do { return [try await resolve(acceptanceCode: code)] } catch let problem as APIProblem {
                if problem.kind == .notFound { return [] }
                throw problem
            }
        case .number(let number):
            return try await find(number: number).map { [CaseSummaryAnswer($0, words: words(of: $0))] } ?? []
        }
    }

    func words(of stored: StoredCase) -> CaseWords { CaseWords(stored, configuration) }

    /// The plain bytes of one file of a case.
    func open(_ file: CaseFile) async throws(UnsealFailure) -> Sensitive<[UInt8]> {
        do {
            return try await unsealer.open { try await uploads.sealedBytes(file.upload) }
        } catch let failure as UnsealFailure {
            throw failure
        } catch is CancellationError {
            throw .unavailable(.givenUp)
        } catch {
            // Its path and what the disk says of it stand in the log.
            let isThere = StoredFile.size(uploads.path(file.upload)) != nil
            throw .unavailable(isThere ? .fileUnreadable : .fileMissing)
        }
    }

    // MARK: pieces

    private func find(id: String) async throws -> StoredCase? {
        try await database.pool.read { db in try Self.find(id: id, in: db) }
    }

    private static func find(id: String, in db: Database) throws -> StoredCase? {
        try StoredCase.fetchOne(db, sql: "SELECT * FROM platformCase WHERE id = ?", arguments: [id])
    }

    private func repeated(_ known: StoredCase, _ wanted: CheckedCase, kiosk: String) async throws -> CaseAnswer {
        guard known.kiosk == kiosk, known.requestDigest == wanted.digest else {
            throw APIProblem(.caseDiffers, "A case with this id was committed before with other content.")
        }
        return CaseAnswer(known, digests: wanted.files.map(\.digest), words: words(of: known))
    }

    private func checkUploads(of wanted: CheckedCase, kiosk: String, in db: Database) throws {
        var missing: [APIProblem.File] = []
        var different: [APIProblem.File] = []
        for file in wanted.files {
            let upload = try Upload.fetchOne(
                db, sql: "SELECT * FROM upload WHERE id = ? AND kiosk = ?", arguments: [file.upload, kiosk])
            if let upload, upload.state == .complete, !uploads.isExpired(upload), let received = upload.received {
                if received != file.digest { different.append(file.named(received: received)) }
            } else {
                missing.append(file.named())
            }
        }
        guard missing.isEmpty else {
            throw APIProblem(
                .uploadNotReady, "Files are not completely uploaded by this kiosk, or another case holds them."
            ).with(files: missing)
        }
        guard different.isEmpty else {
            throw APIProblem(
                .digestMismatch, "What arrived of some files is not what the kiosk sent; upload them again."
            )
            .with(files: different)
        }
    }

    /// Opens every file and gives the person's key.
    private func openEverything(_ wanted: CheckedCase) async throws -> String {
        var personKey: String?
        var closed: [APIProblem.File] = []
        var reasons: [String] = []
        func refuse(_ file: CheckedCase.File, _ reason: String) {
            closed.append(file.named())
            let name = file.material.map { "Material `\($0)`" } ?? "`answers`"
            reasons.append("\(name) \(reason)")
        }
        for file in wanted.files {
            do {
                let plain = try await unsealer.open { try await uploads.sealedBytes(file.upload) }
                switch file.role {
                case .answers:
                    do {
                        let answers = try SealedAnswers.checked(plain)
                        if answers.exposed.item == wanted.item {
                            personKey = keys.personKey(Sensitive(answers.exposed.person.number))
                        } else {
                            refuse(file, "holds answers for another item than `\(wanted.item)`.")
                        }
                    } catch let problem as APIProblem {
                        refuse(file, "is not `SealedAnswers`: \(problem.detail)")
                    }
                case .material:
                    if !plain.exposed.starts(with: "%PDF-".utf8) {
                        refuse(file, "is no PDF: it does not begin with %PDF-.")
                    }
                }
            } catch UnsealFailure.cannotOpen {
                refuse(file, "is not sealed to a key of this platform, or is damaged: age cannot open it.")
            } catch UnsealFailure.unavailable(let trouble) {
                logger.error("Sealed files cannot be opened.", metadata: ["reason": "\(trouble)"])
                throw APIProblem(.unavailable, "The platform cannot open sealed files just now.").retry(
                    afterSeconds: 30)
            }
        }
        guard closed.isEmpty, let personKey else {
            throw APIProblem(.cannotOpen, reasons.joined(separator: " ")).with(files: closed)
        }
        return personKey
    }

    private func insert(
        _ wanted: CheckedCase, kiosk: String, item: PlatformConfiguration.Item, personKey: String, in db: Database
    ) throws -> StoredCase {
        let last = try Int64.fetchOne(db, sql: "SELECT max(sequence) FROM platformCase")
        let sequence = last.map { $0 + 1 } ?? CaseNumber.first
        let number = CaseNumber.text(sequence: sequence)
        let now = clock.now()
        let confirmation = PlatformJSON.encode(
            Confirmation(
                digests: wanted.files.map(\.digest), id: wanted.id.rawValue, number: number, time: now.text))
        let signature = try keys.signing.signature(for: confirmation)
        guard let status = configuration.statuses.first else {
            throw APIProblem(.unavailable, "The platform's configuration has no status.")
        }
        // What the kiosk's last case knew of earlier ones, carried on: nothing has to look through them.
        let previous = try Row.fetchOne(
            db, sql: "SELECT kioskKey, keyChanged FROM platformCase WHERE kiosk = ? ORDER BY sequence DESC LIMIT 1",
            arguments: [kiosk])
        let keyChanged = previous.map { $0["keyChanged"] as Bool || $0["kioskKey"] as Data != wanted.kioskKey } ?? false
        try db.execute(
            sql: """
                INSERT INTO platformCase (
                    id, sequence, number, kiosk, item, itemTitle, acceptedAt, acceptanceCode, personKey, status,
                    requestDigest, manifest, manifestSignature, kioskKey, receivedAt, confirmation, signature, itemTitles,
                    statusTitles, keyChanged
                ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                wanted.id.rawValue, sequence, number, kiosk, item.id, item.title.simplifiedChinese,
                wanted.acceptedAt.unixSeconds,
                wanted.acceptanceCode, personKey, status.id, wanted.digest, wanted.manifest, wanted.manifestSignature,
                wanted.kioskKey, now.unixSeconds, confirmation, signature,
                StoredText.json(item.title), StoredText.json(status.title), keyChanged,
            ])
        for (position, file) in wanted.files.enumerated() {
            try db.execute(
                sql: """
                    INSERT INTO caseFile (caseID, position, upload, material, name, digest, pages)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    wanted.id.rawValue, position, file.upload, file.material, file.name, file.digest, file.pages,
                ])
            try db.execute(sql: "UPDATE upload SET state = 'claimed' WHERE id = ?", arguments: [file.upload])
        }
        try db.execute(
            sql: "INSERT INTO statusChange (caseID, at, status, statusTitles) VALUES (?, ?, ?, ?)",
            arguments: [wanted.id.rawValue, now.unixSeconds, status.id, StoredText.json(status.title)])
        guard let stored = try Self.find(id: wanted.id.rawValue, in: db) else {
            throw APIProblem(.unavailable, "The case could not be stored.")
        }
        return stored
    }
}
