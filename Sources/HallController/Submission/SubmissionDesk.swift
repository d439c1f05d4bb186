import CaseJournal
import GuidedFlow
import HallModel
import Materials
import NIOCore

import struct Foundation.Date
import class Foundation.JSONEncoder

/// A material that is safe: sealed, on the disk, in the journal.
struct StoredMaterial: Sendable, Equatable {
    /// Where it lies, with its digest.
    var file: SealedFile
    /// Of the material, 1 … 64.
    var pages: Int
}

/// A case that the journal has.
struct AcceptedCase: Sendable, Equatable {
    /// UUIDv7, made when it was taken in; the sealed answers have the same.
    var id: ItemID
    /// Eight characters, for the receipt while the platform has given no number.
    var acceptanceCode: String
}

/// Puts things away for good: seals, writes, and only then makes the journal's row. The kiosk cannot open what this has
/// sealed.
struct SubmissionDesk: Sendable {
    let kiosk: String
    let journal: CaseJournal
    let files: SealedFileWriter
    let key: KioskSigningKey
    let suite: any CryptoSuite
    /// Where a document's pages lie until it is sealed.
    private let vault: PageVault
    /// Of a sealed material: what has more the platform would never take.
    private let mostBytes: Int
    private let drawCode: @Sendable () -> String

    /// More than the platform takes; no page of a sound scanner comes to that.
    struct MaterialTooLarge: Error { let bytes: Int }

    /// A desk that writes into this journal and these files.
    /// - Parameters:
    ///   - kiosk: the kiosk's name, as manifests and sealed answers carry it.
    ///   - suite: the one that `files` and `key` were made with.
    ///   - reserveBytes: what must stay free on the disk when a page is put aside.
    ///   - drawCode: gives an acceptance code that no other case is likely to have.
    init(
        kiosk: String, journal: CaseJournal, files: SealedFileWriter, key: KioskSigningKey,
        suite: any CryptoSuite = AgeSuite(), mostBytes: Int = MaterialBounds.materialBytes, reserveBytes: Int = 0,
        drawCode: @escaping @Sendable () -> String = { AcceptanceCode.random() }
    ) {
        self.kiosk = kiosk
        self.journal = journal
        self.files = files
        self.key = key
        self.suite = suite
        vault = PageVault(folder: files.folder, reserveBytes: reserveBytes, suite: suite)
        self.mostBytes = mostBytes
        self.drawCode = drawCode
    }

    func newID() -> ItemID {
        var generator = SystemRandomNumberGenerator()
        return ItemID(unixMilliseconds: WallClock.unixMilliseconds, using: &generator)
    }

    /// A page of a document that is not whole yet: put aside, or, where the disk does not take it, as it is, with the failure.
    /// That costs memory, not the page; whether the document can be stored, its sealing will say.
    func putAside(_ page: ByteBuffer) async -> (page: PlainPiece, failure: SealedFileError?) {
        do { return (.kept(try await vault.keep(page)), nil) } catch { return (.memory(page), error) }
    }

    /// Seals the pages of a material as a PDF. When this returns, a power cut cannot lose it.
    func store(
        _ pages: [MaterialPage], dotsPerInch: Int, material: String, session: ItemID
    ) async throws -> StoredMaterial {
        let file = try await files.write(try MaterialPDF.pieces(of: pages, dotsPerInch: dotsPerInch), id: newID())
        let stored = StoredMaterial(file: file, pages: pages.count)
        do {
            guard file.bytes <= mostBytes else { throw MaterialTooLarge(bytes: file.bytes) }
            try await journal.recordMaterial(file, material: material, pages: pages.count, session: session)
        } catch {
            try? await files.erase(file.name)
            throw error
        }
        return stored
    }

    /// Erases what will not be submitted: row first, then the file, so that no row ever names a file that is gone.
    func erase(_ stored: StoredMaterial) async {
        try? await journal.eraseMaterial(stored.file.id)
    }

    /// Takes the case: person and answers are sealed too, the manifest is signed, and one transaction is the acceptance.
    func accept(
        _ submission: Submission, materials: [(id: String, stored: StoredMaterial)], session: ItemID
    ) async throws -> AcceptedCase {
        let id = newID()
        let plain = try JSONEncoder().encode(SealedAnswers(submission, kiosk: kiosk))
        let answers = try await files.write(Array(plain), id: id)
        do {
            let files =
                [Manifest.File(id: id, sha256: answers.sha256, bytes: answers.bytes, pages: 0)]
                + materials.map {
                    Manifest.File(
                        id: $0.stored.file.id, sha256: $0.stored.file.sha256, bytes: $0.stored.file.bytes,
                        pages: $0.stored.pages)
                }
            // Another case of this kiosk may have the code: another one is drawn then.
            var drawn = 0
            while true {
                let code = drawCode()
                drawn += 1
                let manifest = Manifest(
                    suite: suite.name, kiosk: kiosk, id: id, item: submission.item, acceptanceCode: code, time: Date(),
                    files: files)
                do {
                    try await journal.acceptCase(
                        id: id, item: submission.item, session: session, acceptanceCode: code,
                        manifest: try manifest.signed(with: key), answers: answers,
                        materials: materials.map(\.stored.file.id))
                    return AcceptedCase(id: id, acceptanceCode: code)
                } catch CaseJournalError.acceptanceCodeTaken where drawn < 8 {}
            }
        } catch {
            try? await files.erase(answers.name)
            throw error
        }
    }

    /// The problem a person hears of when putting away failed.
    static func problem(of error: any Error) -> ProblemCode {
        if let error = error as? SealedFileError, error.isDiskFull { return .diskFull }
        if case CaseJournalError.diskFull = error { return .diskFull }
        return .storageFault
    }
}

/// What the platform finds when it opens a case's answers (`docs/api/platform.yaml`, `SealedAnswers`).
struct SealedAnswers: Codable, Sendable, Equatable {
    struct Person: Codable, Sendable, Equatable {
        var kind: String
        var name: String
        var englishName: String?
        var number: String
        var sex: String
        var birth: String?
        var address: String?
        var nationality: String?
        var validTo: String?
        var flags: [String]
    }

    struct Answer: Codable, Sendable, Equatable {
        var question: String
        var label: String
        var value: String
        var text: String
    }

    var person: Person
    var answers: [Answer]
    var item: String
    var kiosk: String

    init(_ submission: Submission, kiosk: String) {
        let card = submission.person
        person = Person(
            kind: card.kind.rawValue, name: card.name, englishName: card.englishName, number: card.number,
            sex: card.sex.rawValue, birth: card.birth?.iso, address: card.newestAddress ?? card.address,
            nationality: card.nationality, validTo: card.validity.isLongTerm ? "长期" : card.validity.to?.iso,
            flags: card.flags.sorted().map(\.rawValue))
        answers = submission.answers.map {
            Answer(question: $0.question, label: $0.label, value: $0.value, text: $0.text)
        }
        item = submission.item
        self.kiosk = kiosk
    }
}
