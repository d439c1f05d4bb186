import Foundation
import TestSupport

/// A resident who scans all pages of an item, keeps each of them, submits, and goes.
struct PagesErrand {
    private let hall: HallUnderTest
    private let client: ScreenClient

    init(_ hall: HallUnderTest) async throws {
        self.hall = hall
        client = try await ScreenClient(entering: try await hall.screenURL())
    }

    func leaves() async { await client.leave() }

    func scansAll(of item: String, within limit: Duration = .seconds(120)) async throws {
        let deadline = ContinuousClock.now + limit
        var (seen, hasBegun, hasCard, isLaid) = (0, false, false, false)
        while ContinuousClock.now < deadline {
            let next = await client.screen(after: seen, within: .seconds(1))
            guard let screen = if let next { next } else { await client.latest } else { continue }
            seen = screen.sequence
            switch screen.name {
            case "start":
                if hasBegun { return }
                if !hasCard { try await hall.desk("reader/place", #"{"card":"zhang"}"#) }
                hasCard = true
            case "items":
                if hasBegun { return try await takesCard() }
                await client.touch("item:\(item)", on: screen)
            case "intro":
                hasBegun = true
                await client.touch("begin", on: screen)
            case "scan":
                if !isLaid {
                    try await hall.clearTray()
                    try await hall.desk("scanner/take-originals")
                    try await hall.desk("scanner/tray", #"{"document":"household-register-2"}"#)
                    isLaid = true
                }
                await client.touch("scan", on: screen)
            case "preview":
                isLaid = false
                await client.touch("keep-page", on: screen)
            // The slip is waited for: every resident gets one, however many pages they have.
            case "stored", "done": if screen.offers("next") { await client.touch("next", on: screen) }
            case "check": await client.touch("submit", on: screen)
            case "take":
                try await hall.desk("reader/remove")
                try await hall.clearTray()
                try await hall.desk("scanner/take-originals")
                try await hall.desk("printer/take-slip")
                await client.touch("all-taken", on: screen)
            case "fault", "window", "closed":
                throw CannotMeasure("the kiosk shows “\(screen.name)”: \(screen.text)")
            default: break
            }
        }
        let last = await client.latest
        throw CannotMeasure("not through in \(limit); the screen says “\(last?.name ?? "")”: \(last?.text ?? "")")
    }

    private func takesCard() async throws {
        try await hall.desk("reader/remove")
        _ = await client.screen(within: .seconds(15)) { $0.name == "start" }
    }
}
