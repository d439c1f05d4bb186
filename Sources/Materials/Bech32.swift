/// Bech32 (BIP 173) without its limit of 90 characters, as the age format uses it for keys.
enum Bech32 {
    private static let alphabet = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)
    /// Longest text that is looked at; age keys have 62 and 74 characters.
    static let maximumLength = 200

    /// Splits a text into its human-readable part, as written, and its bytes.
    static func decode(_ text: some StringProtocol) throws(AgeError) -> (prefix: String, bytes: [UInt8]) {
        let characters = Array(text.utf8.prefix(maximumLength + 1))
        guard characters.count <= maximumLength else { throw .badKey(reason: "it is too long") }
        guard characters.allSatisfy({ (33...126).contains($0) }) else {
            throw .badKey(reason: "it contains a character that no key has")
        }
        let hasLower = characters.contains { (97...122).contains($0) }
        let hasUpper = characters.contains { (65...90).contains($0) }
        guard !(hasLower && hasUpper) else { throw .badKey(reason: "it mixes small and capital letters") }
        guard let separator = characters.lastIndex(of: UInt8(ascii: "1")), separator > 0,
            characters.count - separator - 1 >= 6
        else { throw .badKey(reason: "it has no separator or is too short") }

        let prefix = characters[..<separator]
        var values: [UInt8] = []
        for character in characters[(separator + 1)...] {
            let small = (65...90).contains(character) ? character + 32 : character
            guard let value = alphabet.firstIndex(of: small) else {
                throw .badKey(reason: "it contains a character that no key has")
            }
            values.append(UInt8(value))
        }
        let smallPrefix = prefix.map { (65...90).contains($0) ? $0 + 32 : $0 }
        guard checksum(of: expand(smallPrefix) + values) == 1 else {
            throw .badKey(reason: "its check characters are wrong")
        }
        return (String(decoding: prefix, as: UTF8.self), try bytes(from: values.dropLast(6)))
    }

    /// The text of `bytes` under a lower-case human-readable part.
    static func encode(prefix: String, bytes: some Sequence<UInt8>) -> String {
        var values: [UInt8] = []
        var accumulator: UInt32 = 0
        var bits = 0
        for byte in bytes {
            accumulator = (accumulator << 8 | UInt32(byte)) & 0xFFFF
            bits += 8
            while bits >= 5 {
                bits -= 5
                values.append(UInt8(accumulator >> UInt32(bits) & 31))
            }
        }
        if bits > 0 { values.append(UInt8(accumulator << UInt32(5 - bits) & 31)) }
        let remainder = checksum(of: expand(Array(prefix.utf8)) + values + [0, 0, 0, 0, 0, 0]) ^ 1
        for index in 0..<6 { values.append(UInt8(remainder >> UInt32(5 * (5 - index)) & 31)) }
        return prefix + "1" + String(decoding: values.map { alphabet[Int($0)] }, as: UTF8.self)
    }

    private static func bytes(from values: ArraySlice<UInt8>) throws(AgeError) -> [UInt8] {
        var result: [UInt8] = []
        var accumulator: UInt32 = 0
        var bits = 0
        for value in values {
            accumulator = (accumulator << 5 | UInt32(value)) & 0xFFF
            bits += 5
            if bits >= 8 {
                bits -= 8
                result.append(UInt8(accumulator >> UInt32(bits) & 0xFF))
            }
        }
        guard bits < 5, accumulator & ((1 << UInt32(bits)) - 1) == 0 else {
            throw .badKey(reason: "its last character is wrong")
        }
        return result
    }

    private static func expand(_ prefix: [UInt8]) -> [UInt8] {
        prefix.map { $0 >> 5 } + [0] + prefix.map { $0 & 31 }
    }

    private static func checksum(of values: [UInt8]) -> UInt32 {
        let generators: [UInt32] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3]
        var sum: UInt32 = 1
        for value in values {
            let top = sum >> 25
            sum = (sum & 0x1ff_ffff) << 5 ^ UInt32(value)
            for (bit, generator) in generators.enumerated() where top >> UInt32(bit) & 1 == 1 { sum ^= generator }
        }
        return sum
    }
}
