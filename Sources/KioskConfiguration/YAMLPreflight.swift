/// Looks at the bytes of a YAML file before the YAML library sees them, and refuses what configuration never needs and
/// what could cost unbounded time or memory there.
///
/// The look is conservative, not a second YAML scanner: something that resembles an anchor inside a quoted text is
/// refused as well. Without anchors there are no aliases; without explicit keys (`? `) a key is at most 1,024
/// characters, so that no key can hold a large structure.
struct YAMLPreflight {
    let file: String

    func refusal(of bytes: [UInt8]) -> ConfigurationError? {
        func refuse(_ index: Int, _ sentence: String) -> ConfigurationError {
            let place = Self.place(of: index, in: bytes)
            return ConfigurationError(file: file, line: place.line, column: place.column, sentence: sentence)
        }
        var marks = 0
        for (index, byte) in bytes.enumerated() {
            switch byte {
            case UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: ":"), UInt8(ascii: "-"),
                UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                marks += 1
                guard marks <= YAMLReader.maximumMarks else {
                    return refuse(index, "the file has too many entries; split it")
                }
            case UInt8(ascii: "&"):
                guard mayBeginToken(index, in: bytes), index + 1 < bytes.count, isNameByte(bytes[index + 1]) else {
                    continue
                }
                return refuse(index, "anchors (&name) are not accepted; write the value where it is needed")
            case UInt8(ascii: "?"):
                // Inside [ ] and { } the library takes "?" for a key even without a blank behind it.
                guard mayBeginToken(index, in: bytes), index + 1 == bytes.count || !isNameByte(bytes[index + 1]) else {
                    continue
                }
                return refuse(index, "explicit keys (? key) are not accepted; write key: value")
            case 0xC2 where index + 1 < bytes.count && bytes[index + 1] == 0x85,
                0xE2
            where index + 2 < bytes.count && bytes[index + 1] == 0x80 && (0xA8...0xA9).contains(bytes[index + 2]):
                return refuse(index, "the line break is not a plain one; end lines with LF")
            case 0xEF
            where index > 0 && index + 2 < bytes.count && bytes[index + 1] == 0xBB && bytes[index + 2] == 0xBF:
                return refuse(index, "a byte order mark stands in the middle of the file; remove it")
            default: continue
            }
        }
        return nil
    }

    /// At the start, after a blank, or after a mark that a new value may follow at once.
    private func mayBeginToken(_ index: Int, in bytes: [UInt8]) -> Bool {
        guard index > 0 else { return true }
        switch bytes[index - 1] {
        case 32, 9, 10, 13, UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: ","), UInt8(ascii: ":"): return true
        case 0xBF: return index == 3 && bytes.starts(with: [0xEF, 0xBB, 0xBF])
        default: return false
        }
    }

    private func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    /// Line and column (in Unicode scalars), from 1, of a byte.
    static func place(of index: Int, in bytes: [UInt8]) -> (line: Int, column: Int) {
        var line = 1
        var column = 1
        for byte in bytes.prefix(index) {
            if byte == 10 {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        return (line, column)
    }
}
