import ByteTransports
import DeviceKit
import HallEmulators
import HallModel
import Logging
import TestSupport
import Testing

import class Foundation.FileManager

@testable import ReceiptPrinters

/// Recorded traffic of `Devices/escpos-*`, replayed to the driver: one receipt, printed at once after connecting.
@Suite(.timeLimit(.minutes(1)), .serialized) struct RecordedPrinterTests {
    struct Model: Sendable, CustomTestStringConvertible {
        var path: String
        var model: ReceiptPrinterModel
        var settings: ReceiptPrinterSettings
        var outcome: PrintOutcome
        var testDescription: String { path }
    }

    static let models: [Model] = {
        var clone = ReceiptPrinterSettings()
        clone.evidence = [.bufferedQuery, .statusUnchanged]
        clone.statusQueries = [1, 4]
        clone.hasAutomaticStatusBack = false
        clone.canClearBuffer = false
        return [
            Model(
                path: "Devices/escpos-epson/recordings/emulated-receipt.txt", model: .epson,
                settings: ReceiptPrinterSettings(), outcome: PrintOutcome(.printed, rung: .processID)),
            Model(
                path: "Devices/escpos-clone-80mm-gb18030/recordings/emulated-receipt.txt", model: .clone,
                settings: clone, outcome: PrintOutcome(.printed, rung: .bufferedQuery)),
        ]
    }()

    static let job = PrintJob(number: 42, millimetres: 30)
    static let receipt = Array("HallKiosk\nA RECEIPT WITHOUT A PERSON\n\n".utf8) + [0x1D, 0x56, 0x42, 0]

    private func print(_ model: Model, over line: any ByteTransport) async -> PrintOutcome {
        let log = Log()
        let driver = ReceiptPrinter(
            device: "printer", settings: model.settings, transport: line, logger: Logger(label: "test")
        ) { log.append($0) }
        let running = Task { await driver.run() }
        #expect(await eventually { log.story.first == "online full" }, "\(log.statuses)")
        let outcome = await driver.print(Self.job, Self.receipt)
        running.cancel()
        await running.value
        return outcome
    }

    @Test(
        .enabled(if: Repository.shallRecord, "on demand: makes the recordings anew; HALLKIOSK_RECORD=1"),
        arguments: models)
    func record(_ model: Model) async throws {
        let hall = try EmulatedReceiptPrinter(speedFactor: 0)
        hall.setModel(model.model)
        try await hall.start()
        let file = "\(Repository.folder)/\(model.path)"
        try? FileManager.default.removeItem(atPath: file)
        let line = try RecordingTransport(
            TCPTransport(host: "127.0.0.1", port: hall.port), path: file, content: .bytes)
        #expect(await print(model, over: line) == model.outcome)
        await line.finish()
        await hall.stop()
    }

    @Test(arguments: models) func theRecordedReceiptIsBelievedAgain(_ model: Model) async throws {
        let recording = try Recording(parsing: Repository.text(model.path))
        let outcome = await print(model, over: try ReplayTransport(recording, clock: .system))
        #expect(outcome == model.outcome)
    }
}
