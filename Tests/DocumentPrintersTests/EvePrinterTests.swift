import DeviceKit
import HallModel
import TestSupport
import Testing

/// The driver against CUPS's own IPP Everywhere printer.
@Suite("a printer that speaks IPP")
struct EvePrinterTests {
    @Test("three pages are printed, and the printer's own count is the proof")
    func printed() async throws {
        let eve = try await EvePrinter()
        let kiosk = try PrinterUnderTest("ipp://localhost:\(eve.port)/ipp/print")
        try await kiosk.becomes("the printer is online") { $0.state == .online && $0.paper == .full }
        #expect(kiosk.last?.model == "Example Printer")
        let outcome = await kiosk.print()
        #expect(outcome == PrintOutcome(.printed, rung: .impressions))
        #expect(eve.pagesOut == 3)
        await kiosk.stop()
        await eve.stop()
    }
}
