import CTurboJPEG

/// JPEG to and from pictures, through libjpeg-turbo.
enum JPEGCoder {
    /// Quality 92, as document scanners are set; the resolution stands in the JFIF header.
    static func encode(_ canvas: CairoCanvas, color: ScanColor, resolution: Int) -> [UInt8]? {
        guard let pixels = canvas.pixels, let compressor = tjInitCompress() else { return nil }
        defer { tjDestroy(compressor) }
        var output: UnsafeMutablePointer<UInt8>?
        var count: UInt = 0
        let subsampling = color == .gray ? CInt(TJSAMP_GRAY.rawValue) : CInt(TJSAMP_422.rawValue)
        defer { tjFree(output) }
        guard
            tjCompress2(
                compressor, pixels, CInt(canvas.width), CInt(canvas.stride), CInt(canvas.height),
                CInt(TJPF_BGRX.rawValue), &output, &count, subsampling, 92, 0) == 0, let output
        else { return nil }
        var bytes = Array(UnsafeBufferPointer(start: output, count: Int(count)))
        if bytes.count > 20, bytes[6...9] == [0x4A, 0x46, 0x49, 0x46] {
            let density = [UInt8(resolution >> 8), UInt8(resolution & 0xFF)]
            bytes.replaceSubrange(13..<18, with: [1] + density + density)
        }
        return bytes
    }

    static func decode(_ bytes: [UInt8]) -> CairoCanvas? {
        guard let decompressor = tjInitDecompress() else { return nil }
        defer { tjDestroy(decompressor) }
        var width: CInt = 0
        var height: CInt = 0
        var subsampling: CInt = 0
        var colorspace: CInt = 0
        guard
            tjDecompressHeader3(
                decompressor, bytes, UInt(bytes.count), &width, &height, &subsampling, &colorspace) == 0,
            width > 0, height > 0, width <= 12_000, height <= 12_000, Int(width) * Int(height) <= 60_000_000,
            let canvas = CairoCanvas(width: Int(width), height: Int(height)), let pixels = canvas.pixels
        else { return nil }
        let result = tjDecompress2(
            decompressor, bytes, UInt(bytes.count), pixels, width, CInt(canvas.stride), height,
            CInt(TJPF_BGRX.rawValue), 0)
        // A warning (a file cut short) leaves a usable picture; an error does not.
        guard result == 0 || tjGetErrorCode(decompressor) == CInt(TJERR_WARNING.rawValue) else { return nil }
        canvas.markDirty()
        return canvas
    }
}
