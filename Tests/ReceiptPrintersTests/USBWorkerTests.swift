import DeviceKit
import Foundation
import HallEmulators
import HallModel
import Logging
import NIOCore
import TestSupport
import Testing

/// The real worker program with a receipt printer, as the core has it.
@Suite(.timeLimit(.minutes(1)), .serialized) struct USBWorkerTests {
    private func withWorker(
        at address: String, _ settings: ReceiptPrinterSettings,
        _ body: @escaping @Sendable (WorkerHost, HeardStatuses) async throws -> Void
    ) async throws {
        let profile = DeviceProfile(id: "test", role: .receiptPrinter, title: "Test", driver: .escpos(settings))
        let host = WorkerHost(
            socketPath: "/tmp/hk-usb-\(UUID().uuidString.prefix(8)).sock",
            workers: [
                WorkerSpecification(
                    kind: .usb, instance: "usb",
                    devices: [DeviceAssignment(name: "printer", profile: profile, address: address)])
            ], programFolder: HallUnderTest.programs, logger: Logger(label: "test"))
        let heard = HeardStatuses()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await host.run() }
            group.addTask { for await event in host.events { await heard.take(event) } }
            defer { group.cancelAll() }
            try await body(host, heard)
        }
    }

    private func receipt(of person: String, lines: Int) -> ByteBuffer {
        ByteBuffer(bytes: (0..<lines).flatMap { Array("\(person) line \($0)\n".utf8) } + [0x1D, 0x56, 0x42, 0])
    }

    @Test func aReceiptWhoseDeadlineHasPassedIsNotPrintedOn() async throws {
        let hall = try EmulatedReceiptPrinter(speedFactor: 0.2)
        try await hall.start()
        var settings = ReceiptPrinterSettings()
        settings.statusTimeoutMilliseconds = 500
        try await withWorker(at: "tcp:\(hall.address)", settings) { host, heard in
            try await eventually("the printer is there", within: .seconds(20)) { await heard.isOnline }
            let first = receipt(of: "FIRST", lines: 100)
            await #expect(throws: WorkerFailure.deadlinePassed) {
                _ = try await host.perform(
                    .printReceipt(device: "printer", PrintJob(number: 1, millimetres: 400)), on: "usb",
                    attachments: [first], deadline: .seconds(3))
            }
            // It would have taken ten seconds: now nothing more of it comes, and what came is off.
            try await eventually("the printer is idle", within: .seconds(5)) {
                !hall.snapshot.printing && hall.snapshot.bufferedBytes == 0
            }
            #expect(hall.slips.allSatisfy { $0.millimetres < 200 }, "\(hall.slips)")
            let (reply, _) = try await host.perform(
                .printReceipt(device: "printer", PrintJob(number: 2, millimetres: 40)), on: "usb",
                attachments: [receipt(of: "SECOND", lines: 6)], deadline: .seconds(30))
            #expect(reply == .printed(PrintOutcome(.printed, rung: .processID)))
        }
        #expect(hall.slips.last?.lines == (0..<6).map { "SECOND line \($0)" })
        #expect(hall.slips.last?.complete == true)
        await hall.stop()
    }

    @Test func aReceiptThatIsAskedForBeforeThePrinterAnswersIsNotPrintedRatherThanUnknown() async throws {
        try await withWorker(at: "tcp:127.0.0.1:1", ReceiptPrinterSettings()) { host, _ in
            try await eventually("the worker is there", within: .seconds(20)) { await host.processIDs["usb"] != nil }
            let (reply, _) = try await host.perform(
                .printReceipt(device: "printer", PrintJob(number: 1, millimetres: 40)), on: "usb",
                attachments: [receipt(of: "FIRST", lines: 6)], deadline: .seconds(30))
            guard case .printed(let outcome) = reply else { throw TestFailure("\(reply)") }
            #expect(outcome.verdict == .notPrinted && outcome.rung == .notStarted, "\(outcome)")
        }
    }

    @Test(arguments: ["serial:/dev/no-such-printer", "serial:/dev/null", "tcp:nowhere"])
    func anAddressThatIsNoPrinterIsMissingAndSaysWhy(_ address: String) async throws {
        try await withWorker(at: address, ReceiptPrinterSettings()) { _, heard in
            try await eventually("the worker says so", within: .seconds(20)) { await heard.last?.problem != nil }
            let status = try #require(await heard.last)
            #expect(status.state == .noDevice)
            #expect(status.problem?.code == .printerMissing)
            #expect(status.problem?.evidence.isEmpty == false)
        }
    }
}

/// What the worker told of its printer.
private actor HeardStatuses {
    private(set) var last: DeviceStatus?
    var isOnline: Bool { last?.state == .online }

    func take(_ event: WorkerHostEvent) { if case .event(_, .status(_, let status)) = event { last = status } }
}
