import Foundation
import TestSupport
import Testing

@testable import HallEmulators

@Suite("The A4 printer is one that real clients use: ipptool, and a queue of a real cupsd", .serialized)
struct RealPrintClientsTests {
    private func withPrinter(
        timeScale: Double = 0, _ body: (EmulatedDocumentPrinter) async throws -> Void
    ) async throws {
        let printer = try EmulatedDocumentPrinter(timeScale: timeScale)
        try await printer.start()
        do { try await body(printer) } catch {
            await printer.stop()
            throw error
        }
        await printer.stop()
    }

    /// The summary line of a run of ipptool, and what failed.
    private func ipptool(_ test: String, _ printer: EmulatedDocumentPrinter, _ file: String) async throws -> String {
        let run = try await CommandRun.run(
            "ipptool", ["-T", "20", "-t", "-f", file, printer.url, test])
        return String(decoding: run.output, as: UTF8.self) + run.errors
    }

    @Test("ipptool's suite for IPP/1.1 passes, with documents of our own where Debian ships none")
    func ippSuite() async throws {
        try #require(CommandRun.isInstalled("ipptool"), "cups-ipp-utils is missing")
        try await withPrinter { printer in
            let folder = try ScratchFolder()
            let suite = try String(contentsOfFile: "/usr/share/cups/ipptool/ipp-1.1.test", encoding: .utf8)
            try folder.write(Array(suite.utf8), to: "ipp-1.1.test")
            for name in ["document-a4.pdf", "document-letter.pdf", "document-a4.ps", "document-letter.ps"] {
                try folder.write(SamplePDF.bytes(pages: 2), to: name)
            }
            let canvas = try #require(CairoCanvas(width: 300, height: 200))
            canvas.fill(0.8, 0.5, 0.2)
            let jpeg = try #require(JPEGCoder.encode(canvas, color: .color, resolution: 300))
            for name in ["color.jpg", "gray.jpg"] { try folder.write(jpeg, to: name) }
            let output = try await ipptool(folder.file("ipp-1.1.test"), printer, folder.file("document-a4.pdf"))
            #expect(output.contains(" 0 failed") && output.contains("Score: 100%") && !output.contains("[FAIL]"))
            #expect(!output.contains("cannot be read"), "\(output.suffix(2_000))")
            // 37 tests are asked even of a printer that offers nothing.
            #expect(output.components(separatedBy: "[PASS]").count > 30)
        }
    }

    @Test("ipptool prints a file and follows it to its end")
    func printAndWait() async throws {
        try #require(CommandRun.isInstalled("ipptool"), "cups-ipp-utils is missing")
        try await withPrinter(timeScale: 0.02) { printer in
            let folder = try ScratchFolder()
            try folder.write(SamplePDF.bytes(pages: 3), to: "three.pdf")
            for test in ["print-job.test", "create-job.test", "print-job-and-wait.test"] {
                let output = try await ipptool(test, printer, folder.file("three.pdf"))
                #expect(output.contains("[PASS]") && !output.contains("[FAIL]"), "\(test): \(output)")
            }
            #expect(await becomes { printer.snapshot.output.count == 9 })
        }
    }

    @Test("a queue made with `lpadmin -m everywhere` prints, waits for paper and goes on")
    func cupsQueue() async throws {
        try #require(CommandRun.isInstalled("lpadmin"), "cups-client is missing")
        try await withPrinter(timeScale: 0.02) { printer in
            let cups = try await CupsServer()
            do {
                try await cups.addQueue("hall_a4", to: printer.url)
                try cups.folder.write(SamplePDF.bytes(pages: 4), to: "four.pdf")
                printer.setPaper(2)
                try await cups.tool("lp", ["-d", "hall_a4", cups.folder.file("four.pdf")])
                #expect(await becomes(seconds: 20) { printer.snapshot.output.count == 2 })
                try await eventually("the queue says that paper is needed", within: .seconds(20)) {
                    try await cups.tool("lpstat", ["-l", "-p", "hall_a4"]).contains("media-empty")
                }
                printer.setPaper(100)
                #expect(await becomes(seconds: 20) { printer.snapshot.output.count == 4 })
                try await eventually("the job is done", within: .seconds(20)) {
                    try await cups.tool("lpstat", ["-W", "completed", "-o"]).contains("hall_a4-1")
                }
            } catch {
                await cups.stop()
                throw error
            }
            await cups.stop()
        }
    }
}
