import Foundation
import TestSupport

#if canImport(Glibc)
    import Glibc
#endif

/// Kills parts of the running product at random moments of a load, and holds it to everything that its screen said.
struct KillCampaign {
    let seed: UInt64
    let rounds: Int

    /// The screen has to be back in less than this after the daemon's death, what the machine had for nobody not counted.
    static let screenBack = Duration.seconds(2)
    /// And in less than this, whatever the machine did.
    static let screenBackAtAll = Duration.seconds(6)

    /// Longer than the 10 s for which a resident waits for a number.
    static let longAbsence = Duration.seconds(12)

    struct Figures: Sendable {
        var screenBack: [Duration] = []
        var records: [Errand.Record] = []
        var cases = 0
        var lasted = Duration.zero
    }

    /// Throws a sentence with everything that is needed to look into a failure.
    func run() async throws -> Figures {
        var options = HallUnderTest.Options()
        options.timeScale = 0.05
        options.supervisesKiosk = true
        options.supervisesPlatform = true
        let hall = try HallUnderTest(options)
        let began = ContinuousClock.now
        do {
            try await hall.start()
            let client = try await ScreenClient(entering: try await hall.screenURL())
            do {
                var figures = try await run(in: hall, client)
                await client.leave()
                await hall.stop()
                try await leavesNothing(hall)
                figures.lasted = .now - began
                return figures
            } catch {
                await client.leave()
                throw error
            }
        } catch {
            let log = await hall.log().suffix(6000)
            await hall.stop()
            throw TestFailure("seed \(seed): \(error)\nthe log ends with\n\(log)")
        }
    }

    private func run(in hall: HallUnderTest, _ client: ScreenClient) async throws -> Figures {
        let load = Load(client, in: hall)
        let running = Task { await load.run() }
        defer { running.cancel() }
        var figures = Figures()
        // The load runs, before it is disturbed.
        try await load.endsWithACase(from: 0, mayBeLost: false)
        for round in KillPlan(seed: seed, rounds: rounds).rounds {
            let began = ContinuousClock.now
            do {
                if let back = try await carryOut(round, hall, client, load) { figures.screenBack.append(back) }
                print(
                    """
                    round \(round.number): \(round.victim.rawValue), \(round.moment); a case after \
                    \((ContinuousClock.now - began) / .milliseconds(1)) ms
                    """)
            } catch {
                throw TestFailure("round \(round.number), \(round.victim.rawValue) \(round.moment): \(error)")
            }
        }
        await load.end()
        await running.value
        if let failure = await load.failure { throw TestFailure(failure) }
        figures.records = await load.records
        figures.cases = try await settles(hall, figures.records)
        return figures
    }

    // MARK: - A round

    /// Returns how long the screen was away, when it was the daemon's turn.
    private func carryOut(
        _ round: KillPlan.Round, _ hall: HallUnderTest, _ client: ScreenClient, _ load: Load
    ) async throws -> Duration? {
        if let step = round.moment.step {
            guard await client.reaches(step, within: .seconds(60)) else {
                throw TestFailure("\(step) never came; \(await load.failure ?? "")")
            }
        }
        try await Task.sleep(for: .milliseconds(round.moment.delayMilliseconds))
        let workers = await hall.workerPIDs()
        guard let pid = await pid(of: round.victim, in: hall) else { throw TestFailure("it does not run") }
        let place = await load.current
        await hall.platformStaysAway(for: round.victim == .platformForLong ? Self.longAbsence : nil)
        let machine = MachineWatch(folder: hall.folder)
        defer { machine.end() }
        let killed = ContinuousClock.now
        kill(pid, SIGKILL)

        var back: Duration?
        if round.victim == .kioskd {
            guard let screen = await client.screen(within: .seconds(10), where: { $0.connectionBegan > killed }) else {
                throw TestFailure("the screen did not come back in 10 s")
            }
            let passed = screen.arrived - killed
            let away = max(.zero, passed - machine.stoodStill)
            guard passed < Self.screenBackAtAll else { throw TestFailure("the screen was away for \(passed)") }
            guard away < Self.screenBack else { throw TestFailure("the screen was away for \(away)") }
            back = away
            try await eventually("the workers of the dead daemon end", within: .seconds(10)) {
                workers.values.allSatisfy { kill($0, 0) != 0 }
            }
        }
        try await eventually("\(round.victim.rawValue) is started again", within: .seconds(20)) {
            guard let new = await self.pid(of: round.victim, in: hall) else { return false }
            return new != pid && kill(new, 0) == 0
        }
        try await load.endsWithACase(from: place, mayBeLost: round.victim == .kioskd)
        return back
    }

    private func pid(of victim: Victim, in hall: HallUnderTest) async -> pid_t? {
        switch victim {
        case .kioskd: await hall.kiosk?.pid
        case .platform, .platformForLong: await hall.platformPID
        case .usbWorker, .scanWorker, .renderWorker: await hall.workerPIDs()[victim.rawValue]
        }
    }

    // MARK: - The end

    /// Waits until the kiosk has nothing left to send, and checks every promise. Returns the number of cases.
    private func settles(_ hall: HallUnderTest, _ records: [Errand.Record]) async throws -> Int {
        try await eventually("the outbox is empty", within: .seconds(150), every: .milliseconds(200)) {
            try await outboxCount(hall) == 0
        }
        let sealed = "\(hall.folder)/state/sealed"
        try await eventually("no sealed file is left in \(sealed)") {
            try FileManager.default.contentsOfDirectory(atPath: sealed).isEmpty
        }
        let cases = try await PlatformCases(of: hall).all()
        let broken = PromiseCheck.broken(records, cases)
        guard broken.isEmpty else { throw TestFailure("at the end: " + broken.joined(separator: "\n")) }
        return cases.count
    }

    private func outboxCount(_ hall: HallUnderTest) async throws -> Int {
        struct Outbox: Decodable { var cases: Int }
        let run = try await CommandRun.run(
            "env", ["\(HallUnderTest.programs)/kioskctl", "outbox", "--json", "--runtime", "\(hall.folder)/run"])
        guard run.succeeded else { throw TestFailure("kioskctl outbox: \(run.errors)") }
        return try JSONDecoder().decode(Outbox.self, from: Data(run.output)).cases
    }

    private func leavesNothing(_ hall: HallUnderTest) async throws {
        try await eventually("no process of the hall is left", within: .seconds(5)) { hall.processes().isEmpty }
    }
}
