import NIOCore

/// A PDF of scanned pages (ISO 32000-1): one JPEG a page, embedded byte for byte, at its own size.
///
/// The same pages always give the same bytes: no dates, no names, no identifiers. Nothing is decoded.
public enum MaterialPDF {
    /// Makes the PDF.
    ///
    /// - Parameters:
    ///   - pages: 1…64 gray or colour JPEGs in the order of the document.
    ///   - dotsPerInch: 50…1200; gives the pages their size on paper.
    /// - Returns: a buffer of exactly the file's size; each page is copied once, into it.
    public static func make(pages: [ByteBuffer], dotsPerInch: Int) throws(PageFailure) -> ByteBuffer {
        guard PageLimits.pages.contains(pages.count) else { throw .wrongPageCount(pages.count) }
        guard PageLimits.dotsPerInch.contains(dotsPerInch) else { throw .wrongResolution(dotsPerInch) }
        var headers: [JPEGHeader] = []
        for page in pages { headers.append(try JPEGHeader(page.readableBytesView)) }
        var file = PDFFile(capacity: pages.reduce(0) { $0 + $1.readableBytes + 1_024 } + 1_024)
        file.object("<< /Type /Catalog /Pages 2 0 R >>")
        let kids = pages.indices.map { "\(3 + 3 * $0) 0 R" }.joined(separator: " ")
        file.object("<< /Type /Pages /Count \(pages.count) /Kids [\(kids)] >>")
        for (index, (page, header)) in zip(pages, headers).enumerated() {
            let first = 3 + 3 * index
            let width = points(header.widthPixels, dotsPerInch)
            let height = points(header.heightPixels, dotsPerInch)
            file.object(
                """
                << /Type /Page /Parent 2 0 R /MediaBox [0 0 \(width) \(height)] /Contents \(first + 1) 0 R \
                /Resources << /XObject << /Page \(first + 2) 0 R >> >> >>
                """)
            file.stream("", ByteBuffer(string: "q \(width) 0 0 \(height) 0 0 cm /Page Do Q\n"))
            file.stream(
                """
                /Type /XObject /Subtype /Image /Width \(header.widthPixels) /Height \(header.heightPixels) \
                /ColorSpace /\(header.model == .gray ? "DeviceGray" : "DeviceRGB") /BitsPerComponent 8 \
                /Filter /DCTDecode
                """, page)
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
private struct PDFFile {
    private var buffer: ByteBuffer
    private var offsets: [Int] = []

    init(capacity: Int) {
        buffer = ByteBufferAllocator().buffer(capacity: capacity)
        // Four bytes above 127 tell that the file is binary (7.5.2).
        buffer.writeString("%PDF-1.4\n%")
        buffer.writeBytes([0xE2, 0xE3, 0xCF, 0xD3, 0x0A])
    }

    mutating func object(_ body: String) {
        offsets.append(buffer.writerIndex)
        buffer.writeString("\(offsets.count) 0 obj\n\(body)\nendobj\n")
    }

    mutating func stream(_ entries: String, _ data: ByteBuffer) {
        offsets.append(buffer.writerIndex)
        buffer.writeString("\(offsets.count) 0 obj\n<< \(entries) /Length \(data.readableBytes) >>\nstream\n")
        buffer.writeImmutableBuffer(data)
        buffer.writeString("\nendstream\nendobj\n")
    }

    /// Each entry of the table is 20 bytes (7.5.4).
    mutating func finished() -> ByteBuffer {
        let table = buffer.writerIndex
        buffer.writeString("xref\n0 \(offsets.count + 1)\n0000000000 65535 f \n")
        for offset in offsets {
            let digits = String(offset)
            buffer.writeString(String(repeating: "0", count: 10 - digits.count) + digits + " 00000 n \n")
        }
        buffer.writeString(
            "trailer\n<< /Size \(offsets.count + 1) /Root 1 0 R >>\nstartxref\n\(table)\n%%EOF\n")
        return buffer
    }
}
