/// The code that a receipt carries when the platform has not answered yet; the platform resolves it to the case later.
///
/// Eight characters that people do not confuse when they read or say them. The last one is a check character by
/// ISO/IEC 7064 (hybrid system MOD 31,30): every wrong character and nearly every swap of two neighbours is noticed.
public enum AcceptanceCode {
    /// Characters of a code, the check character included.
    public static let length = 8
    static let alphabet = Array("23456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    /// A new code: 30^7 possible ones, about 2·10^10.
    public static func random() -> String {
        var generator = SystemRandomNumberGenerator()
        return random(using: &generator)
    }

    /// The same with random numbers of the caller's; for tests.
    public static func random(using generator: inout some RandomNumberGenerator) -> String {
        var values = (1..<length).map { _ in Int.random(in: 0..<alphabet.count, using: &generator) }
        // The check value makes the last step of the sum come to 1.
        values.append((alphabet.count + 1 - carry(of: values)) % alphabet.count)
        return String(decoding: values.map { alphabet[$0] }, as: UTF8.self)
    }

    /// Is this a code as a kiosk makes them, without spaces, capital letters?
    public static func isValid(_ text: String) -> Bool {
        let values = text.utf8.prefix(length + 1).compactMap { alphabet.firstIndex(of: $0) }
        guard values.count == length, text.utf8.count == length, let check = values.last else { return false }
        return (carry(of: values.dropLast()) + check) % alphabet.count == 1
    }

    private static func carry(of values: some Sequence<Int>) -> Int {
        let size = alphabet.count
        return values.reduce(size) { carry, value in
            let sum = (carry + value) % size
            return (sum == 0 ? size : sum) * 2 % (size + 1)
        }
    }
}
