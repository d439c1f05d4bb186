import DeviceKit
import HallModel
import Logging
import NIOCore
import TestSupport
import Testing

@testable import PageRendering

@Suite("Hostile page images")
struct HostilePageTests {
    private static let request = PageCheckRequest(
        dotsPerInch: 150, rowsExpected: nil, rowsReceived: 0, previewWidth: 300)
    private static let small = DrawnPage(width: 400, height: 560, dotsPerInch: 50, lines: ["测试甲"], pointSize: 40)

    private func outcome(_ bytes: ByteBuffer) -> PageFailure? {
        do throws(PageFailure) {
            _ = try PageChecker.check(bytes, Self.request)
            return nil
        } catch { return error }
    }

    @Test("No image, no crash: empty, text, a PNG's beginning")
    func notJPEG() {
        for bytes in [[], [0xFF], [0xFF, 0xD8], Array("%PDF-1.4".utf8), [0x89, 0x50, 0x4E, 0x47]] as [[UInt8]] {
            #expect(outcome(ByteBuffer(bytes: bytes)) == .notJPEG)
        }
    }

    @Test("Every truncation of a page is refused")
    func truncated() {
        let whole = Self.small.jpeg()
        for length in stride(from: 0, to: whole.readableBytes - 1, by: 97) {
            let part = whole.getSlice(at: 0, length: length) ?? ByteBuffer()
            #expect(outcome(part) != nil)
            // Also when somebody put an end behind it.
            var ended = part
            ended.writeBytes([0xFF, 0xD9])
            #expect(outcome(ended) != nil)
        }
    }

    @Test("Any change of any bytes ends in an answer or a typed failure")
    func flipped() {
        var generator = SeededGenerator(seed: 20_261_123)
        let whole = Self.small.jpeg()
        for _ in 0..<400 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...12, using: &generator) {
                // Half of the changes hit the headers.
                let range = Bool.random(using: &generator) ? 0..<640 : 0..<bytes.readableBytes
                bytes.setInteger(
                    UInt8.random(in: 0...255, using: &generator), at: .random(in: range, using: &generator))
            }
            _ = outcome(bytes)
        }
    }

    @Test("Random bytes behind a JPEG's first marker end in a typed failure")
    func random() {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<2_000 {
            var bytes: [UInt8] = [0xFF, 0xD8]
            for _ in 0..<Int.random(in: 0...120, using: &generator) {
                bytes.append(Bool.random(using: &generator) ? 0xFF : .random(in: 0...255, using: &generator))
            }
            #expect(outcome(ByteBuffer(bytes: bytes + [0xFF, 0xD9])) != nil)
        }
    }

    @Test("A header that claims a huge image is refused before anything is decoded")
    func bomb() throws {
        for (width, height) in [(65_500, 65_500), (12_001, 10), (10, 12_001), (12_000, 12_000)] {
            var bytes = Self.small.jpeg()
            let start = try #require(frameStart(bytes))
            bytes.setInteger(UInt16(height), at: start + 5)
            bytes.setInteger(UInt16(width), at: start + 7)
            #expect(outcome(bytes) == .tooLarge(widthPixels: width, heightPixels: height))
        }
    }

    @Test("Printing colours are refused")
    func cmyk() throws {
        var bytes = Self.small.jpeg()
        let start = try #require(frameStart(bytes))
        bytes.setInteger(UInt16(20), at: start + 2)
        bytes.setInteger(UInt8(4), at: start + 9)
        #expect(outcome(bytes) == .unsupported("4 colour components"))
    }

    @Test("The worker answers hostile commands with typed failures")
    func handler() async throws {
        let handler = RenderHandler(logger: Logger(label: "test"))
        let noise = ByteBuffer(bytes: [0xFF, 0xD8, 0xFF, 0xC0, 0, 0, 0])
        for attachments in [[], [noise], [noise, noise]] {
            for command in [
                WorkerCommand.checkPage(Self.request), .scanPage(device: "x"),
            ] {
                await #expect(throws: WorkerFailure.self) {
                    _ = try await handler.perform(command, attachments: attachments)
                }
            }
        }
        await #expect(throws: WorkerFailure.problem(Problem(.pageIncomplete, evidence: "the page is no JPEG"))) {
            _ = try await handler.perform(.checkPage(Self.request), attachments: [noise])
        }
    }

    /// Where the baseline frame header begins.
    private func frameStart(_ bytes: ByteBuffer) -> Int? {
        let view = Array(bytes.readableBytesView)
        return view.indices.dropLast().first { view[$0] == 0xFF && view[$0 + 1] == 0xC0 }
    }
}
