import AsyncHTTPClient
import Foundation
import NIOCore

@testable import HallEmulators

/// A client of the A4 printer for tests, with a connection pool of its own.
final class IPPClient: Sendable {
    let port: Int
    private let client = HTTPClient(configuration: .init(timeout: .init(connect: .seconds(2))))

    init(port: Int) { self.port = port }

    var printerURI: String { "ipp://127.0.0.1:\(port)/ipp/print" }

    func end() async { try? await client.shutdown() }

    struct Answer {
        var status: Int
        var bytes: [UInt8]

        func message() throws -> IPPMessage { try IPPDecoder.decode(bytes[...]).message }
    }

    static func request(
        _ operation: IPPOperation, uri: String, _ more: [IPPAttribute] = [], job: [IPPAttribute] = []
    ) -> IPPMessage {
        let head = [
            IPPAttribute("attributes-charset", .charset("utf-8")),
            IPPAttribute("attributes-natural-language", .language("en")), IPPAttribute("printer-uri", .uri(uri)),
            IPPAttribute("requesting-user-name", .name("kiosk")),
        ]
        var groups = [IPPGroup(.operation, head + more)]
        if !job.isEmpty { groups.append(IPPGroup(.job, job)) }
        return IPPMessage(major: 2, minor: 0, code: operation.rawValue, requestID: 77, groups: groups)
    }

    /// Sends a body as it is: chunked when its length is not told.
    func send(
        _ body: [UInt8], isChunked: Bool = false, headers: [(String, String)] = [], limit: Int = 1 << 20,
        timeout: TimeAmount = .seconds(20)
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/ipp/print")
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/ipp")
        for (name, value) in headers { request.headers.replaceOrAdd(name: name, value: value) }
        let buffer = ByteBuffer(bytes: body)
        request.body = isChunked ? .stream([buffer].async, length: .unknown) : .bytes(buffer)
        let response = try await client.execute(request, timeout: timeout)
        let collected = try await response.body.collect(upTo: limit)
        return Answer(status: Int(response.status.code), bytes: Array(buffer: collected))
    }

    func ask(
        _ operation: IPPOperation, _ more: [IPPAttribute] = [], job: [IPPAttribute] = [], data: [UInt8] = [],
        isChunked: Bool = false
    ) async throws -> IPPMessage {
        let request = Self.request(operation, uri: printerURI, more, job: job)
        return try await send(request.bytes + data, isChunked: isChunked).message()
    }

    func printPDF(pages: Int, job: [IPPAttribute] = []) async throws -> Int {
        let answer = try await ask(
            .printJob,
            [IPPAttribute("job-name", .name("凭证")), IPPAttribute("document-format", .mimeType("application/pdf"))],
            job: job, data: SamplePDF.bytes(pages: pages))
        return answer.value("job-id", in: .job)?.number ?? -1
    }

    func job(_ id: Int) async throws -> IPPMessage {
        try await ask(.getJobAttributes, [IPPAttribute("job-id", .integer(Int32(id)))])
    }

    func printer() async throws -> IPPMessage { try await ask(.getPrinterAttributes) }
}

extension Array where Element: Sendable {
    /// The elements as a stream, so that their length is not known.
    fileprivate var async: AsyncStream<Element> {
        AsyncStream { continuation in
            for element in self { continuation.yield(element) }
            continuation.finish()
        }
    }
}
