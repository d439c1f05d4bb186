import FoundationEssentials
import HallModel

/// What a kiosk vouches for: which sealed files make which case, made where and when. No personal data.
public struct Manifest: Sendable, Equatable, Codable {
    /// One sealed file. The answers come first and have the id of the case.
    public struct File: Sendable, Equatable, Codable {
        /// Id of the material; for the answers, of the case.
        public var id: ItemID
        /// SHA-256 of the sealed file, 64 lower-case hexadecimal digits.
        public var sha256: String
        /// Length of the sealed file.
        public var bytes: Int
        /// Pages of the material; 0 for the answers.
        public var pages: Int

        /// One sealed file; nothing is checked.
        public init(id: ItemID, sha256: String, bytes: Int, pages: Int) {
            self.id = id
            self.sha256 = sha256
            self.bytes = bytes
            self.pages = pages
        }
    }

    /// What the member `type` of every manifest says.
    public static let type = "case-manifest-v1"

    /// ``Manifest/type``; a manifest with another is not one.
    public var type = Manifest.type
    /// ``CryptoSuite/name``.
    public var suite: String
    /// Name of the kiosk: the common name of its certificate, and `kiosk.id` of its configuration.
    public var kiosk: String
    /// Id of the case.
    public var id: ItemID
    /// Id of the service item.
    public var item: String
    /// Eight characters, as on the receipt (`AcceptanceCode`).
    public var acceptanceCode: String
    /// RFC 3339, whole seconds, UTC.
    public var time: String
    /// The answers, then the materials in the order of the item.
    public var files: [File]

    /// A manifest to be signed.
    /// - Parameter time: when the case was taken in; fractions of a second are dropped.
    public init(
        suite: String, kiosk: String, id: ItemID, item: String, acceptanceCode: String, time: Date, files: [File]
    ) {
        self.suite = suite
        self.kiosk = kiosk
        self.id = id
        self.item = item
        self.acceptanceCode = acceptanceCode
        self.time = time.formatted(.iso8601)
        self.files = files
    }

    /// Canonical JSON: keys sorted, no white space, `/` not escaped, UTF-8. Equal manifests give equal bytes.
    public func canonicalBytes() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self))
    }

    /// Signs ``canonicalBytes()`` with the kiosk's key.
    public func signed(with key: KioskSigningKey) throws -> SignedManifest {
        let bytes = try canonicalBytes()
        return SignedManifest(bytes: bytes, signature: try key.sign(bytes), publicKey: key.publicKey)
    }
}

/// A manifest as it travels: the exact bytes that were signed.
public struct SignedManifest: Sendable, Equatable {
    /// A manifest as JSON, as it was signed: never built again to check the signature.
    public var bytes: [UInt8]
    /// Over `bytes`, by `publicKey`; Ed25519: 64 bytes.
    public var signature: [UInt8]
    /// The kiosk's; Ed25519: 32 bytes.
    public var publicKey: [UInt8]

    /// What came or was stored; ``verified(suite:)`` looks at it.
    public init(bytes: [UInt8], signature: [UInt8], publicKey: [UInt8]) {
        self.bytes = bytes
        self.signature = signature
        self.publicKey = publicKey
    }

    /// The content, when the signature is right and the bytes are a manifest of at most 64 KiB; `nil` otherwise.
    public func verified(suite: any CryptoSuite = AgeSuite()) -> Manifest? {
        guard bytes.count <= 65_536, suite.isSignature(signature, of: bytes, by: publicKey),
            let manifest = try? JSONDecoder().decode(Manifest.self, from: Data(bytes)), manifest.type == Manifest.type
        else { return nil }
        return manifest
    }
}
