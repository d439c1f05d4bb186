import Foundation
import TestSupport

#if canImport(Glibc)
    import Glibc
#endif

/// Plays the scenes of one visit: orders what goes wrong at its moment, mends it when its time has come, and watches what
/// the screen says meanwhile.
actor ScenePlayer {
    /// What should be said and is not within this time is not waited for any longer.
    static let patience = Duration.seconds(35)

    /// The quickest hands at a roll of paper.
    private static let rollChange = Duration.seconds(2)

    private let hall: HallUnderTest
    private let client: ScreenClient
    private let sentences: Sentences
    private var waiting: [Scene]
    private(set) var played: [VisitRecord.Played] = []
    private var work: [Task<Void, any Error>] = []
    /// Of what holds the machine up.
    private var watches: [Task<Void, Never>] = []

    init(_ scenes: [Scene], hall: HallUnderTest, client: ScreenClient, sentences: Sentences) {
        self.hall = hall
        self.client = client
        self.sentences = sentences
        waiting = scenes
    }

    /// Begins what belongs to this moment.
    func reaches(_ moment: Moment) async throws {
        for scene in waiting where scene.moment == moment {
            waiting.removeAll { $0.id == scene.id }
            played.append(VisitRecord.Played(scene: scene, began: .now))
            if scene.givesNumber {
                let index = played.count - 1
                watches.append(Task { await self.watch(index) })
            }
            for order in scene.orders { try await carryOut(order) }
            if scene.lifting == .byItself { played[played.count - 1].lifted = .now }
        }
    }

    /// Something of it is not mended yet.
    var isOn: Bool { played.contains { $0.lifted == nil } }

    /// What this screen says belongs to a scene that is still on: hands have to mend something first.
    func holds(_ screen: ShownScreen) -> Bool {
        played.contains { scene in
            scene.lifted == nil && scene.scene.says.contains { $0.contains { sentences.says(screen, $0) } }
        }
    }

    /// What should be said and was not yet.
    var isUnsaid: Bool {
        get async {
            for scene in played where ContinuousClock.now - scene.began < Self.patience {
                if await !unsaid(scene).isEmpty { return true }
            }
            return false
        }
    }

    /// Mends what is due, and notes what has recovered.
    func tick() async throws {
        for index in played.indices {
            if played[index].lifted == nil, await isDue(played[index]) { try await lift(index) }
            if played[index].recovered == nil, let lifted = played[index].lifted {
                let bad = played[index].scene.says.flatMap(\.self)
                if let good = await client.history.first(where: { screen in
                    screen.arrived > lifted && !bad.contains { sentences.says(screen, $0) }
                }) {
                    played[index].recovered = good.arrived
                }
            }
        }
    }

    /// Mends everything, and waits for what still runs.
    func finish() async throws {
        for watch in watches {
            watch.cancel()
            await watch.value
        }
        for index in played.indices {
            played[index].unsaid = await unsaid(played[index])
            guard played[index].lifted == nil else { continue }
            if played[index].scene.group == .printer {
                // Nobody was waited for; yet no hands change a roll in the moment in which it ran out.
                try await hall.desk("printer/fault-at")
                try await Task.sleep(for: Self.rollChange)
            }
            try await lift(index)
        }
        for task in work { try await task.value }
    }

    private func isDue(_ scene: VisitRecord.Played) async -> Bool {
        let age = ContinuousClock.now - scene.began
        switch scene.scene.lifting {
        case .byItself: return true
        case .after(let seconds): return age >= .seconds(seconds)
        case .whenSaid(let least):
            guard age >= .seconds(least) else { return false }
            return age > Self.patience ? true : await unsaid(scene).isEmpty
        }
    }

    private func lift(_ index: Int) async throws {
        for order in played[index].scene.mending { try await carryOut(order) }
        played[index].lifted = .now
    }

    private func unsaid(_ scene: VisitRecord.Played) async -> [[Sentence]] {
        let seen = await client.history.filter { $0.arrived >= scene.began }
        return scene.scene.says.filter { alternatives in
            !seen.contains { screen in alternatives.contains { sentences.says(screen, $0) } }
        }
    }

    private func carryOut(_ order: Order) async throws {
        switch order {
        case .desk(let path, let body): try await hall.desk(path, body)
        case .platform(let body): try await hall.orderPlatformFault(body)
        case .clearPlatformFaults: try await hall.clearPlatformFaults()
        case .killPlatform(let seconds):
            await hall.platformStaysAway(for: .seconds(seconds))
            let dead = await hall.platformPID
            await hall.killPlatform()
            let index = played.count - 1
            guard played[index].scene.givesNumber else { return }
            let died = ContinuousClock.now
            watches.append(
                Task {
                    await self.isBack(after: dead)
                    self.wasAway(index, for: .now - died - .seconds(seconds))
                })
        case .killWorker(let name, let seconds):
            work.append(Task { [hall] in try await Self.kill(name, for: .seconds(seconds), in: hall) })
        }
    }

    // MARK: - What holds the machine up

    /// An answer of the desk that takes no longer is none that held anything up.
    private static let usualAnswer = Duration.milliseconds(150)

    private func wasAway(_ index: Int, for time: Duration) { played[index].away = max(.zero, time) }
    private func hinder(_ index: Int, by time: Duration) { played[index].hindered += max(.zero, time) }

    /// Asks the hall's desk for something again and again, until the number or the code is shown: what its answers, and this
    /// task's own turns, take too long is time that the machine had for nobody.
    private func watch(_ index: Int) async {
        let pause = Duration.milliseconds(100)
        while !Task.isCancelled, await !isAnswered(since: played[index].began) {
            let asked = ContinuousClock.now
            try? await Task.sleep(for: pause)
            // No answer at all is the longest one.
            _ = try? await hall.deskState("network")
            guard !Task.isCancelled else { return }
            hinder(index, by: .now - asked - pause - Self.usualAnswer)
        }
    }

    private func isAnswered(since began: ContinuousClock.Instant) async -> Bool {
        await client.history.contains { $0.arrived >= began && $0.name == "done" && $0.number != nil }
    }

    /// The platform's program is another one than this, and answers; or the visit is over.
    private func isBack(after dead: pid_t?) async {
        while !Task.isCancelled {
            let now = await hall.platformPID
            if now != dead, FileManager.default.fileExists(atPath: "\(hall.folder)/platform/platform.json") { return }
            try? await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Not at once: the touch that comes next shall reach the worker first.
    private static func kill(_ name: String, for time: Duration, in hall: HallUnderTest) async throws {
        try await Task.sleep(for: .milliseconds(1_500))
        let end = ContinuousClock.now + time
        var killed: Set<pid_t> = []
        repeat {
            if let pid = await hall.workerPIDs()[name], killed.insert(pid).inserted { Glibc.kill(pid, SIGKILL) }
            try await Task.sleep(for: .milliseconds(50))
        } while ContinuousClock.now < end
    }
}
