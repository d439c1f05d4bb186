import Foundation
import HTTPTypes
import HallModel
import Hummingbird

extension HTTPField.Name {
    static let requestID = HTTPField.Name("X-Request-Id")!
    static let tusResumable = HTTPField.Name("Tus-Resumable")!
    static let tusVersion = HTTPField.Name("Tus-Version")!
    static let tusExtension = HTTPField.Name("Tus-Extension")!
    static let tusMaxSize = HTTPField.Name("Tus-Max-Size")!
    static let uploadLength = HTTPField.Name("Upload-Length")!
    static let uploadDeferLength = HTTPField.Name("Upload-Defer-Length")!
    static let uploadOffset = HTTPField.Name("Upload-Offset")!
    static let uploadMetadata = HTTPField.Name("Upload-Metadata")!
    static let uploadExpires = HTTPField.Name("Upload-Expires")!
    static let methodOverride = HTTPField.Name("X-HTTP-Method-Override")!
}

/// Header values of tus 1.0. Every function takes any bytes and answers with a value or a typed error.
enum TusHeaders {
    static let version = "1.0.0"
    static let extensions = "creation,termination,expiration"
    /// Longest `Upload-Metadata` that is looked at, in bytes.
    static let longestMetadata = 2048

    /// A whole number of bytes: digits only, none of them a leading zero. One that is beyond all files is the largest there is, and over every limit.
    static func byteCount(_ text: String?) -> Int64? {
        guard let text, (1...64).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }),
            text == "0" || !text.hasPrefix("0")
        else {
            return nil
        }
        return Int64(text) ?? .max
    }

    /// What a kiosk says about a file when it announces it.
    struct Metadata: Equatable {
        var item: ItemID
        /// SHA-256 as 64 lower-case hexadecimal digits.
        var digest: String
    }

    /// Reads `Upload-Metadata`; keys other than `item` and `digest` are checked for form and dropped.
    ///
    /// - Throws: ``APIProblem`` `malformed-metadata`.
    static func metadata(_ text: String?) throws -> Metadata {
        guard let text, !text.isEmpty else {
            throw APIProblem(.malformedMetadata, "Upload-Metadata is missing; it must hold `item` and `digest`.")
        }
        guard text.utf8.count <= longestMetadata else {
            throw APIProblem(.malformedMetadata, "Upload-Metadata is longer than \(longestMetadata) bytes.")
        }
        var values: [String: String] = [:]
        for pair in text.split(separator: ",", omittingEmptySubsequences: false) {
            let words = pair.split(separator: " ", omittingEmptySubsequences: true)
            guard let key = words.first, words.count <= 2 else {
                throw APIProblem(.malformedMetadata, "Upload-Metadata must be `key base64value` pairs.")
            }
            guard let data = Data(base64Encoded: words.count == 2 ? String(words[1]) : "") else {
                throw APIProblem(.malformedMetadata, "A value of Upload-Metadata is not base64.")
            }
            guard values.updateValue(String(decoding: data, as: UTF8.self), forKey: String(key)) == nil else {
                throw APIProblem(.malformedMetadata, "A key of Upload-Metadata comes twice.")
            }
        }
        guard let item = values["item"].flatMap(ItemID.init(rawValue:)), item.isVersion7 else {
            throw APIProblem(.malformedMetadata, "Upload-Metadata `item` must be a lower-case UUIDv7.")
        }
        guard let digest = values["digest"], Digest256.isHexadecimal(digest) else {
            throw APIProblem(.malformedMetadata, "Upload-Metadata `digest` must be 64 lower-case hexadecimal digits.")
        }
        return Metadata(item: item, digest: digest)
    }
}
