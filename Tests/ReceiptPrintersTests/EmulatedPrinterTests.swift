import ByteTransports
import DeviceKit
import HallEmulators
import HallModel
import Logging
import TestSupport
import Testing

@testable import ReceiptPrinters

/// The driver on the emulated printer of the hall, over real TCP.
@Suite(.timeLimit(.minutes(2)), .serialized) struct EmulatedPrinterTests {
    static var epson: ReceiptPrinterSettings {
        var settings = ReceiptPrinterSettings()
        settings.statusTimeoutMilliseconds = 300
        settings.printTimeoutMilliseconds = 5_000
        return settings
    }

    static var clone: ReceiptPrinterSettings {
        var settings = epson
        settings.evidence = [.bufferedQuery, .statusUnchanged]
        settings.hasAutomaticStatusBack = false
        settings.canClearBuffer = false
        return settings
    }

    /// Raster strips as the renderer makes them, 96 rows (12 mm) each, and the cut.
    static func raster(strips: Int) -> [UInt8] {
        (0..<strips).flatMap { _ in ReceiptPiecesTests.strip(rows: 96) } + [0x1D, 0x56, 0x42, 0]
    }

    static func job(_ number: UInt32, strips: Int) -> PrintJob {
        PrintJob(number: number, millimetres: Double(strips) * 12 + 10)
    }

    private func withPrinter(
        _ settings: ReceiptPrinterSettings = epson, speedFactor: Double = 3,
        _ body: (EmulatedReceiptPrinter, ReceiptPrinter, Log) async throws -> Void
    ) async throws {
        let hall = try EmulatedReceiptPrinter(speedFactor: speedFactor)
        try await hall.start()
        let log = Log()
        let driver = ReceiptPrinter(
            device: "printer", settings: settings, transport: TCPTransport(host: "127.0.0.1", port: hall.port),
            logger: Logger(label: "test")
        ) { log.append($0) }
        let running = Task { await driver.run() }
        do {
            try await body(hall, driver, log)
        } catch {
            running.cancel()
            await running.value
            await hall.stop()
            throw error
        }
        running.cancel()
        await running.value
        await hall.stop()
    }

    private func online(_ log: Log, _ story: String = "online full") async {
        #expect(await eventually { log.story.last == story }, "\(log.story)")
    }

    @Test func aReceiptComesOutWholeAndIsBelievedOnItsProcessID() async throws {
        try await withPrinter { hall, driver, log in
            await online(log)
            let outcome = await driver.print(Self.job(1, strips: 8), Self.raster(strips: 8))
            #expect(outcome == PrintOutcome(.printed, rung: .processID))
            #expect(hall.slips.count == 1)
            #expect(hall.slips.first?.complete == true)
        }
    }

    @Test func aCloneThatKnowsLittleIsUsedAsFarAsItGoes() async throws {
        try await withPrinter(Self.clone) { hall, driver, log in
            hall.setModel(.clone)
            try await hall.setPower(false)
            #expect(await eventually { log.story.last?.hasPrefix("noDevice") == true })
            try await hall.setPower(true)
            await online(log)
            let outcome = await driver.print(Self.job(1, strips: 4), Self.raster(strips: 4))
            #expect(outcome == PrintOutcome(.printed, rung: .bufferedQuery))
            #expect(hall.slips.map(\.complete) == [true])
        }
    }

    @Test func aRungThatTheModelLacksIsUnknown() async throws {
        var settings = Self.epson
        settings.printTimeoutMilliseconds = 800
        try await withPrinter(settings) { hall, driver, log in
            hall.setModel(.clone)
            await online(log)
            let outcome = await driver.print(Self.job(1, strips: 2), Self.raster(strips: 2))
            #expect(outcome.verdict == .unknown)
            #expect(outcome.problem?.code == .receiptUnknown)
            #expect(await eventually { hall.slips.count == 1 })
        }
    }

    @Test func paperOutInMidReceiptIsToldAtOnceAndNothingIsPrintedAfterTheRefill() async throws {
        try await withPrinter { hall, driver, log in
            await online(log)
            hall.setFault(.paperOut, atMillimetres: 40)
            let outcome = await driver.print(Self.job(1, strips: 16), Self.raster(strips: 16))
            #expect(outcome.verdict == .notPrinted)
            #expect(outcome.problem?.code == .printerPaperOut)
            #expect(log.story.last == "userError out printer-paper-out")
            hall.takeSlip()
            hall.setPaper(.full)
            await online(log)
            let before = hall.slips.count
            let next = await driver.print(Self.job(2, strips: 4), Self.raster(strips: 4))
            #expect(next == PrintOutcome(.printed, rung: .processID))
            #expect(hall.slips.count == before + 1)
            #expect(hall.slips.contains { $0.complete && (48...75).contains($0.millimetres) }, "\(hall.slips)")
        }
    }

    @Test func aCloneLetsTheTailOutAsWaste() async throws {
        try await withPrinter(Self.clone) { hall, driver, log in
            hall.setModel(.clone)
            await online(log)
            hall.setFault(.paperOut, atMillimetres: 40)
            let outcome = await driver.print(Self.job(1, strips: 16), Self.raster(strips: 16))
            #expect(outcome.verdict != .printed)
            #expect(outcome.problem?.code == .printerPaperOut)
            hall.setPaper(.full)
            await online(log)
            #expect(await eventually { hall.snapshot.bufferedBytes == 0 && hall.snapshot.currentMillimetres == 0 })
            let next = await driver.print(Self.job(2, strips: 4), Self.raster(strips: 4))
            #expect(next == PrintOutcome(.printed, rung: .bufferedQuery))
        }
    }

    @Test func aPowerCutInMidReceiptIsUnknownAndNothingFollows() async throws {
        try await withPrinter { hall, driver, log in
            await online(log)
            hall.setFault(.power, atMillimetres: 40)
            let outcome = await driver.print(Self.job(1, strips: 16), Self.raster(strips: 16))
            #expect(outcome.verdict == .unknown)
            #expect(outcome.problem?.code == .printerMissing)
            #expect(await eventually { log.story.last == "noDevice unknown printer-missing" })
            hall.takeSlip()
            #expect(hall.snapshot.power == "off")
            try await hall.setPower(true)
            await online(log)
            #expect(hall.snapshot.currentMillimetres == 0)
            let next = await driver.print(Self.job(2, strips: 4), Self.raster(strips: 4))
            #expect(next == PrintOutcome(.printed, rung: .processID))
        }
    }

    @Test func theCoverIsNoticedWhileNothingIsPrinted() async throws {
        try await withPrinter { hall, driver, log in
            await online(log)
            hall.setCover(.open)
            #expect(await eventually { log.story.last == "userError full printer-cover-open" }, "\(log.story)")
            let outcome = await driver.print(Self.job(1, strips: 2), Self.raster(strips: 2))
            #expect(outcome.verdict == .notPrinted)
            #expect(outcome.rung == .notStarted)
            hall.setCover(.closed)
            await online(log)
            #expect(hall.slips.isEmpty)
        }
    }

    @Test func theCoverInMidReceiptStopsIt() async throws {
        try await withPrinter { hall, driver, log in
            await online(log)
            hall.setFault(.cover, atMillimetres: 30)
            let outcome = await driver.print(Self.job(1, strips: 16), Self.raster(strips: 16))
            #expect(outcome.verdict == .notPrinted)
            #expect(outcome.problem?.code == .printerCoverOpen)
        }
    }

    @Test func nearEndIsLowAndRefusesWhatDoesNotFit() async throws {
        var settings = Self.epson
        settings.millimetresAtNearEnd = 100
        try await withPrinter(settings) { hall, driver, log in
            await online(log)
            hall.setPaper(.nearEnd)
            await online(log, "online low printer-paper-low")
            let first = await driver.print(Self.job(1, strips: 4), Self.raster(strips: 4))
            #expect(first.verdict == .printed)
            let second = await driver.print(Self.job(2, strips: 4), Self.raster(strips: 4))
            #expect(second.verdict == .notPrinted)
            #expect(second.problem?.code == .printerPaperLow)
            #expect(hall.slips.count == 1)
        }
    }

    @Test func aCutThatFailsLeavesAPersonToJudge() async throws {
        try await withPrinter { hall, driver, log in
            await online(log)
            hall.setCutter(.error)
            let outcome = await driver.print(Self.job(1, strips: 2), Self.raster(strips: 2))
            #expect(outcome.verdict == .unknown)
            #expect(outcome.problem?.code == .printerCutter)
            #expect(log.story.last?.hasSuffix("printer-cutter") == true, "\(log.story)")
        }
    }

    @Test func realTimeCommandsInsideOfPicturesDoNoHarm() async throws {
        try await withPrinter { hall, driver, log in
            hall.setExecutesRealTimeInsideData(true)
            hall.setPaper(.nearEnd)
            await online(log, "online low printer-paper-low")
            let row: [UInt8] = [0x10, 0x04, 0x04] + [UInt8](repeating: 0, count: 69)
            var strip: [UInt8] = [0x1D, 0x76, 0x30, 0, 72, 0, 96, 0]
            for _ in 0..<96 { strip += row }
            let outcome = await driver.print(
                Self.job(1, strips: 3), strip + strip + strip + [0x1D, 0x56, 0x42, 0])
            #expect(outcome == PrintOutcome(.printed, rung: .processID))
            #expect(hall.slips.map(\.complete) == [true])
        }
    }
}
