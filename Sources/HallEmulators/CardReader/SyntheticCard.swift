/// An identity card of a person who does not exist, as it lies in the wallet of the emulated hall.
///
/// All people are synthetic and belong to the region 999999, which no real person's number has.
public struct SyntheticCard: Sendable, Identifiable {
    /// The four kinds of card that a SAM_V reader reads, and one that it does not know.
    public enum Kind: String, Sendable, Codable {
        /// Resident's identity card (type byte: a space).
        case resident
        /// Residence permit of Hong Kong, Macao and Taiwan residents ("J").
        case hongKongMacaoTaiwan
        /// Foreigner's permanent residence card of 2017 ("I").
        case foreigner2017
        /// Foreigner's permanent residence card of 2023 ("Y").
        case foreigner2023
        /// A type byte that no table knows.
        case unknown
    }

    /// The name used by the HTTP API: `zhang`, `rare-surname`, …
    public let id: String
    /// Whose layout its text has.
    public let kind: Kind
    /// What is special about the card, in one line for the desk.
    public let note: String
    /// Name as printed, for the desk's picture.
    public let name: String
    /// Number as printed.
    public let number: String
    /// Birth day, `YYYYMMDD`.
    public let birth: String
    /// First day of validity as printed, `YYYYMMDD`.
    public let validFrom: String
    /// Last day of validity as printed, `YYYYMMDD` or 长期.
    public let validTo: String
    /// 256 bytes, UTF-16LE, by the layout of the kind.
    public let text: [UInt8]
    /// 1024 bytes in place of a WLT picture: pseudo-random, the same each time, and with a frame preamble inside.
    public let photo: [UInt8]
    /// 1024 bytes, or none when the card carries no fingerprints.
    public let fingerprints: [UInt8]
    /// Addresses written on the card later, 70 bytes each, at most four.
    public let additionalAddresses: [[UInt8]]
    /// 28 bytes.
    public let managementNumber: [UInt8]

    init(
        id: String, kind: Kind, note: String, name: String, number: String, birth: String, validFrom: String,
        validTo: String, fields: [CardField], hasFingerprints: Bool = false, additionalAddresses: [String] = []
    ) {
        self.id = id
        self.kind = kind
        self.note = note
        self.name = name
        self.number = number
        self.birth = birth
        self.validFrom = validFrom
        self.validTo = validTo
        text = CardField.layOut(fields, byteCount: 256)
        var noise = DeterministicNoise(seed: id)
        var picture = noise.bytes(1024)
        // A payload may contain the preamble: whoever ends a frame there is wrong, and finds out here.
        picture.replaceSubrange(300..<305, with: SAMVFrame.preamble)
        photo = picture
        fingerprints = hasFingerprints ? noise.bytes(1024) : []
        self.additionalAddresses = additionalAddresses.prefix(4).map {
            CardField.layOut([CardField(0, 70, $0)], byteCount: 70)
        }
        managementNumber = noise.bytes(28)
    }
}

/// One field of the text area: offset and length in bytes, as the layout tables give them.
struct CardField {
    let offset: Int
    let length: Int
    let units: [UInt16]

    init(_ offset: Int, _ length: Int, _ text: String) {
        self.init(offset, length, units: Array(text.utf16))
    }

    /// Code units as they are, also those that are no text.
    init(_ offset: Int, _ length: Int, units: [UInt16]) {
        self.offset = offset
        self.length = length
        self.units = units
    }

    /// Writes fields as UTF-16LE into an area padded with U+0020. A text too long for its field is cut.
    static func layOut(_ fields: [CardField], byteCount: Int) -> [UInt8] {
        var area = [UInt8](repeating: 0, count: byteCount)
        for index in stride(from: 0, to: byteCount, by: 2) { area[index] = 0x20 }
        for field in fields {
            for (index, unit) in field.units.prefix(field.length / 2).enumerated() {
                area[field.offset + 2 * index] = UInt8(truncatingIfNeeded: unit)
                area[field.offset + 2 * index + 1] = UInt8(truncatingIfNeeded: unit >> 8)
            }
        }
        return area
    }
}
