import CaseJournal
import HallModel
import PlatformClient

import struct Foundation.Date

/// The journal is the outbox from which the uploader takes its cases.
extension CaseJournal: Outbox {
    /// The journal's next pending case in the uploader's words.
    public func nextCase(dueAt date: Date) async throws -> OutgoingCase? {
        guard let pending = try await nextPendingCase(dueAt: date) else { return nil }
        return OutgoingCase(
            id: pending.id, item: pending.item, acceptedAt: pending.acceptedAt, acceptanceCode: pending.acceptanceCode,
            manifest: pending.manifest.bytes, manifestSignature: pending.manifest.signature,
            kioskKey: pending.manifest.publicKey,
            files: pending.files.map {
                .init(
                    id: $0.id, material: $0.material, name: $0.name, sha256: $0.sha256, bytes: $0.bytes,
                    pages: $0.pages, uploadLocation: $0.uploadLocation)
            })
    }

    /// ``CaseJournal/markConfirmed(_:number:confirmation:signature:)`` under the outbox's name.
    public func recordConfirmed(
        _ id: ItemID, number: String, confirmation: [UInt8], signature: [UInt8]
    ) async throws {
        try await markConfirmed(id, number: number, confirmation: confirmation, signature: signature)
    }
}
