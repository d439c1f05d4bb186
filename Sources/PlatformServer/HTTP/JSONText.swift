import Foundation

/// What a JSON decoder says nothing about: where a text stops being JSON, and names that come twice.
enum JSONText {
    /// The first byte that is no UTF-8, from 1; `nil` when all are.
    static func firstByteThatIsNotUTF8(in data: Data) -> Int? {
        var decoder = UTF8()
        var bytes = data.makeIterator()
        // Everything that was decoded so far, in bytes.
        var position = 0
        while true {
            switch decoder.decode(&bytes) {
            case .scalarValue(let scalar): position += UTF8.width(scalar)
            case .emptyInput: return nil
            case .error: return position + 1
            }
        }
    }

    /// Where a text stops being JSON, as a clause: "it stops being so at line 3, column 7", "it ends too early". `nil`
    /// when that cannot be told.
    static func place(in data: Data) -> String? {
        do { _ = try JSONSerialization.jsonObject(with: data) } catch {
            let text = (error as NSError).userInfo[NSDebugDescriptionErrorKey] as? String ?? ""
            if text.hasPrefix("Unexpected end") { return "it ends too early" }
            guard let match = text.firstMatch(of: /around character ([0-9]+)/), let offset = Int(match.1) else {
                return nil
            }
            let lines = data.prefix(offset).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            let column = String(decoding: lines.last ?? Data(), as: UTF8.self).count + 1
            return "it stops being so at line \(max(1, lines.count)), column \(column)"
        }
        return nil
    }

    /// The path of the first name that an object has twice, in a text that has been decoded as JSON before: of two
    /// values nobody knows which was meant.
    static func nameGivenTwice(in data: Data) -> String? {
        struct Level {
            var isObject: Bool
            var names: Set<String> = []
            /// Of the value that is being read.
            var name = ""
            var index = 0
            var isName: Bool
        }
        var levels: [Level] = []
        let bytes = Array(data)
        var position = 0
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "{"): levels.append(Level(isObject: true, isName: true))
            case UInt8(ascii: "["): levels.append(Level(isObject: false, isName: false))
            case UInt8(ascii: "}"), UInt8(ascii: "]"): levels.removeLast(levels.isEmpty ? 0 : 1)
            case UInt8(ascii: ":"): if !levels.isEmpty { levels[levels.count - 1].isName = false }
            case UInt8(ascii: ","):
                if !levels.isEmpty {
                    levels[levels.count - 1].isName = levels[levels.count - 1].isObject
                    levels[levels.count - 1].index += 1
                }
            case UInt8(ascii: "\""):
                let start = position
                while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
                    position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
                }
                let end = min(position, bytes.count)
                position = end + 1
                guard let last = levels.indices.last, levels[last].isName else { continue }
                // Escapes are two spellings of one name.
                let quoted = Data([34] + bytes[start..<end] + [34])
                let name = (try? JSONDecoder().decode(String.self, from: quoted)) ?? ""
                levels[last].name = name
                guard levels[last].names.insert(name).inserted else {
                    return levels.reduce("") { path, level in
                        guard level.isObject else { return "\(path)[\(level.index)]" }
                        return path.isEmpty ? level.name : "\(path).\(level.name)"
                    }
                }
            default: break
            }
        }
        return nil
    }
}
