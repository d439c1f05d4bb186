import NIOCore

/// Plain bytes on their way into a sealed file: in memory, or put aside in a ``PageVault``.
public enum PlainPiece: Sendable {
    /// They lie in memory.
    case memory(ByteBuffer)
    /// They were put aside, and come back part by part.
    case kept(KeptPage)

    /// Length of the plain bytes.
    public var count: Int {
        switch self {
        case .memory(let bytes): bytes.readableBytes
        case .kept(let page): page.count
        }
    }

    /// Gives all of it to `body`, in order. Blocks where it was put aside: for a ``FileQueue``.
    /// - Throws: what `body` throws; ``SealedFileError`` when what was put aside cannot be read any more.
    public func forEachPart(
        _ body: (UnsafeRawBufferPointer) throws(SealedFileError) -> Void
    ) throws(SealedFileError) {
        switch self {
        case .memory(let bytes):
            // The buffer's closure throws anything: the failure comes out as a value.
            let result: Result<Void, SealedFileError> = bytes.withUnsafeReadableBytes { bytes in
                Result { () throws(SealedFileError) -> Void in try body(bytes) }
            }
            try result.get()
        case .kept(let page): try page.forEachPart(body)
        }
    }
}
