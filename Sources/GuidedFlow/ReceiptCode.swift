/// The text of a receipt's QR code: `HK1:N:<case number>` or `HK1:A:<acceptance code>`.
///
/// Names one case and nobody. Anything else that a code reader may bring is none.
public enum ReceiptCode {
    /// Case numbers and acceptance codes are at most this long.
    static let maximumLength = 64

    /// The code without what is around it, or `nil` when the text is no receipt's.
    public static func read(_ text: String) -> String? {
        var text = Substring(text)
        while let last = text.unicodeScalars.last, last.properties.isWhitespace { text.unicodeScalars.removeLast() }
        guard text.utf8.count <= maximumLength + 6, text.hasPrefix("HK1:N:") || text.hasPrefix("HK1:A:") else {
            return nil
        }
        let value = text.utf8.dropFirst(6)
        let isPlain = value.allSatisfy {
            (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == UInt8(ascii: "-")
        }
        return !value.isEmpty && isPlain ? String(text) : nil
    }
}
