import CaseJournal
import Foundation
import HallModel
import Logging
import Materials
import TestSupport

/// A kiosk's state folder with a journal in it.
struct JournalBench: Sendable {
    static let recipient = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"

    let folder: String
    let journal: CaseJournal
    let writer: SealedFileWriter
    let key: KioskSigningKey

    init(
        folder: String, limits: CaseJournal.Limits = .init(maximumBytes: 1 << 30, minimumFreeBytes: 0),
        now: @escaping @Sendable () -> Date = { Date() }
    ) async throws {
        self.folder = folder
        writer = try SealedFileWriter(folder: "\(folder)/sealed", recipients: [Self.recipient])
        key = try await KioskSigningKey.loadOrCreate(at: "\(folder)/key.pem")
        journal = try await CaseJournal.open(
            stateFolder: folder, sealedFolder: "\(folder)/sealed", limits: limits,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }), now: now)
    }

    static func newID() -> ItemID {
        var generator = SystemRandomNumberGenerator()
        return ItemID(unixMilliseconds: UInt64(Date().timeIntervalSince1970 * 1000), using: &generator)
    }

    func storeMaterial(session: ItemID, content: [UInt8] = [1, 2, 3]) async throws -> SealedFile {
        let file = try await writer.write(content, id: Self.newID())
        try await journal.recordMaterial(file, material: "household-register", pages: 2, session: session)
        return file
    }

    /// Accepts a case of the given materials.
    func accept(
        session: ItemID, materials: [SealedFile], id: ItemID = newID(), code: String = AcceptanceCode.random()
    ) async throws -> ItemID {
        let answers = try await writer.write(Array("answers".utf8), id: id)
        let files = [answers] + materials
        let manifest = Manifest(
            suite: AgeSuite().name, kiosk: "kiosk", id: id, item: "senior-card", acceptanceCode: code, time: Date(),
            files: files.map { .init(id: $0.id, sha256: $0.sha256, bytes: $0.bytes, pages: 0) })
        try await journal.acceptCase(
            id: id, item: "senior-card", session: session, acceptanceCode: code,
            manifest: manifest.signed(with: key), answers: answers, materials: materials.map(\.id))
        return id
    }

    func sealedNames() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(folder)/sealed").sorted()
    }
}
