import Foundation
import HallEmulators
import Synchronization
import TestSupport

/// (a) From a card that the reader has found to the resident's name on the screen.
struct CardToScreen: Benchmark {
    let name = "card"

    private struct Measured {
        /// From the reader's answer that a card is there.
        var share: Samples
        /// From the hand that lays it down.
        var whole: Samples
    }

    func run(_ effort: Effort) async throws -> Subject {
        let few = try await measure(rounds: effort.rounds(20), poll: nil)
        let many = try await measure(rounds: effort.rounds(200, quick: 3), poll: 100)
        var table = Table(columns: [
            "cards", "product's share p50", "p99", "slowest", "from laying it down p50", "slowest",
        ])
        for (title, one) in [
            ("\(few.share.count), asked for every 300 ms", few), ("\(many.share.count), every 100 ms", many),
        ] {
            table.rows.append([
                title, Figure.milliseconds(one.share.median), Figure.milliseconds(one.share.p99),
                Figure.milliseconds(one.share.largest), Figure.milliseconds(one.whole.median),
                Figure.milliseconds(one.whole.largest),
            ])
        }
        return Subject(
            title: "A card, from the reader to the name",
            explanation: [
                """
                A resident's card is laid on an emulated SAM_V reader on a pseudo-terminal that answers at once, so that what is \
                measured is the product's: from the moment that the reader says “card found” – then select, read of 1,295 bytes, \
                decoding, worker protocol, flow, session row, screen – until the screen with the name is at the browser as an \
                event. The wait for the next question to the reader (0 … 300 ms by the profile) is the reader's and stands \
                in the last two columns only, as does what a real reader takes: about 150 ms for finding and reading, and 112 ms on a \
                line of 115,200 bit/s.
                """
            ],
            tables: [table],
            goals: [
                Goal(
                    what: "card found to name on the screen, the product's share, p99",
                    figure: Figure.milliseconds(few.share.p99), bound: "≤ 30 ms", isMet: few.share.p99 <= 30,
                    atTenTimes: Figure.milliseconds(many.share.p99))
            ])
    }

    private func measure(rounds: Int, poll: Int?) async throws -> Measured {
        try await Scratch.use { folder in
            let line = folder + "/reader"
            let found = Mutex<ContinuousClock.Instant?>(nil)
            let readers = Mutex<EmulatedCardReader?>(nil)
            let reader = EmulatedCardReader(symbolicLink: line, timeScale: 0) {
                guard let phase = readers.withLock({ $0 })?.snapshot.phase, phase != "waiting" else { return }
                found.withLock { $0 = $0 ?? .now }
            }
            readers.withLock { $0 = reader }
            try reader.start()
            defer {
                readers.withLock { $0 = nil }
                reader.stop()
            }
            var options = HallUnderTest.Options()
            options.timeScale = 0
            let devices = try Self.devices(in: folder, poll: poll)
            options.changesConfiguration = { text in
                text.replacing(/serial:[^"]*/, with: "serial:\(line)")
                    .replacing("\(Repository.folder)/Devices", with: devices)
            }
            return try await withRunning(HallUnderTest(options)) { hall in
                let screen = try await ScreenClient(entering: try await hall.screenURL())
                var (shares, wholes): ([Double], [Double]) = ([], [])
                for round in 0..<(rounds + 2) {
                    guard let start = await screen.screen(within: .seconds(15), where: { $0.name == "start" }) else {
                        throw CannotMeasure("no start screen: \(await screen.latest?.text ?? "")")
                    }
                    found.withLock { $0 = nil }
                    let laid = ContinuousClock.now
                    guard let card = Wallet.card("zhang") else { throw CannotMeasure("no such card") }
                    reader.place(card)
                    guard
                        let items = await screen.screen(
                            after: start.sequence, within: .seconds(10), where: { $0.name == "items" }),
                        let begin = found.withLock({ $0 })
                    else { throw CannotMeasure("no name: \(await screen.latest?.text ?? "")") }
                    // The first two warm up.
                    if round >= 2 {
                        shares.append((items.arrived - begin).milliseconds)
                        wholes.append((items.arrived - laid).milliseconds)
                    }
                    reader.removeCard()
                    await screen.touch("end", on: items)
                }
                await screen.leave()
                return Measured(share: Samples(shares), whole: Samples(wholes))
            }
        }
    }

    /// The reader's profile, asked more often where `poll` says so.
    private static func devices(in folder: String, poll: Int?) throws -> String {
        let original = Repository.folder + "/Devices"
        guard let poll else { return original }
        let copy = folder + "/devices"
        try FileManager.default.copyItem(atPath: original, toPath: copy)
        let path = copy + "/samv-serial/profile.yaml"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try (text + "  pollMilliseconds: \(poll)\n  presenceMilliseconds: \(poll)\n")
            .write(toFile: path, atomically: true, encoding: .utf8)
        return copy
    }
}
