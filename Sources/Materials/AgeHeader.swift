/// One stanza of an age header: who may unwrap the file key, and how.
struct AgeStanza: Sendable, Equatable {
    /// The kind, then the kind's own arguments; each of visible ASCII characters.
    var arguments: [String]
    var body: [UInt8]

    var kind: String { arguments[0] }

    /// The lines of the stanza, with line feeds.
    var encoded: [UInt8] {
        var text = Array("-> \(arguments.joined(separator: " "))\n".utf8)
        let body = Base64Text.encode(body)
        // Full lines of 64, then always one that is shorter, if need be empty: that is how a reader sees the end.
        var start = 0
        while body.count - start >= AgeFormat.columns {
            text += body[start..<(start + AgeFormat.columns)]
            text.append(AgeFormat.lineFeed)
            start += AgeFormat.columns
        }
        text += body[start...]
        text.append(AgeFormat.lineFeed)
        return text
    }
}

/// Constants of the format.
enum AgeFormat {
    static let versionLine = Array("age-encryption.org/v1".utf8)
    static let columns = 64
    static let lineFeed = UInt8(ascii: "\n")
    static let chunkBytes = 65_536
    static let tagBytes = 16
    static let nonceBytes = 16
    /// ChaCha20-Poly1305 (RFC 8439): the nonce of a chunk.
    static let chunkNonceBytes = 12
    static let fileKeyBytes = 16
}

/// Reads an age header line by line, by every rule of the format.
struct AgeHeaderParser {
    private enum Place {
        case version
        case stanzaOrEnd
        case body(arguments: [String], text: [UInt8])
        case done
    }

    private var place = Place.version
    private(set) var stanzas: [AgeStanza] = []
    /// Everything that the header's authentication code covers, up to and with `---`.
    private(set) var authenticated: [UInt8] = []
    /// Set once the last line was read.
    private(set) var authenticationCode: [UInt8]?

    var isComplete: Bool { authenticationCode != nil }

    /// Takes one line without its line feed. Not to be called after ``isComplete``.
    mutating func take(line: ArraySlice<UInt8>) throws(AgeError) {
        switch place {
        case .version:
            guard line.elementsEqual(AgeFormat.versionLine) else {
                throw .headerMalformed(reason: "it does not start with age-encryption.org/v1")
            }
            place = .stanzaOrEnd
            authenticate(line)
        case .stanzaOrEnd:
            if line.starts(with: Array("---".utf8)) {
                try end(line)
            } else {
                place = .body(arguments: try Self.arguments(of: line), text: [])
                authenticate(line)
            }
        case .body(let arguments, var text):
            guard line.count <= AgeFormat.columns else {
                throw .headerMalformed(reason: "a line of a stanza is longer than 64 characters")
            }
            text += line
            authenticate(line)
            guard line.count < AgeFormat.columns else {
                place = .body(arguments: arguments, text: text)
                return
            }
            guard let body = Base64Text.decode(text) else {
                throw .headerMalformed(reason: "the body of a stanza is not canonical base64")
            }
            stanzas.append(AgeStanza(arguments: arguments, body: body))
            place = .stanzaOrEnd
        case .done:
            throw .headerMalformed(reason: "it goes on after its end")
        }
    }

    private mutating func authenticate(_ line: ArraySlice<UInt8>) {
        authenticated += line
        authenticated.append(AgeFormat.lineFeed)
    }

    private mutating func end(_ line: ArraySlice<UInt8>) throws(AgeError) {
        guard line.starts(with: Array("--- ".utf8)), let code = Base64Text.decode(line.dropFirst(4)), code.count == 32
        else { throw .headerMalformed(reason: "its last line holds no authentication code of 32 bytes") }
        guard !stanzas.isEmpty else { throw .headerMalformed(reason: "it has no recipient") }
        authenticated += Array("---".utf8)
        authenticationCode = code
        place = .done
    }

    private static func arguments(of line: ArraySlice<UInt8>) throws(AgeError) -> [String] {
        guard line.starts(with: Array("-> ".utf8)) else {
            throw .headerMalformed(reason: "a stanza does not start with “-> ”")
        }
        let parts = line.dropFirst(3).split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy { (33...126).contains($0) } }) else {
            throw .headerMalformed(reason: "an argument of a stanza is empty or not visible ASCII")
        }
        return parts.map { String(decoding: $0, as: UTF8.self) }
    }
}
