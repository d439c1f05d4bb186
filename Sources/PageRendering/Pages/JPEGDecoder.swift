import CLeptonica
import CTurboJPEG
import NIOCore

/// Decodes page images with libjpeg-turbo. Any damage ends in an error: half a page is no page.
struct JPEGDecoder: ~Copyable {
    private let handle: tjhandle

    init() throws(PageFailure) {
        guard let handle = tjInitDecompress() else { throw .libraryFailed("tjInitDecompress") }
        self.handle = handle
    }

    deinit { tjDestroy(handle) }

    /// 8-bit gray of `eighths`/8 of the size (1…8); only luminance is decoded.
    func gray(_ jpeg: ByteBuffer, _ header: JPEGHeader, eighths: Int) throws(PageFailure) -> Picture {
        let picture = try Picture(
            width: Self.scaled(header.widthPixels, eighths), height: Self.scaled(header.heightPixels, eighths), depth: 8
        )
        try decode(jpeg, into: picture, format: TJPF_GRAY)
        picture.swapToWordOrder()
        return picture
    }

    /// 32-bit colour of `eighths`/8 of the size.
    func color(_ jpeg: ByteBuffer, _ header: JPEGHeader, eighths: Int) throws(PageFailure) -> Picture {
        let picture = try Picture(
            width: Self.scaled(header.widthPixels, eighths), height: Self.scaled(header.heightPixels, eighths),
            depth: 32)
        try decode(jpeg, into: picture, format: UInt32(1).littleEndian == 1 ? TJPF_XBGR : TJPF_RGBX)
        return picture
    }

    /// Rounds up as libjpeg-turbo does (`TJSCALED`).
    static func scaled(_ length: Int, _ eighths: Int) -> Int { (length * eighths + 7) / 8 }

    private func decode(_ jpeg: ByteBuffer, into picture: borrowing Picture, format: TJPF) throws(PageFailure) {
        let target = picture.bytes.bindMemory(to: UInt8.self).baseAddress
        let (width, height, pitch) = (Int32(picture.width), Int32(picture.height), Int32(picture.bytesPerLine))
        // LIMITSCANS: a progressive image of thousands of scans would take minutes.
        let flags = TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS | TJFLAG_FASTUPSAMPLE
        let result = jpeg.withUnsafeReadableBytes { source in
            tjDecompress2(
                handle, source.bindMemory(to: UInt8.self).baseAddress, UInt(source.count), target, width, pitch, height,
                format.rawValue.asInt32, flags)
        }
        guard result == 0 else { throw .damaged(String(cString: tjGetErrorStr2(handle))) }
    }
}

/// Encodes previews with libjpeg-turbo.
struct JPEGEncoder: ~Copyable {
    private let handle: tjhandle

    init() throws(PageFailure) {
        guard let handle = tjInitCompress() else { throw .libraryFailed("tjInitCompress") }
        self.handle = handle
    }

    deinit { tjDestroy(handle) }

    /// A 4:2:0 JPEG of a 32-bit picture.
    func encode(_ picture: borrowing Picture, quality: Int) throws(PageFailure) -> ByteBuffer {
        var bytes: UnsafeMutablePointer<UInt8>?
        var count: UInt = 0
        defer { tjFree(bytes) }
        let format = UInt32(1).littleEndian == 1 ? TJPF_XBGR : TJPF_RGBX
        let result = tjCompress2(
            handle, picture.bytes.bindMemory(to: UInt8.self).baseAddress, Int32(picture.width),
            Int32(picture.bytesPerLine), Int32(picture.height), format.rawValue.asInt32, &bytes, &count,
            TJSAMP_420.rawValue.asInt32, Int32(quality), 0)
        guard result == 0, let bytes else { throw .libraryFailed(String(cString: tjGetErrorStr2(handle))) }
        return ByteBuffer(bytes: UnsafeRawBufferPointer(start: bytes, count: Int(count)))
    }
}

extension BinaryInteger {
    /// C enumerations come as `UInt32` or `Int32`, depending on their values; the calls want `Int32`.
    var asInt32: Int32 { Int32(truncatingIfNeeded: self) }
}
