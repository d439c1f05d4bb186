import Foundation
import NIOCore
import TestSupport
import Testing

@testable import HallEmulators

@Suite("The A4 printer's answers go wrong in each way, and right again")
struct DocumentPrinterFaultTests {
    private func withPrinter(_ body: (EmulatedDocumentPrinter, IPPClient) async throws -> Void) async throws {
        let printer = try EmulatedDocumentPrinter(timeScale: 0)
        try await printer.start()
        let client = IPPClient(port: printer.port)
        do { try await body(printer, client) } catch {
            await client.end()
            await printer.stop()
            throw error
        }
        // After every fault a healthy printer.
        try await printer.setFault(.none)
        let answer = try await client.printer()
        #expect(answer.code == 0 && answer.requestID == 77)
        await client.end()
        await printer.stop()
    }

    private func request(_ client: IPPClient) -> [UInt8] {
        IPPClient.request(.getPrinterAttributes, uri: client.printerURI).bytes
    }

    @Test("silent: the request is taken, no answer comes, and the next one is silent too")
    func silent() async throws {
        try await withPrinter { printer, client in
            try await printer.setFault(.silent)
            await #expect(throws: (any Error).self) {
                try await client.send(request(client), timeout: .milliseconds(300))
            }
        }
    }

    @Test("500 and 503, as often as was asked for")
    func status() async throws {
        try await withPrinter { printer, client in
            try await printer.setFault(.status500, count: 1)
            #expect(try await client.send(request(client)).status == 500)
            try await printer.setFault(.status503, count: 2)
            #expect(try await client.send(request(client)).status == 503)
            #expect(try await client.send(request(client)).status == 503)
            #expect(try await client.send(request(client)).status == 200)
        }
    }

    @Test("bad bytes, a wrong request id, flipped bits")
    func garbled() async throws {
        try await withPrinter { printer, client in
            try await printer.setFault(.badBytes, count: 1)
            let bad = try await client.send(request(client))
            #expect(bad.bytes.count == 200 && (try? bad.message()) == nil)
            try await printer.setFault(.wrongRequestID, count: 1)
            #expect(try await client.send(request(client)).message().requestID == 78)
            let healthy = try await client.send(request(client))
            try await printer.setFault(.garbled, count: 1)
            let garbled = try await client.send(request(client))
            #expect(garbled.bytes.count == healthy.bytes.count && garbled.bytes != healthy.bytes)
        }
    }

    @Test("truncated: the connection ends in the middle of the answer")
    func truncated() async throws {
        try await withPrinter { printer, client in
            try await printer.setFault(.truncated, count: 1)
            await #expect(throws: (any Error).self) { try await client.send(request(client)) }
        }
    }

    @Test("endless: a megabyte and no end")
    func endless() async throws {
        try await withPrinter { printer, client in
            try await printer.setFault(.endless, count: 1)
            let error = await #expect(throws: (any Error).self) { try await client.send(request(client)) }
            #expect(error is NIOTooManyBytesError)
            #expect(await becomes { printer.snapshot.connections <= 1 })
        }
    }

    @Test("slow: an answer takes three seconds")
    func slow() async throws {
        try await withPrinter { printer, client in
            try await printer.setFault(.slow, count: 1)
            let time = try await ContinuousClock().measure { _ = try await client.send(request(client)) }
            #expect(time > .seconds(2.9))
        }
    }

    @Test("gone: refused; a job goes on meanwhile, and the printer is back at the same port")
    func gone() async throws {
        try await withPrinter { printer, client in
            let id = try await client.printPDF(pages: 2)
            try await printer.setFault(.gone)
            await #expect(throws: (any Error).self) { try await client.printer() }
            #expect(await becomes { printer.snapshot.output.count == 2 })
            try await printer.setFault(.none)
            #expect(try await client.job(id).value("job-state", in: .job)?.number == 9)
        }
    }

    @Test("power comes back while the cable is out: still refused")
    func goneAndPower() async throws {
        try await withPrinter { printer, client in
            try await printer.setPower(false)
            try await printer.setFault(.gone)
            try await printer.setPower(true)
            await #expect(throws: (any Error).self) { try await client.printer() }
        }
    }
}
