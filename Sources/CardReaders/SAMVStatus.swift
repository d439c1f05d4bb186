import HallModel

/// SW3 of a SAM_V reply. Source: the status table of docs/devices/id-cards.md.
public struct SAMVStatus: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The byte as it comes, also one that no table has.
    public let rawValue: UInt8
    /// Any byte is a status.
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// Any byte is a status.
    public init(_ rawValue: UInt8) { self.rawValue = rawValue }

    /// Done.
    public static let success = SAMVStatus(0x90)
    /// *Find*: a card lies in the field.
    public static let cardFound = SAMVStatus(0x9F)
    /// *Find*: none lies there, or the one that does was read already. No error.
    public static let findFailed = SAMVStatus(0x80)
    /// *Select*: the card that was found could not be selected.
    public static let selectFailed = SAMVStatus(0x81)
    /// Done, and the card has nothing of the kind: no newest address.
    public static let noContent = SAMVStatus(0x91)
    /// The SAM found the check byte of our frame wrong.
    public static let checksumSeenWrong = SAMVStatus(0x10)
    /// The SAM found the length of our frame wrong.
    public static let lengthSeenWrong = SAMVStatus(0x11)
    /// A command that the SAM does not have.
    public static let badCommand = SAMVStatus(0x21)
    /// A command that this SAM may not carry out.
    public static let notPermitted = SAMVStatus(0x23)
    /// A command that was not understood; taken for a fault of the card.
    public static let unknownCommand = SAMVStatus(0x24)
    /// The card does not accept this SAM.
    public static let cardRefusedSAM = SAMVStatus(0x31)
    /// The SAM does not accept this card.
    public static let samRefusedCard = SAMVStatus(0x32)
    /// What the card holds fails its own check.
    public static let dataCheckFailed = SAMVStatus(0x33)
    /// A card of another kind than the SAM reads.
    public static let unknownCardType = SAMVStatus(0x40)
    /// The card could not be read.
    public static let readFailed = SAMVStatus(0x41)
    /// The SAM has no random number.
    public static let randomNumberFailed = SAMVStatus(0x47)
    /// The SAM failed its own test.
    public static let selfTestFailed = SAMVStatus(0x60)
    /// The SAM has no authorisation to read cards; no repetition helps.
    public static let notAuthorised = SAMVStatus(0x66)

    /// What a status means for what to do next.
    public enum Meaning: Sendable, Hashable {
        /// Done, or a card was found.
        case ok
        /// Nothing lies there: no error.
        case noCard
        /// Try again from *find*.
        case retry
        /// Good, and nothing in it.
        case empty
        /// The SAM got our bytes wrong: send again, once.
        case transport
        /// The SAM does not know or allow the command.
        case unsupported
        /// The card: take it away and place it again.
        case card
        /// A card of another kind.
        case unsupportedCard
        /// The module itself.
        case deviceFault
        /// Not in the table.
        case unknown
    }

    /// The meaning by docs/devices/id-cards.md; `unknown` for every byte that its table has not.
    public var meaning: Meaning {
        switch self {
        case .success, .cardFound: .ok
        case .findFailed: .noCard
        case .selectFailed: .retry
        case .noContent: .empty
        case .checksumSeenWrong, .lengthSeenWrong: .transport
        case .badCommand, .notPermitted: .unsupported
        case .unknownCommand, .cardRefusedSAM, .samRefusedCard, .dataCheckFailed, .readFailed: .card
        case .unknownCardType: .unsupportedCard
        case .randomNumberFailed, .selfTestFailed, .notAuthorised: .deviceFault
        default: .unknown
        }
    }

    /// The problem that a status ends in when trying again did not help; `nil` where it is none.
    public var problem: ProblemCode? {
        switch meaning {
        case .ok, .noCard: nil
        case .retry, .empty, .card: .cardUnreadable
        case .unsupportedCard: .cardUnknownKind
        case .transport: .readerGarbled
        case .unsupported, .unknown: .readerUnsupported
        case .deviceFault: self == .notAuthorised ? .readerNotAuthorised : .readerFault
        }
    }

    /// `status 41`, as in the tables.
    public var description: String {
        let digits = String(rawValue, radix: 16, uppercase: true)
        return "status " + (rawValue < 16 ? "0" : "") + digits
    }
}
