/// Finds mistyped age X25519 recipients (C2SP age, bech32 as in BIP 173), so that `check-configuration` names the line.
///
/// A slip here would seal residents' papers to nobody. The key itself is taken apart where it is used.
enum AgeRecipientText {
    /// Why `text` is not a recipient; `nil` when it is.
    static func refusal(of text: String) -> String? {
        let bytes = Array(text.utf8)
        guard text.hasPrefix("age1") else {
            return "\(quoted(text)) is not an age recipient: it begins with age1"
        }
        guard bytes.count == 62 else {
            return "\(quoted(text)) is not an age recipient: it has 62 characters, not \(bytes.count)"
        }
        let alphabet = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)
        var values: [UInt32] = [3, 3, 3, 0, 1, 7, 5]  // "age", expanded
        for byte in bytes.dropFirst(4) {
            guard let value = alphabet.firstIndex(of: byte) else {
                return "\(quoted(text)) is not an age recipient: it holds a character that none has"
            }
            values.append(UInt32(value))
        }
        return checksum(values) == 1 ? nil : "\(quoted(text)) is not an age recipient: its check sum is wrong"
    }

    private static func checksum(_ values: [UInt32]) -> UInt32 {
        let generators: [UInt32] = [0x3B6A_57B2, 0x2650_8E6D, 0x1EA1_19FA, 0x3D42_33DD, 0x2A14_62B3]
        var sum: UInt32 = 1
        for value in values {
            let top = sum >> 25
            sum = (sum & 0x1FF_FFFF) << 5 ^ value
            for (bit, generator) in generators.enumerated() where top >> UInt32(bit) & 1 == 1 { sum ^= generator }
        }
        return sum
    }
}
