/// What probing for a card that was read brought, one probe after the other.
///
/// "An error twice in a row: removed" (docs/devices/id-cards.md). Silence is the line's fault and says nothing of the card,
/// unless it lasts: some readers do not answer a probe at all when nothing lies there. Each kind counts in a row: a miss
/// ends a run of silences, and the other way round.
struct PresenceProbes: Equatable {
    static let missesUntilRemoved = 2
    static let silencesUntilRemoved = 5

    private var misses = 0
    private var silences = 0

    /// - Parameter isThere: `nil` when no answer came.
    mutating func note(_ isThere: Bool?) {
        switch isThere {
        case true?: self = PresenceProbes()
        case false?: (misses, silences) = (misses + 1, 0)
        case nil: (misses, silences) = (0, silences + 1)
        }
    }

    var meanRemoved: Bool { misses >= Self.missesUntilRemoved || silences >= Self.silencesUntilRemoved }
}
