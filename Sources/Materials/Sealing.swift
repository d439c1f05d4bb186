/// Where sealed bytes go.
protocol SealedOutput: ~Copyable {
    mutating func write(_ sealed: [UInt8]) throws(SealedFileError)
}

/// The blocking way of plain bytes through the cipher: ``take(_:)`` any number of times, then ``finish()`` once.
struct Sealing<Output: SealedOutput & ~Copyable>: ~Copyable {
    private var stream: any SealingStream
    /// Sealed bytes that are not written yet.
    private var sealed: [UInt8] = []
    var output: Output

    init(_ stream: any SealingStream, into output: consuming Output) {
        self.stream = stream
        self.output = output
    }

    mutating func take(_ plain: UnsafeRawBufferPointer) throws(SealedFileError) {
        var rest = plain[...]
        while !rest.isEmpty {
            let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(SealingBounds.pieceBytes))
            rest = rest.dropFirst(piece.count)
            do { try stream.seal(piece, into: &sealed) } catch { throw .sealing(error) }
            try giveOut()
        }
    }

    mutating func finish() throws(SealedFileError) {
        do { try stream.finish(into: &sealed) } catch { throw .sealing(error) }
        try giveOut()
    }

    private mutating func giveOut() throws(SealedFileError) {
        try output.write(sealed)
        sealed.removeAll(keepingCapacity: true)
    }
}

/// Bounds of ``Sealing``, which as a generic type cannot hold them itself.
enum SealingBounds {
    /// The most that is sealed at once, and so what is held in memory.
    static let pieceBytes = 1 << 20
}

extension CryptoSuite {
    /// ``makeSealingStream(to:)`` with an error of this module.
    func sealingStream(to recipients: [String]) throws(SealedFileError) -> any SealingStream {
        do { return try makeSealingStream(to: recipients) } catch {
            throw .sealing(error as? AgeError ?? .cryptographyFailed)
        }
    }
}
