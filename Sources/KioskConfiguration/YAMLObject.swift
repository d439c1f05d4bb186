import HallModel

/// A group of fields that was held against its schema: values are there and of their type, or have their standard.
struct YAMLObject {
    let field: YAMLField
    let schema: ObjectSchema

    /// A field that stands in the file.
    subscript(name: String) -> YAMLField? {
        precondition(schema[name] != nil, "the schema does not know \(name)")
        guard let value = field[name] else { return nil }
        return value
    }

    func text(_ name: String) -> String? {
        if let text = self[name]?.text { return text }
        guard case .text(let standard)? = schema[name]?.standard else { return nil }
        return standard
    }

    func integer(_ name: String) -> Int? {
        if let value = self[name]?.integer { return value }
        guard case .integer(let standard)? = schema[name]?.standard else { return nil }
        return standard
    }

    func number(_ name: String) -> Double? {
        if let value = self[name]?.number { return value }
        guard case .integer(let standard)? = schema[name]?.standard else { return nil }
        return Double(standard)
    }

    func boolean(_ name: String) -> Bool {
        if let value = self[name]?.boolean { return value }
        guard case .boolean(let standard)? = schema[name]?.standard else { return false }
        return standard
    }

    func localized(_ name: String) -> LocalizedText? { self[name]?.localizedText }

    /// A group below; an absent one reads as empty, so that all its standards hold.
    func object(_ name: String) -> YAMLObject {
        guard case .object(let schema)? = schema[name]?.type else { preconditionFailure("\(name) is not a group") }
        return YAMLObject(
            field: self[name] ?? YAMLField(node: .mapping([:]), path: name, file: field.file), schema: schema)
    }

    /// A group below, when it stands in the file.
    func objectIfPresent(_ name: String) -> YAMLObject? { self[name] == nil ? nil : object(name) }

    /// Entries of a list of groups.
    func objects(_ name: String) -> [YAMLObject] {
        guard case .list(.object(let schema), _)? = schema[name]?.type else {
            preconditionFailure("\(name) is not a list of groups")
        }
        return (self[name]?.entries ?? []).map { YAMLObject(field: $0, schema: schema) }
    }

    /// Entries of a list of scalars or localised texts.
    func entries(_ name: String) -> [YAMLField] { self[name]?.entries ?? [] }

    func texts(_ name: String) -> [String] { entries(name).compactMap(\.text) }
}
