import CPangoCairo
import CQREncode
import Foundation

/// A PDF in memory, page by page. Lengths in points, from the upper left corner of an A4 page.
///
/// Blocks: use it on a thread that may. One canvas is used by one thread.
final class PaperCanvas {
    static let width = 595.276
    static let height = 841.89

    struct Ink {
        var red: Double
        var green: Double
        var blue: Double

        static let black = Ink(red: 0.07, green: 0.09, blue: 0.11)
        static let soft = Ink(red: 0.32, green: 0.36, blue: 0.4)
        static let line = Ink(red: 0.62, green: 0.66, blue: 0.7)
        static let wash = Ink(red: 0.945, green: 0.955, blue: 0.965)
        static let watermark = Ink(red: 0.93, green: 0.93, blue: 0.93)
        static let seal = Ink(red: 0.72, green: 0.11, blue: 0.11)
    }

    enum Alignment { case left, center, right }
    enum Face: String {
        case sans = "Noto Sans CJK SC, HanaMinA, HanaMinB"
        case serif = "Noto Serif CJK SC, Noto Sans CJK SC, HanaMinA, HanaMinB"
    }

    private final class Sink {
        var bytes: [UInt8] = []
    }

    private let sink = Sink()
    private let surface: OpaquePointer
    private let context: OpaquePointer
    private(set) var pages = 1

    /// - Throws: ``APIProblem`` `unavailable` when the library cannot.
    init(title: String, madeAt: Timestamp) throws {
        let write: cairo_write_func_t = { closure, data, length in
            guard let closure, let data else { return CAIRO_STATUS_WRITE_ERROR }
            Unmanaged<Sink>.fromOpaque(closure).takeUnretainedValue().bytes.append(
                contentsOf: UnsafeBufferPointer(start: data, count: Int(length)))
            return CAIRO_STATUS_SUCCESS
        }
        // The surface writes to the sink until it is finished, which is before this object, its owner, is gone.
        let made = cairo_pdf_surface_create_for_stream(
            write, Unmanaged.passUnretained(sink).toOpaque(), Self.width, Self.height)
        guard let made, cairo_surface_status(made) == CAIRO_STATUS_SUCCESS, let context = cairo_create(made) else {
            throw APIProblem(.unavailable, "The document could not be drawn.")
        }
        surface = made
        self.context = context
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title)
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "kiosk-platformd")
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, madeAt.text)
    }

    deinit {
        cairo_destroy(context)
        cairo_surface_finish(surface)
        cairo_surface_destroy(surface)
    }

    /// The whole document.
    func finished() throws -> [UInt8] {
        cairo_show_page(context)
        cairo_surface_finish(surface)
        guard cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS else {
            throw APIProblem(.unavailable, "The document could not be drawn.")
        }
        return sink.bytes
    }

    func nextPage() {
        cairo_show_page(context)
        pages += 1
    }

    // MARK: - Shapes

    private func set(_ ink: Ink) { cairo_set_source_rgb(context, ink.red, ink.green, ink.blue) }

    func fill(x: Double, y: Double, width: Double, height: Double, _ ink: Ink) {
        set(ink)
        cairo_rectangle(context, x, y, width, height)
        cairo_fill(context)
    }

    func frame(x: Double, y: Double, width: Double, height: Double, thickness: Double = 0.8, _ ink: Ink = .black) {
        set(ink)
        cairo_set_line_width(context, thickness)
        cairo_rectangle(context, x, y, width, height)
        cairo_stroke(context)
    }

    func line(fromX: Double, y: Double, toX: Double, toY: Double? = nil, thickness: Double = 0.5, _ ink: Ink = .line) {
        set(ink)
        cairo_set_line_width(context, thickness)
        cairo_move_to(context, fromX, y)
        cairo_line_to(context, toX, toY ?? y)
        cairo_stroke(context)
    }

    func circle(x: Double, y: Double, radius: Double, thickness: Double, _ ink: Ink) {
        set(ink)
        cairo_set_line_width(context, thickness)
        cairo_new_sub_path(context)
        cairo_arc(context, x, y, radius, 0, 2 * Double.pi)
        cairo_stroke(context)
    }

    // MARK: - Writing

    /// Draws a paragraph and gives its height.
    ///
    /// - Parameter width: where it is broken into lines, and what it is aligned in.
    @discardableResult
    func text(
        _ text: String, x: Double, y: Double, width: Double, size: Double, bold: Bool = false, face: Face = .sans,
        alignment: Alignment = .left, spacing: Double = 0, ink: Ink = .black
    ) -> Double {
        guard let layout = pango_cairo_create_layout(context) else { return 0 }
        defer { g_object_unref(gpointer(layout)) }
        let font = pango_font_description_from_string(face.rawValue)
        defer { pango_font_description_free(font) }
        pango_font_description_set_absolute_size(font, size * Double(PANGO_SCALE))
        pango_font_description_set_weight(font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL)
        pango_layout_set_font_description(layout, font)
        // Otherwise the machine's language picks Japanese shapes of shared characters.
        pango_context_set_language(pango_layout_get_context(layout), pango_language_from_string("zh-Hans-CN"))
        pango_layout_context_changed(layout)
        if spacing > 0, let attributes = pango_attr_list_new() {
            pango_attr_list_insert(attributes, pango_attr_letter_spacing_new(Int32(spacing * Double(PANGO_SCALE))))
            pango_layout_set_attributes(layout, attributes)
            pango_attr_list_unref(attributes)
        }
        pango_layout_set_text(layout, Self.withoutControls(text), -1)
        pango_layout_set_width(layout, Int32(width * Double(PANGO_SCALE)))
        pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR)
        pango_layout_set_alignment(
            layout,
            alignment == .left ? PANGO_ALIGN_LEFT : alignment == .center ? PANGO_ALIGN_CENTER : PANGO_ALIGN_RIGHT
        )
        var logical = PangoRectangle()
        pango_layout_get_extents(layout, nil, &logical)
        set(ink)
        cairo_move_to(context, x, y)
        pango_cairo_show_layout(context, layout)
        return Double(logical.height) / Double(PANGO_SCALE)
    }

    /// Writes slanted across the page, as a watermark.
    func slanted(_ words: String, x: Double, y: Double, degrees: Double, size: Double, _ ink: Ink) {
        cairo_save(context)
        cairo_translate(context, x, y)
        cairo_rotate(context, degrees * Double.pi / 180)
        text(words, x: -300, y: -size / 2, width: 600, size: size, bold: true, alignment: .center, ink: ink)
        cairo_restore(context)
    }

    private static func withoutControls(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
    }

    // MARK: - QR

    /// A QR code (ISO/IEC 18004, level M) with its quiet zone inside the square.
    func qr(_ text: String, x: Double, y: Double, side: Double) throws {
        let bytes = Array(text.utf8)
        guard (1...400).contains(bytes.count), let code = QRcode_encodeData(Int32(bytes.count), bytes, 0, QR_ECLEVEL_M)
        else { throw APIProblem(.unavailable, "The document's QR code could not be drawn.") }
        defer { QRcode_free(code) }
        let width = Int(code.pointee.width)
        guard let modules = code.pointee.data else {
            throw APIProblem(.unavailable, "The document's QR code could not be drawn.")
        }
        fill(x: x, y: y, width: side, height: side, Ink(red: 1, green: 1, blue: 1))
        let module = side / Double(width + 8)
        set(.init(red: 0, green: 0, blue: 0))
        for row in 0..<width {
            for column in 0..<width where modules[row * width + column] & 1 == 1 {
                cairo_rectangle(
                    context, x + Double(column + 4) * module, y + Double(row + 4) * module, module, module)
            }
        }
        cairo_fill(context)
    }
}
