/// Numbers of persons: GB 11643, and the J and Y cards that follow it.
public enum CitizenNumber {
    private static let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    private static let characters = Array("10X98765432".utf8)

    /// Whether an 18-character number ends in the check character that MOD 11-2 gives for its 17 digits.
    ///
    /// Nothing else is checked: region codes are abolished and renewed, and the SAM vouches for the card.
    public static func hasRightCheckCharacter(_ number: String) -> Bool {
        let bytes = Array(number.utf8)
        guard bytes.count == 18, let expected = checkCharacter(bytes.prefix(17)) else { return false }
        return bytes[17] == expected
    }

    /// The check character for 17 digits, `nil` for anything else.
    static func checkCharacter(_ digits: some Collection<UInt8>) -> UInt8? {
        guard digits.count == weights.count else { return nil }
        var sum = 0
        for (digit, weight) in zip(digits, weights) {
            guard (0x30...0x39).contains(digit) else { return nil }
            sum += Int(digit - 0x30) * weight
        }
        return characters[sum % 11]
    }
}
