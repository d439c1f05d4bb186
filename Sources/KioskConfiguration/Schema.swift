/// What a group of fields may hold: read once, used for validation, for the JSON Schemas in `Kiosk/schemas` and for the
/// test that every field is documented.
struct ObjectSchema: Sendable {
    var fields: [FieldSchema]

    init(_ fields: [FieldSchema]) { self.fields = fields }

    subscript(name: String) -> FieldSchema? { fields.first { $0.name == name } }
}

/// One field of a group.
struct FieldSchema: Sendable {
    var name: String
    var type: FieldType
    var isRequired: Bool
    /// What holds when the field is absent.
    var standard: Standard?

    enum Standard: Sendable {
        case text(String)
        case integer(Int)
        case boolean(Bool)
    }

    static func required(_ name: String, _ type: FieldType) -> FieldSchema {
        FieldSchema(name: name, type: type, isRequired: true)
    }

    static func optional(_ name: String, _ type: FieldType, standard: Standard? = nil) -> FieldSchema {
        FieldSchema(name: name, type: type, isRequired: false, standard: standard)
    }
}

/// The type of a value, with its bounds.
indirect enum FieldType: Sendable {
    /// One line of text, at most so many characters.
    case line(maximum: Int)
    /// `a-z`, `0-9` and `-`, at most 40, beginning with a letter or digit.
    case identifier
    /// A path, absolute or relative to the file it stands in.
    case path
    /// `http://` or `https://` with a host.
    case url(secure: Bool)
    case digits(maximum: Int)
    /// Anything that `DeviceAddress` reads.
    case deviceAddress
    /// An age X25519 recipient.
    case ageRecipient
    case integer(ClosedRange<Int>)
    case number(ClosedRange<Double>)
    case boolean
    case word([String])
    /// A text in every language of the kiosk.
    case localized(maximum: Int)
    case list(FieldType, count: ClosedRange<Int>)
    case object(ObjectSchema)
    /// Free names with one line of text each.
    case dictionary(maximum: Int)
}
