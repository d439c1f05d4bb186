/// A screen language, by its BCP 47 tag.
public enum Language: String, Sendable, Codable, CaseIterable, Hashable {
    case simplifiedChinese = "zh-Hans"
    case english = "en"
}

/// A text in every language that it exists in. Every text has at least 简体中文.
public struct LocalizedText: Sendable, Hashable, Codable {
    /// What exists; a language without a text is absent. Not held to have 简体中文: then ``subscript(_:)`` gives an
    /// empty text.
    public var byLanguage: [Language: String]

    /// The texts as they are, by language.
    public init(_ byLanguage: [Language: String]) { self.byLanguage = byLanguage }
    /// A text that exists in 简体中文 only.
    public init(_ simplifiedChinese: String) { byLanguage = [.simplifiedChinese: simplifiedChinese] }

    /// The text in `language`, else in 简体中文, else empty.
    public subscript(language: Language) -> String {
        byLanguage[language] ?? byLanguage[.simplifiedChinese] ?? ""
    }

    /// An object of texts by BCP 47 tag; tags that the screens do not have are read over, so that none may be left.
    /// - Throws: `DecodingError` for anything but an object whose values are all strings.
    public init(from decoder: any Decoder) throws {
        let map = try decoder.singleValueContainer().decode([String: String].self)
        byLanguage = [:]
        for (tag, text) in map { if let language = Language(rawValue: tag) { byLanguage[language] = text } }
    }

    /// Writes an object of texts by BCP 47 tag.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(Dictionary(uniqueKeysWithValues: byLanguage.map { ($0.rawValue, $1) }))
    }
}
