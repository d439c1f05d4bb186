import AsyncHTTPClient
import Foundation
import NIOCore
import TestSupport

/// (h) From the start of `kioskd` to the first screen, and from its death to the next.
struct StartUp: Benchmark {
    let name = "start"

    private struct Measured {
        var start: Samples
        var killed: Samples
    }

    func run(_ effort: Effort) async throws -> Subject {
        let few = try await measure(rounds: effort.rounds(20), kills: effort.rounds(8, quick: 1), cases: 10)
        let many = try await measure(rounds: effort.rounds(20), kills: effort.rounds(8, quick: 1), cases: 100)
        var table = Table(columns: [
            "journal", "start to first screen p50", "p99", "slowest", "kill to first screen p50", "slowest",
        ])
        for (cases, one) in [(10, few), (100, many)] {
            table.rows.append([
                "\(cases) waiting cases, \(cases * 100) sessions behind it", Figure.milliseconds(one.start.median),
                Figure.milliseconds(one.start.p99), Figure.milliseconds(one.start.largest),
                Figure.milliseconds(one.killed.median), Figure.milliseconds(one.killed.largest),
            ])
        }
        return Subject(
            title: "Start, and start after a kill",
            explanation: [
                """
                Start: from `posix_spawn` of `kioskd` until a browser that goes to the address in `screen.json` has got the whole \
                page with the first screen. Recovery of the journal is part of it; workers start meanwhile. Kill: from \
                `kill -9` until a browser that was there has the first screen again. In that time lie the service manager's pause of \
                200 ms (RestartSec) and the browser's own of up to 400 ms between two attempts to reconnect.
                """
            ],
            tables: [table],
            goals: [
                Goal(
                    what: "start of kioskd to the first screen, p50", figure: Figure.milliseconds(few.start.median),
                    bound: "≤ 300 ms", isMet: few.start.median <= 300,
                    atTenTimes: Figure.milliseconds(many.start.median)
                )
            ])
    }

    private func measure(rounds: Int, kills: Int, cases: Int) async throws -> Measured {
        var options = HallUnderTest.Options()
        options.startsKiosk = false
        options.timeScale = 0
        return try await withRunning(HallUnderTest(options)) { hall in
            try await FilledJournal.fill(
                stateFolder: hall.folder + "/state", waitingCases: cases, sessions: cases * 100)
            // Nothing may be sent meanwhile: the backlog stays what it is.
            try await hall.desk("network", #"{"mode":"cut"}"#)
            var starts: [Double] = []
            for round in 0..<(rounds + 1) {
                let took = try await start(hall)
                if round > 0 { starts.append(took.milliseconds) }
            }
            var killed: [Double] = []
            for _ in 0..<kills { killed.append(try await kill(hall).milliseconds) }
            return Measured(start: Samples(starts), killed: Samples(killed))
        }
    }

    private func start(_ hall: HallUnderTest) async throws -> Duration {
        let file = hall.folder + "/run/screen.json"
        try? FileManager.default.removeItem(atPath: file)
        let begin = ContinuousClock.now
        let kiosk = try hall.spawnKiosk()
        do {
            try await eventually("kioskd writes \(file)", within: .seconds(20), every: .milliseconds(1)) {
                FileManager.default.fileExists(atPath: file)
            }
            let page = try await Self.firstPage(try await hall.screenURL())
            let took = ContinuousClock.now - begin
            guard page.contains("id=\"content\"") else { throw CannotMeasure("no screen came: \(page.prefix(200))") }
            await kiosk.stop()
            return took
        } catch {
            await kiosk.stop()
            throw error
        }
    }

    /// As a browser does: the address, the redirect with the cookie, the page.
    private static func firstPage(_ address: String) async throws -> String {
        let entered = try await HTTPClient.withoutRedirects.execute(
            HTTPClientRequest(url: address), timeout: .seconds(5))
        _ = try await entered.body.collect(upTo: 1 << 20)
        guard let cookie = entered.headers["set-cookie"].first?.split(separator: ";").first,
            let url = URL(string: address), let host = url.host(), let port = url.port
        else { throw CannotMeasure("the kiosk gave no cookie: HTTP \(entered.status.code)") }
        var request = HTTPClientRequest(url: "http://\(host):\(port)/")
        request.headers.add(name: "cookie", value: String(cookie))
        let response = try await HTTPClient.withoutRedirects.execute(request, timeout: .seconds(5))
        return String(buffer: try await response.body.collect(upTo: 1 << 20))
    }

    private func kill(_ hall: HallUnderTest) async throws -> Duration {
        let first = try hall.spawnKiosk()
        try await eventually("kioskd is there", within: .seconds(20), every: .milliseconds(5)) {
            (try? await hall.screenURL()) != nil
        }
        let browser = try await ScreenClient(entering: try await hall.screenURL())
        guard let shown = await browser.screen(within: .seconds(5)) else { throw CannotMeasure("no first screen") }
        let begin = ContinuousClock.now
        await first.killNow()
        try await Task.sleep(for: .milliseconds(200))
        let second = try hall.spawnKiosk()
        let next = await browser.screen(after: shown.sequence, within: .seconds(20)) {
            $0.connection > shown.connection
        }
        await browser.leave()
        await second.stop()
        guard let next else { throw CannotMeasure("no screen came back after a kill") }
        return next.arrived - begin
    }
}
