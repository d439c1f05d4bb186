import Crypto
import FoundationEssentials
import HallModel

/// A public key to which files are sealed: `age1…` (C2SP age specification, "X25519 recipient stanza").
public struct AgeRecipient: Sendable, Hashable {
    /// The 32 bytes of the X25519 public key.
    public let publicKey: [UInt8]

    /// Reads `age1…`; white space around it is allowed.
    public init(_ text: String) throws(AgeError) {
        let (prefix, bytes) = try Bech32.decode(text.trimmedOfSpace)
        guard prefix == "age" else { throw .badKey(reason: "a recipient starts with “age1”") }
        guard bytes.count == 32 else { throw .badKey(reason: "a recipient holds 32 bytes, this one \(bytes.count)") }
        publicKey = bytes
    }

    init(publicKey: [UInt8]) { self.publicKey = publicKey }

    /// `age1…`, 62 characters.
    public var text: String { Bech32.encode(prefix: "age", bytes: publicKey) }
}

extension AgeRecipient: CustomStringConvertible {
    /// The same as ``text``: a public key is no secret.
    public var description: String { text }
}

/// The secret key that opens sealed files. The kiosk never has one; platforms and tests do.
public struct AgeIdentity: Sendable {
    let key: Curve25519.KeyAgreement.PrivateKey

    /// Makes a new one from the system's random numbers.
    public init() { key = Curve25519.KeyAgreement.PrivateKey() }

    /// Reads `AGE-SECRET-KEY-1…`; white space around it is allowed.
    public init(_ text: String) throws(AgeError) {
        let (prefix, bytes) = try Bech32.decode(text.trimmedOfSpace)
        guard prefix == "AGE-SECRET-KEY-" else { throw .badKey(reason: "an identity starts with “AGE-SECRET-KEY-1”") }
        guard bytes.count == 32, let key = try? Curve25519.KeyAgreement.PrivateKey(rawRepresentation: bytes) else {
            throw .badKey(reason: "an identity holds 32 bytes")
        }
        self.key = key
    }

    /// Reads an identity file: one key a line, `#` starts a comment line. At most 64 KiB.
    public static func identities(inFile text: String) throws(AgeError) -> [AgeIdentity] {
        guard text.utf8.count <= 65_536 else { throw .badKey(reason: "the identity file is too long") }
        var found: [AgeIdentity] = []
        for line in text.split(whereSeparator: \.isNewline) {
            let line = line.trimmedOfSpace
            if line.isEmpty || line.hasPrefix("#") { continue }
            found.append(try AgeIdentity(String(line)))
        }
        guard !found.isEmpty else { throw .badKey(reason: "the identity file has no key") }
        return found
    }

    /// The public key that belongs to it: what is sealed to it, this identity opens.
    public var recipient: AgeRecipient { AgeRecipient(publicKey: Array(key.publicKey.rawRepresentation)) }

    /// `AGE-SECRET-KEY-1…`, 74 characters.
    public var text: Sensitive<String> {
        Sensitive(Bech32.encode(prefix: "age-secret-key-", bytes: key.rawRepresentation).uppercased())
    }
}

extension AgeIdentity: CustomStringConvertible {
    /// Never the key.
    public var description: String { "•••" }
}

extension StringProtocol where SubSequence == Substring {
    fileprivate var trimmedOfSpace: Substring {
        let isSpace: (Character) -> Bool = { $0.isWhitespace }
        var rest = self[...].drop(while: isSpace)
        while let last = rest.last, isSpace(last) { rest.removeLast() }
        return rest
    }
}
