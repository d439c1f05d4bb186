import Foundation

/// Repeatable random numbers for property tests (SplitMix64).
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    /// What it was made with.
    public let seed: UInt64
    private var state: UInt64

    /// The same seed gives the same numbers.
    public init(seed: UInt64) {
        self.seed = seed
        state = seed
    }

    /// New random numbers in every run, the same ones again with `HALLKIOSK_SEED`. The seed is printed before the test
    /// does anything: a trap must not take it along.
    public init(printedAs test: String = #function) {
        let given = ProcessInfo.processInfo.environment["HALLKIOSK_SEED"].flatMap { UInt64($0) }
        self.init(seed: given ?? UInt64.random(in: 0 ... .max))
        print("seed of \(test): \(seed)")
    }

    /// The next 64 bits of SplitMix64.
    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// Random bytes.
    public mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) }
    }

    /// `bytes` cut into pieces of 1 … `longest`, in order.
    public mutating func pieces<Bytes: Collection<UInt8>>(of bytes: Bytes, longest: Int) -> [Bytes.SubSequence] {
        var pieces: [Bytes.SubSequence] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1...longest, using: &self))
            pieces.append(piece)
            rest = rest.dropFirst(piece.count)
        }
        return pieces
    }
}
