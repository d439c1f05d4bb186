import CPangoCairo

extension CairoCanvas {
    func circle(_ x: Double, _ y: Double, radius: Double, line: Double) {
        cairo_set_line_width(context, line)
        cairo_new_path(context)
        cairo_arc(context, x, y, radius, 0, 2 * .pi)
        cairo_stroke(context)
    }

    /// Draws as if the paper lay turned on the glass.
    func turned(degrees: Double, _ draw: (CairoCanvas) -> Void) {
        cairo_save(context)
        cairo_translate(context, 1_240, 1_754)
        cairo_rotate(context, degrees * .pi / 180)
        cairo_translate(context, -1_240, -1_754)
        draw(self)
        cairo_restore(context)
    }

    /// Draws as if the paper did not lie wholly on the glass.
    func moved(x: Double, y: Double, _ draw: (CairoCanvas) -> Void) {
        cairo_save(context)
        cairo_translate(context, x, y)
        draw(self)
        cairo_restore(context)
    }

    /// The slight unevenness of real paper under a real lamp.
    func paperGrain() {
        let side = 128
        guard let tile = CairoCanvas(width: side, height: side), let pixels = tile.pixels else { return }
        var noise = DeterministicNoise(seed: "paper grain")
        let grains = noise.bytes(side * side)
        for row in 0..<side {
            for column in 0..<side {
                let value = 118 + grains[row * side + column] % 20
                let pixel = pixels + row * tile.stride + column * 4
                pixel[0] = value
                pixel[1] = value
                pixel[2] = value
            }
        }
        cairo_surface_mark_dirty(tile.surface)
        guard let pattern = cairo_pattern_create_for_surface(tile.surface) else { return }
        defer { cairo_pattern_destroy(pattern) }
        cairo_pattern_set_extend(pattern, CAIRO_EXTEND_REPEAT)
        cairo_pattern_set_filter(pattern, CAIRO_FILTER_NEAREST)
        cairo_save(context)
        cairo_identity_matrix(context)
        cairo_set_source(context, pattern)
        cairo_paint_with_alpha(context, 0.02)
        cairo_restore(context)
    }

    /// Takes a JPEG or PNG as a picture of its own size; `nil` when it is neither or too large.
    static func decode(_ bytes: [UInt8], _ format: PictureFormat) -> CairoCanvas? {
        switch format {
        case .jpeg: JPEGCoder.decode(bytes)
        case .png: decodePNG(bytes)
        }
    }

    private static func decodePNG(_ bytes: [UInt8]) -> CairoCanvas? {
        // Width and height stand in the first chunk: look before memory is taken for them.
        guard bytes.count > 24, bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) else { return nil }
        func number(_ at: Int) -> Int { bytes[at..<(at + 4)].reduce(0) { $0 << 8 | Int($1) } }
        let (width, height) = (number(16), number(20))
        guard width > 0, height > 0, width <= 12_000, height <= 12_000, width * height <= 60_000_000 else { return nil }
        final class Source {
            var rest: ArraySlice<UInt8>
            init(_ bytes: [UInt8]) { rest = bytes[...] }
        }
        let source = Source(bytes)
        let image = cairo_image_surface_create_from_png_stream(
            { closure, data, count in
                guard let closure, let data else { return CAIRO_STATUS_READ_ERROR }
                let source = Unmanaged<Source>.fromOpaque(closure).takeUnretainedValue()
                guard source.rest.count >= Int(count) else { return CAIRO_STATUS_READ_ERROR }
                for index in 0..<Int(count) { data[index] = source.rest[source.rest.startIndex + index] }
                source.rest = source.rest.dropFirst(Int(count))
                return CAIRO_STATUS_SUCCESS
            }, Unmanaged.passUnretained(source).toOpaque())
        defer { cairo_surface_destroy(image) }
        guard let image, cairo_surface_status(image) == CAIRO_STATUS_SUCCESS,
            let canvas = CairoCanvas(width: width, height: height)
        else { return nil }
        canvas.fill(1, 1, 1)
        cairo_set_source_surface(canvas.context, image, 0, 0)
        cairo_paint(canvas.context)
        return canvas
    }
}

extension CairoCanvas {
    /// Says that pixels were written past Cairo.
    func markDirty() { cairo_surface_mark_dirty(surface) }
}
