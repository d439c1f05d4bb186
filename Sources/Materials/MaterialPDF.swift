import NIOCore

/// A page as it goes into a PDF: the scanner's JPEG, unchanged, and what the page checks read in its header.
public struct MaterialPage: Sendable {
    /// Baseline, extended or progressive, 8 bits, one or three components; the page checks refuse every other kind.
    public var jpeg: PlainPiece
    /// As in the JPEG's frame header, 1…65,535.
    public var widthPixels: Int
    /// As in the JPEG's frame header, 1…65,535.
    public var heightPixels: Int
    /// One component; else three.
    public var isGray: Bool

    /// A page; nothing is checked, neither size nor JPEG.
    public init(jpeg: PlainPiece, widthPixels: Int, heightPixels: Int, isGray: Bool) {
        self.jpeg = jpeg
        self.widthPixels = widthPixels
        self.heightPixels = heightPixels
        self.isGray = isGray
    }

    /// A page whose JPEG is in memory.
    public init(jpeg: ByteBuffer, widthPixels: Int, heightPixels: Int, isGray: Bool) {
        self.init(jpeg: .memory(jpeg), widthPixels: widthPixels, heightPixels: heightPixels, isGray: isGray)
    }
}

/// Why pages make no PDF: a fault of the program, not of the pages.
public enum MaterialPDFError: Error, Sendable, Equatable {
    /// No pages, or more than one document may have.
    case wrongPageCount(Int)
    /// A resolution outside of 50…1200 dots per inch.
    case wrongResolution(Int)
    /// A side outside of 1…65,535 pixels.
    case wrongSize(widthPixels: Int, heightPixels: Int)
}

/// A PDF of scanned pages (ISO 32000-1): one JPEG a page, embedded byte for byte, at its own size.
///
/// The same pages always give the same bytes: no dates, no names, no identifiers. Nothing is decoded, and no page is copied:
/// the file comes as pieces, in order, the pages themselves among them, to be sealed one after the other.
public enum MaterialPDF {
    /// Pages of one document.
    public static let pageCounts = 1...64
    /// Dots per inch that a document may have.
    public static let resolutions = 50...1_200

    /// - Parameters:
    ///   - pages: 1…64, in the order of the document.
    ///   - dotsPerInch: 50…1200; gives the pages their size on paper.
    public static func pieces(of pages: [MaterialPage], dotsPerInch: Int) throws(MaterialPDFError) -> [PlainPiece] {
        guard pageCounts.contains(pages.count) else { throw .wrongPageCount(pages.count) }
        guard resolutions.contains(dotsPerInch) else { throw .wrongResolution(dotsPerInch) }
        for page in pages {
            guard (1...65_535).contains(page.widthPixels), (1...65_535).contains(page.heightPixels) else {
                throw .wrongSize(widthPixels: page.widthPixels, heightPixels: page.heightPixels)
            }
        }
        var file = PDFPieces()
        file.object("<< /Type /Catalog /Pages 2 0 R >>")
        let kids = pages.indices.map { "\(3 + 3 * $0) 0 R" }.joined(separator: " ")
        file.object("<< /Type /Pages /Count \(pages.count) /Kids [\(kids)] >>")
        for (index, page) in pages.enumerated() {
            let first = 3 + 3 * index
            let width = points(page.widthPixels, dotsPerInch)
            let height = points(page.heightPixels, dotsPerInch)
            file.object(
                """
                << /Type /Page /Parent 2 0 R /MediaBox [0 0 \(width) \(height)] /Contents \(first + 1) 0 R \
                /Resources << /XObject << /Page \(first + 2) 0 R >> >> >>
                """)
            file.stream("", .memory(ByteBuffer(string: "q \(width) 0 0 \(height) 0 0 cm /Page Do Q\n")))
            file.stream(
                """
                /Type /XObject /Subtype /Image /Width \(page.widthPixels) /Height \(page.heightPixels) \
                /ColorSpace /\(page.isGray ? "DeviceGray" : "DeviceRGB") /BitsPerComponent 8 \
                /Filter /DCTDecode
                """, page.jpeg)
        }
        return file.finished()
    }

    /// Pixels in points of 1/72 inch, with three decimals.
    private static func points(_ pixels: Int, _ dotsPerInch: Int) -> String {
        let thousandths = (pixels * 72_000 + dotsPerInch / 2) / dotsPerInch
        let fraction = String(thousandths % 1_000)
        return "\(thousandths / 1_000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
    }
}

/// Writes numbered objects one after another and the table of where they stand.
private struct PDFPieces {
    private var done: [PlainPiece] = []
    private var bytesDone = 0
    /// What follows `done`.
    private var text = ByteBuffer()
    private var offsets: [Int] = []

    init() {
        // Four bytes above 127 tell that the file is binary (7.5.2).
        text.writeString("%PDF-1.4\n%")
        text.writeBytes([0xE2, 0xE3, 0xCF, 0xD3, 0x0A])
    }

    mutating func object(_ body: String) {
        offsets.append(bytesDone + text.readableBytes)
        text.writeString("\(offsets.count) 0 obj\n\(body)\nendobj\n")
    }

    mutating func stream(_ entries: String, _ data: PlainPiece) {
        offsets.append(bytesDone + text.readableBytes)
        text.writeString("\(offsets.count) 0 obj\n<< \(entries) /Length \(data.count) >>\nstream\n")
        give(.memory(text))
        give(data)
        text = ByteBuffer(string: "\nendstream\nendobj\n")
    }

    /// Each entry of the table is 20 bytes (7.5.4).
    mutating func finished() -> [PlainPiece] {
        let table = bytesDone + text.readableBytes
        text.writeString("xref\n0 \(offsets.count + 1)\n0000000000 65535 f \n")
        for offset in offsets {
            let digits = String(offset)
            text.writeString(String(repeating: "0", count: 10 - digits.count) + digits + " 00000 n \n")
        }
        text.writeString("trailer\n<< /Size \(offsets.count + 1) /Root 1 0 R >>\nstartxref\n\(table)\n%%EOF\n")
        give(.memory(text))
        return done
    }

    private mutating func give(_ piece: PlainPiece) {
        done.append(piece)
        bytesDone += piece.count
    }
}
