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
            let read = try await slips.first?.codes(in: hall) ?? []
            #expect(read.contains { $0.contains(number.filter(\.isNumber)) }, "the slip's QR code says \(read)")
            try await resident.touches("next")
            try await resident.sees("take")
            try await hall.desk("reader/remove")
            try await hall.desk("scanner/take-originals")
            try await hall.desk("printer/take-slip")
            try await resident.sees("start", within: 40)
        }
    }

    @Test("a jam in mid-flow is one sentence; nothing entered is lost when it clears")
    func jam() async throws {
        try await inHall { resident, hall in
            try await resident.answersQuestions()
            try await resident.laysPage("household-register-1")
            try await hall.desk("scanner/fault", #"{"fault":"jam"}"#)
            try await resident.sees("fault")
            try await resident.reads("卡")
            try await hall.desk("scanner/fault", #"{"fault":"none"}"#)
            try await resident.sees("scan")
            try await resident.touches("scan")
            try await resident.sees("preview", within: 30)
        }
    }

    @Test("a kioskd that dies ends the session: the screen comes back by itself and says so")
    func daemonDies() async throws {
        var options = HallUnderTest.Options()
        options.supervisesKiosk = true
        try await inHall(options) { resident, hall in
            try await resident.answersQuestions()
            await hall.killKiosk()
            try await resident.sees("start", within: 15)
            try await resident.reads("机器刚才停了一下")
        }
    }

    @Test("with the network away the receipt carries a code; when it is back the platform has exactly one case")
    func networkAway() async throws {
        try await inHall { resident, hall in
            try await resident.answersQuestions()
            try await resident.scansBothPages()
            try await hall.desk("network", #"{"mode":"cut"}"#)
            try await resident.touches("submit")
            try await resident.sees("done", within: 30)
            try await resident.reads("受理号")
            try await hall.desk("network", #"{"mode":"ok"}"#)
            let platform = PlatformStaff(hall: hall)
            try await eventually("the platform has the case", within: .seconds(90), every: .seconds(1)) {
                try await platform.cases().count == 1
            }
        }
    }
}
