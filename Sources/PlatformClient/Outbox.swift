import Foundation
import HallModel

/// A case on its way to the platform.
public struct OutgoingCase: Sendable, Equatable {
    public struct File: Sendable, Equatable {
        public var id: ItemID
        /// Id of the material in the service item; `nil` for the sealed answers.
        public var material: String?
        /// Name in the folder of sealed files.
        public var name: String
        public var sha256: String
        public var bytes: Int
        public var pages: Int
        public var uploadLocation: String?

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

    public var id: ItemID
    public var item: String
    public var acceptedAt: Date
    public var acceptanceCode: String
    public var manifest: [UInt8]
    public var manifestSignature: [UInt8]
    public var kioskKey: [UInt8]
    /// Failed attempts so far.
    public var attempts: Int
    /// The answers first, then the materials in the item's order.
    public var files: [File]

    public init(
        id: ItemID, item: String, acceptedAt: Date, acceptanceCode: String, manifest: [UInt8],
        manifestSignature: [UInt8], kioskKey: [UInt8], attempts: Int, files: [File]
    ) {
        self.id = id
        self.item = item
        self.acceptedAt = acceptedAt
        self.acceptanceCode = acceptanceCode
        self.manifest = manifest
        self.manifestSignature = manifestSignature
        self.kioskKey = kioskKey
        self.attempts = attempts
        self.files = files
    }
}

/// Where accepted cases wait. What a call acknowledges survives a power cut.
public protocol Outbox: Sendable {
    /// A case whose next try is due; one that was never tried before all others.
    func nextCase(dueAt date: Date) async throws -> OutgoingCase?
    /// When the next case falls due; `nil` when none waits.
    func nextTry() async throws -> Date?
    func recordUploadLocation(_ location: String?, file: ItemID, ofCase id: ItemID) async throws
    func recordFailedAttempt(ofCase id: ItemID, answer: String, nextTry: Date) async throws
    /// Keeps the platform's signed answer, then erases the case's files.
    func recordConfirmed(
        _ id: ItemID, number: String, confirmation: [UInt8], signature: [UInt8]
    ) async throws
}
