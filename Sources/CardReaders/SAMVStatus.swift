import HallModel

/// SW3 of a SAM_V reply. Source: the status table of docs/devices/id-cards.md.
public struct SAMVStatus: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    public init(_ rawValue: UInt8) { self.rawValue = rawValue }

    public static let success = SAMVStatus(0x90)
    public static let cardFound = SAMVStatus(0x9F)
    public static let findFailed = SAMVStatus(0x80)
    public static let selectFailed = SAMVStatus(0x81)
    public static let noContent = SAMVStatus(0x91)
    public static let checksumSeenWrong = SAMVStatus(0x10)
    public static let lengthSeenWrong = SAMVStatus(0x11)
    public static let badCommand = SAMVStatus(0x21)
    public static let notPermitted = SAMVStatus(0x23)
    public static let unknownCommand = SAMVStatus(0x24)
    public static let cardRefusedSAM = SAMVStatus(0x31)
    public static let samRefusedCard = SAMVStatus(0x32)
    public static let dataCheckFailed = SAMVStatus(0x33)
    public static let unknownCardType = SAMVStatus(0x40)
    public static let readFailed = SAMVStatus(0x41)
    public static let randomNumberFailed = SAMVStatus(0x47)
    public static let selfTestFailed = SAMVStatus(0x60)
    public static let notAuthorised = SAMVStatus(0x66)

    /// What a status means for what to do next.
    public enum Meaning: Sendable, Hashable {
        case ok
        /// Nothing lies there: no error.
        case noCard
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
