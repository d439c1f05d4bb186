import CPangoCairo
import NIOPosix

/// Makes pictures of printed pages: PDF with `pdftoppm`, the rest by itself.
final class DocumentRenderer: Sendable {
    static let mostPages = 200
    /// Of the small pictures on the desk, in dots per inch.
    static let thumbnailResolution = 50

    enum Failure: Error, Equatable { case unreadable, tooManyPages }

    /// Drawing blocks; it has a thread of its own.
    private let thread = NIOThreadPool(numberOfThreads: 1)

    init() { thread.start() }

    deinit { thread.shutdownGracefully { _ in } }

    /// Each page small, as JPEG: reading a document to its end shows whether it can be printed at all. Throws `Failure`, or
    /// `ExternalTool.Failure` without `pdftoppm`.
    func thumbnails(_ document: DocumentStore.Document) async throws -> [[UInt8]] {
        switch document.format {
        case .pdf:
            let pages = try await pdfPages(
                document.bytes, ["-r", "\(Self.thumbnailResolution)"], outputLimit: 160 << 20)
            return try await thread.runIfActive { try Self.splitPPM(pages) }
        case .jpeg, .pwgRaster:
            return try await thread.runIfActive {
                var thumbnails: [[UInt8]] = []
                try Self.eachPage(of: document) { canvas in
                    guard thumbnails.count < Self.mostPages else { throw Failure.tooManyPages }
                    thumbnails.append(try Self.sheet(canvas, resolution: Self.thumbnailResolution))
                }
                guard !thumbnails.isEmpty else { throw Failure.unreadable }
                return thumbnails
            }
        }
    }

    /// One page, counted from 1, as JPEG of an A4 sheet in this resolution.
    func page(_ number: Int, of document: DocumentStore.Document, resolution: Int) async throws -> [UInt8] {
        switch document.format {
        case .pdf:
            let one = ["-f", "\(number)", "-l", "\(number)", "-r", "\(resolution)"]
            let pages = try await pdfPages(document.bytes, one, outputLimit: 160 << 20)
            return try await thread.runIfActive {
                guard let first = try Self.splitPPM(pages, resolution: resolution).first else {
                    throw Failure.unreadable
                }
                return first
            }
        case .jpeg, .pwgRaster:
            return try await thread.runIfActive {
                var found: [UInt8]?
                var count = 0
                try Self.eachPage(of: document) { canvas in
                    count += 1
                    if count == number { found = try Self.sheet(canvas, resolution: resolution) }
                }
                guard let found else { throw Failure.unreadable }
                return found
            }
        }
    }

    private func pdfPages(_ bytes: [UInt8], _ arguments: [String], outputLimit: Int) async throws -> [UInt8] {
        do {
            return try await ExternalTool.run(
                "pdftoppm", package: "poppler-utils", ["-q"] + arguments + ["-"], input: bytes,
                outputLimit: outputLimit, timeout: .seconds(120))
        } catch ExternalTool.Failure.refused {
            throw Failure.unreadable
        }
    }

    // MARK: On the thread

    private static func eachPage(
        of document: DocumentStore.Document, _ body: (CairoCanvas) throws -> Void
    ) throws {
        if document.format == .jpeg {
            guard let canvas = JPEGCoder.decode(document.bytes) else { throw Failure.unreadable }
            return try body(canvas)
        }
        var raster = try PWGRaster(document.bytes)
        while let canvas = try raster.nextPage() { try body(canvas) }
    }

    /// A picture on an A4 sheet: as large as fits, in the middle.
    private static func sheet(_ picture: CairoCanvas, resolution: Int) throws -> [UInt8] {
        let scale = Double(resolution) / 300
        let (width, height) = (Double(PageRegion.a4.width) * scale, Double(PageRegion.a4.height) * scale)
        guard let canvas = CairoCanvas(width: Int(width), height: Int(height)) else { throw Failure.unreadable }
        canvas.fill(1, 1, 1)
        let fit = min(width / Double(picture.width), height / Double(picture.height))
        cairo_translate(
            canvas.context, (width - Double(picture.width) * fit) / 2, (height - Double(picture.height) * fit) / 2)
        cairo_scale(canvas.context, fit, fit)
        cairo_set_source_surface(canvas.context, picture.surface, 0, 0)
        cairo_paint(canvas.context)
        guard let jpeg = JPEGCoder.encode(canvas, color: .color, resolution: resolution) else {
            throw Failure.unreadable
        }
        return jpeg
    }

    /// The pictures of a stream of PPM files (`P6`, as `pdftoppm` writes them), as JPEG.
    static func splitPPM(_ bytes: [UInt8], resolution: Int = thumbnailResolution) throws -> [[UInt8]] {
        var at = 0
        func token() throws -> String {
            while at < bytes.count, bytes[at] <= 0x20 { at += 1 }
            let start = at
            while at < bytes.count, bytes[at] > 0x20 { at += 1 }
            guard at < bytes.count, at - start <= 8 else { throw Failure.unreadable }
            return String(decoding: bytes[start..<at], as: UTF8.self)
        }
        var pictures: [[UInt8]] = []
        while at < bytes.count {
            guard pictures.count < mostPages else { throw Failure.tooManyPages }
            guard try token() == "P6", let width = Int(try token()), let height = Int(try token()),
                try token() == "255", width > 0, height > 0, width <= 12_000, height <= 12_000
            else { throw Failure.unreadable }
            at += 1
            guard bytes.count - at >= width * height * 3, let canvas = CairoCanvas(width: width, height: height),
                let pixels = canvas.pixels
            else { throw Failure.unreadable }
            for row in 0..<height {
                let target = pixels + row * canvas.stride
                for column in 0..<width {
                    target[column * 4 + 2] = bytes[at]
                    target[column * 4 + 1] = bytes[at + 1]
                    target[column * 4] = bytes[at + 2]
                    at += 3
                }
            }
            canvas.markDirty()
            guard let jpeg = JPEGCoder.encode(canvas, color: .color, resolution: resolution) else {
                throw Failure.unreadable
            }
            pictures.append(jpeg)
        }
        guard !pictures.isEmpty else { throw Failure.unreadable }
        return pictures
    }
}
