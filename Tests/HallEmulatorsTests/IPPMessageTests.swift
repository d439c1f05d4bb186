import TestSupport
import Testing

@testable import HallEmulators

@Suite("IPP messages are read and written as RFC 8010 says")
struct IPPMessageTests {
    /// RFC 8010 appendix A.1, a Print-Job request, up to its data.
    private let printJob: [UInt8] =
        [1, 1, 0, 2, 0, 0, 0, 1, 1]
        + attribute(0x47, "attributes-charset", "utf-8") + attribute(0x48, "attributes-natural-language", "en-us")
        + attribute(0x45, "printer-uri", "ipp://printer.example.com/ipp/print/pinetree")
        + attribute(0x42, "job-name", "foobar") + [0x22, 0, 22] + Array("ipp-attribute-fidelity".utf8) + [0, 1, 1]
        + [2] + [0x21, 0, 6] + Array("copies".utf8) + [0, 4, 0, 0, 0, 20]
        + attribute(0x44, "sides", "two-sided-long-edge") + [3]

    private static func attribute(_ tag: UInt8, _ name: String, _ value: String) -> [UInt8] {
        [tag, 0, UInt8(name.utf8.count)] + Array(name.utf8) + [0, UInt8(value.utf8.count)] + Array(value.utf8)
    }

    @Test("the example of the standard is read, and written again byte for byte")
    func example() throws {
        let (message, data) = try IPPDecoder.decode((printJob + Array("%!PDF".utf8))[...])
        #expect(message.code == 2 && message.requestID == 1)
        #expect(message.value("printer-uri") == .uri("ipp://printer.example.com/ipp/print/pinetree"))
        #expect(message.value("ipp-attribute-fidelity") == .boolean(true))
        #expect(message.value("copies", in: .job) == .integer(20))
        #expect(String(decoding: data, as: UTF8.self) == "%!PDF")
        #expect(message.bytes == printJob)
    }

    @Test("every syntax survives writing and reading")
    func roundTrip() throws {
        let values: [IPPValue] = [
            .integer(-7), .boolean(false), .enumeration(4), .octets([0, 255]),
            .dateTime([UInt8](repeating: 1, count: 11)),
            .resolution(300, 600, units: 3), .range(-1, 99), .text("文字"), .name("n"), .keyword("k"), .uri("ipp://a"),
            .uriScheme("ipp"), .charset("utf-8"), .language("zh"), .mimeType("a/b"), .noValue, .outOfBand(0x12),
            DocumentPrinterAttributes.mediaCollection,
        ]
        let attributes = values.enumerated().map { IPPAttribute("a\($0.offset)", $0.element, $0.element) }
        let message = IPPMessage(code: 0, requestID: 5, groups: [IPPGroup(.printer, attributes)])
        #expect(try IPPDecoder.decode(message.bytes[...]).message == message)
    }

    @Test("what is cut off anywhere is truncated, never a trap")
    func truncated() {
        for length in 0..<printJob.count {
            #expect(throws: IPPDecoder.Failure.truncated) { try IPPDecoder.decode(printJob[..<length]) }
        }
    }

    @Test("attributes outside a group, values of the wrong length and endless collections are refused")
    func malformed() {
        #expect(throws: IPPDecoder.Failure.malformed) {
            try IPPDecoder.decode(([1, 1, 0, 2, 0, 0, 0, 1] + Self.attribute(0x44, "a", "b") + [3])[...])
        }
        #expect(throws: IPPDecoder.Failure.malformed) {
            try IPPDecoder.decode([1, 1, 0, 2, 0, 0, 0, 1, 1, 0x21, 0, 1, 65, 0, 3, 0, 0, 0, 3])
        }
        let deep = [UInt8]([1, 1, 0, 2, 0, 0, 0, 1, 1, 0x34, 0, 1, 65, 0, 0])
        let level: [UInt8] = [0x4A, 0, 0, 0, 1, 65, 0x34, 0, 0, 0, 0]
        #expect(throws: IPPDecoder.Failure.tooMuch) {
            try IPPDecoder.decode((deep + (0..<50).flatMap { _ in level })[...])
        }
        let many =
            [UInt8]([1, 1, 0, 2, 0, 0, 0, 1, 1]) + (0..<3_000).flatMap { _ in Self.attribute(0x44, "a", "b") } + [3]
        #expect(throws: IPPDecoder.Failure.tooMuch) { try IPPDecoder.decode(many[...]) }
    }

    @Test("any bytes are a message or an error, and any request gets an answer with its id")
    func anyBytes() throws {
        var random = SeededGenerator(printedAs: "IPPMessageTests.anyBytes")
        var core = DocumentPrinterCore(timeScale: 0, now: 0)
        let service = IPPService(authority: "127.0.0.1:1", now: 1, date: .init(timeIntervalSince1970: 0))
        for round in 0..<2_000 {
            var bytes = round.isMultiple(of: 2) ? printJob : random.bytes(Int.random(in: 0...200, using: &random))
            for _ in 0..<Int.random(in: 0...6, using: &random) where !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            let (answer, _) = service.answer(bytes[...], &core, nextDocument: round)
            let read = try IPPDecoder.decode(answer.bytes[...]).message
            #expect(read == answer)
            if let head = IPPDecoder.head(bytes[...]) { #expect(answer.requestID == head.requestID) }
        }
    }
}
