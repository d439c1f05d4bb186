import HallModel
import Testing

@testable import DeviceKit

/// The core holds a worker for stuck only after every wait that the profile itself allows.
@Suite("How long the core waits for a device")
struct LongestCommandTests {
    private func longest(_ driver: DeviceProfile.Driver) -> Duration {
        DeviceProfile(id: "test", role: .scanner, title: "Test", driver: driver).longestCommand
    }

    @Test(
        "a page may take what its profile says, after the opening of the scanner; nonsense below nothing counts as nothing"
    )
    func pages() {
        var settings = ScannerSettings()
        #expect(longest(.sane(settings)) == .seconds(90))
        settings.pageTimeoutMilliseconds = 300_000
        #expect(longest(.sane(settings)) == .seconds(330))
        settings.pageTimeoutMilliseconds = -5
        #expect(longest(.sane(settings)) == .seconds(30))
    }

    @Test("a receipt may take its bytes and the wait for its evidence")
    func receipts() {
        var settings = ReceiptPrinterSettings()
        #expect(longest(.escpos(settings)) == .seconds(90))
        settings.printTimeoutMilliseconds = 60_000
        #expect(longest(.escpos(settings)) == .seconds(135))
        settings.printTimeoutMilliseconds = .min
        #expect(longest(.escpos(settings)) == .seconds(75))
    }

    @Test("a document may take its work, a standstill of the printer's own, the wait for hands and the end of the job")
    func documents() {
        var settings = DocumentPrinterSettings()
        #expect(longest(.ipp(settings)) == .seconds(2 * 90 + 600 + 30))
        settings.waitForHandsMilliseconds = 0
        settings.printTimeoutMilliseconds = 0
        #expect(longest(.ipp(settings)) == .seconds(2 + 1 + 30))
    }
}
