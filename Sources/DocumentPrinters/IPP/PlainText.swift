/// What a printer says of itself, cut to what may stand in a log: printers are no more trusted than other input.
enum PlainText {
    /// A keyword of IPP; `nil` when nothing of it is one.
    static func keyword(_ text: String) -> String? {
        let kept = text.utf8.prefix(64).filter {
            (97...122).contains($0) || (65...90).contains($0) || (48...57).contains($0) || $0 == 45 || $0 == 46
                || $0 == 95
        }
        return kept.isEmpty ? nil : String(decoding: kept, as: UTF8.self)
    }

    /// One printable line of at most 80 bytes of ASCII; `nil` when nothing is left.
    static func line(_ text: String) -> String? {
        let kept = text.utf8.filter { (32...126).contains($0) }.prefix(80)
        let line = String(decoding: kept, as: UTF8.self)
        return line.allSatisfy { $0 == " " } ? nil : line
    }
}
