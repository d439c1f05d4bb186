import HallModel

/// Where a field stands in the 256 bytes of text, in bytes.
public struct CardTextField: Sendable, Hashable {
    /// Fields of all kinds of cards together; `type` is the letter that tells the kinds apart.
    public enum Name: String, Sendable, CaseIterable {
        case name, englishName, englishNameContinued, sex, ethnicity, birth, address, number, issuer, validFrom, validTo
        case newestAddress, passNumber, issueCount, nationality, version, authority, renewals, previousNumber
        case type, reserved
    }

    /// Which field it is.
    public let name: Name
    /// Of its first byte, from 0.
    public let offset: Int
    /// In bytes, padding included; a character of UTF-16 has two.
    public let length: Int
}

/// The text of one kind of card: every byte of the 256 belongs to exactly one field.
///
/// The one place where the layouts stand; decoding and the tests' encoding both go by it.
/// Source: docs/devices/id-cards.md.
public struct CardTextLayout: Sendable, Equatable {
    /// Bytes of text on every card.
    public static let textBytes = 256
    /// Where the type letter stands on every kind of card.
    public static let typeOffset = 248

    /// The kind of card that has this layout.
    public let kind: IdentityDocument.Kind
    /// In the order of the card, without gaps; their lengths add up to 256.
    public let fields: [CardTextField]

    private init(_ kind: IdentityDocument.Kind, _ fields: [(CardTextField.Name, Int)]) {
        self.kind = kind
        var offset = 0
        self.fields = fields.map { name, length in
            defer { offset += length }
            return CardTextField(name: name, offset: offset, length: length)
        }
    }

    /// 居民身份证: its type letter is a space, and lies inside the newest address.
    public static let resident = CardTextLayout(
        .resident,
        [
            (.name, 30), (.sex, 2), (.ethnicity, 4), (.birth, 16), (.address, 70), (.number, 36), (.issuer, 30),
            (.validFrom, 16), (.validTo, 16), (.newestAddress, 36),
        ])

    /// 港澳台居民居住证, type letter J.
    public static let hongKongMacaoTaiwan = CardTextLayout(
        .hongKongMacaoTaiwan,
        [
            (.name, 30), (.sex, 2), (.reserved, 4), (.birth, 16), (.address, 70), (.number, 36), (.issuer, 30),
            (.validFrom, 16), (.validTo, 16), (.passNumber, 18), (.issueCount, 4), (.reserved, 6), (.type, 2),
            (.reserved, 6),
        ])

    /// 外国人永久居留身份证 as issued from 2017, type letter I.
    public static let foreigner2017 = CardTextLayout(
        .foreigner2017,
        [
            (.englishName, 120), (.sex, 2), (.number, 30), (.nationality, 6), (.name, 30), (.validFrom, 16),
            (.validTo, 16), (.birth, 16), (.version, 4), (.authority, 8), (.type, 2), (.reserved, 6),
        ])

    /// 外国人永久居留身份证 as issued from 2023, type letter Y. The number has 18 characters, as a citizen's.
    public static let foreigner2023 = CardTextLayout(
        .foreigner2023,
        [
            (.name, 30), (.sex, 2), (.renewals, 4), (.birth, 16), (.englishName, 70), (.number, 36), (.reserved, 30),
            (.validFrom, 16), (.validTo, 16), (.englishNameContinued, 22), (.nationality, 6), (.type, 2),
            (.previousNumber, 6),
        ])

    /// Every kind that is known; each has another type letter.
    public static let all = [resident, hongKongMacaoTaiwan, foreigner2017, foreigner2023]

    /// The layout that a text of 256 bytes names by its type letter; `nil` for a letter that none has.
    public static func named(by text: [UInt8]) -> CardTextLayout? {
        guard text.count == textBytes else { return nil }
        switch UInt16(text[typeOffset]) | UInt16(text[typeOffset + 1]) << 8 {
        case 0x20: return .resident
        case 0x49: return .foreigner2017
        case 0x4A: return .hongKongMacaoTaiwan
        case 0x59: return .foreigner2023
        default: return nil
        }
    }

    /// The field of this name, `nil` when this kind of card has none. Not for `.reserved`, of which there are many.
    public subscript(name: CardTextField.Name) -> CardTextField? { fields.first { $0.name == name } }
}
