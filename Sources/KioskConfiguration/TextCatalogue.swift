import HallModel

/// The fixed texts of the screens: `texts/<language>.yaml`, flat, `key: "text with {placeholder}"`.
public struct TextCatalogue: Sendable {
    static let maximumTexts = 2_000
    static let maximumCharacters = 400

    private let texts: [Language: [String: String]]

    /// Reads one file a language from `folder`. Every language must have the same keys, and every key the same
    /// placeholders; Chinese must be what residents can read (XG1).
    public init(folder: String) throws(ConfigurationErrors) {
        let errors = ErrorCollector()
        self.init(folder: folder, errors: errors)
        try errors.throwIfAny()
    }

    init(folder: String, errors: ErrorCollector) {
        var fields: [Language: [String: YAMLField]] = [:]
        for language in Language.allCases {
            let reader = YAMLReader(file: FilePath.join(folder, "\(language.rawValue).yaml"))
            guard let root = reader.root(errors: errors) else { continue }
            fields[language] = Self.read(root, language, errors)
        }
        texts = fields.mapValues { $0.compactMapValues(\.text) }
        guard fields.count == Language.allCases.count else { return }
        Self.compare(fields, errors)
    }

    /// The text as it stands in the file, placeholders included; `nil` when there is no such key.
    public func text(_ key: String, in language: Language) -> String? { texts[language]?[key] }

    /// All keys.
    public var keys: Set<String> { Set(texts[.simplifiedChinese].map { Array($0.keys) } ?? []) }

    /// Names of the placeholders of a text: `{name}` gives `name`.
    public static func placeholders(in text: String) -> Set<String> {
        var names: Set<String> = []
        var rest = text[...]
        while let open = rest.firstIndex(of: "{") {
            rest = rest[rest.index(after: open)...]
            guard let close = rest.firstIndex(of: "}") else { break }
            names.insert(String(rest[..<close]))
            rest = rest[rest.index(after: close)...]
        }
        return names
    }

    private static func read(_ root: YAMLField, _ language: Language, _ errors: ErrorCollector) -> [String: YAMLField] {
        let pairs = root.pairs
        guard case .mapping = root.node, pairs.count <= maximumTexts else {
            errors.add(root.error("expected at most \(maximumTexts) texts, each as key: \"text\""))
            return [:]
        }
        var fields: [String: YAMLField] = [:]
        for (key, value) in pairs {
            guard let name = key.scalarText, isKey(name) else {
                errors.add(key.error("a key is made of a-z, A-Z, 0-9, “-”, “_” and “.”, at most 80"))
                continue
            }
            guard let text = value.text, !text.isEmpty, text.count <= maximumCharacters else {
                errors.add(
                    value.error("expected a text of 1 to \(maximumCharacters) characters, found \(value.kindName)"))
                continue
            }
            if fields.updateValue(value, forKey: name) != nil {
                errors.add(key.error("the key stands more than once; keep one"))
            }
            if let sentence = placeholderRefusal(text) { errors.add(value.error(sentence)) }
            if language == .simplifiedChinese {
                for finding in ResidentLanguage.findings(in: text) { errors.add(value.error(finding)) }
            }
        }
        return fields
    }

    private static func compare(_ fields: [Language: [String: YAMLField]], _ errors: ErrorCollector) {
        for (language, own) in fields {
            for (other, others) in fields where other != language {
                for (key, field) in own {
                    guard let counterpart = others[key] else {
                        errors.add(field.error("the text is missing in \(other.rawValue)"))
                        continue
                    }
                    // Told once, at the translation.
                    guard language != .simplifiedChinese, let text = field.text, let source = counterpart.text else {
                        continue
                    }
                    let here = placeholders(in: text)
                    let there = placeholders(in: source)
                    guard here != there else { continue }
                    let names = here.symmetricDifference(there).sorted().map { "{\($0)}" }.joined(separator: ", ")
                    errors.add(field.error("placeholders differ from \(other.rawValue): \(names)"))
                }
            }
        }
    }

    private static func placeholderRefusal(_ text: String) -> String? {
        var isOpen = false
        for character in text {
            if character == "{" {
                if isOpen { return "a placeholder stands in another one" }
                isOpen = true
            } else if character == "}" {
                if !isOpen { return "a “}” has no “{”" }
                isOpen = false
            }
        }
        if isOpen { return "a “{” has no “}”" }
        let wrong = placeholders(in: text).filter { name in
            name.isEmpty
                || !name.utf8.allSatisfy { (97...122).contains($0) || (65...90).contains($0) || (48...57).contains($0) }
        }
        return wrong.isEmpty ? nil : "a placeholder's name is made of letters and digits: \(quoted(wrong.sorted()[0]))"
    }

    private static func isKey(_ name: String) -> Bool {
        (1...80).contains(name.utf8.count)
            && name.utf8.allSatisfy {
                (97...122).contains($0) || (65...90).contains($0) || (48...57).contains($0)
                    || [45, 46, 95].contains($0)
            }
    }
}
