import TestSupport
import Testing

@testable import Materials

@Suite("age files")
struct AgeFileTests {
    static let lengths = [0, 1, 15, 16, 65_535, 65_536, 65_537, 131_072, 131_073, 200_000]

    @Test("what was sealed opens again, at every length around a chunk", arguments: lengths)
    func opensAgain(length: Int) throws {
        var generator = SeededGenerator(seed: UInt64(length))
        let plain = generator.bytes(length)
        let identities = [AgeIdentity(), AgeIdentity(), AgeIdentity()]
        let sealed = try AgeFile.seal(plain, to: identities.map(\.recipient))
        for identity in identities { #expect(try AgeFile.open(sealed, identity: identity) == plain) }
        #expect(throws: AgeError.notForThisIdentity) { try AgeFile.open(sealed, identity: AgeIdentity()) }
    }

    @Test("however the bytes are cut into pieces, the content is the same")
    func anySplit() throws {
        var generator = SeededGenerator(seed: 7)
        let identity = AgeIdentity()
        let plain = generator.bytes(140_000)
        for _ in 0..<20 {
            var sealer = try AgeSealer(to: [identity.recipient])
            var sealed: [UInt8] = []
            for piece in Self.pieces(of: plain, using: &generator) { try sealer.seal(piece, into: &sealed) }
            try sealer.finish(into: &sealed)
            var opener = AgeOpener(identities: [identity])
            var opened: [UInt8] = []
            for piece in Self.pieces(of: sealed, using: &generator) { try opener.open(piece, into: &opened) }
            try opener.finish(into: &opened)
            #expect(opened == plain)
        }
    }

    @Test("one byte at a time opens too")
    func singleBytes() throws {
        let identity = AgeIdentity()
        let sealed = try AgeFile.seal(Array("户口本".utf8), to: [identity.recipient])
        var opener = AgeOpener(identities: [identity])
        var opened: [UInt8] = []
        for index in sealed.indices { try opener.open(sealed[index...index], into: &opened) }
        try opener.finish(into: &opened)
        #expect(opened == Array("户口本".utf8))
    }

    @Test("every flipped bit is an error")
    func flippedBit() throws {
        let identity = AgeIdentity()
        let sealed = try AgeFile.seal(Array("content".utf8), to: [identity.recipient, AgeIdentity().recipient])
        for index in sealed.indices {
            for bit in 0..<8 {
                var changed = sealed
                changed[index] ^= 1 << UInt8(bit)
                #expect(throws: AgeError.self, "byte \(index) bit \(bit)") {
                    try AgeFile.open(changed, identity: identity)
                }
            }
        }
    }

    @Test("a file that was cut anywhere is an error, at the end of a chunk too")
    func cut() throws {
        let identity = AgeIdentity()
        let short = try AgeFile.seal(Array("content".utf8), to: [identity.recipient])
        for length in 0..<short.count {
            #expect(throws: AgeError.self, "\(length)") {
                try AgeFile.open(Array(short.prefix(length)), identity: identity)
            }
        }
        let long = try AgeFile.seal([UInt8](repeating: 7, count: 131_073), to: [identity.recipient])
        for missing in [1, 16, 17, 18, 65_552 + 17] {
            #expect(throws: AgeError.self) { try AgeFile.open(Array(long.dropLast(missing)), identity: identity) }
        }
    }

    @Test("a file that goes on, and chunks that are swapped, are errors")
    func continuedAndSwapped() throws {
        let identity = AgeIdentity()
        let sealed = try AgeFile.seal([UInt8](repeating: 1, count: 131_072), to: [identity.recipient])
        #expect(throws: AgeError.payloadChanged) { try AgeFile.open(sealed + [0], identity: identity) }
        let start = sealed.count - 2 * 65_552
        let swapped = sealed[..<start] + sealed[(start + 65_552)...] + sealed[start..<(start + 65_552)]
        #expect(throws: AgeError.payloadChanged) { try AgeFile.open(Array(swapped), identity: identity) }
    }

    @Test("content over the caller's limit is refused")
    func plainLimit() throws {
        let identity = AgeIdentity()
        let sealed = try AgeFile.seal([UInt8](repeating: 1, count: 300_000), to: [identity.recipient])
        #expect(throws: AgeError.plainTooLarge) {
            try AgeFile.open(sealed, identity: identity, maximumPlainBytes: 299_999)
        }
        #expect(try AgeFile.open(sealed, identity: identity, maximumPlainBytes: 300_000).count == 300_000)
    }

    @Test("a sealer needs one to sixteen recipients")
    func recipientCount() {
        let recipient = AgeIdentity().recipient
        #expect(throws: AgeError.noRecipients) { try AgeSealer(to: []) }
        #expect(throws: AgeError.tooManyRecipients) { try AgeSealer(to: Array(repeating: recipient, count: 17)) }
    }

    @Test("any bytes as a file are an error, in bounded memory, never a trap")
    func anyBytes() throws {
        var generator = SeededGenerator(seed: 3)
        let identity = AgeIdentity()
        let start = Array("age-encryption.org/v1\n-> X25519 ".utf8)
        for round in 0..<3_000 {
            let bytes = generator.bytes(Int.random(in: 0...400, using: &generator))
            let file = round.isMultiple(of: 2) ? bytes : start + bytes
            #expect(throws: AgeError.self) { try AgeFile.open(file, identity: identity) }
        }
    }

    @Test("a header without end is refused at its bound")
    func endlessHeader() {
        let identity = AgeIdentity()
        var lines = AgeOpener(identities: [identity])
        var line = AgeOpener(identities: [identity])
        var output: [UInt8] = []
        let stanza = Array("-> grease\n\n".utf8)
        #expect(throws: AgeError.headerTooLarge) {
            try lines.open(Array("age-encryption.org/v1\n".utf8)[...], into: &output)
            for _ in 0..<10_000 { try lines.open(stanza[...], into: &output) }
        }
        #expect(throws: AgeError.headerTooLarge) {
            for _ in 0..<100_000 { try line.open(Array("aaaaaaaaaa".utf8)[...], into: &output) }
        }
        #expect(output.isEmpty)
    }

    private static func pieces(of bytes: [UInt8], using generator: inout SeededGenerator) -> [ArraySlice<UInt8>] {
        var pieces: [ArraySlice<UInt8>] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let longest = [1, 20, 1_000, 70_000].randomElement(using: &generator) ?? 1
            let piece = rest.prefix(Int.random(in: 0...longest, using: &generator))
            pieces.append(piece)
            rest = rest.dropFirst(piece.count)
        }
        return pieces
    }
}
