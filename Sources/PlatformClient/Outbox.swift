import Foundation
import HallModel

/// A case on its way to the platform.
public struct OutgoingCase: Sendable, Equatable {
    /// One sealed file of the case.
    public struct File: Sendable, Equatable {
        /// Of the material; for the answers, the id of the case.
        public var id: ItemID
        /// Id of the material in the service item; `nil` for the sealed answers.
        public var material: String?
        /// Name in the folder of sealed files.
        public var name: String
        /// SHA-256 of the sealed file, 64 lower-case hexadecimal digits.
        public var sha256: String
        /// Length of the sealed file.
        public var bytes: Int
        /// Pages of the material; 0 for the answers.
        public var pages: Int
        /// Where an upload of it was begun, by an earlier attempt; `nil`: it begins anew.
        public var uploadLocation: String?

        /// A file that lies in the folder of sealed files.
        public init(
            id: ItemID, material: String?, name: String, sha256: String, bytes: Int, pages: Int, uploadLocation: String?
        ) {
            self.id = id
            self.material = material
            self.name = name
            self.sha256 = sha256
            self.bytes = bytes
            self.pages = pages
            self.uploadLocation = uploadLocation
        }
    }

    /// Made on the kiosk, UUIDv7.
    public var id: ItemID
    /// Id of the service item.
    public var item: String
    /// When the case was taken in, by the kiosk's clock.
    public var acceptedAt: Date
    /// Eight characters, as on the receipt.
    public var acceptanceCode: String
    /// The exact bytes that were signed.
    public var manifest: [UInt8]
    /// Over `manifest`, by `kioskKey`: Ed25519, 64 bytes.
    public var manifestSignature: [UInt8]
    /// The kiosk's public key: Ed25519, 32 bytes.
    public var kioskKey: [UInt8]
    /// The answers first, then the materials in the item's order.
    public var files: [File]

    /// A case as the outbox has it.
    public init(
        id: ItemID, item: String, acceptedAt: Date, acceptanceCode: String, manifest: [UInt8],
        manifestSignature: [UInt8], kioskKey: [UInt8], files: [File]
    ) {
        self.id = id
        self.item = item
        self.acceptedAt = acceptedAt
        self.acceptanceCode = acceptanceCode
        self.manifest = manifest
        self.manifestSignature = manifestSignature
        self.kioskKey = kioskKey
        self.files = files
    }
}

/// Where accepted cases wait. What a call acknowledges survives a power cut.
public protocol Outbox: Sendable {
    /// A case whose next try is due; one that was never tried before all others.
    func nextCase(dueAt date: Date) async throws -> OutgoingCase?
    /// When the next case falls due; `nil` when none waits.
    func nextTry() async throws -> Date?
    /// Remembers where the upload of a file goes on after a restart; `nil` forgets it.
    func recordUploadLocation(_ location: String?, file: ItemID, ofCase id: ItemID) async throws
    /// Counts the attempt and puts the case off. `answer`: status words, never content.
    func recordFailedAttempt(ofCase id: ItemID, answer: String, nextTry: Date) async throws
    /// Keeps the platform's signed answer, then erases the case's files.
    func recordConfirmed(
        _ id: ItemID, number: String, confirmation: [UInt8], signature: [UInt8]
    ) async throws
}
