import Foundation
import Testing

@testable import HallEmulators

@Suite("The emulated receipt printer on TCP", .serialized)
struct EmulatedReceiptPrinterTests {
    private func withPrinter(
        speedFactor: Double = 0, _ body: (EmulatedReceiptPrinter) async throws -> Void
    ) async throws {
        let printer = try EmulatedReceiptPrinter(speedFactor: speedFactor)
        try await printer.start()
        do { try await body(printer) } catch {
            await printer.stop()
            throw error
        }
        await printer.stop()
    }

    private let confirm: [UInt8] = [0x1D, 0x28, 0x48, 6, 0, 0x30, 0x30, 1, 2, 3, 4]
    private let confirmed: [UInt8] = [0x37, 0x22, 1, 2, 3, 4, 0]
    private let cut: [UInt8] = [0x1D, 0x56, 0x42, 0]

    /// A raster picture, 576 dots wide, every other row black.
    private func raster(rows: Int) -> [UInt8] {
        [0x1D, 0x76, 0x30, 0, 72, 0, UInt8(rows & 0xFF), UInt8(rows >> 8)]
            + (0..<rows).flatMap { [UInt8](repeating: $0 % 2 == 0 ? 0xFF : 0, count: 72) }
    }

    @Test("a picture longer than the buffer prints whole, and the printer says when")
    func raster() async throws {
        try await withPrinter { printer in
            let client = try await TCPClient(port: printer.port)
            try await client.send([0x1B, 0x40] + raster(rows: 1_600) + cut + confirm)
            #expect(await client.receive(7) == confirmed)
            let slip = try #require(printer.slips.first)
            #expect(slip.complete && slip.millimetres == 14 + 200)
            let png = try #require(printer.slipPicture(slip.id))
            let picture = try #require(CairoCanvas.decode(png, .png))
            #expect(picture.width == 576 && picture.height == 214 * 8)
        }
    }

    @Test("at 200 mm a second 1200 mm take 6 s, and status is answered meanwhile")
    func speed() async throws {
        try await withPrinter(speedFactor: 1) { printer in
            let client = try await TCPClient(port: printer.port)
            let time = try await ContinuousClock().measure {
                try await client.send(raster(rows: 9600) + confirm + [0x10, 0x04, 0x01])
                #expect(await client.receive(1) == [0x12])
                #expect(printer.snapshot.printing)
                #expect(await client.receive(7) == confirmed)
            }
            #expect(time > .milliseconds(5400) && time < .seconds(40))
        }
    }

    @Test("off: the connection ends and the port refuses; on: it prints again")
    func power() async throws {
        try await withPrinter { printer in
            let client = try await TCPClient(port: printer.port)
            printer.setFault(.power, atMillimetres: 10)
            try await client.send(raster(rows: 400) + cut + confirm)
            #expect(await client.isEnded())
            #expect(await client.receive(7) == [])
            let refuses = await becomes { (try? await TCPClient(port: printer.port)) == nil }
            #expect(refuses)
            try await printer.setPower(true)
            let again = try await TCPClient(port: printer.port)
            try await again.send(raster(rows: 80) + cut + confirm)
            #expect(await again.receive(7) == confirmed)
            #expect(printer.slips.map(\.complete) == [false])
        }
    }

    @Test("paper out with more than a buffer full: nothing is lost after the refill")
    func refill() async throws {
        try await withPrinter { printer in
            let client = try await TCPClient(port: printer.port)
            printer.setFault(.paperOut, atMillimetres: 30)
            try await client.send(raster(rows: 2_000) + cut + confirm)
            #expect(await becomes { printer.snapshot.paper == .out })
            #expect(await client.receive(1, seconds: 0.1) == [])
            printer.setPaper(.full)
            #expect(await client.receive(7) == confirmed)
            // Two pieces: 30 mm and the rest, each with the 14 mm between head and cutter.
            let length = printer.slips.map(\.millimetres).reduce(0, +)
            #expect(length == 250 + 14 + 14)
            #expect(printer.slips.map(\.complete) == [false, false])
        }
    }

    @Test("a kiosk printer's full status arrives in one piece or in many, and follows what lies in the slot")
    func fullStatus() async throws {
        try await withPrinter { printer in
            printer.setModel(.customKiosk)
            let client = try await TCPClient(port: printer.port)
            for byte: UInt8 in [0x10, 0x04, 0x14] { try await client.send([byte]) }
            #expect(await client.receive(6) == [0x10, 0x0F, 0, 0, 0, 0])
            try await client.send(raster(rows: 800) + [0x1D, 0x56, 65, 0, 0x1D, 0x72, 1])
            #expect(await client.receive(1) == [0])
            try await client.send([0x10, 0x04, 0x14])
            #expect(await client.receive(6) == [0x10, 0x0F, 0x20, 0, 0, 0])
            printer.takeSlip()
            printer.set(.jam, true)
            // Garbled by the cable: as many bytes, and none of them to be believed.
            try await printer.setCable(.garbled)
            try await client.send([0x10, 0x04, 0x14])
            _ = await client.receive(6, seconds: 0.2)
            try await printer.setCable(.none)
            let again = try await TCPClient(port: printer.port)
            try await again.send([0x10, 0x04, 0x14])
            #expect(await again.receive(6) == [0x10, 0x0F, 0, 0, 0x40, 0])
        }
    }

    @Test("a resident QR code is readable, and its content is told")
    func qrCode() async throws {
        try await withPrinter { printer in
            let client = try await TCPClient(port: printer.port)
            let content = Array("HK1.9900-0123".utf8)
            let length = content.count + 3
            var bytes: [UInt8] = [0x1B, 0x61, 1]
            bytes += [0x1D, 0x28, 0x6B, 3, 0, 0x31, 0x43, 6]
            bytes += [0x1D, 0x28, 0x6B, 3, 0, 0x31, 0x45, 0x31]
            bytes += [0x1D, 0x28, 0x6B, UInt8(length), 0, 0x31, 0x50, 0x30]
            bytes += content
            bytes += [0x1D, 0x28, 0x6B, 3, 0, 0x31, 0x51, 0x30, 0x1B, 0x64, 2]
            try await client.send(bytes + cut + confirm)
            #expect(await client.receive(7) == confirmed)
            #expect(printer.slips.first?.qr == ["HK1.9900-0123"])
            let file = NSTemporaryDirectory() + "slip-\(UUID().uuidString).png"
            defer { try? FileManager.default.removeItem(atPath: file) }
            try Data(try #require(printer.slipPicture("slip-1"))).write(to: URL(fileURLWithPath: file))
            #expect(try await run("/usr/bin/zbarimg", ["-q", "--raw", file]).output.contains("HK1.9900-0123"))
        }
    }
}

/// Runs a program and gives back what it wrote.
func run(_ program: String, _ arguments: [String], environment: [String: String]? = nil) async throws -> (
    code: Int32, output: String, errors: String
) {
    let folder = URL(fileURLWithPath: NSTemporaryDirectory()).appendingPathComponent("run-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func file(_ name: String) throws -> (URL, FileHandle) {
        let url = folder.appendingPathComponent(name)
        _ = FileManager.default.createFile(atPath: url.path, contents: nil)
        return (url, try FileHandle(forWritingTo: url))
    }
    let (output, outputHandle) = try file("output")
    let (errors, errorHandle) = try file("errors")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    if let environment { process.environment = environment }
    process.standardOutput = outputHandle
    process.standardError = errorHandle
    let code: Int32 = try await withCheckedThrowingContinuation { continuation in
        process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
        do { try process.run() } catch { continuation.resume(throwing: error) }
    }
    return (
        code, String(decoding: try Data(contentsOf: output), as: UTF8.self),
        String(decoding: try Data(contentsOf: errors), as: UTF8.self)
    )
}
