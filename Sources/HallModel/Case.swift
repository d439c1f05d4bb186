/// The identity of a case, material or document on the kiosk: a UUIDv7 in lower-case text, made once, never reused. It
/// is the idempotency key towards the platform.
public struct ItemID: RawRepresentable, Hashable, Sendable, Codable, CustomStringConvertible {
    /// 36 characters in lower case: 8-4-4-4-12 hexadecimal digits.
    public let rawValue: String

    /// Fails unless `rawValue` is a lower-case RFC 9562 UUID (8-4-4-4-12 hexadecimal digits).
    public init?(rawValue: String) {
        let bytes = Array(rawValue.utf8)
        guard bytes.count == 36 else { return nil }
        for (index, byte) in bytes.enumerated() {
            if [8, 13, 18, 23].contains(index) {
                guard byte == UInt8(ascii: "-") else { return nil }
            } else {
                guard (48...57).contains(byte) || (97...102).contains(byte) else { return nil }
            }
        }
        self.rawValue = rawValue
    }

    /// A new UUIDv7 (RFC 9562 section 5.7) from Unix milliseconds and 74 random bits.
    public init(unixMilliseconds: UInt64, using generator: inout some RandomNumberGenerator) {
        let high = (unixMilliseconds << 16) | 0x7000 | (generator.next() & 0x0FFF)
        let low = (generator.next() & 0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0000_0000_0000
        func hex(_ value: UInt64, _ digits: Int) -> String {
            let text = String(value, radix: 16)
            return String(repeating: "0", count: digits - text.count) + text
        }
        let text = hex(high, 16) + hex(low, 16)
        var parts: [Substring] = []
        var rest = text[...]
        for length in [8, 4, 4, 4, 12] {
            parts.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        rawValue = parts.joined(separator: "-")
    }

    /// The UUID as written.
    public var description: String { rawValue }

    /// A JSON string; anything but a lower-case UUID is refused.
    /// - Throws: `DecodingError.dataCorrupted` for a string that is no UUID in lower case.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let id = ItemID(rawValue: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a lower-case UUID")
        }
        self = id
    }

    /// Writes the UUID as one string.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}

/// One case of the resident's own, as the platform tells it (办件进度查询): its words in every language that the platform
/// has them in.
public struct CaseSummary: Sendable, Equatable, Codable {
    /// Case number as the platform writes it: 8…12 digits by its interface (docs/api/platform.yaml, `CaseNumber`), not
    /// held to that here. Screens show it `inGroupsOfFour`.
    public var number: String
    /// Official name of the service item, as the platform words it.
    public var itemTitle: LocalizedText
    /// The platform's word for the state, shown as it is: "审核中".
    public var status: LocalizedText
    /// Day of acceptance.
    public var acceptedOn: CalendarDate?
    /// What the resident should know or do, where the status alone does not say it.
    public var detail: LocalizedText?

    /// Takes the platform's words as they are; nothing is checked.
    public init(
        number: String, itemTitle: LocalizedText, status: LocalizedText, acceptedOn: CalendarDate?,
        detail: LocalizedText? = nil
    ) {
        self.number = number
        self.itemTitle = itemTitle
        self.status = status
        self.acceptedOn = acceptedOn
        self.detail = detail
    }
}
