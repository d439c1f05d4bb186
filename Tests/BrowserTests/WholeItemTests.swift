import Foundation
import TestSupport
import Testing

/// The whole item in Chromium, on the real daemon, workers, emulated hall and platform; and with each fault in turn. Each
/// time the platform ends with exactly one case.
@Suite("A resident's whole way", .serialized)
struct WholeItemTests {
    /// Runs one resident in a hall of their own.
    private func inHall(
        _ options: HallUnderTest.Options = .init(), _ body: @Sendable (Resident, HallUnderTest) async throws -> Void
    ) async throws {
        let hall = try HallUnderTest(options)
        do {
            try await hall.start()
            try await WebDriver.withBrowser { browser in
                let resident = Resident(browser: browser, hall: hall)
                try await resident.enters()
                try await resident.sees("start")
                try await body(resident, hall)
            }
        } catch {
            await hall.stop()
            throw error
        }
        await hall.stop()
    }

    @Test("lays down the card, answers, scans two pages, submits, takes the receipt; the platform has the case")
    func wholeItem() async throws {
        try await inHall { resident, hall in
            try await resident.answersQuestions()
            try await resident.scansBothPages()
            try await resident.touches("submit")
            try await resident.sees("done")
            try await resident.reads("凭条打好了", within: 40)
            let number = try await resident.number()
            let platform = PlatformStaff(hall: hall)
            let cases = try await platform.cases()
            #expect(cases.count == 1)
            #expect(cases.first?.filter(\.isNumber) == number.filter(\.isNumber))
            let slips = try await Slips.all(in: hall)
            #expect(slips.count == 1)
            #expect(slips.first?.qr.contains { $0.contains(number.filter(\.isNumber)) } == true)
            try await resident.touches("next")
            try await resident.sees("take")
            try await hall.desk("reader/remove")
            try await hall.desk("scanner/take-originals")
            try await hall.desk("printer/take-slip")
            try await resident.sees("start", within: 40)
        }
    }
}
