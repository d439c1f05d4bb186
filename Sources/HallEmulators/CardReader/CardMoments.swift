/// What a reader makes of two cards that lie on it at once.
///
/// The notes do not say which answer a module gives; the values of the status table that fit are all here, and which of
/// them a real module gives is a guess: two cards that answer together spoil each other's answers, so the first is the
/// likeliest.
public enum CardCollision: String, Sendable, Codable, CaseIterable {
    /// *Find* answers 80, as if no card were there.
    case findFails
    /// *Find* sees something, *select* answers 81.
    case selectFails
    /// *Select* answers 31, the card refused the module.
    case cardRefuses
    /// *Select* answers 32, the module refused the card.
    case moduleRefuses
    /// *Read* answers 33, what was read is not consistent.
    case dataCheckFails

    /// What *select* answers, when it is spoiled.
    var selectStatus: UInt8? {
        switch self {
        case .selectFails: 0x81
        case .cardRefuses: 0x31
        case .moduleRefuses: 0x32
        case .findFails, .dataCheckFails: nil
        }
    }
}

/// The moment at which a hand takes the card away, once.
public enum CardPullMoment: String, Sendable, Codable, CaseIterable {
    /// After *find* was answered: *select* fails.
    case afterFind
    /// After *select* was answered: *read* fails.
    case afterSelect
    /// While the module reads the card: *read* answers 41.
    case midRead
    /// While the reply crosses the wire. The module has it whole, so it arrives whole; the card is gone.
    case midReply
}
