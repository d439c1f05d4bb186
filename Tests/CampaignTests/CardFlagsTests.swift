import TestSupport
import Testing

/// Cards that something is to be said about, on the whole product: nobody is refused, and staff see what it was.
@Suite("A card with a flag is taken, and whoever opens the case sees the flag", .serialized)
struct CardFlagsTests {
    @Test func allTheWay() async throws {
        let cards: [(card: String, name: String, flags: [String])] = [
            ("check-digit-wrong", "赵明", ["checkDigitWrong", "longTerm"]),
            ("hong-kong-expired", "陈大文", ["expired"]), ("zhang", "张桂兰", ["longTerm"]),
        ]
        var seen: [String] = []
        var options = HallUnderTest.Options()
        options.timeScale = 0.02
        options.startsKiosk = false
        let hall = try HallUnderTest(options)
        do {
            let screen = try await QuietTimes.shared.start {
                try await hall.start()
                try await hall.startKiosk()
                return try await ScreenClient(entering: try await hall.screenURL())
            }
            for (place, expected) in cards.enumerated() {
                guard await screen.screen(within: .seconds(40), where: { $0.name == "start" }) != nil else {
                    throw TestFailure("the kiosk does not open")
                }
                let record = try await Errand(screen, in: hall, card: expected.card, phone: "1390000002\(place)").walk()
                #expect(record.end == .done, "\(record)")
                // One whose number did not come in time follows by itself.
                var number: String?
                try await eventually("the case is on the platform", within: .seconds(40)) {
                    let numbers = try await PlatformStaff(hall: hall).cases().map(\.number)
                    number = numbers.first { !seen.contains($0) }
                    return number != nil
                }
                let opened = try await PlatformStaff(hall: hall).open(try #require(number))
                seen += [number].compactMap(\.self)
                #expect(opened.person["name"] == expected.name)
                #expect(opened.flags.sorted() == expected.flags, "\(expected.card)")
                try await hall.desk("reader/remove")
            }
            await screen.leave()
        } catch {
            await hall.stop()
            throw error
        }
        await hall.stop()
    }
}
