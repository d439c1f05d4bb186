/// Finds elements and their text in a small XML document by their local names; nothing more of XML.
///
/// Any bytes may be given: what is no XML yields no elements. Entities, CDATA and attributes are passed over, so
/// nothing expands.
struct XMLElements: Sequence, IteratorProtocol {
    struct Element: Equatable {
        /// Local names from the root to the element itself.
        let path: [String]
        /// What stands before the element's first child or end, trimmed; at most 200 bytes of it.
        let text: String
    }

    static let maximumDepth = 32
    private let bytes: [UInt8]
    private var index = 0
    private var path: [String] = []

    init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

    /// The next element that opens.
    mutating func next() -> Element? {
        while let tag = nextTag() {
            switch tag.first {
            case UInt8(ascii: "?"), UInt8(ascii: "!"), nil:
                continue
            case UInt8(ascii: "/"):
                _ = path.popLast()
            default:
                let name = Self.localName(tag)
                guard path.count < Self.maximumDepth else { return nil }
                path.append(name)
                let element = Element(path: path, text: textAhead())
                if tag.last == UInt8(ascii: "/") { path.removeLast() }
                return element
            }
        }
        return nil
    }

    /// What stands between the next `<` and `>`.
    private mutating func nextTag() -> ArraySlice<UInt8>? {
        guard let open = bytes[index...].firstIndex(of: UInt8(ascii: "<")),
            let close = bytes[open...].firstIndex(of: UInt8(ascii: ">"))
        else {
            index = bytes.endIndex
            return nil
        }
        index = close + 1
        return bytes[(open + 1)..<close]
    }

    private func textAhead() -> String {
        let run = bytes[index...].prefix(200).prefix { $0 != UInt8(ascii: "<") }
        let isSpace = { (byte: UInt8) in byte <= 0x20 }
        let trimmed = run.drop(while: isSpace).reversed().drop(while: isSpace).reversed()
        return String(decoding: trimmed, as: UTF8.self)
    }

    private static func localName(_ tag: ArraySlice<UInt8>) -> String {
        let name = tag.prefix { $0 > 0x20 && $0 != UInt8(ascii: "/") }
        let local = name.lastIndex(of: UInt8(ascii: ":")).map { name[($0 + 1)...] } ?? name
        return String(decoding: local.prefix(100), as: UTF8.self)
    }
}
