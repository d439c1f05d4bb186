/// Case numbers: a sequence with a check digit, short enough to be read out.
enum CaseNumber {
    /// The first number ever given, without its check digit. `99` keeps development cases apart from a real register.
    static let first: Int64 = 9_900_001

    /// The number of the case with this place in the sequence: at least eight digits, the last by ISO/IEC 7064
    /// MOD 11,10, which finds every single wrong digit and nearly every swap of neighbours.
    static func text(sequence: Int64) -> String {
        let digits = String(sequence)
        return digits + String(checkDigit(digits))
    }

    static func isValid(_ number: String) -> Bool {
        guard (8...12).contains(number.utf8.count), number.utf8.allSatisfy({ (48...57).contains($0) }) else {
            return false
        }
        return checkDigit(String(number.dropLast())) == number.last?.wholeNumberValue
    }

    /// ISO/IEC 7064 MOD 11,10 over decimal digits.
    static func checkDigit(_ digits: String) -> Int {
        var product = 10
        for digit in digits {
            var sum = ((digit.wholeNumberValue ?? 0) + product) % 10
            if sum == 0 { sum = 10 }
            product = sum * 2 % 11
        }
        return (11 - product) % 10
    }
}

/// Short codes that a kiosk prints while the platform cannot be reached.
enum AcceptanceCode {
    static let alphabet = "23456789ABCDEFGHJKMNPQRSTVWXYZ"

    static func isValid(_ code: String) -> Bool {
        code.utf8.count == 8 && code.allSatisfy { alphabet.contains($0) }
    }
}
