import Foundation
import Testing

@testable import HallEmulators

@Suite("The emulated scanner, scanned by the real SANE", .serialized)
struct EmulatedScannerTests {
    private func withScanner(
        timeScale: Double = 0, _ body: (EmulatedScanner) async throws -> Void
    ) async throws {
        let scanner = EmulatedScanner(timeScale: timeScale)
        try await scanner.start()
        do {
            try await body(scanner)
        } catch {
            await scanner.stop()
            throw error
        }
        await scanner.stop()
    }

    /// Runs scanimage with a SANE configuration of its own that knows this scanner only.
    private func scanimage(_ scanner: EmulatedScanner, _ arguments: [String]) async throws -> (
        code: Int32, files: [[UInt8]], errors: String
    ) {
        let folder = URL(fileURLWithPath: NSTemporaryDirectory()).appendingPathComponent("sane-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("airscan\n".utf8).write(to: folder.appendingPathComponent("dll.conf"))
        try Data("[devices]\n\"hall\" = \(scanner.url), eSCL\n[options]\ndiscovery = disable\n".utf8)
            .write(to: folder.appendingPathComponent("airscan.conf"))
        let result = try await run(
            "/usr/bin/scanimage",
            ["-d", "airscan:e0:hall", "--format=jpeg", "--batch=\(folder.path)/page%02d.jpg"] + arguments,
            environment: ["SANE_CONFIG_DIR": folder.path, "PATH": "/usr/bin:/bin"])
        let pages = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasPrefix("page") }
            .sorted()
        let files = try pages.map { Array(try Data(contentsOf: folder.appendingPathComponent($0))) }
        return (result.code, files, result.errors)
    }

    @Test("two pages through the feeder in A4 colour at 300 dpi")
    func feeder() async throws {
        try await withScanner { scanner in
            try scanner.lay(.householdRegister1)
            try scanner.lay(.householdRegister2)
            let result = try await scanimage(scanner, ["--source", "ADF", "--resolution", "300", "--mode", "Color"])
            #expect(result.files.count == 2)
            for file in result.files {
                let picture = try #require(JPEGCoder.decode(file))
                #expect(picture.width == 2_480 && picture.height == 3_508)
            }
            #expect(scanner.snapshot.output.map(\.name) == ["户口本首页", "户口本本人页"])
        }
    }

    @Test("a dropped A4 picture comes back pixel by pixel", arguments: [true, false])
    func droppedPicture(asPNG: Bool) async throws {
        let original = try #require(CairoCanvas(width: 2_480, height: 3_508))
        SampleDocument.householdRegister1.draw(on: original)
        let bytes = asPNG ? original.png() : try #require(JPEGCoder.encode(original, color: .color, resolution: 300))
        try await withScanner { scanner in
            try await scanner.lay(picture: bytes, on: .glass)
            let url = try await job(scanner, "<pwg:InputSource>Platen</pwg:InputSource>")
            let answer = try await HTTP.get(url + "/NextDocument")
            #expect(answer.status == 200 && answer.headers.first(name: "content-type") == "image/jpeg")
            let scanned = try #require(JPEGCoder.decode(answer.body))
            #expect(signalToNoise(original, scanned) > 35)
            #expect(try await HTTP.get(url + "/NextDocument").status == 404)
        }
    }

    @Test("resolution, region and colour are honoured")
    func geometry() async throws {
        try await withScanner { scanner in
            try scanner.lay(.idCopy, on: .glass)
            let result = try await scanimage(
                scanner,
                [
                    "--batch-count=1", "--source", "Flatbed", "--resolution", "150", "--mode", "Gray", "-x", "100",
                    "-y", "50",
                ])
            let picture = try #require(result.files.first.flatMap { JPEGCoder.decode($0) })
            #expect(abs(picture.width - 591) <= 2 && abs(picture.height - 295) <= 2)
        }
    }

    @Test("the faults are what SANE says they are")
    func faults() async throws {
        try await withScanner { scanner in
            #expect(try await scanimage(scanner, ["--source", "ADF"]).errors.contains("out of documents"))
            try scanner.lay(.blank)
            try await scanner.setFault(.jam)
            #expect(try await scanimage(scanner, ["--source", "ADF"]).errors.contains("jammed"))
            try await scanner.setFault(.coverOpen)
            #expect(try await scanimage(scanner, ["--source", "ADF"]).files.isEmpty)
            #expect(try await HTTP.get(scanner.url + "/ScannerStatus").text.contains("ScannerAdfHatchOpen"))
            try await scanner.setFault(.busy)
            // sane-airscan asks a busy scanner for half a minute; here it is enough that it hears so.
            let settings = Array("<scan:ScanSettings/>".utf8)
            #expect(
                try await HTTP.send(.POST, scanner.url + "/ScanJobs", body: settings, type: "text/xml").status == 503)
            #expect(try await HTTP.get(scanner.url + "/ScannerStatus").text.contains("<pwg:State>Processing"))
            try await scanner.setFault(.gone)
            await #expect(throws: (any Error).self) { try await HTTP.get(scanner.url + "/ScannerStatus") }
            try await scanner.setFault(.none)
            #expect(try await scanimage(scanner, ["--source", "ADF"]).files.count == 1)
        }
    }

    @Test("gone in mid-page: an error, no page; the sheet can be fed again when the scanner is back")
    func goneMidPage() async throws {
        try await withScanner { scanner in
            try scanner.lay(.householdRegister1)
            try await scanner.setFault(.goneMidPage)
            let result = try await scanimage(scanner, ["--source", "ADF"])
            #expect(result.code != 0 && scanner.snapshot.fault == .gone)
            try await scanner.setFault(.none)
            #expect(await becomes { scanner.snapshot.tray.count == 1 })
            #expect(try await scanimage(scanner, ["--source", "ADF"]).files.count == 1)
        }
    }

    @Test("what is not a picture is not taken into the tray")
    func notAPicture() async throws {
        try await withScanner { scanner in
            let claims: [[UInt8]] = [
                [], [1, 2, 3], [0xFF, 0xD8, 0xFF, 0xE0],
                [0x89, 0x50, 0x4E, 0x47] + [UInt8](repeating: 0xFF, count: 60),
            ]
            for bytes in claims {
                await #expect(throws: EmulatorError.self) { try await scanner.lay(picture: bytes) }
            }
            #expect(scanner.snapshot.tray.isEmpty)
        }
    }

    private func job(_ scanner: EmulatedScanner, _ settings: String) async throws -> String {
        let xml = "<scan:ScanSettings>\(settings)</scan:ScanSettings>"
        let answer = try await HTTP.send(.POST, scanner.url + "/ScanJobs", body: Array(xml.utf8), type: "text/xml")
        #expect(answer.status == 201)
        return try #require(answer.headers.first(name: "location"))
    }

    /// Peak signal to noise in decibels over every 7th pixel.
    private func signalToNoise(_ one: CairoCanvas, _ other: CairoCanvas) -> Double {
        guard one.width == other.width, one.height == other.height, let first = one.pixels, let second = other.pixels
        else { return 0 }
        var squares = 0.0
        var count = 0.0
        for row in stride(from: 0, to: one.height, by: 7) {
            for column in stride(from: 0, to: one.width * 4, by: 28) {
                for channel in 0..<3 {
                    let at = column + channel
                    let difference = Double(first[row * one.stride + at]) - Double(second[row * other.stride + at])
                    squares += difference * difference
                    count += 1
                }
            }
        }
        return squares == 0 ? 99 : 10 * log10(255 * 255 / (squares / count))
    }
}
