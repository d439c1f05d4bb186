import CPangoCairo
import NIOCore

/// A slip as the printer gets it: one bit a dot, 1 is ink, most significant bit first, rows without padding.
struct SlipBitmap: Equatable {
    let width: Int
    let height: Int
    let bytes: [UInt8]

    var bytesPerRow: Int { width / 8 }

    /// Makes ink of what is covered enough.
    ///
    /// - Parameters:
    ///   - coverage: one byte a dot, 0 paper … 255 ink, rows `stride` bytes apart.
    ///   - width: a multiple of eight.
    ///   - leastInk: 1…127; a dot with this coverage is ink.
    init(coverage: UnsafeRawBufferPointer, width: Int, height: Int, stride: Int, leastInk: UInt8) {
        precondition(width % 8 == 0 && stride >= width && coverage.count >= height * stride)
        precondition((1...127).contains(leastInk))
        self.width = width
        self.height = height
        let rowBytes = width / 8
        bytes = [UInt8](unsafeUninitializedCapacity: rowBytes * height) { packed, count in
            var next = 0
            for row in 0..<height {
                for column in 0..<rowBytes {
                    let eight = coverage.loadUnaligned(fromByteOffset: row * stride + 8 * column, as: UInt64.self)
                    packed.initializeElement(at: next, to: Self.ink(in: UInt64(littleEndian: eight), leastInk))
                    next += 1
                }
            }
            count = next
        }
    }

    /// Eight dots at once: one bit for each byte that reaches `leastInk`, the first byte as the most significant bit.
    private static func ink(in eight: UInt64, _ leastInk: UInt8) -> UInt8 {
        // Paper is most of every slip.
        if eight == 0 { return 0 }
        let highBits: UInt64 = 0x8080_8080_8080_8080
        // No byte's sum reaches 256, so none carries into its neighbour.
        let sums = (eight & ~highBits) + UInt64(128 - leastInk) * 0x0101_0101_0101_0101
        let isInk = ((sums | eight) & highBits) >> 7
        // All products of a bit of one factor and a bit of the other differ: nothing carries, and the bits of the bytes end
        // up side by side.
        return UInt8(truncatingIfNeeded: (isInk &* 0x8040_2010_0804_0201) >> 56)
    }

    /// The same dots as a PNG, black on white.
    func png() throws(ReceiptFailure) -> ByteBuffer {
        guard let surface = cairo_image_surface_create(CAIRO_FORMAT_A8, Int32(width), Int32(height)),
            let target = cairo_image_surface_get_data(surface)
        else { throw .libraryFailed("cairo_image_surface_create") }
        defer { cairo_surface_destroy(surface) }
        let stride = Int(cairo_image_surface_get_stride(surface))
        // Cairo writes coverage as brightness: ink is 0 there.
        let spread = (0..<256).map { byte in
            (0..<8).reduce(UInt64(0)) { $0 << 8 | (byte & (0x80 >> $1) == 0 ? 0xFF : 0) }.bigEndian
        }
        for row in 0..<height {
            for column in 0..<bytesPerRow {
                let eight = spread[Int(bytes[row * bytesPerRow + column])]
                UnsafeMutableRawPointer(target + row * stride + 8 * column)
                    .storeBytes(of: eight, as: UInt64.self)
            }
        }
        cairo_surface_mark_dirty(surface)
        var file = ByteBuffer()
        let status = withUnsafeMutablePointer(to: &file) { file in
            cairo_surface_write_to_png_stream(
                surface,
                { closure, data, length in
                    guard let closure else { return CAIRO_STATUS_WRITE_ERROR }
                    closure.assumingMemoryBound(to: ByteBuffer.self).pointee
                        .writeBytes(UnsafeRawBufferPointer(start: data, count: Int(length)))
                    return CAIRO_STATUS_SUCCESS
                }, file)
        }
        guard status == CAIRO_STATUS_SUCCESS else { throw .libraryFailed("cairo_surface_write_to_png_stream") }
        return file
    }
}
