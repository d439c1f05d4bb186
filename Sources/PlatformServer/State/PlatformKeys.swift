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
        return Digest256.text(HMAC<SHA256>.authenticationCode(for: plain, using: person))
    }

    private static func loadOrMake(_ path: String, _ make: () -> Data) throws -> Data {
        if let data = FileManager.default.contents(atPath: path) { return data }
        if FileManager.default.fileExists(atPath: path) { throw PlatformFailure("\(path) cannot be read.") }
        let data = make()
        try StoredFile.replace(path, with: data)
        return data
    }
}
