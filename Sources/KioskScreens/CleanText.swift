/// Makes a text from outside (a card, the platform, a form) fit to stand in a page.
///
/// The template engine escapes `<`, `>`, `&`, `"` and `'`, but it compares whole grapheme clusters: a quote followed by
/// a combining mark is another `Character` to it and would pass unescaped. So such clusters are taken apart here, and
/// control characters, which HTML forbids, are replaced as well.
enum CleanText {
    private static let replacement: Unicode.Scalar = "\u{FFFD}"
    private static let special: Set<Unicode.Scalar> = ["<", ">", "&", "\"", "'"]

    static func clean(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for character in text {
            let scalars = character.unicodeScalars
            if scalars.count > 1, scalars.contains(where: special.contains) {
                for scalar in scalars { result.append(special.contains(scalar) ? scalar : replacement) }
            } else {
                for scalar in scalars { result.append(allowed(scalar)) }
            }
        }
        return String(result)
    }

    private static func allowed(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D: " "
        case 0..<0x20, 0x7F..<0xA0: replacement
        // Bidirectional overrides and isolates can make a number read backwards; line separators break the layout.
        case 0x202A...0x202E, 0x2066...0x2069, 0x2028, 0x2029, 0xFEFF: replacement
        // Noncharacters.
        case 0xFDD0...0xFDEF: replacement
        case let value where value & 0xFFFE == 0xFFFE: replacement
        default: scalar
        }
    }
}
