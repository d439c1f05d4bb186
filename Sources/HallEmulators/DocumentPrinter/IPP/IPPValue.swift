/// One value of an IPP attribute (RFC 8010 section 3.9, RFC 8011 section 5.1).
indirect enum IPPValue: Equatable, Sendable {
    case integer(Int32)
    case boolean(Bool)
    case enumeration(Int32)
    case octets([UInt8])
    /// The 11 octets of RFC 2579's DateAndTime.
    case dateTime([UInt8])
    /// Cross-feed and feed resolution; units 3 are dots per inch.
    case resolution(Int32, Int32, units: UInt8)
    case range(Int32, Int32)
    case collection([IPPAttribute])
    case text(String)
    case name(String)
    case keyword(String)
    case uri(String)
    case uriScheme(String)
    case charset(String)
    case language(String)
    case mimeType(String)
    /// `unsupported` 0x10, `unknown` 0x12, `no-value` 0x13.
    case outOfBand(UInt8)
    /// A syntax that this printer does not know, as it came.
    case other(tag: UInt8, [UInt8])

    static let noValue = IPPValue.outOfBand(0x13)

    var tag: UInt8 {
        switch self {
        case .integer: 0x21
        case .boolean: 0x22
        case .enumeration: 0x23
        case .octets: 0x30
        case .dateTime: 0x31
        case .resolution: 0x32
        case .range: 0x33
        case .collection: 0x34
        case .text: 0x41
        case .name: 0x42
        case .keyword: 0x44
        case .uri: 0x45
        case .uriScheme: 0x46
        case .charset: 0x47
        case .language: 0x48
        case .mimeType: 0x49
        case .outOfBand(let tag): tag
        case .other(let tag, _): tag
        }
    }

    /// The text of any syntax that is one.
    var string: String? {
        switch self {
        case .text(let text), .name(let text), .keyword(let text), .uri(let text), .uriScheme(let text),
            .charset(let text), .language(let text), .mimeType(let text):
            text
        default: nil
        }
    }

    var number: Int? {
        switch self {
        case .integer(let value), .enumeration(let value): Int(value)
        default: nil
        }
    }

    /// Reads a value; `nil` when its bytes do not fit its syntax. Collections are read by the decoder.
    init?(tag: UInt8, bytes: ArraySlice<UInt8>) {
        func word(_ offset: Int) -> Int32 {
            Int32(truncatingIfNeeded: bytes.dropFirst(offset).prefix(4).reduce(0) { $0 << 8 | Int($1) })
        }
        switch tag {
        case 0x21 where bytes.count == 4: self = .integer(word(0))
        case 0x22 where bytes.count == 1: self = .boolean(bytes.first != 0)
        case 0x23 where bytes.count == 4: self = .enumeration(word(0))
        case 0x30: self = .octets(Array(bytes))
        case 0x31 where bytes.count == 11: self = .dateTime(Array(bytes))
        case 0x32 where bytes.count == 9: self = .resolution(word(0), word(4), units: bytes.last ?? 3)
        case 0x33 where bytes.count == 8: self = .range(word(0), word(4))
        case 0x21...0x23, 0x31...0x33: return nil
        case 0x35, 0x36:
            // textWithLanguage, nameWithLanguage: two lengths inside; the language is not kept.
            guard bytes.count >= 4 else { return nil }
            let languageLength = bytes.prefix(2).reduce(0) { $0 << 8 | Int($1) }
            let rest = bytes.dropFirst(2 + languageLength)
            guard rest.count >= 2, rest.count == 2 + rest.prefix(2).reduce(0, { $0 << 8 | Int($1) }) else { return nil }
            let text = String(decoding: rest.dropFirst(2), as: UTF8.self)
            self = tag == 0x35 ? .text(text) : .name(text)
        case 0x41: self = .text(String(decoding: bytes, as: UTF8.self))
        case 0x42: self = .name(String(decoding: bytes, as: UTF8.self))
        case 0x44: self = .keyword(String(decoding: bytes, as: UTF8.self))
        case 0x45: self = .uri(String(decoding: bytes, as: UTF8.self))
        case 0x46: self = .uriScheme(String(decoding: bytes, as: UTF8.self))
        case 0x47: self = .charset(String(decoding: bytes, as: UTF8.self))
        case 0x48: self = .language(String(decoding: bytes, as: UTF8.self))
        case 0x49: self = .mimeType(String(decoding: bytes, as: UTF8.self))
        case 0x10...0x1F: self = .outOfBand(tag)
        default: self = .other(tag: tag, Array(bytes))
        }
    }

    /// The value's octets, without tag and lengths; a collection has none.
    var bytes: [UInt8] {
        func word(_ value: Int32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> Int32(24 - 8 * $0)) } }
        switch self {
        case .integer(let value), .enumeration(let value): return word(value)
        case .boolean(let value): return [value ? 1 : 0]
        case .octets(let bytes), .dateTime(let bytes), .other(_, let bytes): return bytes
        case .resolution(let cross, let feed, let units): return word(cross) + word(feed) + [units]
        case .range(let low, let high): return word(low) + word(high)
        case .collection, .outOfBand: return []
        default: return Array((string ?? "").utf8)
        }
    }
}

/// A named attribute with its values, in order.
struct IPPAttribute: Equatable, Sendable {
    var name: String
    var values: [IPPValue]

    init(_ name: String, _ values: IPPValue...) { self.init(name, values) }

    init(_ name: String, _ values: [IPPValue]) {
        self.name = name
        self.values = values
    }

    init(_ name: String, keywords: [String]) { self.init(name, keywords.map { .keyword($0) }) }
}
