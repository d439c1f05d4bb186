/// A text of the platform in 简体中文 and in whatever other languages it has been given.
///
/// In JSON either a string, which is 简体中文, or an object of BCP 47 tags: `{"zh-Hans": "已收件", "en": "Received"}`.
public struct PlatformText: Sendable, Codable, Equatable, ExpressibleByStringLiteral {
    static let original = "zh-Hans"

    /// By BCP 47 tag.
    public var byLanguage: [String: String]

    /// A text in 简体中文, and in others by BCP 47 tag.
    public init(_ simplifiedChinese: String, _ others: [String: String] = [:]) {
        byLanguage = others.merging([Self.original: simplifiedChinese]) { $1 }
    }

    /// 简体中文 alone.
    public init(stringLiteral value: String) { self.init(value) }

    /// 简体中文; empty only before the configuration has been checked.
    public var simplifiedChinese: String { byLanguage[Self.original] ?? "" }

    /// The other languages.
    var translations: [String: String] { byLanguage.filter { $0.key != Self.original } }

    /// A string or an object of strings; anything else is an ``APIProblem`` `malformed-body` that names the member.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            byLanguage = [Self.original: text]
        } else {
            do { byLanguage = try container.decode([String: String].self) } catch {
                throw APIProblem(
                    .malformedBody,
                    "Member `\(PlatformJSON.path(decoder.codingPath))` must be a string, or an object of strings by language."
                )
            }
        }
    }

    /// A string where there is 简体中文 alone, else an object.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if translations.isEmpty {
            try container.encode(simplifiedChinese)
        } else {
            try container.encode(byLanguage)
        }
    }
}

/// Texts under their names in other languages, as they travel: `{"en": {"status": "Received"}}`.
enum Translations {
    /// - Parameter texts: by member of the API; what is `nil` has no text.
    /// - Returns: `nil` when there is no other language at all.
    static func of(_ texts: [String: PlatformText?]) -> [String: [String: String]]? {
        var result: [String: [String: String]] = [:]
        for (member, text) in texts {
            for (tag, words) in text?.translations ?? [:] { result[tag, default: [:]][member] = words }
        }
        return result.isEmpty ? nil : result
    }
}
