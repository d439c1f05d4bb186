import Foundation
import TestSupport

/// Visits on several halls at once.
struct Campaign: Sendable {
    /// One hall: its name, its visits, and the receipt printer that stands there.
    struct Hall: Sendable {
        var name: String
        var sessions: [SessionPlan]
        var printer = ReceiptPrinter.usual
    }

    enum ReceiptPrinter: Sendable {
        case usual
        /// Cannot clear its buffer and says little.
        case clone
        /// Its near-end sensor sits where no whole slip is left.
        case lateSensor
    }

    struct Result: Sendable {
        var outcomes: [Lane.Outcome] = []
        var broken: [String] = []
        var lasted = Duration.zero
    }

    let halls: [Hall]

    init(_ halls: [Hall]) { self.halls = halls }

    /// Devices are quick; what the product waits for takes its own time.
    private static func options(of hall: Hall) -> HallUnderTest.Options {
        var options = HallUnderTest.Options()
        options.timeScale = 0.05
        options.supervisesPlatform = true
        options.givesPlatformAName = true
        options.screenSettings = "idleSeconds: 120, alertSeconds: 20, takeSeconds: 10"
        switch hall.printer {
        case .usual: break
        case .clone: options.profiles = ["printer": "escpos-clone-80mm-gb18030"]
        case .lateSensor: options.profileAdditions = ["escpos-epson": "  millimetresAtNearEnd: 0\n"]
        }
        return options
    }

    /// Deals the visits out to so many halls.
    static func halls(_ plan: CampaignPlan, _ count: Int, name: String) -> [Hall] {
        (0..<count).map { hall in
            Hall(
                name: "\(name) \(hall + 1)",
                sessions: plan.sessions.enumerated().filter { $0.offset % count == hall }.map(\.element))
        }
    }

    func run() async throws -> Result {
        let began = ContinuousClock.now
        let sentences = try Sentences()
        let lanes = try halls.filter { !$0.sessions.isEmpty }.map { hall in
            let sessions = hall.sessions.map { plan in
                var plan = plan
                switch hall.printer {
                case .usual: break
                case .clone: plan.scenes = plan.scenes.map { $0.asOfClone() }
                case .lateSensor: plan.scenes = plan.scenes.map { $0.asOfLateSensor() }
                }
                return plan
            }
            return try Lane(
                hall.name, sessions, Self.options(of: hall), model: hall.printer == .clone ? "clone" : nil, sentences)
        }
        await withTaskGroup(of: Void.self) { group in
            for lane in lanes { group.addTask { await lane.run() } }
        }
        var result = Result()
        for lane in lanes {
            result.outcomes += await lane.outcomes
            result.broken += await lane.broken
        }
        for outcome in result.outcomes where !outcome.broken.isEmpty {
            result.broken.append("\(outcome.record.plan)\n  " + outcome.broken.joined(separator: "\n  "))
        }
        result.lasted = .now - began
        return result
    }
}
