import DeviceKit
import HallModel
import KioskConfiguration
import Testing

@testable import HallController

@Suite("Which workers a kiosk needs")
struct WorkerPlanTests {
    private func device(_ name: String, _ role: DeviceRole, _ driver: DeviceProfile.Driver, _ address: String) throws
        -> ConfiguredDevice
    {
        ConfiguredDevice(
            name: name, role: role, profile: DeviceProfile(id: name, role: role, title: name, driver: driver),
            address: try #require(DeviceAddress(address)))
    }

    @Test("a hall with everything has one worker a kind, and one a scanner")
    func everything() throws {
        let plan = WorkerPlan.workers(for: [
            try device("reader", .cardReader, .samv(CardReaderSettings()), "serial:/dev/ttyS0"),
            try device("slip", .receiptPrinter, .escpos(ReceiptPrinterSettings()), "tcp:h:9100"),
            try device("codes", .codeReader, .code(CodeReaderSettings()), "serial:/dev/ttyS1"),
            try device("a4", .documentPrinter, .ipp(DocumentPrinterSettings()), "ipp://h/ipp/print"),
            try device("a4-b", .documentPrinter, .ipp(DocumentPrinterSettings()), "cups:hall_a4"),
            try device("glass", .scanner, .sane(ScannerSettings()), "escl:http://h/eSCL"),
        ])
        #expect(plan.map(\.instance) == ["glass", "print", "render", "usb"])
        #expect(plan.map(\.kind) == [.scan, .print, .render, .usb])
        #expect(plan.map { $0.devices.map(\.name) } == [["glass"], ["a4", "a4-b"], [], ["reader", "slip", "codes"]])
        #expect(plan[1].devices.map(\.address) == ["ipp://h/ipp/print", "cups:hall_a4"])
    }

    @Test("a hall without an A4 printer has no print worker")
    func without() throws {
        let plan = WorkerPlan.workers(for: [
            try device("reader", .cardReader, .samv(CardReaderSettings()), "serial:/dev/ttyS0")
        ])
        #expect(plan.map(\.kind) == [.render, .usb])
        #expect(WorkerKind.print.programName == "kiosk-worker-print")
    }
}
