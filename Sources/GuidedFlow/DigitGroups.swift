/// How a number is set so that it can be read and compared: a mobile number 3-4-4, anything else in fours.
public enum DigitGroups {
    /// Sizes of the groups of a number of at most `maximum` digits, in order; they add up to `maximum`.
    public static func sizes(maximum: Int) -> [Int] {
        var sizes: [Int] = []
        var rest = maximum
        while rest > 0 {
            let size = min(rest, maximum == 11 && sizes.isEmpty ? 3 : 4)
            sizes.append(size)
            rest -= size
        }
        return sizes
    }

    /// The digits with a space between groups.
    static func text(_ digits: String, maximum: Int) -> String {
        var rest = Substring(digits)
        var groups: [Substring] = []
        for size in sizes(maximum: max(maximum, digits.count)) where !rest.isEmpty {
            groups.append(rest.prefix(size))
            rest = rest.dropFirst(size)
        }
        return groups.joined(separator: " ")
    }
}
