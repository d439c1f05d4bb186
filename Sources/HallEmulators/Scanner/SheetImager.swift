import CPangoCairo
import NIOPosix

/// The optics of the scanner: a sheet as JPEG at the resolution, region and colour that were asked for.
final class SheetImager: Sendable {
    /// One thread: a scanner has one lamp, and Pango's font map stays on it.
    private let thread = NIOThreadPool(numberOfThreads: 1)

    init() { thread.start() }

    deinit { thread.shutdownGracefully { _ in } }

    /// - Parameters:
    ///   - sheet: `nil` is the empty glass, seen white.
    ///   - resolution: dots per inch, 10 to 600.
    func jpeg(of sheet: ScannerSheet?, resolution: Int, region: PageRegion, color: ScanColor) async throws -> [UInt8] {
        try await thread.runIfActive {
            guard let bytes = Self.scan(sheet, resolution: resolution, region: region, color: color) else {
                throw EmulatorError.invalid("The page cannot be made into a picture.")
            }
            return bytes
        }
    }

    private static func scan(
        _ sheet: ScannerSheet?, resolution: Int, region: PageRegion, color: ScanColor
    ) -> [UInt8]? {
        let scale = Double(resolution) / 300
        func dots(_ units: Int) -> Int { max(1, Int((Double(units) * scale).rounded())) }
        guard let canvas = CairoCanvas(width: dots(region.width), height: dots(region.height)) else { return nil }
        canvas.fill(0.99, 0.99, 0.99)
        cairo_translate(canvas.context, -(Double(region.x) * scale).rounded(), -(Double(region.y) * scale).rounded())
        switch sheet?.content {
        case nil: break
        case .sample(let document):
            cairo_scale(canvas.context, scale, scale)
            document.draw(on: canvas)
        case .picture(let bytes, let format):
            guard let picture = CairoCanvas.decode(bytes, format) else { return nil }
            draw(picture, on: canvas, scale: scale)
        }
        return JPEGCoder.encode(canvas, color: color, resolution: resolution)
    }

    /// A picture fills the A4 sheet as far as its shape allows, at the top. One of 2480 x 3508 pixels is scanned
    /// pixel by pixel at 300 dpi.
    private static func draw(_ picture: CairoCanvas, on canvas: CairoCanvas, scale: Double) {
        let fit = min(
            Double(PageRegion.a4.width) / Double(picture.width), Double(PageRegion.a4.height) / Double(picture.height))
        let total = fit * scale
        let left = ((Double(PageRegion.a4.width) - Double(picture.width) * fit) / 2 * scale).rounded()
        cairo_translate(canvas.context, left, 0)
        cairo_scale(canvas.context, total, total)
        cairo_set_source_surface(canvas.context, picture.surface, 0, 0)
        cairo_pattern_set_filter(
            cairo_get_source(canvas.context), total == 1 ? CAIRO_FILTER_NEAREST : CAIRO_FILTER_GOOD)
        cairo_paint(canvas.context)
    }
}
