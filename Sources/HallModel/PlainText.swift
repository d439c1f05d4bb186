/// What a device says of itself, cut to what may stand in a log and on a terminal: devices are no more trusted than other
/// input.
public enum PlainText {
    /// A keyword: letters and digits of ASCII, `-`, `.` and `_`, at most 64; `nil` when nothing of it is one.
    public static func keyword(_ text: String) -> String? {
        let kept = text.utf8.prefix(64).filter {
            (97...122).contains($0) || (65...90).contains($0) || (48...57).contains($0) || $0 == 45 || $0 == 46
                || $0 == 95
        }
        return kept.isEmpty ? nil : String(decoding: kept, as: UTF8.self)
    }

    /// One line of at most 80 bytes of UTF-8 without anything that steers a terminal or is not seen; `nil` when nothing is left.
    public static func line(_ text: String) -> String? {
        var line = ""
        for scalar in text.unicodeScalars where isSeen(scalar) {
            guard line.utf8.count + String(scalar).utf8.count <= 80 else { break }
            line.unicodeScalars.append(scalar)
        }
        return line.allSatisfy { $0 == " " } ? nil : line
    }

    private static func isSeen(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar != " " else { return true }
        // What stands for bytes that were no UTF-8.
        guard scalar != "\u{FFFD}" else { return false }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
            .spaceSeparator:
            return false
        default: return true
        }
    }
}
