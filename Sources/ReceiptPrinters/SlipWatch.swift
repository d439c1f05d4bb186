/// What the sensor of a presenter saw of the slot, and what follows from it for the receipt in hand.
///
/// The sensor sees paper, not whose it is. Only a slip that comes while the slot was seen empty when the receipt began
/// is that receipt's; one that lay there before proves nothing, however it moves.
struct SlipWatch: Sendable, Equatable {
    enum Sight: Sendable { case unknown, empty, lies }

    private struct Receipt: Sendable, Equatable {
        var slotWasEmpty: Bool
        var hasRisen = false
        /// Looks in a row that saw the slip, the printer at rest and every byte handed over.
        var looksAtRest = 0
        var isHandedOver = false
        var isTaken = false
    }

    private(set) var sight = Sight.unknown
    private var receipt: Receipt?

    /// A slip of this receipt was seen, whether or not it still lies there.
    var hasRisen: Bool { receipt?.hasRisen ?? false }
    /// Seen twice in a row with the printer at rest after the last byte: what hangs there comes out no further.
    var liesAtRest: Bool { (receipt?.looksAtRest ?? 0) >= 2 }
    /// A slip that comes now can be told from one that lay there before.
    var canProve: Bool { receipt?.slotWasEmpty ?? false }

    /// - Parameter otherMayCome: something else than this receipt's slip may still come into the slot.
    mutating func beginReceipt(otherMayCome: Bool = false) {
        receipt = Receipt(slotWasEmpty: sight == .empty && !otherMayCome)
    }

    /// The last byte of the receipt was handed over.
    mutating func handedOver() {
        receipt?.isHandedOver = true
        receipt?.looksAtRest = 0
    }

    /// - Returns: whether this receipt's own slip was seen and has gone again.
    mutating func endReceipt() -> Bool {
        defer { receipt = nil }
        return receipt?.isTaken ?? false
    }

    /// Takes in one look.
    /// - Returns: whether a slip was taken, to be told at once; during a receipt its end tells.
    mutating func see(lies: Bool, isAtWork: Bool) -> Bool {
        let hasGone = sight == .lies && !lies
        sight = lies ? .lies : .empty
        guard var seen = receipt else { return hasGone }
        if lies, seen.slotWasEmpty {
            seen.hasRisen = true
            seen.isTaken = false
            seen.looksAtRest = seen.isHandedOver && !isAtWork ? seen.looksAtRest + 1 : 0
        } else {
            if hasGone { seen.isTaken = seen.hasRisen }
            seen.looksAtRest = 0
        }
        receipt = seen
        return false
    }

    /// The printer does not tell any more: a slip that is not seen later was not seen to go.
    mutating func lost() {
        sight = .unknown
        receipt?.slotWasEmpty = false
    }
}
