/// What went over a line, as text that a person can read and a test can replay:
/// ```
/// # any comment
/// 0 open
/// 1520 > AA AA AA 96 69 00 03 11 FF ED
/// 3114 < AA AA AA 96 69 00 04 00 00 90 94
/// 9000 close
/// ```
/// First the microseconds since the recording began; `>` is to the device, `<` from it. `(16 bytes)` stands where
/// the bytes were not recorded.
///
/// **A recording of a real card is personal data and must not exist.** Recordings in `Devices/` are made from
/// synthetic people of region 999999 on the emulated hall, or hold no card at all.
public struct Recording: Sendable, Equatable {
    /// What happened on the line at one moment.
    public enum Event: Sendable, Equatable {
        /// The line was opened.
        case open
        /// The line was closed.
        case close
        /// Bytes that were handed to the line, as one `write` gave them.
        case toDevice([UInt8])
        /// Bytes that the device sent, as one `read` got them.
        case fromDevice([UInt8])
        /// Bytes that were not recorded, in either direction.
        case withheld(toDevice: Bool, count: Int)
    }

    /// One line of the recording.
    public struct Entry: Sendable, Equatable {
        /// Since the recording began.
        public var microseconds: Int
        /// What happened then.
        public var event: Event

        /// An entry at this time; nothing is checked.
        public init(microseconds: Int, event: Event) {
            self.microseconds = microseconds
            self.event = event
        }
    }

    /// Where and why a recording cannot be read.
    public struct FormatError: Error, Equatable, Sendable, CustomStringConvertible {
        /// Counted from 1; 0: the text is longer than ``Recording/maximumBytes``.
        public var line: Int
        /// An error at this line, counted from 1; 0 for the text as a whole.
        public init(line: Int) { self.line = line }
        /// One sentence, with the number of the line and nothing of what stands on it.
        public var description: String { "line \(line) is no entry of a recording" }
    }

    /// Longest recording that is read, in bytes of text.
    public static let maximumBytes = 16 << 20

    /// In the order of the text; nobody checks that the times ascend.
    public var entries: [Entry]

    /// A recording of these entries.
    public init(entries: [Entry]) { self.entries = entries }

    /// Reads text of this format; empty lines and lines that begin with `#` are skipped.
    /// - Throws: ``FormatError`` for the first line that is no entry, and for a text of more than ``maximumBytes``.
    public init(parsing text: String) throws(FormatError) {
        guard text.utf8.count <= Self.maximumBytes else { throw FormatError(line: 0) }
        entries = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\r" })
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            guard let microseconds = Int(first), words.count >= 2, let event = Self.event(words.dropFirst()) else {
                throw FormatError(line: index + 1)
            }
            entries.append(Entry(microseconds: microseconds, event: event))
        }
    }

    /// The text of one entry, without the line's end.
    public static func line(_ entry: Entry) -> String {
        let content =
            switch entry.event {
            case .open: "open"
            case .close: "close"
            case .toDevice(let bytes): "> " + hexadecimal(bytes)
            case .fromDevice(let bytes): "< " + hexadecimal(bytes)
            case .withheld(let toDevice, let count): "\(toDevice ? ">" : "<") (\(count) bytes)"
            }
        return "\(entry.microseconds) \(content)"
    }

    /// All entries, one line each, as ``init(parsing:)`` reads them. Comments of a text that was read are lost.
    public var text: String { entries.map { Self.line($0) + "\n" }.joined() }

    /// `AA 96 69`
    public static func hexadecimal(_ bytes: some Collection<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined(separator: " ")
    }

    private static func event(_ words: ArraySlice<Substring>) -> Event? {
        guard let kind = words.first else { return nil }
        let rest = words.dropFirst()
        switch kind {
        case "open" where rest.isEmpty: return .open
        case "close" where rest.isEmpty: return .close
        case ">", "<":
            if rest.count == 2, rest.last == "bytes)", let word = rest.first, word.hasPrefix("("),
                let count = Int(word.dropFirst()), count >= 0
            {
                return .withheld(toDevice: kind == ">", count: count)
            }
            var bytes: [UInt8] = []
            for word in rest {
                guard word.utf8.count == 2, word.allSatisfy(\.isHexDigit), let byte = UInt8(word, radix: 16) else {
                    return nil
                }
                bytes.append(byte)
            }
            guard !bytes.isEmpty else { return nil }
            return kind == ">" ? .toDevice(bytes) : .fromDevice(bytes)
        default: return nil
        }
    }
}
