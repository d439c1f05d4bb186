import ByteTransports

/// What a SAM_V module can be asked. Source: the command table of docs/devices/id-cards.md.
public enum SAMVCommand: Sendable, Hashable {
    /// Starts the SAM anew and switches the field off and on: a card that lies there can be found again.
    case resetSAM
    /// Whether the SAM is well: 90 when it is.
    case status
    /// The number of the module, 16 bytes: see ``SAMVNumber``.
    case samNumber
    /// Whether a card came into the field. After a good read it is found again only when it has left.
    case findCard
    /// Picks the card that was found; to be asked before anything is read of it.
    case selectCard
    /// Text and photo.
    case readText
    /// Text, photo and fingerprints.
    case readTextAndFingerprints
    /// Newest address (最新住址); also tells whether a card that was read still lies there.
    case readNewAddress
    /// A number of the card's management; asked only to see whether a card that was read still lies there.
    case readManagementNumber
    /// The longest piece that goes over the air, in bytes; 0x50 is the usual one.
    case setMaximumRFBytes(UInt8)
    /// Serial speed: 0 is 115200, then 57600, 38400, 19200, 4 is 9600 bit/s.
    case setSpeed(UInt8)

    /// CMD, PARA and data.
    public var body: [UInt8] {
        switch self {
        case .resetSAM: [0x10, 0xFF]
        case .status: [0x11, 0xFF]
        case .samNumber: [0x12, 0xFF]
        case .findCard: [0x20, 0x01]
        case .selectCard: [0x20, 0x02]
        case .readText: [0x30, 0x01]
        case .readTextAndFingerprints: [0x30, 0x10]
        case .readNewAddress: [0x30, 0x03]
        case .readManagementNumber: [0x30, 0x05]
        case .setMaximumRFBytes(let count): [0x61, 0xFF, count]
        case .setSpeed(let index): [0x60, index]
        }
    }

    /// The whole frame of the command, ready for the line.
    public var encoded: [UInt8] { SAMVFrame.encode(body) }

    /// `11 FF`, for evidence.
    public var name: String {
        Recording.hexadecimal(body.prefix(2))
    }

    /// Whether a reply can be the answer to this command. One that cannot is a late answer to an earlier command:
    /// the protocol has no sequence number.
    public func canBeAnswered(by reply: SAMVReply) -> Bool {
        let bytes = reply.payload.count
        switch reply.status {
        case .cardFound: return self == .findCard
        case .findFailed, .selectFailed, .unknownCardType, .readFailed, .cardRefusedSAM, .samRefusedCard,
            .dataCheckFailed, .noContent:
            return isAboutCard
        case .success:
            return switch self {
            case .resetSAM, .status, .setMaximumRFBytes, .setSpeed: bytes == 0
            case .samNumber: bytes == 16
            case .findCard: false
            case .selectCard: bytes == 8
            case .readText, .readTextAndFingerprints: bytes > Self.longestAddition
            case .readNewAddress, .readManagementNumber: bytes <= Self.longestAddition && bytes != 8 && bytes != 16
            }
        default: return true
        }
    }

    private var isAboutCard: Bool {
        switch self {
        case .resetSAM, .status, .samNumber, .setMaximumRFBytes, .setSpeed: false
        case .findCard, .selectCard, .readText, .readTextAndFingerprints, .readNewAddress, .readManagementNumber:
            true
        }
    }

    /// Four additional addresses of 70 bytes each.
    private static let longestAddition = 280
}
