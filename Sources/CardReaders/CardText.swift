/// Text of a card: UTF-16 little-endian, padded at its end.
struct CardText: Sendable, Equatable {
    /// With U+FFFD for every unpaired surrogate, without trailing U+0020 and U+0000. Inner spaces are the name's.
    let text: String
    /// There was an unpaired surrogate, or an odd byte.
    let isDamaged: Bool

    init(_ bytes: some Collection<UInt8>) {
        var units: [UInt16] = []
        units.reserveCapacity(bytes.count / 2)
        var low: UInt8?
        for byte in bytes {
            if let first = low {
                units.append(UInt16(first) | UInt16(byte) << 8)
                low = nil
            } else {
                low = byte
            }
        }
        while let last = units.last, last == 0x20 || last == 0 { units.removeLast() }
        text = String(decoding: units, as: UTF16.self)
        isDamaged = low != nil || Self.hasUnpairedSurrogate(units)
    }

    private static func hasUnpairedSurrogate(_ units: [UInt16]) -> Bool {
        var index = 0
        while index < units.count {
            if UTF16.isLeadSurrogate(units[index]), index + 1 < units.count, UTF16.isTrailSurrogate(units[index + 1]) {
                index += 2
            } else if UTF16.isSurrogate(units[index]) {
                return true
            } else {
                index += 1
            }
        }
        return false
    }
}
