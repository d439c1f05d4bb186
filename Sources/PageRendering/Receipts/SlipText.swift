import CPangoCairo

/// A paragraph of a slip, laid out by Pango. Sizes in dots.
final class SlipText {
    enum Alignment { case left, center }

    /// Noto Sans CJK first; Hanazono holds the extensions B to E, where rare surnames live.
    private static let families = "Noto Sans CJK SC, HanaMinA, HanaMinB"
    /// Stands for a character that no font has: the printer's old sign for a missing type.
    private static let missing: Character = "〓"

    private let layout: OpaquePointer
    let width: Int
    let height: Int
    /// Left edge of the writing, relative to the layout's own.
    let inkLeft: Int
    /// Characters that no installed font has.
    let missingCharacters: Int

    init(
        _ text: String, on canvas: OpaquePointer, size: Int, bold: Bool = false, alignment: Alignment = .left,
        within maximumWidth: Int
    ) throws(ReceiptFailure) {
        guard text.count <= 2_000 else { throw .tooLong }
        guard let layout = pango_cairo_create_layout(canvas) else { throw .libraryFailed("pango_cairo_create_layout") }
        self.layout = layout
        Self.style(layout, size: size, bold: bold)
        let clean = Self.withoutControls(text)
        missingCharacters = Self.set(clean, on: layout)
        pango_layout_set_width(layout, Int32(maximumWidth) * PANGO_SCALE)
        pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR)
        pango_layout_set_alignment(layout, alignment == .center ? PANGO_ALIGN_CENTER : PANGO_ALIGN_LEFT)
        var logical = PangoRectangle()
        pango_layout_get_pixel_extents(layout, nil, &logical)
        width = Int(logical.width)
        height = Int(logical.height)
        inkLeft = Int(logical.x)
    }

    deinit { g_object_unref(gpointer(layout)) }

    var lineCount: Int { Int(pango_layout_get_line_count(layout)) }

    func draw(on canvas: OpaquePointer, x: Int, y: Int) {
        cairo_move_to(canvas, Double(x), Double(y))
        pango_cairo_show_layout(canvas, layout)
    }

    private static func style(_ layout: OpaquePointer, size: Int, bold: Bool) {
        let font = pango_font_description_from_string(families)
        defer { pango_font_description_free(font) }
        pango_font_description_set_absolute_size(font, Double(size) * Double(PANGO_SCALE))
        pango_font_description_set_weight(font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL)
        pango_layout_set_font_description(layout, font)
        let options = cairo_font_options_create()
        defer { cairo_font_options_destroy(options) }
        // Shapes as designed, thresholded afterwards, on whole dots.
        cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
        cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
        cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_ON)
        pango_cairo_context_set_font_options(pango_layout_get_context(layout), options)
        // Otherwise the machine's language picks Japanese shapes of shared characters.
        pango_context_set_language(pango_layout_get_context(layout), pango_language_from_string("zh-Hans-CN"))
        pango_layout_context_changed(layout)
        pango_layout_set_line_spacing(layout, 0.92)
    }

    /// Sets the text; where a font is missing a character, the sign for it takes its place.
    private static func set(_ text: String, on layout: OpaquePointer) -> Int {
        func unknown(_ text: String) -> Bool {
            pango_layout_set_text(layout, text, -1)
            return pango_layout_get_unknown_glyphs_count(layout) > 0
        }
        guard unknown(text) else { return 0 }
        var count = 0
        let replaced = String(
            text.map { character in
                guard unknown(String(character)) else { return character }
                count += 1
                return missing
            })
        pango_layout_set_text(layout, replaced, -1)
        return count
    }

    /// Controls, line and paragraph separators and direction marks become spaces: a value cannot bend the slip.
    static func withoutControls(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    switch scalar.properties.generalCategory {
                    case .control, .format, .lineSeparator, .paragraphSeparator: " "
                    default: scalar
                    }
                }))
    }
}
