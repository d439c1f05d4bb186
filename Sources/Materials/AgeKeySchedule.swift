import Crypto
import FoundationEssentials

/// The keys that an age file derives from its file key, and the wrapping of the file key itself.
enum AgeKeySchedule {
    static let x25519 = "X25519"
    private static let x25519Info = Data("age-encryption.org/v1/X25519".utf8)

    static func headerCode(fileKey: SymmetricKey, header: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: header, using: headerKey(fileKey)))
    }

    /// Compares in constant time.
    static func isHeaderCode(_ code: [UInt8], fileKey: SymmetricKey, header: [UInt8]) -> Bool {
        HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: header, using: headerKey(fileKey))
    }

    static func payloadKey(fileKey: SymmetricKey, nonce: [UInt8]) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: fileKey, salt: nonce, info: Data("payload".utf8), outputByteCount: 32)
    }

    private static func headerKey(_ fileKey: SymmetricKey) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: fileKey, salt: Data(), info: Data("header".utf8), outputByteCount: 32)
    }

    /// Wraps the file key for one recipient, with an ephemeral key that is used this once.
    static func wrap(fileKey: SymmetricKey, for recipient: AgeRecipient) throws(AgeError) -> AgeStanza {
        let ephemeral = Curve25519.KeyAgreement.PrivateKey()
        let share = ephemeral.publicKey.rawRepresentation
        do {
            let publicKey = try Curve25519.KeyAgreement.PublicKey(rawRepresentation: recipient.publicKey)
            let secret = try ephemeral.sharedSecretFromKeyAgreement(with: publicKey)
            guard !isZero(secret) else { throw AgeError.cryptographyFailed }
            let key = wrappingKey(secret, share: share, recipient: recipient.publicKey)
            let box = try ChaChaPoly.seal(
                fileKey.withUnsafeBytes { Data($0) }, using: key, nonce: ChaChaPoly.Nonce(data: Data(count: 12)))
            return AgeStanza(
                arguments: [x25519, String(decoding: Base64Text.encode(share), as: UTF8.self)],
                body: Array(box.ciphertext + box.tag))
        } catch {
            throw .badKey(reason: "it is no point that can be sealed to")
        }
    }

    /// The file key, when the stanza is for this identity; `nil` when it is for someone else.
    static func unwrap(_ stanza: AgeStanza, with identity: AgeIdentity) throws(AgeError) -> SymmetricKey? {
        guard stanza.arguments.count == 2, let share = Base64Text.decode(stanza.arguments[1].utf8), share.count == 32
        else { throw .headerMalformed(reason: "an X25519 stanza has no share of 32 bytes") }
        guard stanza.body.count == AgeFormat.fileKeyBytes + AgeFormat.tagBytes else {
            throw .headerMalformed(reason: "the body of an X25519 stanza is not 32 bytes long")
        }
        let secret: SharedSecret
        do {
            let publicKey = try Curve25519.KeyAgreement.PublicKey(rawRepresentation: share)
            secret = try identity.key.sharedSecretFromKeyAgreement(with: publicKey)
        } catch {
            throw .headerMalformed(reason: "the share of an X25519 stanza is no point")
        }
        guard !isZero(secret) else {
            throw .headerMalformed(reason: "the share of an X25519 stanza is a point of low order")
        }
        let key = wrappingKey(secret, share: Data(share), recipient: identity.recipient.publicKey)
        guard
            let box = try? ChaChaPoly.SealedBox(
                nonce: ChaChaPoly.Nonce(data: Data(count: 12)),
                ciphertext: stanza.body.prefix(AgeFormat.fileKeyBytes), tag: stanza.body.suffix(AgeFormat.tagBytes)),
            let fileKey = try? ChaChaPoly.open(box, using: key)
        else { return nil }
        return SymmetricKey(data: fileKey)
    }

    /// A point of low order gives this secret with every key. swift-crypto hands it out (RFC 7748 section 6.1 leaves the
    /// check to the protocol), and age demands that it be refused.
    private static func isZero(_ secret: SharedSecret) -> Bool {
        secret.withUnsafeBytes { $0.reduce(0) { $0 | $1 } == 0 }
    }

    private static func wrappingKey(_ secret: SharedSecret, share: Data, recipient: [UInt8]) -> SymmetricKey {
        secret.hkdfDerivedSymmetricKey(
            using: SHA256.self, salt: share + recipient, sharedInfo: x25519Info, outputByteCount: 32)
    }
}

/// The nonces of the payload's chunks: an 11-byte counter and a byte that marks the last chunk (STREAM construction).
struct AgeChunkNonce {
    private var counter: UInt64 = 0

    mutating func next(isLast: Bool) throws(AgeError) -> ChaChaPoly.Nonce {
        var bytes = [UInt8](repeating: 0, count: 12)
        for index in 0..<8 { bytes[3 + index] = UInt8(truncatingIfNeeded: counter >> UInt64(8 * (7 - index))) }
        bytes[11] = isLast ? 1 : 0
        counter += 1
        guard let nonce = try? ChaChaPoly.Nonce(data: bytes) else { throw .cryptographyFailed }
        return nonce
    }
}
