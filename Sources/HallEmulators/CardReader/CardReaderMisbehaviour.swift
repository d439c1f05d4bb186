/// The ways in which the emulated card reader can go wrong.
public enum CardReaderMisbehaviour: String, Sendable, Codable, CaseIterable {
    case none
    /// Each reply comes in single bytes with small pauses.
    case singleBytes
    /// Three more AA before each reply.
    case extraPreamble
    /// The four bytes after 9F are not 0.
    case nonZeroFind
    /// A reply comes after the driver's time-out, or just before the reply to the next request.
    case staleReply
    /// The checksum of a reply is wrong, once.
    case wrongChecksumOnce
    /// A read answers 41, once.
    case status41Once
    /// No replies at all.
    case silence
    /// The module answers 66.
    case notAuthorised
    /// Random bytes without end, and no replies.
    case endlessNoise
    /// The cable is out: the device node is gone.
    case unplugged

    /// How many replies the mode spoils when nobody says; `nil`: until another mode is set.
    var defaultCount: Int? {
        switch self {
        case .staleReply, .wrongChecksumOnce, .status41Once: 1
        default: nil
        }
    }

    /// Whether the mode spoils this reply (and uses up one of its count).
    func concerns(_ reply: SAMVModule.Reply) -> Bool {
        switch self {
        case .none, .endlessNoise, .unplugged: false
        case .nonZeroFind: reply.isFind
        case .status41Once: reply.isRead
        default: true
        }
    }
}

/// What the card reader looks like from outside.
public struct CardReaderSnapshot: Sendable, Codable, Equatable {
    /// The path a driver opens; `nil` while unplugged.
    public var device: String?
    /// Id of the card that lies on the reader.
    public var card: String?
    /// `waiting`, `found`, `selected` or `read`; `nil` without a card.
    public var phase: String?
    public var misbehaviour: CardReaderMisbehaviour
    /// Replies that the mode will still spoil; `nil`: all.
    public var remaining: Int?
    /// Requests answered since the start.
    public var requests: Int
}
