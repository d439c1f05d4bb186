import Crypto
import Foundation
import HallModel

/// The body of `createCase`, checked for form.
struct NewCase: Codable, Sendable, Equatable {
    struct SealedFile: Codable, Sendable, Equatable {
        var upload: String
        var sha256: String
    }

    struct Material: Codable, Sendable, Equatable {
        var id: ItemID
        /// The material's id in the service item.
        var name: String?
        var upload: String
        var sha256: String
        var pages: Int
    }

    var id: ItemID
    var item: String
    var acceptedAt: String
    var acceptanceCode: String
    var manifest: String
    var manifestSignature: String
    var kioskKey: String
    var answers: SealedFile
    var materials: [Material]

    /// Everything that can be wrong with the form alone.
    ///
    /// - Throws: ``APIProblem`` `malformed-body` that names the member, `wrong-signature` or `duplicate-upload`.
    func checked() throws -> CheckedCase {
        func wrong(_ member: String, _ expectation: String) -> APIProblem {
            APIProblem(.malformedBody, "Member `\(member)` must be \(expectation).")
        }
        func data(_ text: String, _ member: String, _ count: ClosedRange<Int>) throws -> Data {
            guard let data = Data(base64Encoded: text), count.contains(data.count),
                data.base64EncodedString() == text
            else {
                throw wrong(
                    member,
                    "base64 of \(count.lowerBound == count.upperBound ? "\(count.lowerBound)" : "\(count)") bytes")
            }
            return data
        }
        guard id.isVersion7 else { throw wrong("id", "a lower-case UUIDv7") }
        guard (1...64).contains(item.unicodeScalars.count) else { throw wrong("item", "1 to 64 characters") }
        guard let acceptedAt = Timestamp(acceptedAt) else { throw wrong("acceptedAt", "an RFC 3339 date-time") }
        guard AcceptanceCode.isValid(acceptanceCode) else {
            throw wrong("acceptanceCode", "eight characters of \(AcceptanceCode.alphabet)")
        }
        guard materials.count <= 64 else { throw wrong("materials", "at most 64 materials") }
        let manifest = try data(manifest, "manifest", 1...65_536)
        let manifestSignature = try data(manifestSignature, "manifestSignature", 64...64)
        let kioskKey = try data(kioskKey, "kioskKey", 32...32)
        var files = [CheckedCase.File(role: .answers, upload: answers.upload, digest: answers.sha256)]
        for (index, material) in materials.enumerated() {
            let name = "materials[\(index)]"
            guard material.id.isVersion7 else { throw wrong("\(name).id", "a lower-case UUIDv7") }
            guard (1...500).contains(material.pages) else { throw wrong("\(name).pages", "1 to 500") }
            guard (material.name ?? "").unicodeScalars.count <= 64 else {
                throw wrong("\(name).name", "at most 64 characters")
            }
            files.append(
                .init(
                    role: .material, upload: material.upload, digest: material.sha256,
                    material: material.id.rawValue, name: material.name, pages: material.pages))
        }
        for (index, file) in files.enumerated() {
            let name = index == 0 ? "answers" : "materials[\(index - 1)]"
            guard Digest256.isHexadecimal(file.digest) else {
                throw wrong("\(name).sha256", "64 lower-case hexadecimal digits")
            }
            guard file.upload.utf8.count == 32, Digest256.isHexadecimal(file.upload + file.upload) else {
                throw wrong("\(name).upload", "32 lower-case hexadecimal digits")
            }
        }
        let twice = Dictionary(grouping: files, by: \.upload).values.filter { $0.count > 1 }.joined()
        guard twice.isEmpty else {
            throw APIProblem(.duplicateUpload, "An upload is named more than once.")
                .with(files: twice.map { $0.named() })
        }
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: kioskKey),
            key.isValidSignature(manifestSignature, for: manifest)
        else { throw APIProblem(.wrongSignature, "The manifest is not signed by `kioskKey`.") }
        return CheckedCase(
            id: id, item: item, acceptedAt: acceptedAt, acceptanceCode: acceptanceCode, manifest: manifest,
            manifestSignature: manifestSignature, kioskKey: kioskKey, files: files,
            digest: Digest256.of(PlatformJSON.encode(self)))
    }
}

/// A case as a kiosk wants it, form and signature in order.
struct CheckedCase: Sendable {
    struct File: Sendable, Equatable {
        var role: APIProblem.File.Role
        var upload: String
        var digest: String
        var material: String?
        var name: String?
        var pages: Int?

        func named(received: String? = nil) -> APIProblem.File {
            .init(
                role: role, material: material, upload: upload, expected: received == nil ? nil : digest,
                received: received)
        }
    }

    var id: ItemID
    var item: String
    var acceptedAt: Timestamp
    var acceptanceCode: String
    var manifest: Data
    var manifestSignature: Data
    var kioskKey: Data
    /// Answers first, then the materials.
    var files: [File]
    /// Of the whole request: the same request again has the same.
    var digest: String
}

/// What the platform signs.
struct Confirmation: Codable, Sendable, Equatable {
    var digests: [String]
    var id: String
    var number: String
    var time: String
    var type = "case-confirmation-v1"
}

extension ItemID {
    /// RFC 9562: version 7, variant 10.
    var isVersion7: Bool {
        let bytes = Array(rawValue.utf8)
        return bytes[14] == UInt8(ascii: "7") && "89ab".utf8.contains(bytes[19])
    }
}
