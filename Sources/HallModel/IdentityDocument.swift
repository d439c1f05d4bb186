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

    /// GB/T 2261.1 as on the card: 0 unknown, 1 male, 2 female, 9 not stated.
    public enum Sex: String, Sendable, Codable {
        case unknown = "0"
        case male = "1"
        case female = "2"
        case notStated = "9"
    }

    public var kind: Kind
    /// Chinese name, or the whole name on cards that carry one only. May hold rare and private-use characters.
    public var name: String
    /// English name of `I` and `Y` cards.
    public var englishName: String?
    public var sex: Sex
    /// GB/T 3304 code `01`…`56`, `97`, `98`; resident cards only.
    public var ethnicityCode: String?
    /// Date of birth; `nil` when the card's text is not a date.
    public var birth: CalendarDate?
    public var address: String?
    /// The number that identifies the person (GB 11643 or its relatives).
    public var number: String
    public var issuer: String?
    public var validity: Validity
    /// 最新住址, written on the card after issue.
    public var newestAddress: String?
    /// `J`: 通行证号码 and times issued.
    public var passNumber: String?
    public var issueCount: String?
    /// `I` and `Y`: nationality, ISO 3166-1 alpha-3.
    public var nationality: String?
    /// `I`: version and authority code; `Y`: renewals and earlier number.
    public var version: String?
    public var authorityCode: String?
    public var renewals: String?
    public var previousNumber: String?
    /// The 256 bytes of text decoded as UTF-16LE, only for `.unknown`.
    public var rawText: String?
    /// Raw WLT photo, 1024 bytes, never decoded here; empty when the reader sent none.
    public var photo: [UInt8]
    /// Flags that a person should know of; none of them refuses the card.
    public var flags: Set<Flag>

    /// `from … to`, both as on the card.
    public struct Validity: Sendable, Equatable, Codable {
        public var from: CalendarDate?
        /// `nil` with `isLongTerm == false` means that the text was not a date.
        public var to: CalendarDate?
        /// 长期: no expiry.
        public var isLongTerm: Bool

        public init(from: CalendarDate?, to: CalendarDate?, isLongTerm: Bool) {
            self.from = from
            self.to = to
            self.isLongTerm = isLongTerm
        }
    }

    public enum Flag: String, Sendable, Codable, CaseIterable, Comparable {
        case expired
        case notYetValid
        case checkDigitWrong
        case longTerm
        /// A date on the card is not a date.
        case dateUnreadable
        /// Text held an unpaired surrogate, shown as U+FFFD.
        case textDamaged

        public static func < (left: Flag, right: Flag) -> Bool { left.rawValue < right.rawValue }
    }

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
