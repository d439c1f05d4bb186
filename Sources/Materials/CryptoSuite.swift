import Crypto
import FoundationEssentials
import HallModel

/// A set of algorithms for sealing, signing and digests. Everything else in the product names none of them, so that a
/// deployment may need another set (SM2, SM3, SM4) without another way of a page.
public protocol CryptoSuite: Sendable {
    /// Goes into every manifest, so that a platform knows what it checks.
    var name: String { get }

    /// Checks recipients as they stand in the configuration; throws a sentence that names the bad one.
    func check(recipients: [String]) throws
    /// Starts a sealed file that each of the recipients can open.
    func makeSealingStream(to recipients: [String]) throws -> any SealingStream
    /// A new key pair for what a process puts aside and reads again itself.
    func makeOwnKeys() -> any OwnKeys
    /// A digest of the suite over whatever is given to it.
    func makeDigestStream() -> any DigestStream
    /// A new private key as it is kept in a key file.
    func makeSigningKeyFile() -> [UInt8]
    /// Reads what ``makeSigningKeyFile()`` made, or a key of the same kind made elsewhere.
    func signer(fromKeyFile bytes: [UInt8]) throws -> any ManifestSigner
    /// Whether `publicKey` signed exactly this message; false for bytes that are no key or no signature.
    func isSignature(_ signature: [UInt8], of message: [UInt8], by publicKey: [UInt8]) -> Bool
}

/// Turns plain bytes into a sealed file, piece by piece, in bounded memory.
public protocol SealingStream: Sendable {
    /// Appends to `output` what is ready to be written.
    mutating func seal(_ plain: UnsafeRawBufferPointer, into output: inout [UInt8]) throws(AgeError)
    /// Appends the rest. Once.
    mutating func finish(into output: inout [UInt8]) throws(AgeError)
}

/// A key pair that is written nowhere: what is sealed to it can be opened by this process only, and by nobody once it ended.
public protocol OwnKeys: Sendable {
    /// As ``CryptoSuite/makeSealingStream(to:)`` takes it.
    var recipient: String { get }
    /// Opens one sealed stream.
    func makeOpeningStream() -> any OpeningStream
}

/// Turns a sealed stream into plain bytes, piece by piece, in bounded memory. What came out is whole only when `finish` says so.
public protocol OpeningStream: Sendable {
    /// Appends to `output` what the next sealed bytes open.
    mutating func open(_ sealed: ArraySlice<UInt8>, into output: inout [UInt8]) throws(AgeError)
    /// Appends the rest. Once.
    mutating func finish(into output: inout [UInt8]) throws(AgeError)
}

/// Digests a stream of bytes, piece by piece.
public protocol DigestStream: Sendable {
    /// Takes the next bytes.
    mutating func update(_ bytes: UnsafeRawBufferPointer)
    /// Lower-case hexadecimal digits.
    func hexadecimal() -> String
}

/// A private key of the suite, ready to sign.
public protocol ManifestSigner: Sendable {
    /// What ``CryptoSuite/isSignature(_:of:by:)`` checks with; Ed25519: 32 bytes.
    var publicKey: [UInt8] { get }
    /// Signs the bytes as they are; Ed25519: 64 bytes (RFC 8032).
    func sign(_ message: [UInt8]) throws -> [UInt8]
}

/// age v1 (X25519, ChaCha20-Poly1305), Ed25519 and SHA-256.
public struct AgeSuite: CryptoSuite {
    /// The suite has nothing to be set.
    public init() {}

    /// `age-v1+ed25519+sha256`; it never changes, since manifests carry it.
    public var name: String { "age-v1+ed25519+sha256" }

    /// One `age1…` at least and ``AgeSealer/maximumRecipients`` at most, each of them one that can be sealed to.
    /// - Throws: ``AgeError/noRecipients``; ``AgeError/tooManyRecipients``; ``RecipientRefused`` for the first that is none.
    public func check(recipients: [String]) throws {
        guard !recipients.isEmpty else { throw AgeError.noRecipients }
        guard recipients.count <= AgeSealer.maximumRecipients else { throw AgeError.tooManyRecipients }
        for recipient in recipients {
            // Only sealing finds a point of low order.
            do { _ = try AgeSealer(to: [AgeRecipient(recipient)]) } catch {
                throw RecipientRefused(recipient: recipient, error: error)
            }
        }
    }

    /// An ``AgeSealer``.
    /// - Throws: ``AgeError`` for a recipient that is none, and as ``AgeSealer/init(to:)``. ``check(recipients:)`` names which.
    public func makeSealingStream(to recipients: [String]) throws -> any SealingStream {
        try AgeSealer(to: recipients.map { try AgeRecipient($0) })
    }

    /// An X25519 key pair.
    public func makeOwnKeys() -> any OwnKeys { AgeOwnKeys() }

    /// SHA-256.
    public func makeDigestStream() -> any DigestStream { SHA256Stream() }

    /// Ed25519 in PKCS #8, PEM (RFC 8410), as `openssl genpkey -algorithm ed25519` writes it.
    public func makeSigningKeyFile() -> [UInt8] { Ed25519KeyFile.encode(Curve25519.Signing.PrivateKey()) }

    /// Reads an Ed25519 private key in PEM (RFC 8410).
    /// - Throws: ``SigningKeyError/notAKey``.
    public func signer(fromKeyFile bytes: [UInt8]) throws -> any ManifestSigner {
        Ed25519Signer(key: try Ed25519KeyFile.decode(bytes))
    }

    /// Ed25519 (RFC 8032); `publicKey` is its 32 bytes.
    public func isSignature(_ signature: [UInt8], of message: [UInt8], by publicKey: [UInt8]) -> Bool {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey) else { return false }
        return key.isValidSignature(signature, for: message)
    }
}

/// A recipient of the configuration or the command line that is none.
public struct RecipientRefused: Error, Sendable, Equatable, CustomStringConvertible {
    /// As it was given.
    public let recipient: String
    /// What is wrong with it.
    public let error: AgeError
    /// Names the recipient, cut at 80 characters: it is a public key, or a mistake of whoever wrote it.
    public var description: String { "Recipient “\(recipient.prefix(80))”: \(error)" }
}

private struct AgeOwnKeys: OwnKeys {
    private let identity = AgeIdentity()
    var recipient: String { identity.recipient.text }
    func makeOpeningStream() -> any OpeningStream { AgeOpener(identities: [identity]) }
}

private struct SHA256Stream: DigestStream {
    private var hash = SHA256()

    mutating func update(_ bytes: UnsafeRawBufferPointer) { hash.update(bufferPointer: bytes) }

    func hexadecimal() -> String { Hexadecimal.text(hash.finalize()) }
}

private struct Ed25519Signer: ManifestSigner {
    let key: Curve25519.Signing.PrivateKey
    var publicKey: [UInt8] { Array(key.publicKey.rawRepresentation) }
    func sign(_ message: [UInt8]) throws -> [UInt8] { Array(try key.signature(for: message)) }
}
