/// What an identity-card reader found on a card, as read, with nothing guessed.
///
/// Text is what the card carries, trimmed of trailing padding only. Fields that a kind of card does not
/// have are `nil`. Source of the layouts: `docs/devices/id-cards.md`.
public struct IdentityDocument: Sendable, Equatable, Codable {
    /// The kind, told by byte 248 of the text area.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        /// 居民身份证: type byte is a space.
        case resident
        /// 外国人永久居留身份证 of 2017: type byte `I`.
        case foreigner2017
        /// 外国人永久居留身份证 of 2023: type byte `Y`.
        case foreigner2023
        /// 港澳台居民居住证: type byte `J`.
        case hongKongMacaoTaiwan
        /// A type byte that no layout names: only `rawText` is filled.
        case unknown
    }

    /// 性别 by GB/T 2261.1, as on the card: 0 unknown, 1 male, 2 female, 9 not stated.
    public enum Sex: String, Sendable, Codable {
        case unknown = "0"
        case male = "1"
        case female = "2"
        case notStated = "9"
    }

    /// Decides which of the fields below a card has.
    public var kind: Kind
    /// Chinese name, or the whole name on cards that carry one only; empty for `.unknown`. May hold rare and
    /// private-use characters.
    public var name: String
    /// English name of `I` and `Y` cards.
    public var englishName: String?
    /// `.unknown` also where the card's text is none of the four codes.
    public var sex: Sex
    /// GB/T 3304 code `01`…`56`, `97`, `98`; resident cards only.
    public var ethnicityCode: String?
    /// Date of birth; `nil` when the card's text is not a date.
    public var birth: CalendarDate?
    /// 住址 of resident and `J` cards as printed, without 最新住址; `nil` when blank.
    public var address: String?
    /// The number that identifies the person (GB 11643 or its relatives). Empty for `.unknown`.
    public var number: String
    /// 签发机关 of resident and `J` cards; `nil` when blank.
    public var issuer: String?
    /// 有效期限.
    public var validity: Validity
    /// 最新住址, written on the card after issue.
    public var newestAddress: String?
    /// `J`: 通行证号码, at most 9 characters.
    public var passNumber: String?
    /// `J`: 签发次数, at most 2 characters.
    public var issueCount: String?
    /// `I` and `Y`: nationality, ISO 3166-1 alpha-3.
    public var nationality: String?
    /// `I`: version of the card, at most 2 characters.
    public var version: String?
    /// `I`: code of the authority that issued it, at most 4 characters.
    public var authorityCode: String?
    /// `Y`: how often the card was exchanged, at most 2 characters.
    public var renewals: String?
    /// `Y`: what the card carries of the number of an earlier one, at most 3 characters.
    public var previousNumber: String?
    /// The 256 bytes of text decoded as UTF-16LE, only for `.unknown`.
    public var rawText: String?
    /// Raw WLT photo, at most 1,024 bytes, never decoded here; empty when the reader sent none.
    public var photo: [UInt8]
    /// Flags that a person should know of; none of them refuses the card.
    public var flags: Set<Flag>

    /// `from … to`, both as on the card.
    public struct Validity: Sendable, Equatable, Codable {
        /// First day; `nil` when the card's text is not a date.
        public var from: CalendarDate?
        /// `nil` with `isLongTerm == false` means that the text was not a date.
        public var to: CalendarDate?
        /// 长期: no expiry.
        public var isLongTerm: Bool

        /// Takes the three as they are; a `to` beside `isLongTerm` is not refused.
        public init(from: CalendarDate?, to: CalendarDate?, isLongTerm: Bool) {
            self.from = from
            self.to = to
            self.isLongTerm = isLongTerm
        }
    }

    /// What there is to know of a card beside its text, held against the day of reading. Sorted by name.
    public enum Flag: String, Sendable, Codable, CaseIterable, Comparable {
        /// The last day of validity is past.
        case expired
        /// The first day of validity is still to come.
        case notYetValid
        /// The number's last character is not that of MOD 11-2 (GB 11643). Not asked of `foreigner2017`.
        case checkDigitWrong
        /// 长期: no expiry.
        case longTerm
        /// A date on the card is not a date.
        case dateUnreadable
        /// Text held an unpaired surrogate, shown as U+FFFD.
        case textDamaged

        /// By the raw value's alphabet, so that lists of flags are always in the same order.
        public static func < (left: Flag, right: Flag) -> Bool { left.rawValue < right.rawValue }
    }

    /// A document with what every kind has; what only some kinds have is set afterwards. Nothing is checked.
    public init(
        kind: Kind, name: String, sex: Sex = .unknown, birth: CalendarDate? = nil, number: String,
        validity: Validity = Validity(from: nil, to: nil, isLongTerm: false), photo: [UInt8] = [], flags: Set<Flag> = []
    ) {
        self.kind = kind
        self.name = name
        self.sex = sex
        self.birth = birth
        self.number = number
        self.validity = validity
        self.photo = photo
        self.flags = flags
    }

    /// Same person's same document? Compares kind and number only.
    public func isSameDocument(as other: IdentityDocument) -> Bool { kind == other.kind && number == other.number }
}
