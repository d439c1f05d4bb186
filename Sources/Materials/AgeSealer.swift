import Crypto
import FoundationEssentials

/// Seals a stream of bytes to one recipient or more, as an age v1 file (C2SP age specification).
///
/// It holds one chunk of 64 KiB, whatever the length of the stream. Call ``seal(_:into:)`` any number of times, then
/// ``finish(into:)`` once; without the latter the file is one that no reader accepts.
public struct AgeSealer: SealingStream {
    /// Bound on the recipients of one file; rotation needs two or three.
    public static let maximumRecipients = 16

    private let payloadKey: SymmetricKey
    private var nonce = AgeChunkNonce()
    /// Header and payload nonce until they are given out.
    private var prologue: [UInt8]
    /// Plain bytes that wait: a chunk may only go out when it is known whether it is the last.
    private var waiting: [UInt8] = []

    /// A new file with a file key of its own: the same bytes sealed twice give two different files.
    /// - Parameter recipients: 1 … ``maximumRecipients``.
    /// - Throws: ``AgeError/noRecipients``; ``AgeError/tooManyRecipients``; ``AgeError/badKey(reason:)`` for a point of
    ///   low order (RFC 7748 section 6.1), which only sealing finds.
    public init(to recipients: [AgeRecipient]) throws(AgeError) {
        guard !recipients.isEmpty else { throw .noRecipients }
        guard recipients.count <= Self.maximumRecipients else { throw .tooManyRecipients }
        let fileKey = SymmetricKey(size: .bits128)
        var header = AgeFormat.versionLine + [AgeFormat.lineFeed]
        for recipient in recipients { header += try AgeKeySchedule.wrap(fileKey: fileKey, for: recipient).encoded }
        header += Array("---".utf8)
        let code = AgeKeySchedule.headerCode(fileKey: fileKey, header: header)
        let payloadNonce = SymmetricKey(size: .bits128).withUnsafeBytes { Array($0) }
        prologue = header + Array(" ".utf8) + Base64Text.encode(code) + [AgeFormat.lineFeed] + payloadNonce
        payloadKey = AgeKeySchedule.payloadKey(fileKey: fileKey, nonce: payloadNonce)
        waiting.reserveCapacity(AgeFormat.chunkBytes)
    }

    /// Takes the next plain bytes and appends to `output` what is ready to be written: whole chunks, and the header the
    /// first time.
    public mutating func seal(_ plain: UnsafeRawBufferPointer, into output: inout [UInt8]) throws(AgeError) {
        givePrologue(into: &output)
        var rest = plain[...]
        while !rest.isEmpty {
            if waiting.count == AgeFormat.chunkBytes { try giveWaiting(isLast: false, into: &output) }
            if waiting.isEmpty, rest.count > AgeFormat.chunkBytes {
                // Straight from where it lies. One that the bytes end with has to wait: it may be the last.
                let chunk = UnsafeRawBufferPointer(rebasing: rest.prefix(AgeFormat.chunkBytes))
                try give(chunk, isLast: false, into: &output)
                rest = rest.dropFirst(chunk.count)
            } else {
                let part = rest.prefix(AgeFormat.chunkBytes - waiting.count)
                waiting += part
                rest = rest.dropFirst(part.count)
            }
        }
    }

    /// The same for bytes of an array.
    public mutating func seal(_ plain: ArraySlice<UInt8>, into output: inout [UInt8]) throws(AgeError) {
        do { try plain.withUnsafeBytes { try seal($0, into: &output) } } catch {
            throw error as? AgeError ?? .cryptographyFailed
        }
    }

    /// Appends the last chunk, which may be empty, and the header where nothing was sealed before.
    public mutating func finish(into output: inout [UInt8]) throws(AgeError) {
        givePrologue(into: &output)
        try giveWaiting(isLast: true, into: &output)
    }

    private mutating func givePrologue(into output: inout [UInt8]) {
        output += prologue
        prologue = []
    }

    private mutating func giveWaiting(isLast: Bool, into output: inout [UInt8]) throws(AgeError) {
        try give(waiting, isLast: isLast, into: &output)
        waiting.removeAll(keepingCapacity: true)
    }

    private mutating func give(
        _ chunk: some DataProtocol, isLast: Bool, into output: inout [UInt8]
    ) throws(AgeError) {
        let nonce = try nonce.next(isLast: isLast)
        guard let box = try? ChaChaPoly.seal(chunk, using: payloadKey, nonce: nonce) else {
            throw .cryptographyFailed
        }
        // Ciphertext and tag lie behind the nonce, which no reader of age files wants.
        output += box.combined.dropFirst(AgeFormat.chunkNonceBytes)
    }
}
