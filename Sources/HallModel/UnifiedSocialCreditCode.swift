/// The number of an organisation: 18 characters of GB 32100-2015, the last of which checks the others.
///
/// Registering department 1, kind of organisation 1, region 6, organisation 9 (GB 11714), check 1. Departments, kinds and
/// regions are not judged: they change, and are abolished.
public struct UnifiedSocialCreditCode: Sendable, Hashable, Codable {
    /// Digits and capital letters without I, O, S, V, Z; the place of a character is its value (GB 32100, table 2).
    static let alphabet = Array("0123456789ABCDEFGHJKLMNPQRTUWXY".utf8)

    /// 18 characters of the alphabet, the check character right.
    public let text: String

    /// `nil` unless `text` is 18 characters of the alphabet and the last of them is the check character.
    public init?(_ text: String) {
        guard let last = text.utf8.last, let check = Self.checkCharacter(of: text.dropLast()),
            check == Character(Unicode.Scalar(last))
        else { return nil }
        self.text = text
    }

    /// The check character of the first 17: `(31 - Σ value · 3^i mod 31) mod 31`, i from 0 (GB 32100, annex C).
    /// - Returns: `nil` unless there are 17 characters of the alphabet.
    public static func checkCharacter(of seventeen: some StringProtocol) -> Character? {
        guard seventeen.utf8.count == 17 else { return nil }
        var sum = 0
        var weight = 1
        for character in seventeen.utf8 {
            guard let value = alphabet.firstIndex(of: character) else { return nil }
            sum += value * weight
            weight = weight * 3 % 31
        }
        return Character(Unicode.Scalar(alphabet[(31 - sum % 31) % 31]))
    }

    /// A JSON string.
    /// - Throws: `DecodingError.dataCorrupted` for a string that ``init(_:)`` does not take.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let code = UnifiedSocialCreditCode(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "this is no unified social credit code")
        }
        self = code
    }

    /// Writes the 18 characters as one string.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
