import Crypto
import FoundationEssentials

/// Ed25519 private keys as PKCS #8 in PEM (RFC 8410), which `openssl pkey` reads too.
enum Ed25519KeyFile {
    /// DER of everything in the structure before the 32 key bytes.
    private static let derPrefix: [UInt8] = [
        0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
    ]
    private static let begin = "-----BEGIN PRIVATE KEY-----"
    private static let end = "-----END PRIVATE KEY-----"

    static func encode(_ key: Curve25519.Signing.PrivateKey) -> [UInt8] {
        let base64 = Data(derPrefix + key.rawRepresentation).base64EncodedString()
        return Array("\(begin)\n\(base64)\n\(end)\n".utf8)
    }

    static func decode(_ bytes: [UInt8]) throws(SigningKeyError) -> Curve25519.Signing.PrivateKey {
        let lines = String(decoding: bytes.prefix(1024), as: UTF8.self).split(whereSeparator: \.isNewline)
        guard lines.count == 3, lines[0] == begin, lines[2] == end, let der = Data(base64Encoded: String(lines[1])),
            der.count == derPrefix.count + 32, der.starts(with: derPrefix),
            let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: der.suffix(32))
        else { throw .notAKey }
        return key
    }
}
