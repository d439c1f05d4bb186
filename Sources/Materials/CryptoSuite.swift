import Crypto
import FoundationEssentials

/// A set of algorithms for sealing, signing and digests. Everything else in the product names none of them, so that a
/// deployment may need another set (SM2, SM3, SM4) without another way of a page.
public protocol CryptoSuite: Sendable {
    /// Goes into every manifest, so that a platform knows what it checks.
    var name: String { get }

    /// Checks recipients as they stand in the configuration; throws a sentence that names the bad one.
    func check(recipients: [String]) throws
    /// Starts a sealed file that each of the recipients can open.
    func makeSealingStream(to recipients: [String]) throws -> any SealingStream
    func makeDigestStream() -> any DigestStream
    /// A new private key as it is kept in a key file.
    func makeSigningKeyFile() -> [UInt8]
    func signer(fromKeyFile bytes: [UInt8]) throws -> any ManifestSigner
    func isSignature(_ signature: [UInt8], of message: [UInt8], by publicKey: [UInt8]) -> Bool
}

/// Turns plain bytes into a sealed file, piece by piece, in bounded memory.
public protocol SealingStream: Sendable {
    /// Appends to `output` what is ready to be written.
    mutating func seal(_ plain: UnsafeRawBufferPointer, into output: inout [UInt8]) throws(AgeError)
    /// Appends the rest. Once.
    mutating func finish(into output: inout [UInt8]) throws(AgeError)
}

public protocol DigestStream: Sendable {
    mutating func update(_ bytes: UnsafeRawBufferPointer)
    /// Lower-case hexadecimal digits.
    func hexadecimal() -> String
}

public protocol ManifestSigner: Sendable {
    var publicKey: [UInt8] { get }
    func sign(_ message: [UInt8]) throws -> [UInt8]
}

/// age v1 (X25519, ChaCha20-Poly1305), Ed25519 and SHA-256.
public struct AgeSuite: CryptoSuite {
    public init() {}

    public var name: String { "age-v1+ed25519+sha256" }

    public func check(recipients: [String]) throws {
        guard !recipients.isEmpty else { throw AgeError.noRecipients }
        for recipient in recipients {
            do { _ = try AgeRecipient(recipient) } catch {
                throw RecipientRefused(recipient: recipient, error: error)
            }
        }
    }

    public func makeSealingStream(to recipients: [String]) throws -> any SealingStream {
        try check(recipients: recipients)
        return try AgeSealer(to: recipients.map { try AgeRecipient($0) })
    }

    public func makeDigestStream() -> any DigestStream { SHA256Stream() }

    public func makeSigningKeyFile() -> [UInt8] { Ed25519KeyFile.encode(Curve25519.Signing.PrivateKey()) }

    public func signer(fromKeyFile bytes: [UInt8]) throws -> any ManifestSigner {
        Ed25519Signer(key: try Ed25519KeyFile.decode(bytes))
    }

    public func isSignature(_ signature: [UInt8], of message: [UInt8], by publicKey: [UInt8]) -> Bool {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey) else { return false }
        return key.isValidSignature(signature, for: message)
    }
}

/// A recipient of the configuration or the command line that is none.
public struct RecipientRefused: Error, Sendable, Equatable, CustomStringConvertible {
    public let recipient: String
    public let error: AgeError
    public var description: String { "Recipient “\(recipient.prefix(80))”: \(error)" }
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

/// Bytes as lower-case hexadecimal digits.
public enum Hexadecimal {
    public static func text(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
