import CTurboJPEG
import NIOCore

/// Rows to JPEG by libjpeg-turbo.
package enum PageEncoder {
    package struct NotEncoded: Error { let cause: String }

    /// Quality 90 with halved colour keeps writing above 30 dB at a megabyte for A4 at 300 dots per inch.
    static let quality: Int32 = 90

    /// Encodes `rows` rows of 8-bit gray (one channel) or RGB (three).
    package static func encode(_ pixels: [UInt8], width: Int, rows: Int, channels: Int) throws(NotEncoded) -> ByteBuffer {
        guard let handle = tjInitCompress() else { throw NotEncoded(cause: "tjInitCompress") }
        defer { tjDestroy(handle) }
        var bytes: UnsafeMutablePointer<UInt8>?
        var count: UInt = 0
        defer { tjFree(bytes) }
        let (format, sampling) = channels == 1 ? (TJPF_GRAY, TJSAMP_GRAY) : (TJPF_RGB, TJSAMP_420)
        let result = tjCompress2(
            handle, pixels, Int32(width), Int32(width * channels), Int32(rows), Int32(format.rawValue), &bytes, &count,
            Int32(sampling.rawValue), quality, 0)
        guard result == 0, let bytes else { throw NotEncoded(cause: String(cString: tjGetErrorStr2(handle))) }
        return ByteBuffer(bytes: UnsafeRawBufferPointer(start: bytes, count: Int(count)))
    }
}
