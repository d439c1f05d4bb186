import CPangoCairo
import CTurboJPEG
import NIOCore

/// A page drawn for a test: paper, writing, noise, a turn. Every person on it is invented.
struct DrawnPage {
    var width = 2480
    var height = 3508
    var dotsPerInch = 300
    /// 0 black … 1 white.
    var paper = 0.97
    var ink = 0.1
    /// Lines of writing, each `pointSize` high.
    var lines: [String] = []
    var pointSize = 12.0
    /// From the left and the top border.
    var marginMillimetres = 20.0
    /// Clockwise, about the middle of the page.
    var turnDegrees = 0.0
    /// Half width of the evenly spread noise, in levels of 255.
    var noise = 0
    var quality = 90

    static let household = (0..<28).map { "第\($0 + 1)行 户主姓名 测试甲 公民身份号码 99999919480312001X 登记机关" }

    func jpeg() -> ByteBuffer {
        let surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height))
        defer { cairo_surface_destroy(surface) }
        let canvas = cairo_create(surface)
        defer { cairo_destroy(canvas) }
        cairo_set_source_rgb(canvas, paper, paper, paper)
        cairo_paint(canvas)
        cairo_translate(canvas, Double(width) / 2, Double(height) / 2)
        cairo_rotate(canvas, turnDegrees * .pi / 180)
        cairo_translate(canvas, Double(-width) / 2, Double(-height) / 2)
        write(on: canvas)
        cairo_identity_matrix(canvas)
        if noise > 0 { sprinkle(on: canvas) }
        cairo_surface_flush(surface)
        return encode(surface)
    }

    private func write(on canvas: OpaquePointer?) {
        let layout = pango_cairo_create_layout(canvas)
        defer { g_object_unref(gpointer(layout)) }
        let font = pango_font_description_from_string("Noto Sans CJK SC")
        defer { pango_font_description_free(font) }
        let size = pointSize * Double(dotsPerInch) / 72
        pango_font_description_set_absolute_size(font, size * Double(PANGO_SCALE))
        pango_layout_set_font_description(layout, font)
        cairo_set_source_rgb(canvas, ink, ink, ink)
        let margin = marginMillimetres * Double(dotsPerInch) / 25.4
        for (index, line) in lines.enumerated() {
            cairo_move_to(canvas, margin, margin + Double(index) * size * 2)
            pango_layout_set_text(layout, line, -1)
            pango_cairo_show_layout(canvas, layout)
        }
    }

    /// Repeats a tile of noise over the page; a fixed seed.
    private func sprinkle(on canvas: OpaquePointer?) {
        let side = 256
        let tile = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, Int32(side), Int32(side))
        defer { cairo_surface_destroy(tile) }
        let data = cairo_image_surface_get_data(tile)
        var state: UInt32 = 2_463_534_242
        for index in 0..<(side * side) {
            state ^= state << 13
            state ^= state >> 17
            state ^= state << 5
            // Black or white, more or less transparent: moves a level up or down.
            let strength = UInt8(Int(state >> 8) % (noise + 1))
            let color = state & 1 == 0 ? 0 : strength
            for channel in 0..<3 { data?[4 * index + channel] = color }
            data?[4 * index + 3] = strength
        }
        cairo_surface_mark_dirty(tile)
        let pattern = cairo_pattern_create_for_surface(tile)
        defer { cairo_pattern_destroy(pattern) }
        cairo_pattern_set_extend(pattern, CAIRO_EXTEND_REPEAT)
        cairo_set_source(canvas, pattern)
        cairo_paint(canvas)
    }

    private func encode(_ surface: OpaquePointer?) -> ByteBuffer {
        let handle = tjInitCompress()
        defer { tjDestroy(handle) }
        var bytes: UnsafeMutablePointer<UInt8>?
        var count: UInt = 0
        defer { tjFree(bytes) }
        tjCompress2(
            handle, cairo_image_surface_get_data(surface), Int32(width), cairo_image_surface_get_stride(surface),
            Int32(height), Int32(TJPF_BGRX.rawValue), &bytes, &count, Int32(TJSAMP_420.rawValue), Int32(quality), 0)
        return ByteBuffer(bytes: UnsafeRawBufferPointer(start: bytes, count: Int(count)))
    }
}
