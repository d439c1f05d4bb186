import CPangoCairo

/// A picture to draw on: 32 bits a pixel in memory order blue, green, red, unused.
///
/// Owned by one thread at a time.
final class CairoCanvas {
    let surface: OpaquePointer
    let context: OpaquePointer
    let width: Int
    let height: Int

    /// Fails when there is no memory for the picture.
    init?(width: Int, height: Int) {
        guard width > 0, height > 0, width <= 20_000, height <= 40_000,
            let surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, CInt(width), CInt(height))
        else { return nil }
        guard cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS, let context = cairo_create(surface) else {
            cairo_surface_destroy(surface)
            return nil
        }
        self.surface = surface
        self.context = context
        self.width = width
        self.height = height
    }

    deinit {
        cairo_destroy(context)
        cairo_surface_destroy(surface)
    }

    var stride: Int { Int(cairo_image_surface_get_stride(surface)) }

    /// The pixels, after everything drawn has reached them.
    var pixels: UnsafeMutablePointer<UInt8>? {
        cairo_surface_flush(surface)
        return cairo_image_surface_get_data(surface)
    }

    func fill(_ red: Double, _ green: Double, _ blue: Double) {
        cairo_set_source_rgb(context, red, green, blue)
        cairo_paint(context)
    }

    func color(_ red: Double, _ green: Double, _ blue: Double, _ alpha: Double = 1) {
        cairo_set_source_rgba(context, red, green, blue, alpha)
    }

    func line(_ fromX: Double, _ fromY: Double, _ toX: Double, _ toY: Double, width: Double) {
        cairo_set_line_width(context, width)
        cairo_move_to(context, fromX, fromY)
        cairo_line_to(context, toX, toY)
        cairo_stroke(context)
    }

    func frame(_ x: Double, _ y: Double, _ width: Double, _ height: Double, line: Double) {
        cairo_set_line_width(context, line)
        cairo_rectangle(context, x, y, width, height)
        cairo_stroke(context)
    }

    func box(_ x: Double, _ y: Double, _ width: Double, _ height: Double) {
        cairo_rectangle(context, x, y, width, height)
        cairo_fill(context)
    }

    /// Writes text with its top left corner at a point; `size` is the em in drawing units.
    func text(
        _ text: String, _ x: Double, _ y: Double, size: Double, font: String = "Noto Serif CJK SC", bold: Bool = false,
        centredIn width: Double? = nil, wrapAt: Double? = nil
    ) {
        guard let layout = pango_cairo_create_layout(context) else { return }
        defer { g_object_unref(UnsafeMutableRawPointer(layout)) }
        let description = pango_font_description_from_string(font)
        defer { pango_font_description_free(description) }
        pango_font_description_set_absolute_size(description, size * Double(PANGO_SCALE))
        if bold { pango_font_description_set_weight(description, PANGO_WEIGHT_BOLD) }
        pango_layout_set_font_description(layout, description)
        pango_layout_set_text(layout, text, -1)
        if let measure = width ?? wrapAt { pango_layout_set_width(layout, CInt(measure * Double(PANGO_SCALE))) }
        if width != nil { pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER) }
        cairo_move_to(context, x, y)
        pango_cairo_show_layout(context, layout)
    }

    /// The picture as PNG.
    func png() -> [UInt8] {
        final class Sink { var bytes: [UInt8] = [] }
        let sink = Sink()
        _ = cairo_surface_write_to_png_stream(
            surface,
            { closure, data, count in
                guard let closure, let data else { return CAIRO_STATUS_WRITE_ERROR }
                Unmanaged<Sink>.fromOpaque(closure).takeUnretainedValue().bytes
                    .append(contentsOf: UnsafeBufferPointer(start: data, count: Int(count)))
                return CAIRO_STATUS_SUCCESS
            }, Unmanaged.passUnretained(sink).toOpaque())
        return sink.bytes
    }
}
