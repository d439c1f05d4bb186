import Foundation
import Materials
import NIOCore
import Testing

@testable import PageRendering

@Suite("PDF of a material")
struct MaterialPDFTests {
    private func page(_ text: String) -> MaterialPage {
        let jpeg = DrawnPage(width: 1240, height: 1754, dotsPerInch: 150, lines: [text], pointSize: 30).jpeg()
        return MaterialPage(jpeg: jpeg, widthPixels: 1240, heightPixels: 1754, isGray: false)
    }

    private func document(_ pages: [MaterialPage]) throws -> ByteBuffer {
        var whole = ByteBuffer()
        for piece in try MaterialPDF.pieces(of: pages, dotsPerInch: 150) { whole.writeImmutableBuffer(bytes(piece)) }
        return whole
    }

    private func bytes(_ piece: PlainPiece) -> ByteBuffer {
        if case .memory(let bytes) = piece { bytes } else { ByteBuffer() }
    }

    @Test("qpdf finds nothing wrong, and the pages are there in order, byte for byte")
    func twoPages() async throws {
        let pages = [page("第一页"), page("第二页")]
        let document = try document(pages)
        let verdict = try await Tool.run("qpdf", ["--check", "input"], on: document)
        #expect(verdict.succeeded, "\(verdict.output)")
        #expect(verdict.output.contains("No syntax or stream encoding errors found"))
        #expect(verdict.complaints == "")

        let images = try await Tool.run("pdfimages", ["-all", "input", "page"], on: document)
        #expect(images.files["page-000.jpg"] == Data(bytes(pages[0].jpeg).readableBytesView))
        #expect(images.files["page-001.jpg"] == Data(bytes(pages[1].jpeg).readableBytesView))

        let facts = try await Tool.run("pdfinfo", ["input"], on: document)
        #expect(facts.output.contains("Pages:           2"))
        #expect(facts.output.contains("595.2 x 841.92 pts (A4)"))
        for word in ["Author", "Creator", "Producer", "CreationDate", "Title"] { #expect(!facts.output.contains(word)) }
    }

    @Test("The pages can be drawn")
    func drawn() async throws {
        let document = try document([page("第一页")])
        let drawn = try await Tool.run("pdftoppm", ["-jpeg", "-r", "150", "input", "page"], on: document)
        let jpeg = try #require(drawn.files["page-1.jpg"])
        let header = try JPEGHeader(jpeg)
        #expect(header.widthPixels == 1240)
        #expect(header.heightPixels == 1754)
    }

    @Test("A page without colours is one without colours in the PDF too")
    func gray() async throws {
        var gray = page("第一页")
        gray.isGray = true
        let text = String(decoding: try document([gray]).readableBytesView, as: UTF8.self)
        #expect(text.contains("/DeviceGray") && !text.contains("/DeviceRGB"))
    }

    @Test("The same pages give the same bytes, and the pages themselves are among the pieces")
    func deterministic() throws {
        let pages = (0..<8).map { page("第\($0)页") }
        let first = try document(pages)
        #expect(try document(pages) == first)
        let pieces = try MaterialPDF.pieces(of: pages, dotsPerInch: 150).map(bytes)
        for page in pages { #expect(pieces.contains(bytes(page.jpeg))) }
        let overhead = first.readableBytes - pages.reduce(0) { $0 + $1.jpeg.count }
        #expect(overhead < 8 * 700 + 700)
    }

    @Test("Wrong counts and resolutions are refused")
    func bounds() {
        #expect(throws: MaterialPDFError.wrongPageCount(0)) { try MaterialPDF.pieces(of: [], dotsPerInch: 300) }
        #expect(throws: MaterialPDFError.wrongPageCount(65)) {
            try MaterialPDF.pieces(of: Array(repeating: page("页"), count: 65), dotsPerInch: 300)
        }
        #expect(throws: MaterialPDFError.wrongResolution(0)) {
            try MaterialPDF.pieces(of: [page("页")], dotsPerInch: 0)
        }
        var flat = page("页")
        flat.heightPixels = 0
        #expect(throws: MaterialPDFError.wrongSize(widthPixels: 1240, heightPixels: 0)) {
            try MaterialPDF.pieces(of: [flat], dotsPerInch: 300)
        }
    }
}
