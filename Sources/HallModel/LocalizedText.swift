/// A screen language, by its BCP 47 tag.
public enum Language: String, Sendable, Codable, CaseIterable, Hashable {
    case simplifiedChinese = "zh-Hans"
    case english = "en"
}

/// A text in every language that it exists in. Every text has at least 简体中文.
public struct LocalizedText: Sendable, Hashable, Codable {
    public var byLanguage: [Language: String]

    public init(_ byLanguage: [Language: String]) { self.byLanguage = byLanguage }
    public init(_ simplifiedChinese: String) { byLanguage = [.simplifiedChinese: simplifiedChinese] }

    /// The text in `language`, else in 简体中文, else empty.
    public subscript(language: Language) -> String {
        byLanguage[language] ?? byLanguage[.simplifiedChinese] ?? ""
    }

    public init(from decoder: any Decoder) throws {
        let map = try decoder.singleValueContainer().decode([String: String].self)
        byLanguage = [:]
        for (tag, text) in map { if let language = Language(rawValue: tag) { byLanguage[language] = text } }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(Dictionary(uniqueKeysWithValues: byLanguage.map { ($0.rawValue, $1) }))
    }
}
