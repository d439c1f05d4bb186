/// The ways in which the emulated card reader can go wrong.
public enum CardReaderMisbehaviour: String, Sendable, Codable, CaseIterable {
    case none
    /// Each reply comes in single bytes with small pauses.
    case singleBytes
    /// The line carries a tenth of what it should.
    case slow
    /// Bits of the replies are flipped.
    case garbled
    /// A reply ends in its middle.
    case cutShort
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
    /// Id of a second card that lies there too.
    public var second: String?
    /// What the reader makes of two cards.
    public var collision: CardCollision
    /// The moment at which the card will be pulled away, if one is set.
    public var pullMoment: CardPullMoment?
    /// `waiting`, `found`, `selected` or `read`; `nil` without a card.
    public var phase: String?
    /// How the reader goes wrong now.
    public var misbehaviour: CardReaderMisbehaviour
    /// Replies that the mode will still spoil; `nil`: all.
    public var remaining: Int?
    /// Requests answered since the start.
    public var requests: Int
}
