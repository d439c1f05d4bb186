/// Text in columns of a terminal, where a Chinese character takes two.
enum TextTable {
    /// Rows with their columns under each other, the last one ragged. `mark` colours a cell after it was measured.
    static func lines(_ rows: [[String]], mark: (_ row: Int, _ column: Int) -> Mark? = { _, _ in nil }) -> [String] {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in rows.map { column < $0.count ? width($0[column]) : 0 }.max() ?? 0 }
        return rows.enumerated().map { row, cells in
            cells.enumerated().map { column, text in
                let shown = mark(row, column)?(text) ?? text
                let isLast = column == cells.count - 1
                return isLast ? shown : shown + String(repeating: " ", count: widths[column] - width(text) + 2)
            }.joined()
        }
    }

    /// Columns that the text takes (Unicode TR 11: wide and full-width characters take two).
    static func width(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { sum, scalar in
            switch scalar.properties.generalCategory {
            case .nonspacingMark, .enclosingMark, .format, .control: return sum
            default: return sum + (isWide(scalar.value) ? 2 : 1)
            }
        }
    }

    private static func isWide(_ value: UInt32) -> Bool {
        switch value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x2_0000...0x3_FFFD:
            true
        default: false
        }
    }

    /// Words in lines of at most `columns`: the first one behind `margin` and `name`, the others behind `margin` and as much white.
    static func wrapped(_ text: String, margin: String, name: String, columns: Int) -> [String] {
        let first = margin + name
        let indent = margin + String(repeating: " ", count: width(name))
        var lines: [String] = []
        var line = first
        var isEmpty = true
        for word in text.split(separator: " ") {
            if !isEmpty, width(line) + 1 + width(String(word)) > columns {
                lines.append(line)
                line = indent
                isEmpty = true
            }
            line += (isEmpty ? "" : " ") + word
            isEmpty = false
        }
        lines.append(line)
        return lines
    }

    /// The beginning of a text that fits, with … where something is left off.
    static func clipped(_ text: String, to columns: Int) -> String {
        guard width(text) > columns else { return text }
        var shown = ""
        for character in text {
            guard width(shown) + width(String(character)) < columns else { break }
            shown.append(character)
        }
        return shown + "…"
    }
}
