/// Bytes that look random and are the same for the same seed on every machine (SplitMix64).
struct DeterministicNoise: RandomNumberGenerator {
    private var state: UInt64

    init(seed: String) {
        state = seed.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next() >> 32) }
    }

    /// Flips a bit in one byte of so many, and in one at least.
    mutating func garble(_ bytes: [UInt8], oneIn rate: UInt64) -> [UInt8] {
        guard !bytes.isEmpty else { return bytes }
        var garbled = bytes
        for index in garbled.indices where next() % rate == 0 { garbled[index] ^= 1 << UInt8(next() % 8) }
        if garbled == bytes { garbled[Int(next() % UInt64(bytes.count))] ^= 1 << UInt8(next() % 8) }
        return garbled
    }
}
