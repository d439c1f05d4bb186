import CPangoCairo
import NIOCore

/// A slip as the printer gets it: one bit a dot, 1 is ink, most significant bit first, rows without padding.
struct SlipBitmap: Equatable {
    let width: Int
    let height: Int
    let bytes: [UInt8]

    var bytesPerRow: Int { width / 8 }

    /// Takes a 1-bit picture whose width is a multiple of eight.
    init(_ picture: borrowing Picture) {
        width = picture.width
        height = picture.height
        picture.swapToWordOrder()
        let rowBytes = picture.width / 8
        let stride = picture.bytesPerLine
        let source = picture.bytes
        var packed: [UInt8] = []
        packed.reserveCapacity(rowBytes * picture.height)
        for row in 0..<picture.height {
            packed.append(
                contentsOf: UnsafeRawBufferPointer(rebasing: source[(row * stride)..<(row * stride + rowBytes)]))
        }
        picture.swapToWordOrder()
        bytes = packed
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
