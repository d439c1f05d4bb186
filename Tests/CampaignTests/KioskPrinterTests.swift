import Foundation
import HallEmulators
import TestSupport
import Testing

/// A printer with a presenter, on the whole product: the slot is seen, and what the screen says follows it.
@Suite("A printer that holds the slip out of its slot", .serialized)
struct KioskPrinterTests {
    private static let printed = "凭条打好了，请拿走"
    private static let stillThere = "还有东西在机器上"
    private static let slipToTake = "凭条"

    private struct Printer: Decodable { var slipInSlot: Bool }
    private struct Call: Decodable { var step: String }

    @Test(
        "it comes and is held: the way out goes on only when it is taken",
        arguments: [SlipPresenting.whilePrinting, .afterCut])
    func held(_ presenting: SlipPresenting) async throws {
        try await withKiosk(presenting) { hall, client in
            let number = try await submits(hall, client)
            let slips = try await slips(in: hall)
            #expect(slips.map(\.place) == [.slot] && slips.allSatisfy(\.complete))
            let codes = try await #require(Slip.all(in: hall).first).codes(in: hall)
            #expect(codes.contains { $0.hasPrefix("HK1:") && $0.hasSuffix(number) }, "\(codes)")
            try await leaves(hall, client)
            // All is taken but the slip; saying so does not help.
            let page = try #require(await client.latest)
            #expect(page.text.contains(Self.slipToTake))
            await client.touch("all-taken", on: page)
            let still = await client.screen(within: .seconds(5)) { $0.text.contains(Self.stillThere) }
            #expect(still?.name == "take")
            let tooSoon = await client.screen(after: still?.sequence ?? 0, within: .seconds(3)) { $0.name == "start" }
            #expect(tooSoon == nil)
            try await hall.desk("printer/take-slip")
            try #require(await client.screen(within: .seconds(5)) { $0.name == "start" } != nil)
            #expect(try await calls(in: hall).isEmpty)

            // The first slip after the start follows a cut that clears the way, and is judged by the answer to the buffered
            // query. The next one comes into an empty slot, and that is seen.
            _ = try await submits(hall, client, card: "long-term", phone: "13900000002")
            let journal = try KioskJournal(folder: "\(hall.folder)/state").receipts()
            #expect(
                journal.map(\.state) == ["printed", "printed"]
                    && journal.map(\.rung) == ["bufferedQuery", "paperTaken"])
        }
    }

    @Test(
        "left in the slot: staff are called, once; the page stays until the slot is empty, be it that the slip is drawn back"
    )
    func leftBehind() async throws {
        try await withKiosk { hall, client in
            _ = try await submits(hall, client)
            try await leaves(hall, client)
            // Twice takeSeconds.
            try await eventually("staff are called", within: .seconds(30)) { try await calls(in: hall) == ["take"] }
            #expect(await client.latest?.name == "take")
            #expect(try await isSlipInSlot(hall))
            try await hall.desk("printer/draw-back")
            #expect(await client.screen(within: .seconds(5)) { $0.name == "start" } != nil)
            #expect(try await calls(in: hall) == ["take"])
        }
    }

    @Test("the next person hears nothing of a stranger's slip; staff do, and the next slip is theirs alone")
    func nextPerson() async throws {
        try await withKiosk { hall, client in
            _ = try await submits(hall, client)
            try await leaves(hall, client)
            // Nobody waits for staff: the next card lies there at once.
            await client.forgetHistory()
            let last = await client.latest?.sequence ?? 0
            try await hall.desk("reader/place", #"{"card":"another-person"}"#)
            let items = try #require(await client.screen(after: last, within: .seconds(20)) { $0.name == "items" })
            try await eventually("staff are told") { try await calls(in: hall) == ["take"] }
            // Somebody who only looked: the card is theirs to take, the slip is not.
            await client.touch("end", on: items)
            let ended = await client.screen(after: items.sequence, within: .seconds(10)) {
                $0.name == "take" || $0.offers("confirm-end")
            }
            if let ended, ended.offers("confirm-end") { await client.touch("confirm-end", on: ended) }
            let take = try #require(
                await client.screen(after: items.sequence, within: .seconds(10)) { $0.name == "take" })
            #expect(!take.text.contains(Self.slipToTake), "\(take.text)")
            try await hall.desk("reader/remove")
            let start = try #require(
                await client.screen(after: take.sequence, within: .seconds(10)) { $0.name == "start" })
            let told = await client.history.filter { $0.sequence > last && $0.sequence < start.sequence }
            #expect(told.allSatisfy { !$0.text.contains(Self.stillThere) })

            // And somebody who prints: the earlier slip gives way, what lies in the slot is theirs.
            _ = try await submits(hall, client, card: "long-term", phone: "13900000002")
            #expect(try await slips(in: hall).map(\.place) == [.pushedOut, .slot])
            try await leaves(hall, client)
            let page = try #require(await client.latest)
            #expect(page.text.contains(Self.slipToTake))
            await client.touch("all-taken", on: page)
            #expect(await client.screen(within: .seconds(5)) { $0.text.contains(Self.stillThere) } != nil)
            try await hall.desk("printer/take-slip")
            #expect(await client.screen(within: .seconds(5)) { $0.name == "start" } != nil)
            #expect(try await calls(in: hall) == ["take"])
        }
    }

    @Test("a jam in mid-receipt is said, no slip is promised, and after it is cleared another one comes")
    func jam() async throws {
        try await withKiosk { hall, client in
            try await hall.desk("printer/fault-at", #"{"millimetres":60,"fault":"jam"}"#)
            let errand = Errand(client, in: hall)
            _ = try await errand.walk { $0.name == "done" }
            let sentences = try Sentences()
            let said = await client.screen(within: .seconds(30)) { sentences.says($0, .problem("printer-jam")) }
            #expect(said?.name == "done")
            #expect(await client.history.allSatisfy { !$0.text.contains(Self.printed) })
            try await hall.desk("printer/condition", #"{"condition":"jam","on":false}"#)
            let again = try #require(await client.screen(within: .seconds(30)) { $0.offers("print-again") })
            try await hall.desk("printer/take-slip")
            let before = try await slips(in: hall).count
            await client.touch("print-again", on: again)
            try #require(await client.screen(within: .seconds(30)) { $0.text.contains(Self.printed) } != nil)
            let new = try await slips(in: hall).dropFirst(before)
            // What was left of the first copy was cut off as waste, and the slip after it has pushed it out.
            #expect(new.map(\.place) == [.pushedOut, .slot])
            #expect(new.allSatisfy { $0.complete })
        }
    }

    // MARK: - Pieces

    /// A kiosk with such a printer, open and with nobody in front of it.
    private func withKiosk(
        _ presenting: SlipPresenting = .whilePrinting, _ body: (HallUnderTest, ScreenClient) async throws -> Void
    ) async throws {
        var options = HallUnderTest.Options()
        options.timeScale = 0.05
        options.startsKiosk = false
        options.profiles = ["printer": "escpos-custom-kiosk"]
        options.screenSettings = "idleSeconds: 120, alertSeconds: 20, takeSeconds: 10"
        let hall = try HallUnderTest(options)
        do {
            try await QuietTimes.shared.start { try await hall.start() }
            try await hall.desk("printer/model", #"{"model":"custom-kiosk"}"#)
            try await hall.desk("printer/presenter", #"{"presenting":"\#(presenting.rawValue)"}"#)
            let client = try await QuietTimes.shared.start {
                try await hall.startKiosk()
                let client = try await ScreenClient(entering: try await hall.screenURL())
                let open = await client.screen(within: .seconds(40)) { $0.name == "start" && $0.text.contains("有凭条？") }
                guard open != nil else { throw TestFailure("the kiosk does not open") }
                return client
            }
            try await body(hall, client)
            await client.leave()
        } catch {
            let log = await hall.log().suffix(3_000)
            await hall.stop()
            throw TestFailure("\(error)\n\(log)")
        }
        await hall.stop()
    }

    /// The whole way to 凭条打好了. Returns the number on the page.
    private func submits(
        _ hall: HallUnderTest, _ client: ScreenClient, card: String = "zhang", phone: String = "13900000001"
    ) async throws -> String {
        let errand = Errand(client, in: hall, card: card, phone: phone)
        let record = try await errand.walk { $0.name == "done" && $0.text.contains(Self.printed) }
        if let end = record.end { throw TestFailure("no slip: \(end)") }
        return try #require(record.numbers.first)
    }

    /// On to the last page; card and originals are taken.
    private func leaves(_ hall: HallUnderTest, _ client: ScreenClient) async throws {
        let done = try #require(await client.screen(within: .seconds(10)) { $0.name == "done" && $0.offers("next") })
        await client.touch("next", on: done)
        try #require(await client.screen(after: done.sequence, within: .seconds(10)) { $0.name == "take" } != nil)
        try await hall.desk("reader/remove")
        try await hall.desk("scanner/take-originals")
    }

    private func slips(in hall: HallUnderTest) async throws -> [SlipEntry] {
        try JSONDecoder().decode([SlipEntry].self, from: try await hall.deskState("printer/slips")).filter {
            $0.id != "current"
        }
    }

    private func isSlipInSlot(_ hall: HallUnderTest) async throws -> Bool {
        try JSONDecoder().decode(Printer.self, from: try await hall.deskState("printer")).slipInSlot
    }

    private func calls(in hall: HallUnderTest) async throws -> [String] {
        try JSONDecoder().decode([Call].self, from: try await hall.deskState("staff-calls")).map(\.step)
    }
}
