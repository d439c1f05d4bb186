import CTurboJPEG
import HallModel
import NIOCore

/// Rows to JPEG by libjpeg-turbo.
package enum PageEncoder {
    package struct NotEncoded: Error { let cause: String }

    /// Quality 90 with halved colour keeps writing above 30 dB at a megabyte for A4 at 300 dots per inch. The others are for
    /// pages that would be too large otherwise: fine patterns at many dots per inch.
    static let qualities: [Int32] = [90, 75, 60, 45, 30, 15, 5]

    /// Encodes `rows` rows of 8-bit gray (one channel) or RGB (three).
    /// - Parameter most: bytes that the JPEG may have; what has more is compressed more.
    package static func encode(
        _ pixels: [UInt8], width: Int, rows: Int, channels: Int, atMost most: Int = MaterialBounds.pageBytes
    ) throws(NotEncoded) -> ByteBuffer {
        var smallest = 0
        for quality in qualities {
            let jpeg = try encode(pixels, width: width, rows: rows, channels: channels, quality: quality)
            if jpeg.readableBytes <= most { return jpeg }
            smallest = jpeg.readableBytes
        }
        throw NotEncoded(cause: "\(smallest) bytes at the lowest quality; lower the profile's resolution")
    }

    static func encode(
        _ pixels: [UInt8], width: Int, rows: Int, channels: Int, quality: Int32
    ) throws(NotEncoded) -> ByteBuffer {
        guard let handle = tjInitCompress() else { throw NotEncoded(cause: "tjInitCompress") }
        defer { tjDestroy(handle) }
        let (format, sampling) = channels == 1 ? (TJPF_GRAY, TJSAMP_GRAY) : (TJPF_RGB, TJSAMP_420)
        let bound = tjBufSize(Int32(width), Int32(rows), Int32(sampling.rawValue))
        guard bound > 0, bound < 1 << 31 else { throw NotEncoded(cause: "tjBufSize") }
        // Room for the worst case, so that nothing grows or is copied; the kernel gives memory only for what is written.
        var jpeg = ByteBufferAllocator().buffer(capacity: Int(bound))
        var failure: String?
        jpeg.writeWithUnsafeMutableBytes(minimumWritableBytes: Int(bound)) { room in
            var bytes = room.bindMemory(to: UInt8.self).baseAddress
            var count = UInt(room.count)
            let result = tjCompress2(
                handle, pixels, Int32(width), Int32(width * channels), Int32(rows), Int32(format.rawValue), &bytes,
                &count, Int32(sampling.rawValue), quality, TJFLAG_NOREALLOC)
            guard result == 0 else {
                failure = String(cString: tjGetErrorStr2(handle))
                return 0
            }
            return Int(count)
        }
        if let failure { throw NotEncoded(cause: failure) }
        return jpeg
    }
}
