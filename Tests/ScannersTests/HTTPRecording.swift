import Foundation

/// What was said between a driver and an HTTP device, as text: the format of docs/devices/recordings.md.
struct HTTPRecording {
    struct Exchange: Equatable {
        var method: String
        /// With the path: `/eSCL/ScanJobs`.
        var path: String
        var requestType = ""
        var request: [UInt8] = []
        var status = 0
        var type = ""
        /// The path of a `Location` header.
        var location = ""
        var answer: [UInt8] = []

        /// Questions after the state, which a driver may ask as often as it likes.
        var isQuestion: Bool { method == "GET" && !path.hasSuffix("/NextDocument") }
    }

    struct Malformed: Error { var line: Int }

    var comments: [String] = []
    var exchanges: [Exchange] = []

    init() {}

    init(parsing text: String) throws {
        var isAnswer = false
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard let kind = line.first else { continue }
            let rest = line.dropFirst(2)
            let words = rest.split(separator: " ").map(String.init)
            switch kind {
            case "#": comments.append(String(rest))
            case ">":
                guard words.count >= 2 else { throw Malformed(line: index + 1) }
                isAnswer = false
                exchanges.append(
                    Exchange(method: words[0], path: words[1], requestType: words.count > 2 ? words[2] : ""))
            case "<", "=", "|", "~":
                guard var exchange = exchanges.popLast() else { throw Malformed(line: index + 1) }
                switch kind {
                case "<":
                    guard let status = words.first.flatMap(Int.init) else { throw Malformed(line: index + 1) }
                    isAnswer = true
                    exchange.status = status
                    exchange.type = words.count > 1 ? words[1] : ""
                case "=": exchange.location = String(rest)
                default:
                    guard
                        let bytes = kind == "|"
                            ? Array("\(rest)\n".utf8) : Data(base64Encoded: String(rest)).map(Array.init)
                    else { throw Malformed(line: index + 1) }
                    if isAnswer { exchange.answer += bytes } else { exchange.request += bytes }
                }
                exchanges.append(exchange)
            default: throw Malformed(line: index + 1)
            }
        }
    }

    var text: String {
        var lines = comments.map { "# \($0)" }
        for exchange in exchanges {
            lines.append(
                ["> \(exchange.method) \(exchange.path)", exchange.requestType].joined(separator: " ").trimmed)
            lines += Self.lines(of: exchange.request)
            lines.append(["< \(exchange.status)", exchange.type].joined(separator: " ").trimmed)
            if !exchange.location.isEmpty { lines.append("= \(exchange.location)") }
            lines += Self.lines(of: exchange.answer)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Text as text where every line of it ends with a line feed; all else in base64.
    private static func lines(of bytes: [UInt8]) -> [String] {
        guard !bytes.isEmpty else { return [] }
        if bytes.last == 0x0A, let text = String(validating: bytes, as: UTF8.self),
            bytes.allSatisfy({ $0 >= 0x20 || $0 == 0x0A || $0 == 0x09 })
        {
            return text.dropLast().split(separator: "\n", omittingEmptySubsequences: false).map { "| \($0)" }
        }
        return stride(from: 0, to: bytes.count, by: 87).map { start in
            "~ " + Data(bytes[start..<min(start + 87, bytes.count)]).base64EncodedString()
        }
    }
}

extension String {
    fileprivate var trimmed: String { trimmingCharacters(in: .whitespaces) }
}
