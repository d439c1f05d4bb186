import HallModel

extension ObjectSchema {
    /// Holds `field` against the schema and adds everything that is wrong.
    ///
    /// Returns the object to read from when nothing is. Nothing is refused silently, nothing is guessed.
    func read(_ field: YAMLField, errors: ErrorCollector) -> YAMLObject? {
        let local = ErrorCollector()
        validate(field, local)
        local.errors.forEach(errors.add)
        return local.isEmpty ? YAMLObject(field: field, schema: self) : nil
    }

    fileprivate func validate(_ field: YAMLField, _ errors: ErrorCollector) {
        let isEmptyGroup = field.isNull && fields.allSatisfy { !$0.isRequired }
        guard case .mapping = field.node else {
            if !isEmptyGroup {
                errors.add(field.error("expected a group of fields, found \(field.kindName)"))
            }
            return
        }
        var seen: Set<String> = []
        for (key, value) in field.pairs {
            guard let name = key.scalarText else {
                errors.add(key.error("a field name must be a plain word"))
                continue
            }
            guard seen.insert(name).inserted else {
                errors.add(key.error("the field stands more than once in the same place; keep one"))
                continue
            }
            guard let schema = self[name] else {
                errors.add(key.error(unknown(name)))
                continue
            }
            schema.type.validate(value, errors)
        }
        for schema in fields where schema.isRequired && !seen.contains(schema.name) {
            errors.add(field.error("the field “\(schema.name)” is missing"))
        }
    }

    private func unknown(_ name: String) -> String {
        let names = fields.map(\.name)
        if let near = nearest(to: name, among: names) {
            return "there is no such field; did you mean “\(near)”?"
        }
        return "there is no such field; known here: \(names.joined(separator: ", "))"
    }
}

extension FieldType {
    fileprivate func validate(_ field: YAMLField, _ errors: ErrorCollector) {
        switch self {
        case .object(let schema): schema.validate(field, errors)
        case .list(let element, let count): validateList(field, element, count, errors)
        case .localized(let maximum): validateLocalized(field, maximum, errors)
        case .dictionary(let maximum): validateDictionary(field, maximum, errors)
        default:
            guard case .scalar(let scalar) = field.node else {
                return errors.add(field.error("expected \(expectation), found \(field.kindName)"))
            }
            guard ["", "tag:yaml.org,2002:str"].contains(scalar.tag.rawValue) else {
                return errors.add(field.error("tags (!name) are not accepted"))
            }
            if let sentence = scalarRefusal(field) { errors.add(field.error(sentence)) }
        }
    }

    /// Why a scalar is not of this type; `nil` when it is.
    private func scalarRefusal(_ field: YAMLField) -> String? {
        let mismatch = "expected \(expectation), found \(field.kindName)"
        switch self {
        case .integer(let range):
            guard let value = field.integer else { return mismatch }
            return range.contains(value) ? nil : "\(value) is outside \(range.lowerBound) … \(range.upperBound)"
        case .number(let range):
            guard let value = field.number else { return mismatch }
            return range.contains(value) ? nil : "\(value) is outside \(range.lowerBound) … \(range.upperBound)"
        case .boolean:
            return field.boolean == nil ? "\(mismatch); write true or false" : nil
        case .word(let words):
            guard let text = field.scalarText, !words.contains(text) else { return nil }
            let hint = nearest(to: text, among: words).map { "; did you mean “\($0)”?" } ?? ""
            return mismatch + hint
        default:
            guard let text = field.text else {
                return field.isNull ? "expected \(expectation), found nothing" : "\(mismatch); put text in quotes"
            }
            return textRefusal(text)
        }
    }

    private func textRefusal(_ text: String) -> String? {
        if text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            return "control characters and line breaks are not accepted here"
        }
        let shown = quoted(text)
        switch self {
        case .line(let maximum):
            if text.allSatisfy(\.isWhitespace) { return "the text is empty" }
            return text.count > maximum ? "\(text.count) characters are more than \(maximum)" : nil
        case .identifier:
            let isWord = text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
            return isWord && (1...40).contains(text.utf8.count) && !text.hasPrefix("-")
                ? nil : "\(shown) is not a name: use a-z, 0-9 and “-”, at most 40"
        case .path:
            return (1...1_000).contains(text.utf8.count) ? nil : "\(shown) is not a path"
        case .url(let secure):
            return WebAddress(text, secure: secure) == nil
                ? "\(shown) is not an address that begins with \(secure ? "https://" : "http:// or https://")" : nil
        case .digits(let maximum):
            let isNumber = text.utf8.allSatisfy { (48...57).contains($0) }
            return isNumber && (1...maximum).contains(text.utf8.count) ? nil : "\(shown) is not 1 to \(maximum) digits"
        case .deviceAddress:
            return DeviceAddress(text) == nil ? "\(shown) is not a device address; write \(DeviceAddress.forms)" : nil
        case .ageRecipient:
            return AgeRecipientText.refusal(of: text)
        default: return nil
        }
    }

    private func validateList(
        _ field: YAMLField, _ element: FieldType, _ count: ClosedRange<Int>, _ errors: ErrorCollector
    ) {
        guard case .sequence = field.node else {
            return errors.add(field.error("expected \(expectation), found \(field.kindName)"))
        }
        let entries = field.entries
        if !count.contains(entries.count) {
            let bounds = count.lowerBound == count.upperBound ? "" : " to \(count.upperBound)"
            errors.add(field.error("\(entries.count) entries; expected \(count.lowerBound)\(bounds)"))
        }
        // Bounded even when the list is not.
        for entry in entries.prefix(count.upperBound) { element.validate(entry, errors) }
    }

    private func validateLocalized(_ field: YAMLField, _ maximum: Int, _ errors: ErrorCollector) {
        let fields = Language.allCases.map { FieldSchema.required($0.rawValue, .line(maximum: maximum)) }
        guard case .mapping = field.node else {
            let tags = Language.allCases.map(\.rawValue).joined(separator: " and ")
            return errors.add(field.error("expected a text in each language (\(tags)), found \(field.kindName)"))
        }
        ObjectSchema(fields).validate(field, errors)
    }

    private func validateDictionary(_ field: YAMLField, _ maximum: Int, _ errors: ErrorCollector) {
        if field.isNull { return }
        guard case .mapping = field.node else {
            return errors.add(field.error("expected \(expectation), found \(field.kindName)"))
        }
        let pairs = field.pairs
        if pairs.count > maximum { errors.add(field.error("\(pairs.count) entries are more than \(maximum)")) }
        for (key, value) in pairs.prefix(maximum) {
            if key.scalarText == nil { errors.add(key.error("a name must be a plain word")) }
            // SANE options are numbers and truth values too; they are passed on as they are written.
            guard let text = value.scalarText, text.utf8.count <= 200 else {
                errors.add(value.error("expected one line of text, found \(value.kindName)"))
                continue
            }
        }
    }

    /// What is expected, for a sentence.
    var expectation: String {
        switch self {
        case .line: "text"
        case .identifier: "a name"
        case .path: "a path"
        case .url: "an address"
        case .digits: "digits"
        case .deviceAddress: "a device address"
        case .ageRecipient: "an age recipient (age1…)"
        case .integer(let range): "a whole number \(range.lowerBound) … \(range.upperBound)"
        case .number(let range): "a number \(range.lowerBound) … \(range.upperBound)"
        case .boolean: "true or false"
        case .word(let words): "one of \(words.joined(separator: ", "))"
        case .localized: "a text in each language"
        case .list: "a list"
        case .object, .dictionary: "a group of fields"
        }
    }
}

/// The name that was probably meant: at most two letters off, one for short names.
func nearest(to name: String, among names: [String]) -> String? {
    guard name.utf8.count <= 60 else { return nil }
    let wanted = Array(name.lowercased().utf8.filter { $0 != 45 && $0 != 95 })
    var best: (name: String, distance: Int)?
    for candidate in names {
        let distance = editDistance(wanted, Array(candidate.lowercased().utf8.filter { $0 != 45 && $0 != 95 }))
        let allowed = min(wanted.count, candidate.utf8.count) <= 4 ? 1 : 2
        if distance <= allowed, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.name
}

/// Levenshtein's distance, two neighbours that changed places counting as one change.
private func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var before: [Int] = []
    var row = Array(0...right.count)
    for (i, a) in left.enumerated() {
        var next = [i + 1]
        for (j, b) in right.enumerated() {
            var best = min(row[j + 1] + 1, next[j] + 1, row[j] + (a == b ? 0 : 1))
            if i > 0, j > 0, a == right[j - 1], left[i - 1] == b { best = min(best, before[j - 1] + 1) }
            next.append(best)
        }
        before = row
        row = next
    }
    return row[right.count]
}
