import CaseJournal
import Foundation
import HallModel
import Logging
import Materials

/// The state of a kiosk that has been at work: cases that wait to be sent, and sessions that were.
enum FilledJournal {
    static func fill(stateFolder: String, waitingCases: Int, sessions: Int) async throws {
        let sealed = stateFolder + "/sealed"
        try FileManager.default.createDirectory(
            atPath: sealed, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let journal = try await CaseJournal.open(
            stateFolder: stateFolder, sealedFolder: sealed,
            limits: .init(maximumBytes: 1 << 30, minimumFreeBytes: 0), logger: Logger(label: "kiosk-bench"))
        let writer = try SealedFileWriter(folder: sealed, recipients: [AgeIdentity().recipient.text])
        let key = try await KioskSigningKey.loadOrCreate(at: stateFolder + "/signing-key.pem")
        var generator = SystemRandomNumberGenerator()
        func newID() -> ItemID { ItemID(unixMilliseconds: 1_700_000_000_000, using: &generator) }
        let plain = [UInt8](repeating: 0x20, count: 50_000)
        for _ in 0..<waitingCases {
            let (session, id) = (newID(), newID())
            try await journal.beginSession(session)
            let material = try await writer.write(plain, id: newID())
            try await journal.recordMaterial(material, material: "household-register", pages: 2, session: session)
            let answers = try await writer.write(plain, id: id)
            let code = AcceptanceCode.random()
            let manifest = Manifest(
                suite: AgeSuite().name, kiosk: "test-kiosk", id: id, item: "senior-card", acceptanceCode: code,
                time: Date(),
                files: [
                    .init(id: id, sha256: answers.sha256, bytes: answers.bytes, pages: 0),
                    .init(id: material.id, sha256: material.sha256, bytes: material.bytes, pages: 2),
                ])
            try await journal.acceptCase(
                id: id, item: "senior-card", session: session, acceptanceCode: code,
                manifest: try manifest.signed(with: key), answers: answers, materials: [material.id])
            try await journal.endSession(session)
        }
        try await journal.close()
        try RawSQLite.addErasedMaterials(sessions, to: stateFolder + "/journal.sqlite")
    }
}
