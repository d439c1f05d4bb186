import HallModel
import Yams

/// A value in a YAML file that knows its place: file, line, column and path.
struct YAMLField {
    let node: Node
    /// `devices[0].address`; empty for the root.
    let path: String
    let file: String

    var line: Int { node.mark?.line ?? 1 }
    var column: Int { node.mark?.column ?? 1 }

    /// An error at this place.
    func error(_ sentence: String) -> ConfigurationError {
        ConfigurationError(file: file, line: line, column: column, field: path, sentence: sentence)
    }

    /// The value of one field of a mapping.
    subscript(name: String) -> YAMLField? {
        guard case .mapping(let mapping) = node else { return nil }
        for (key, value) in mapping where key.scalar?.string == name { return child(value, name) }
        return nil
    }

    /// Fields of a mapping in the file's order: key and value, each with its place.
    var pairs: [(key: YAMLField, value: YAMLField)] {
        guard case .mapping(let mapping) = node else { return [] }
        return mapping.map { key, value in
            let name = key.scalar?.string ?? "?"
            return (child(key, name), child(value, name))
        }
    }

    /// Entries of a sequence.
    var entries: [YAMLField] {
        guard case .sequence(let sequence) = node else { return [] }
        return sequence.enumerated().map { index, entry in
            YAMLField(node: entry, path: "\(path)[\(index)]", file: file)
        }
    }

    private func child(_ node: Node, _ name: String) -> YAMLField {
        let shown = name.unicodeScalars.count > 60 ? String(name.prefix(60)) + "…" : name
        return YAMLField(node: node, path: path.isEmpty ? shown : "\(path).\(shown)", file: file)
    }

    // MARK: Scalars

    /// A scalar's text, whatever its type.
    var scalarText: String? { node.scalar?.string }

    /// Written without quotes and without a tag: may be a number, a truth value or nothing at all.
    var isPlain: Bool { node.scalar?.style == .plain }

    /// An empty value, `~` or `null`.
    var isNull: Bool { isPlain && ["", "~", "null", "Null", "NULL"].contains(scalarText) }

    /// `true` or `false`; YAML's older spellings (`yes`, `on`) are not taken.
    var boolean: Bool? {
        guard isPlain else { return nil }
        return switch scalarText {
        case "true": true
        case "false": false
        default: nil
        }
    }

    /// A whole number in decimal digits.
    var integer: Int? {
        guard isPlain, let text = scalarText, text.utf8.count <= 19,
            text.utf8.allSatisfy({ (48...57).contains($0) || $0 == 45 })
        else { return nil }
        return Int(text)
    }

    /// A finite decimal number.
    var number: Double? {
        guard isPlain, let text = scalarText, text.utf8.count <= 40,
            text.utf8.allSatisfy({ (48...57).contains($0) || $0 == 45 || $0 == 46 }), let value = Double(text),
            value.isFinite
        else { return nil }
        return value
    }

    /// The text as a person meant it; `nil` for what only looks like text (nothing, a truth value).
    var text: String? {
        guard let text = scalarText, !isNull else { return nil }
        if isPlain && ["true", "false", "yes", "no", "on", "off"].contains(text.lowercased()) { return nil }
        return text
    }

    var kindName: String {
        switch node {
        case .mapping: "a group of fields"
        case .sequence: "a list"
        case .alias: "an alias"
        case .scalar: isNull ? "nothing" : quoted(scalarText ?? "")
        }
    }

    /// The text in each language; only after validation as `.localized`.
    var localizedText: LocalizedText {
        var texts: [Language: String] = [:]
        for language in Language.allCases { texts[language] = self[language.rawValue]?.text }
        return LocalizedText(texts)
    }

    // MARK: Bounds

    /// The first field below more than `depth` levels. Recursion is bounded by `depth`.
    func firstField(deeperThan depth: Int) -> YAMLField? {
        switch node {
        case .scalar, .alias: return nil
        case .sequence, .mapping: if depth == 0 { return self }
        }
        for entry in entries {
            if let found = entry.firstField(deeperThan: depth - 1) { return found }
        }
        for (key, value) in pairs {
            if let found = key.firstField(deeperThan: depth - 1) { return found }
            if let found = value.firstField(deeperThan: depth - 1) { return found }
        }
        return nil
    }
}
