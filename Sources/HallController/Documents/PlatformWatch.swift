import DeviceKit
import HallModel
import PlatformClient

import struct Foundation.Date

/// Asks the platform now and then whether it can be reached, so that what cannot be done without it is said before anybody
/// begins (D8).
extension HallController {
    /// While it answers, and while it does not.
    static let platformPause = (well: Duration.seconds(30), unwell: Duration.seconds(5))

    /// A kiosk whose items do without the platform stays silent.
    var needsPlatformBeforehand: Bool {
        configuration.items.contains {
            $0.closedHere == nil && ($0.kind == .certificate || $0.kind == .application && $0.needs.contains(.platform))
        }
    }

    func watchPlatform() async {
        while !Task.isCancelled {
            heardOfPlatform(await failure())
            let pause = reachability.failures == 0 ? Self.platformPause.well : Self.platformPause.unwell
            do { try await ProgramLoop.sleep(for: pause) } catch { return }
        }
    }

    /// The platform has confirmed a case: it answers, whatever was heard of it before.
    func platformConfirmed() {
        if reachability.trouble?.reason.problem == .platformUnreachable { heardOfPlatform(nil) }
    }

    private func heardOfPlatform(_ failure: PlatformError?) {
        guard failure != .cancelled else { return }
        let before = reachability.trouble
        guard reachability.heard(failure, at: Date()) else { return }
        let trouble = reachability.trouble
        logger.notice(
            "platform",
            metadata: ["reachable": "\(trouble == nil)", "cause": trouble.map { "\($0.reason)" } ?? "-"])
        notePlatform(trouble?.problem)
        if (trouble == nil) != (before == nil) { handle(.platformReachable(trouble == nil)) }
    }

    /// Why the platform did not say how it is; what it then says of its own health is for those who run it.
    private func failure() async -> PlatformError? {
        do throws(PlatformError) {
            _ = try await platform.health()
            return nil
        } catch {
            return error
        }
    }

    /// What is wrong with the platform now, as problems with the moment since when.
    func platformProblems() async -> [(problem: Problem, since: Date)] {
        PlatformTroubles(
            watch: reachability, uploader: await uploader.platformTrouble,
            refusals: Array(await uploader.refusals.values)
        ).problems
    }
}

/// What follows from the platform's answers, one after the other. One lost answer is no outage.
struct PlatformReachability: Sendable {
    private(set) var failures = 0
    /// What is the matter with it; `nil` while it answers.
    private(set) var trouble: CaseUploader.Trouble?
    /// When it answered last.
    private(set) var answered: Date?
    private var firstFailure: Date?

    /// - Parameter failure: `nil`: it answered.
    /// - Returns: whether there is something new to tell.
    mutating func heard(_ failure: PlatformError?, at now: Date) -> Bool {
        let before = trouble?.problem.code
        if let failure {
            failures += 1
            if firstFailure == nil { firstFailure = now }
            if failures >= 2 { trouble = .init(failure, since: firstFailure ?? now, seen: now) }
        } else {
            failures = 0
            firstFailure = nil
            trouble = nil
            answered = now
        }
        // Not every word: on a bad line the reasons take turns, and would push all else out of the events.
        return trouble?.problem.code != before
    }
}

extension CaseUploader.Trouble {
    var problem: Problem { Problem(reason.problem, evidence: "\(reason)") }
}

/// One list of what the watch and the uploader know: a problem that both have is told once.
struct PlatformTroubles: Sendable {
    var watch = PlatformReachability()
    var uploader: CaseUploader.Trouble?
    var refusals: [CaseUploader.Trouble] = []

    var problems: [(problem: Problem, since: Date)] {
        var found: [(problem: Problem, since: Date)] = []
        func add(_ problem: Problem, since: Date) {
            if let known = found.firstIndex(where: { $0.problem.code == problem.code }) {
                found[known].since = min(found[known].since, since)
            } else {
                found.append((problem, since))
            }
        }
        for trouble in [watch.trouble, uploader].compactMap(\.self) where !isOver(trouble) {
            add(trouble.problem, since: trouble.since)
        }
        for code in [ProblemCode.platformUnreachable, .platformRefused, .storageFault] {
            let these = refusals.filter { $0.problem.code == code }.sorted { $0.since < $1.since }
            guard let first = these.first else { continue }
            let count = these.count == 1 ? "1 case" : "\(these.count) cases"
            add(Problem(code, evidence: "\(first.reason) (\(count))"), since: first.since)
        }
        return found
    }

    /// The network was away when a case was tried, and the platform has answered since: the case waits for its next try only.
    private func isOver(_ trouble: CaseUploader.Trouble) -> Bool {
        guard case .unreachable = trouble.reason, watch.trouble == nil, let answered = watch.answered else {
            return false
        }
        return answered > trouble.seen
    }
}
