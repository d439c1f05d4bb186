import CPangoCairo

/// A drawing surface whose pixels are ink coverage: 0 paper, 255 ink.
final class SlipCanvas {
    private let surface: OpaquePointer
    let context: OpaquePointer
    let width: Int
    let height: Int

    init(width: Int, height: Int) throws(ReceiptFailure) {
        guard let surface = cairo_image_surface_create(CAIRO_FORMAT_A8, Int32(width), Int32(height)),
            let context = cairo_create(surface)
        else { throw .libraryFailed("cairo_image_surface_create") }
        self.surface = surface
        self.context = context
        self.width = width
        self.height = height
        // Rules and modules of a QR code lie on whole dots.
        cairo_set_antialias(context, CAIRO_ANTIALIAS_NONE)
        cairo_set_source_rgba(context, 0, 0, 0, 1)
    }

    deinit {
        cairo_destroy(context)
        cairo_surface_destroy(surface)
    }

    static func fill(_ context: OpaquePointer, _ x: Int, _ y: Int, _ width: Int, _ height: Int) {
        cairo_rectangle(context, Double(x), Double(y), Double(width), Double(height))
        cairo_fill(context)
    }

    /// What `draw` draws takes ink away.
    static func erase(_ context: OpaquePointer, _ draw: () -> Void) {
        cairo_save(context)
        cairo_set_operator(context, CAIRO_OPERATOR_DEST_OUT)
        draw()
        cairo_restore(context)
    }

    /// One bit a dot: ink where it covers more than two fifths of the dot, which keeps thin strokes whole.
    func bitmap() throws(ReceiptFailure) -> SlipBitmap {
        cairo_surface_flush(surface)
        guard let source = cairo_image_surface_get_data(surface) else { throw .libraryFailed("cairo surface") }
        let stride = Int(cairo_image_surface_get_stride(surface))
        return SlipBitmap(
            coverage: UnsafeRawBufferPointer(start: source, count: height * stride), width: width, height: height,
            stride: stride, leastInk: 102)
    }
}
