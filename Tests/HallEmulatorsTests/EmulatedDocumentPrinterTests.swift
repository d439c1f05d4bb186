import Foundation
import TestSupport
import Testing

@testable import HallEmulators

@Suite("The A4 printer over HTTP")
struct EmulatedDocumentPrinterTests {
    private func withPrinter(
        timeScale: Double = 0, _ body: (EmulatedDocumentPrinter, IPPClient) async throws -> Void
    ) async throws {
        let printer = try EmulatedDocumentPrinter(timeScale: timeScale)
        try await printer.start()
        let client = IPPClient(port: printer.port)
        do { try await body(printer, client) } catch {
            await client.end()
            await printer.stop()
            throw error
        }
        await client.end()
        await printer.stop()
    }

    private func state(_ message: IPPMessage) -> Int? { message.value("job-state", in: .job)?.number }

    private func hasEnded(_ client: IPPClient, _ id: Int) async throws -> Int? {
        _ = try await eventually(within: .seconds(40)) { try await (state(client.job(id)) ?? 0) >= 7 }
        return try await state(client.job(id))
    }

    @Test("what cannot be read aborts the job, and what is no document is refused")
    func badDocuments() async throws {
        try await withPrinter { printer, client in
            for data in [
                Array("%PDF-1.4 and nothing more".utf8), [0xFF, 0xD8, 0xFF, 0, 1], Array("plain text".utf8),
                Array("RaS2".utf8) + [UInt8](repeating: 7, count: 2_000),
            ] {
                let answer = try await client.ask(.printJob, data: data)
                let id = try #require(answer.value("job-id", in: .job)?.number)
                #expect(try await hasEnded(client, id) == 8)
                #expect(
                    try await client.job(id).value("job-state-reasons", in: .job) == .keyword("document-format-error"))
            }
            let text = try await client.ask(
                .printJob, [IPPAttribute("document-format", .mimeType("text/plain"))], data: [1])
            #expect(text.code == IPPStatus.documentFormatNotSupported.rawValue)
            let packed = try await client.ask(.printJob, [IPPAttribute("compression", .keyword("gzip"))], data: [1])
            #expect(packed.code == IPPStatus.compressionNotSupported.rawValue)
            #expect(try await client.ask(.printJob).code == IPPStatus.badRequest.rawValue)
            #expect(try await client.job(999).code == IPPStatus.notFound.rawValue)
            #expect(printer.snapshot.output.isEmpty)
        }
    }

    @Test("pages are printed, and each sheet can be looked at")
    func prints() async throws {
        try await withPrinter { printer, client in
            let id = try await client.printPDF(pages: 3, job: [IPPAttribute("sides", .keyword("two-sided-long-edge"))])
            #expect(try await hasEnded(client, id) == 9)
            let job = try await client.job(id)
            #expect(job.value("job-impressions-completed", in: .job) == .integer(3))
            #expect(job.value("job-media-sheets-completed", in: .job) == .integer(2))
            #expect(job.value("job-name", in: .job) == .name("凭证"))
            let sheets = printer.snapshot.output
            try #require(sheets.map(\.pages) == [[1, 2], [3]])
            var pictures: Set<[UInt8]> = []
            for (sheet, side) in [(0, 0), (0, 1), (1, 0)] {
                let picture = try #require(try await printer.picture(ofSheet: sheets[sheet].id, side: side))
                #expect(picture.starts(with: [0xFF, 0xD8, 0xFF]))
                pictures.insert(picture)
            }
            #expect(pictures.count == 3)
            let large = try #require(try await printer.picture(ofSheet: "sheet-1", resolution: 150))
            let canvas = try #require(JPEGCoder.decode(large))
            #expect(abs(canvas.width - 1_240) < 4 && abs(canvas.height - 1_754) < 4)
            #expect(printer.document(ofSheet: "sheet-2") == SamplePDF.bytes(pages: 3))
            #expect(try await printer.picture(ofSheet: "sheet-9") == nil)
            printer.takePapers()
            #expect(printer.snapshot.output.isEmpty)
            #expect(try await printer.picture(ofSheet: "sheet-1") != nil)
        }
    }

    @Test("JPEG and PWG Raster are printed as they are")
    func otherFormats() async throws {
        try await withPrinter { printer, client in
            let canvas = try #require(CairoCanvas(width: 300, height: 200))
            canvas.fill(0.2, 0.4, 0.9)
            let jpeg = try #require(JPEGCoder.encode(canvas, color: .color, resolution: 300))
            let first = try await client.ask(.printJob, data: jpeg)
            #expect(try await hasEnded(client, first.value("job-id", in: .job)?.number ?? 0) == 9)
            try #require(CommandRun.isInstalled("gs"), "ghostscript is missing")
            let folder = try ScratchFolder()
            try folder.write(SamplePDF.bytes(pages: 2), to: "two.pdf")
            for (space, name) in [(18, "gray"), (19, "color")] {
                // Ghostscript is the independent writer of PWG Raster.
                let run = try await CommandRun.run(
                    "gs",
                    [
                        "-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", "-sDEVICE=pwgraster", "-dcupsColorSpace=\(space)",
                        "-dcupsBitsPerColor=8", "-r150", "-sPAPERSIZE=a4", "-sOutputFile=\(folder.file(name))",
                        folder.file("two.pdf"),
                    ])
                #expect(run.succeeded)
                let answer = try await client.ask(
                    .printJob, [IPPAttribute("document-format", .mimeType("image/pwg-raster"))],
                    data: try folder.bytes(of: name))
                #expect(try await hasEnded(client, answer.value("job-id", in: .job)?.number ?? 0) == 9)
            }
            #expect(printer.snapshot.output.count == 5)
            // The black square is where it was: the same page by two roads.
            let id = try await client.printPDF(pages: 2)
            #expect(try await hasEnded(client, id) == 9)
            for sheet in ["sheet-2", "sheet-4"] {
                let raster = try #require(try await printer.picture(ofSheet: sheet, resolution: 72))
                let pdf = try #require(try await printer.picture(ofSheet: "sheet-6", resolution: 72))
                #expect(try darkBox(raster) == (try darkBox(pdf)))
            }
        }
    }

    /// Left, top, right and bottom of what is dark, in steps of 8 pixels.
    private func darkBox(_ jpeg: [UInt8]) throws -> [Int] {
        let canvas = try #require(JPEGCoder.decode(jpeg))
        let pixels = try #require(canvas.pixels)
        var box = [Int.max, Int.max, 0, 0]
        for row in 0..<canvas.height {
            for column in 0..<canvas.width where pixels[row * canvas.stride + column * 4] < 100 {
                box = [min(box[0], column), min(box[1], row), max(box[2], column), max(box[3], row)]
            }
        }
        return box.map { ($0 + 4) / 8 }
    }

    @Test("a body may be chunked, and is bounded; nothing but IPP is taken")
    func bodies() async throws {
        try await withPrinter { printer, client in
            let answer = try await client.ask(.printJob, data: SamplePDF.bytes(pages: 1), isChunked: true)
            #expect(answer.code == IPPStatus.ok.rawValue)
            #expect(try await client.send([1, 2, 3]).message().code == IPPStatus.badRequest.rawValue)
            #expect(try await client.send([], headers: [("Content-Type", "text/plain")]).status == 415)
            let long = try await TCPClient(port: printer.port)
            try await long.send(
                Array(
                    "POST /ipp/print HTTP/1.1\r\nHost: a\r\nContent-Type: application/ipp\r\nContent-Length: 99999999999\r\n\r\n"
                        .utf8))
            #expect(String(decoding: await long.receive(12), as: UTF8.self) == "HTTP/1.1 413")
            #expect(await long.isEnded())
        }
    }

    @Test("Expect: 100-continue is answered before the body comes")
    func expectContinue() async throws {
        try await withPrinter { printer, client in
            let body = IPPClient.request(.getPrinterAttributes, uri: client.printerURI).bytes
            let connection = try await TCPClient(port: printer.port)
            try await connection.send(
                Array(
                    "POST /ipp/print HTTP/1.1\r\nHost: 127.0.0.1:\(printer.port)\r\nContent-Type: application/ipp\r\nContent-Length: \(body.count)\r\nExpect: 100-continue\r\n\r\n"
                        .utf8))
            #expect(String(decoding: await connection.receive(25), as: UTF8.self) == "HTTP/1.1 100 Continue\r\n\r\n")
            try await connection.send(body)
            #expect(String(decoding: await connection.receive(15), as: UTF8.self) == "HTTP/1.1 200 OK")
        }
    }

    @Test("what the printer cannot do is named: refused when it must be exact, else done as far as possible")
    func unsupported() async throws {
        try await withPrinter { _, client in
            let wish = [IPPAttribute("media", .keyword("na_letter_8.5x11in")), IPPAttribute("x-staple", .integer(1))]
            let loose = try await client.ask(.printJob, job: wish, data: SamplePDF.bytes(pages: 1))
            #expect(loose.code == IPPStatus.okIgnoredOrSubstituted.rawValue)
            #expect(loose.attributes(in: .unsupported).map(\.name) == ["media", "x-staple"])
            let strict = try await client.ask(
                .validateJob, [IPPAttribute("ipp-attribute-fidelity", .boolean(true))], job: wish)
            #expect(strict.code == IPPStatus.attributesNotSupported.rawValue)
            let some = try await client.ask(
                .getPrinterAttributes, [IPPAttribute("requested-attributes", keywords: ["printer-state", "x-none"])])
            #expect(some.attributes(in: .printer).map(\.name) == ["printer-state"])
            #expect(some.attribute("requested-attributes", in: .unsupported)?.values == [.keyword("x-none")])
        }
    }

    @Test("Create-Job and Send-Document: several documents, then the end")
    func severalDocuments() async throws {
        try await withPrinter { printer, client in
            let id = try #require(try await client.ask(.createJob).value("job-id", in: .job)?.number)
            func send(_ pages: Int, last: Bool) async throws -> IPPMessage {
                try await client.ask(
                    .sendDocument,
                    [IPPAttribute("job-id", .integer(Int32(id))), IPPAttribute("last-document", .boolean(last))],
                    data: pages > 0 ? SamplePDF.bytes(pages: pages) : [])
            }
            #expect(try await send(1, last: false).code == IPPStatus.ok.rawValue)
            #expect(try await send(2, last: false).code == IPPStatus.ok.rawValue)
            #expect(try await state(client.job(id)) == 3)
            #expect(try await send(0, last: true).code == IPPStatus.ok.rawValue)
            #expect(try await hasEnded(client, id) == 9)
            #expect(printer.snapshot.output.map(\.pages) == [[1], [1], [2]])
            #expect(try await send(1, last: true).code == IPPStatus.notPossible.rawValue)
        }
    }

    @Test("a job is cancelled by its owner; what is over cannot be")
    func cancel() async throws {
        try await withPrinter(timeScale: 1) { printer, client in
            let id = try await client.printPDF(pages: 5)
            let cancel = [IPPAttribute("job-id", .integer(Int32(id)))]
            #expect(try await client.ask(.cancelJob, cancel).code == IPPStatus.ok.rawValue)
            #expect(try await client.ask(.cancelJob, cancel).code == IPPStatus.notPossible.rawValue)
            let list = try await client.ask(.getJobs, [IPPAttribute("which-jobs", .keyword("completed"))])
            #expect(list.value("job-id", in: .job)?.number == id)
        }
    }

    @Test("power cut in mid-job: refused, then a printer that knows nothing of the job and began its clock anew")
    func powerCut() async throws {
        try await withPrinter(timeScale: 0.02) { printer, client in
            let before = try await client.printer().value("printer-up-time", in: .printer)?.number ?? 0
            #expect(before >= 1)
            printer.setEvent(.init(sheets: 2, event: .power))
            let id = try await client.printPDF(pages: 5)
            #expect(await becomes { printer.snapshot.power == "off" })
            await #expect(throws: (any Error).self) { try await client.printer() }
            try await printer.setPower(true)
            #expect(try await client.job(id).code == IPPStatus.notFound.rawValue)
            #expect(printer.snapshot.output.map(\.isComplete) == [true, true, false])
            #expect(try await client.printPDF(pages: 1) == 1)
        }
    }
}
