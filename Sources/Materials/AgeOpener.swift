import Crypto
import FoundationEssentials

/// Opens an age v1 file that arrives in pieces of any size. Memory: the header (bounded) and one chunk.
///
/// Plain bytes come out chunk by chunk, each authenticated, but only ``finish(into:)`` says that the file is whole:
/// keep nothing of it when that throws.
public struct AgeOpener: OpeningStream {
    /// Bound on all of the header, its last line included. The longest that ``AgeSealer`` writes is far below.
    public static let maximumHeaderBytes = 65_536

    private enum Stage {
        case header(AgeHeaderParser)
        case payloadNonce(fileKey: SymmetricKey)
        case payload(SymmetricKey)
    }

    private let identities: [AgeIdentity]
    private var stage = Stage.header(AgeHeaderParser())
    private var headerBytes = 0
    private var waiting: [UInt8] = []
    private var nonce = AgeChunkNonce()
    private var hasOpenedChunk = false

    /// An opener for one file; any one of the identities is enough. With none, no file opens.
    public init(identities: [AgeIdentity]) { self.identities = identities }

    /// Takes the next bytes of the file and appends what they open to `output`.
    public mutating func open(_ sealed: ArraySlice<UInt8>, into output: inout [UInt8]) throws(AgeError) {
        var rest = sealed
        while !rest.isEmpty {
            switch stage {
            case .header(var parser):
                try takeHeader(&rest, &parser)
            case .payloadNonce(let fileKey):
                let part = rest.prefix(AgeFormat.nonceBytes - waiting.count)
                waiting += part
                rest = rest.dropFirst(part.count)
                guard waiting.count == AgeFormat.nonceBytes else { return }
                stage = .payload(AgeKeySchedule.payloadKey(fileKey: fileKey, nonce: waiting))
                waiting = []
            case .payload(let key):
                let full = AgeFormat.chunkBytes + AgeFormat.tagBytes
                // More bytes follow, so a full chunk that waits is not the last.
                if waiting.count == full { output += try openWaiting(key, isLast: false) }
                if waiting.isEmpty, rest.count > full {
                    // Straight from where it lies.
                    output += try openChunk(rest.prefix(full), key, isLast: false)
                    rest = rest.dropFirst(full)
                    continue
                }
                let part = rest.prefix(full - waiting.count)
                waiting += part
                rest = rest.dropFirst(part.count)
            }
        }
    }

    /// The file is over: opens its last chunk. Throws when the file was cut or changed.
    public mutating func finish(into output: inout [UInt8]) throws(AgeError) {
        guard case .payload(let key) = stage, waiting.count >= AgeFormat.tagBytes else { throw .cutShort }
        let hadChunks = hasOpenedChunk
        let last = try openWaiting(key, isLast: true)
        // An empty last chunk is allowed in an empty file only: otherwise one content would have two files.
        guard !(last.isEmpty && hadChunks) else { throw .payloadChanged }
        output += last
    }

    private mutating func takeHeader(_ rest: inout ArraySlice<UInt8>, _ parser: inout AgeHeaderParser) throws(AgeError)
    {
        guard let end = rest.firstIndex(of: AgeFormat.lineFeed) else {
            headerBytes += rest.count
            guard headerBytes <= Self.maximumHeaderBytes else { throw .headerTooLarge }
            waiting += rest
            rest = []
            return
        }
        headerBytes += end - rest.startIndex + 1
        guard headerBytes <= Self.maximumHeaderBytes else { throw .headerTooLarge }
        let line = waiting + rest[..<end]
        waiting = []
        rest = rest[(end + 1)...]
        try parser.take(line: line[...])
        if let code = parser.authenticationCode {
            stage = .payloadNonce(fileKey: try unwrap(parser, code: code))
        } else {
            stage = .header(parser)
        }
    }

    private func unwrap(_ header: AgeHeaderParser, code: [UInt8]) throws(AgeError) -> SymmetricKey {
        if header.stanzas.count > 1, header.stanzas.contains(where: { $0.kind == "scrypt" }) {
            throw .headerMalformed(reason: "a passphrase stands beside other recipients")
        }
        var fileKey: SymmetricKey?
        for stanza in header.stanzas where stanza.kind == AgeKeySchedule.x25519 {
            for identity in identities {
                let unwrapped = try AgeKeySchedule.unwrap(stanza, with: identity)
                if fileKey == nil { fileKey = unwrapped }
            }
        }
        guard let fileKey else { throw .notForThisIdentity }
        guard AgeKeySchedule.isHeaderCode(code, fileKey: fileKey, header: header.authenticated) else {
            throw .headerChanged
        }
        return fileKey
    }

    private mutating func openWaiting(_ key: SymmetricKey, isLast: Bool) throws(AgeError) -> Data {
        let plain = try openChunk(waiting[...], key, isLast: isLast)
        waiting.removeAll(keepingCapacity: true)
        return plain
    }

    private mutating func openChunk(
        _ chunk: ArraySlice<UInt8>, _ key: SymmetricKey, isLast: Bool
    ) throws(AgeError) -> Data {
        let nonce = try nonce.next(isLast: isLast)
        guard
            let box = try? ChaChaPoly.SealedBox(
                nonce: nonce, ciphertext: chunk.dropLast(AgeFormat.tagBytes), tag: chunk.suffix(AgeFormat.tagBytes)),
            let plain = try? ChaChaPoly.open(box, using: key)
        else { throw .payloadChanged }
        hasOpenedChunk = true
        return plain
    }
}

/// Whole age files in memory, for content that is in memory anyway.
public enum AgeFile {
    /// A whole file of these bytes, header and all.
    /// - Throws: as ``AgeSealer/init(to:)``.
    public static func seal(_ plain: [UInt8], to recipients: [AgeRecipient]) throws(AgeError) -> [UInt8] {
        var sealer = try AgeSealer(to: recipients)
        var sealed: [UInt8] = []
        try sealer.seal(plain[...], into: &sealed)
        try sealer.finish(into: &sealed)
        return sealed
    }

    /// The content, when every byte of the file is as it was sealed. Throws ``AgeError/plainTooLarge`` before it holds
    /// more than `maximumPlainBytes` and one chunk.
    public static func open(
        _ sealed: [UInt8], identities: [AgeIdentity], maximumPlainBytes: Int = .max
    ) throws(AgeError) -> [UInt8] {
        var opener = AgeOpener(identities: identities)
        var plain: [UInt8] = []
        var rest = sealed[...]
        while !rest.isEmpty {
            try opener.open(rest.prefix(AgeFormat.chunkBytes), into: &plain)
            rest = rest.dropFirst(AgeFormat.chunkBytes)
            guard plain.count <= maximumPlainBytes else { throw .plainTooLarge }
        }
        try opener.finish(into: &plain)
        guard plain.count <= maximumPlainBytes else { throw .plainTooLarge }
        return plain
    }

    /// As ``open(_:identities:maximumPlainBytes:)`` with one identity.
    public static func open(
        _ sealed: [UInt8], identity: AgeIdentity, maximumPlainBytes: Int = .max
    ) throws(AgeError) -> [UInt8] {
        try open(sealed, identities: [identity], maximumPlainBytes: maximumPlainBytes)
    }
}
