import Testing

@testable import HallEmulators

@Suite("The cable of the receipt printer")
struct CableTests {
    private func withPrinter(_ body: (EmulatedReceiptPrinter) async throws -> Void) async throws {
        let printer = try EmulatedReceiptPrinter(speedFactor: 0)
        try await printer.start()
        do { try await body(printer) } catch {
            await printer.stop()
            throw error
        }
        await printer.stop()
    }

    private let status: [UInt8] = [0x10, 0x04, 1]
    private let cut: [UInt8] = [0x1D, 0x56, 0x42, 0]

    @Test("silent: connections are taken, nothing passes; afterwards what was sent arrives")
    func silent() async throws {
        try await withPrinter { printer in
            try await printer.setCable(.silent)
            let client = try await TCPClient(port: printer.port)
            try await client.send(Array("WAITED\n".utf8) + cut + status)
            #expect(await client.receive(1, seconds: 0.2) == [])
            #expect(printer.slips.isEmpty)
            try await printer.setCable(.none)
            #expect(await client.receive(1) == [0x12])
            #expect(await becomes { printer.slips.map(\.lines) == [["WAITED"]] })
        }
    }

    @Test("gone: connections end and new ones are refused, and what was received is printed")
    func gone() async throws {
        try await withPrinter { printer in
            let client = try await TCPClient(port: printer.port)
            try await client.send(Array("BEFORE\n".utf8) + cut + [0x1D, 0x72, 1])
            #expect(await client.receive(1) == [0])
            try await printer.setCable(.gone)
            #expect(await client.isEnded())
            await #expect(throws: (any Error).self) { try await TCPClient(port: printer.port) }
            try await printer.setPower(false)
            try await printer.setPower(true)
            await #expect(throws: (any Error).self) { try await TCPClient(port: printer.port) }
            try await printer.setCable(.none)
            let back = try await TCPClient(port: printer.port)
            try await back.send(status)
            #expect(await back.receive(1) == [0x12])
            #expect(printer.slips.map(\.lines) == [["BEFORE"]])
        }
    }

    @Test("slow: 400 bytes take 0.15 s and more, an answer 0.3 s; all of it arrives")
    func slow() async throws {
        try await withPrinter { printer in
            try await printer.setCable(.slow)
            let client = try await TCPClient(port: printer.port)
            let time = try await ContinuousClock().measure {
                try await client.send([UInt8](repeating: 0x0A, count: 400) + status)
                #expect(await client.receive(1) == [0x12])
            }
            #expect(time > .milliseconds(450))
        }
    }

    @Test("garbled: as many bytes, other ones")
    func garbled() async throws {
        try await withPrinter { printer in
            try await printer.setCable(.garbled)
            let client = try await TCPClient(port: printer.port)
            try await client.send([UInt8](repeating: UInt8(ascii: "A"), count: 40) + [0x0A])
            // A connection that ended has delivered everything.
            await client.close()
            #expect(await becomes { printer.snapshot.connections == 0 })
            try await printer.setCable(.none)
            let after = try await TCPClient(port: printer.port)
            try await after.send([0x0A] + cut)
            #expect(await becomes { !printer.slips.isEmpty })
            #expect(!printer.slips.contains { $0.lines == [String(repeating: "A", count: 40)] })
        }
    }
}
