import Foundation
import NIOCore
import Testing

@testable import PageRendering

@Suite("PDF of a material")
struct MaterialPDFTests {
    private func page(_ text: String) -> ByteBuffer {
        DrawnPage(width: 1240, height: 1754, dotsPerInch: 150, lines: [text], pointSize: 30).jpeg()
    }

    @Test("qpdf finds nothing wrong, and the pages are there in order, byte for byte")
    func twoPages() async throws {
        let pages = [page("第一页"), page("第二页")]
        let document = try MaterialPDF.make(pages: pages, dotsPerInch: 150)
        let verdict = try await Tool.run("qpdf", ["--check", "input"], on: document)
        #expect(verdict.succeeded, "\(verdict.output)")
        #expect(verdict.output.contains("No syntax or stream encoding errors found"))
        #expect(verdict.complaints == "")

        let images = try await Tool.run("pdfimages", ["-all", "input", "page"], on: document)
        #expect(images.files["page-000.jpg"] == Data(pages[0].readableBytesView))
        #expect(images.files["page-001.jpg"] == Data(pages[1].readableBytesView))

        let facts = try await Tool.run("pdfinfo", ["input"], on: document)
        #expect(facts.output.contains("Pages:           2"))
        #expect(facts.output.contains("595.2 x 841.92 pts (A4)"))
        for word in ["Author", "Creator", "Producer", "CreationDate", "Title"] { #expect(!facts.output.contains(word)) }
    }

    @Test("The pages can be drawn")
    func drawn() async throws {
        let document = try MaterialPDF.make(pages: [page("第一页")], dotsPerInch: 150)
        let drawn = try await Tool.run("pdftoppm", ["-jpeg", "-r", "150", "input", "page"], on: document)
        let jpeg = try #require(drawn.files["page-1.jpg"])
        let header = try JPEGHeader(jpeg)
        #expect(header.widthPixels == 1240)
        #expect(header.heightPixels == 1754)
    }

    @Test("The same pages give the same bytes, in a buffer sized up front")
    func deterministic() throws {
        let pages = (0..<8).map { page("第\($0)页") }
        let first = try MaterialPDF.make(pages: pages, dotsPerInch: 150)
        #expect(try MaterialPDF.make(pages: pages, dotsPerInch: 150) == first)
        let overhead = first.readableBytes - pages.reduce(0) { $0 + $1.readableBytes }
        #expect(overhead < 8 * 700 + 700)
    }

    @Test("Wrong counts and resolutions are refused")
    func bounds() {
        #expect(throws: PageFailure.wrongPageCount(0)) { try MaterialPDF.make(pages: [], dotsPerInch: 300) }
        #expect(throws: PageFailure.wrongPageCount(65)) {
            try MaterialPDF.make(pages: Array(repeating: page("页"), count: 65), dotsPerInch: 300)
        }
        #expect(throws: PageFailure.wrongResolution(0)) {
            try MaterialPDF.make(pages: [page("页")], dotsPerInch: 0)
        }
    }
}
