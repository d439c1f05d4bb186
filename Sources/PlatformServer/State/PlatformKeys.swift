import Crypto
import Foundation
import HallModel

/// The secrets of the platform's state folder: the key that signs confirmations, and the key under which a person's
/// cases are found. Made at the first start, mode 0600.
struct PlatformKeys: Sendable {
    let signing: Curve25519.Signing.PrivateKey
    private let person: SymmetricKey

    /// - Parameter folder: the state folder; blocks on the disk.
    init(folder: String) throws {
        let signingBytes = try Self.loadOrMake(folder + "/signing.key") {
            Curve25519.Signing.PrivateKey().rawRepresentation
        }
        do {
            signing = try Curve25519.Signing.PrivateKey(rawRepresentation: signingBytes)
        } catch {
            throw PlatformFailure("\(folder)/signing.key is not an Ed25519 key of 32 bytes; put the right file back.")
        }
        let personBytes = try Self.loadOrMake(folder + "/person.key") {
            SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }
        }
        guard personBytes.count == 32 else {
            throw PlatformFailure("\(folder)/person.key must have 32 bytes; put the right file back.")
        }
        person = SymmetricKey(data: personBytes)
    }

    /// A keyed digest of an identity number: the same person gives the same text, the text gives nobody away.
    func personKey(_ number: Sensitive<String>) -> String {
        let plain = Data(number.exposed.uppercased().utf8)
        return Hexadecimal.text(HMAC<SHA256>.authenticationCode(for: plain, using: person))
    }

    /// Encrypts what may not lie on the disk in the clear (AES-GCM, a key of its own derived from the person key).
    ///
    /// - Parameter context: what it belongs to; opening needs the same.
    func sealed(_ plain: Data, context: String) throws -> Data {
        let box = try AES.GCM.seal(plain, using: storageKey, authenticating: Data(context.utf8))
        guard let combined = box.combined else { throw PlatformFailure("Stored data could not be encrypted.") }
        return combined
    }

    /// `nil` when it was not sealed with these keys or for another context.
    func opened(_ sealed: Data, context: String) -> Data? {
        guard let box = try? AES.GCM.SealedBox(combined: sealed) else { return nil }
        return try? AES.GCM.open(box, using: storageKey, authenticating: Data(context.utf8))
    }

    private var storageKey: SymmetricKey {
        HKDF<SHA256>.deriveKey(inputKeyMaterial: person, info: Data("storage".utf8), outputByteCount: 32)
    }

    private static func loadOrMake(_ path: String, _ make: () -> Data) throws -> Data {
        if let data = FileManager.default.contents(atPath: path) { return data }
        if FileManager.default.fileExists(atPath: path) { throw PlatformFailure("\(path) cannot be read.") }
        let data = make()
        try StoredFile.replace(path, with: data)
        return data
    }
}
