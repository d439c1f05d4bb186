import Crypto
import Foundation
import HallModel

/// SHA-256 in the form of the API: 64 lower-case hexadecimal digits.
enum Digest256 {
    static func isHexadecimal(_ text: String) -> Bool {
        text.utf8.count == 64 && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }

    static func of(_ data: some DataProtocol) -> String { Hexadecimal.text(SHA256.hash(data: data)) }
}
