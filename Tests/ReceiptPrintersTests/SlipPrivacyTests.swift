import ByteTransports
import DeviceKit
import HallEmulators
import HallModel
import Logging
import TestSupport
import Testing

@testable import ReceiptPrinters

/// Whatever ends a receipt: nothing of it hangs at the slip of the next resident.
@Suite(.timeLimit(.minutes(2)), .serialized) struct SlipPrivacyTests {
    enum Mishap: String, CaseIterable {
        /// The cover is opened in the middle, and closed again.
        case cover
        /// The printer's power, in the middle.
        case power
        /// The worker is killed: its socket closes, and a new process knows of nothing.
        case worker
        /// The same, in the middle of a picture.
        case workerInPicture
    }

    enum Model: String, CaseIterable {
        case epson, clone

        var settings: ReceiptPrinterSettings {
            self == .epson ? EmulatedPrinterTests.epson : EmulatedPrinterTests.clone
        }
    }

    private static func receipt(of person: String, lines: Int) -> [UInt8] {
        (0..<lines).flatMap { Array("\(person) line \($0)\n".utf8) } + [0x1D, 0x56, 0x42, 0]
    }

    /// A driver as a new process has it.
    private func withDriver<Value>(
        _ hall: EmulatedReceiptPrinter, _ model: Model, _ body: (ReceiptPrinter, Log) async throws -> Value
    ) async throws -> Value {
        let log = Log()
        let driver = ReceiptPrinter(
            device: "printer", settings: model.settings, transport: TCPTransport(host: "127.0.0.1", port: hall.port),
            logger: Logger(label: "test")
        ) { log.append($0) }
        let running = Task { await driver.run() }
        defer { running.cancel() }
        #expect(await eventually { log.story.last?.hasPrefix("online") == true }, "\(log.story)")
        let value = try await body(driver, log)
        running.cancel()
        await running.value
        return value
    }

    private func printFirst(_ mishap: Mishap, _ hall: EmulatedReceiptPrinter, _ model: Model) async throws {
        let receipt = Self.receipt(of: "FIRST", lines: 60)
        switch mishap {
        case .cover, .power: return
        case .worker:
            try await withDriver(hall, model) { driver, _ in
                let printing = Task { await driver.print(PrintJob(number: 1, millimetres: 240), receipt) }
                #expect(await eventually { hall.snapshot.currentMillimetres >= 60 })
                _ = printing
            }
        case .workerInPicture:
            // The bytes of a process that died: half of a picture, and nobody who knows of it.
            let line = TCPTransport(host: "127.0.0.1", port: hall.port)
            try await line.open()
            let picture = [0x1D, 0x76, 0x30, 0, 72, 0, 192, 0] + [UInt8](repeating: 0xFF, count: 72 * 80 + 5)
            try await line.write(receipt.dropLast(4) + picture, within: .seconds(5))
            #expect(await eventually { hall.snapshot.currentMillimetres >= 60 })
            await line.close()
        }
    }

    @Test(arguments: Mishap.allCases, Model.allCases)
    func nothingOfABrokenSlipIsOnTheNext(_ mishap: Mishap, _ model: Model) async throws {
        let hall = try EmulatedReceiptPrinter(speedFactor: 3)
        hall.setModel(model == .epson ? .epson : .clone)
        try await hall.start()
        try await printFirst(mishap, hall, model)
        try await withDriver(hall, model) { driver, log in
            if [.cover, .power].contains(mishap) {
                hall.setFault(mishap == .cover ? .cover : .power, atMillimetres: 60)
                let first = await driver.print(
                    PrintJob(number: 1, millimetres: 240), Self.receipt(of: "FIRST", lines: 60))
                #expect(first.verdict != .printed)
                #expect(await eventually { log.story.last?.hasPrefix("online") == false })
                // The resident goes without their slip.
                if mishap == .cover { hall.setCover(.closed) } else { try await hall.setPower(true) }
                #expect(await eventually { log.story.last?.hasPrefix("online") == true }, "\(log.story)")
            }
            let second = await driver.print(
                PrintJob(number: 2, millimetres: 50), Self.receipt(of: "SECOND", lines: 8))
            #expect(second.verdict == .printed, "\(second)")
        }
        let slips = hall.slips
        let mixed = slips.filter { slip in
            slip.lines.contains { $0.hasPrefix("FIRST") } && slip.lines.contains { $0.hasPrefix("SECOND") }
        }
        #expect(mixed.isEmpty, "\(mixed)")
        let last = try #require(slips.last)
        #expect(last.lines == (0..<8).map { "SECOND line \($0)" }, "\(slips)")
        #expect(last.complete)
        // Eight lines and no more: nothing black came before them either.
        #expect((30...60).contains(last.millimetres), "\(last.millimetres) mm")
        await hall.stop()
    }
}
