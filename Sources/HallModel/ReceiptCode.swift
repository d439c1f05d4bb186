/// The text of a receipt's QR code: `HK1:N:<case number>` or `HK1:A:<acceptance code>`, eight characters out of 2–9 and the
/// letters without I, L, O and U.
///
/// A number has 8 to 12 digits by the platform's interface; any that a slip can carry is read, 1 to 32.
///
/// Names one case and nobody. Anything else that a code reader may bring is none.
public enum ReceiptCode {
    /// The code without the white space around it, or `nil` when the text is no receipt's.
    public static func read(_ text: String) -> String? {
        // White space and all, a receipt's code is short.
        guard text.utf8.count <= 64 else { return nil }
        var text = Substring(text)
        while let first = text.unicodeScalars.first, first.properties.isWhitespace { text.unicodeScalars.removeFirst() }
        while let last = text.unicodeScalars.last, last.properties.isWhitespace { text.unicodeScalars.removeLast() }
        return text.wholeMatch(of: /HK1:(N:[0-9]{1,32}|A:[2-9A-HJKMNP-TV-Z]{8})/) == nil ? nil : String(text)
    }
}
