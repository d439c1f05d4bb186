import Foundation
import HallEmulators
import TestSupport

/// One hall, and the visits to it one after the other.
actor Lane {
    struct Outcome: Sendable {
        var record: VisitRecord
        var broken: [String]
        var verdicts: [String]
        /// From the end of the visit to a start screen that speaks of nothing.
        var cleared: Duration
        var lasted: Duration
    }

    /// A start screen that still speaks of trouble after this time has not recovered by itself.
    static let recovery = Duration.seconds(45)
    /// The longest back-off after two refusals of one case.
    static let outboxPatience = Duration.seconds(150)

    let hall: HallUnderTest
    private let name: String
    private let sessions: [SessionPlan]
    private let sentences: Sentences
    private(set) var outcomes: [Outcome] = []
    /// What is wrong with the lane as a whole.
    private(set) var broken: [String] = []

    private var seenCases = 0
    private var seenReceipts = 0
    private var seenDocuments = 0
    private var seenSlips: Set<String> = []
    private var visits: [String: VisitRecord] = [:]
    private var markers: Set<Marker> = []
    private var receiptCode = "HK1:A:ABCDEFGH"
    private var workers: [String: pid_t] = [:]
    private var logRead = 0
    private var seenCalls = 0

    /// The emulated receipt printer's model, when it is not the usual one.
    private let model: String?

    init(
        _ name: String, _ sessions: [SessionPlan], _ options: HallUnderTest.Options, model: String?,
        _ sentences: Sentences
    ) throws {
        self.name = name
        self.model = model
        self.sessions = sessions
        self.sentences = sentences
        hall = try HallUnderTest(options)
    }

    /// All visits, then the end: outbox, platform, remains. What went wrong is in `outcomes` and `broken`.
    func run() async {
        do {
            let client = try await QuietTimes.shared.start { try await self.open() }
            do {
                for plan in sessions where !Task.isCancelled { try await visit(plan, client) }
                try await settle()
            } catch {
                await client.leave()
                throw error
            }
            await client.leave()
        } catch {
            let log = await hall.log().suffix(3_000)
            broken.append("\(name): \(error)\nits log ends with\n\(log)")
        }
        // For whoever looks into a failure: CAMPAIGN_LOGS=folder.
        if let folder = ProcessInfo.processInfo.environment["CAMPAIGN_LOGS"] {
            try? await hall.log().write(toFile: "\(folder)/\(name).log", atomically: true, encoding: .utf8)
        }
        await hall.stop()
    }

    // MARK: - The beginning

    /// The whole hall, until its start screen speaks of no trouble.
    private func open() async throws -> ScreenClient {
        try await hall.start()
        if let model { try await hall.desk("printer/model", "{\"model\":\"\(model)\"}") }
        let client = try await ScreenClient(entering: try await hall.screenURL())
        do { try await isOpen(client) } catch {
            await client.leave()
            throw error
        }
        return client
    }

    private func isOpen(_ client: ScreenClient) async throws {
        guard await clear(client, within: .seconds(40)) != nil else {
            let latest = await client.latest
            throw TestFailure("the hall does not open: \(latest?.name ?? "no screen"): \(latest?.text ?? "")")
        }
        try await eventually("all workers are there", within: .seconds(20)) { [hall] in
            await hall.workerPIDs().count >= 4
        }
        workers = await hall.workerPIDs()
    }

    /// Waits for the plain start screen, which speaks of no trouble. Returns how long that took.
    private func clear(_ client: ScreenClient, within limit: Duration) async -> Duration? {
        let began = ContinuousClock.now
        let sentences = sentences
        let found = await client.screen(within: limit) { screen in
            screen.name == "start" && screen.overlayName == nil && screen.language == "zh-Hans"
                && Self.trouble.allSatisfy { !sentences.says(screen, $0) }
                && sentences.says(screen, .text("start.receipt"))
        }
        return found.map { max(.zero, $0.arrived - began) }
    }

    /// What the plain start screen does not say.
    private static let trouble: [Sentence] = [
        .text("start.itemUnavailable"), .text("start.stillOpen"), .text("start.sessionLost"),
        .text("start.sessionKept"),
        .text("trouble.cardAdvice"), .problem("card-unreadable"), .problem("card-removed-too-soon"),
        .problem("card-unknown-kind"), .problem("code-unreadable"),
    ]

    // MARK: - A visit

    private func visit(_ plan: SessionPlan, _ client: ScreenClient) async throws {
        let began = ContinuousClock.now
        let phone = "139" + String(repeating: "0", count: 8 - String(plan.number).count) + String(plan.number)
        let visit = Visit(
            plan, client: client, in: hall, sentences: sentences, phone: phone, receiptCode: receiptCode)
        let isTimed = plan.scenes.contains(where: \.givesNumber)
        let record =
            isTimed ? try await QuietTimes.shared.visit { try await visit.walk() } : try await visit.walk()
        var broken = record.broken
        if case .stuck(let words) = record.end { broken.append("stuck at \(words)") }
        // Hands clear away what lies about; then everything is well by itself.
        let ended = ContinuousClock.now
        try await tidy(client, isStuck: record.end.map { if case .stuck = $0 { true } else { false } } ?? true)
        var cleared = Duration.zero
        if await clear(client, within: Self.recovery) != nil {
            cleared = .now - ended
        } else {
            let latest = await client.latest
            broken.append(
                "not well \(Self.recovery) later: \(latest?.name ?? ""): \(latest?.text ?? "") \(latest?.overlayText ?? "")"
            )
        }
        let evidence = try await evidence(of: record)
        broken += SessionCheck(record: record, evidence: evidence).broken()
        broken += await processes(record)
        broken += try await calls(record)
        broken += try await told(record)
        remember(record, evidence)
        if !broken.isEmpty { broken.append("its log:\n\(await newLog())") } else { _ = await newLog() }
        for played in record.played where played.scene.givesNumber && !played.owesNumber {
            print("\(name), “\(played.scene.id)”, no number is owed: \(played.delay)")
        }
        outcomes.append(
            Outcome(
                record: record, broken: broken, verdicts: (evidence.receipts + evidence.documents).map(\.state),
                cleared: cleared, lasted: .now - began))
        let shown = (record.codes.isEmpty ? [] : ["code"]) + (record.numbers.isEmpty ? [] : ["number"])
        print(
            """
            \(name), \(plan): \(record.end.map { "\($0)".prefix(60) } ?? "-"), \(shown), \((evidence.receipts + evidence.documents).map(\.state)), \
            \((ContinuousClock.now - began) / .milliseconds(1)) ms\(broken.isEmpty ? "" : " BROKEN: \(broken[0].prefix(300))")
            """)
    }

    /// Takes every fault from the devices and the lines, also those that wait for their moment. The kiosk itself is not touched.
    private static let sound = [
        ("reader/fault", #"{"fault":"none"}"#), ("reader/pull-at", #"{"moment":null}"#),
        ("code-reader/fault", #"{"fault":"none"}"#), ("scanner/fault", #"{"fault":"none"}"#),
        ("printer/fault-at", #"{"millimetres":100000,"fault":"cover"}"#), ("printer/fault", #"{"fault":"none"}"#),
        ("printer/state", #"{"power":"on","paper":"full","cover":"closed","cutter":"ok"}"#),
        ("document-printer/event-after", #"{"event":null}"#), ("document-printer/fault", #"{"fault":"none"}"#),
        (
            "document-printer/state",
            """
            {"power":"on","paper":250,"toner":"full","jam":false,"doorOpen":false,"outputFull":false,"paused":false,\
            "honesty":"honest","forgetsJobs":false}
            """
        ),
        ("network", #"{"mode":"ok"}"#), ("network/name", #"{"resolves":true}"#),
    ]

    private func tidy(_ client: ScreenClient, isStuck: Bool) async throws {
        for (path, body) in Self.sound { try await hall.desk(path, body) }
        try await hall.desk("reader/remove")
        try await hall.desk("code-reader/remove")
        try await hall.desk("scanner/tray", method: .DELETE)
        try await hall.desk("scanner/take-originals")
        // A platform that died is started again by its supervisor, and has no faults then.
        try await eventually("the platform is there", within: .seconds(30)) { [hall] in
            try await hall.clearPlatformFaults()
            return true
        }
        guard isStuck else {
            try await hall.desk("document-printer/take-papers")
            return
        }
        try await hall.desk("reset")
        if let model { try await hall.desk("printer/model", "{\"model\":\"\(model)\"}") }
        seenSlips = []
        seenCalls = 0
        for _ in 0..<40 {
            guard let screen = await client.latest, screen.name != "start" else { return }
            for action in ["confirm-end", "stay", "all-taken", "end"] where action == "end" || screen.offers(action) {
                await client.touch(action, on: screen)
                break
            }
            try await Task.sleep(for: .milliseconds(500))
        }
    }

    private func evidence(of record: VisitRecord) async throws -> VisitEvidence {
        let journal = try KioskJournal(folder: "\(hall.folder)/state")
        // Whoever ends their session while it prints is gone before the printer has said how it went.
        try? await eventually("every print has its outcome", within: .seconds(30)) { [seenReceipts, seenDocuments] in
            let new = try journal.receipts().dropFirst(seenReceipts) + journal.documents().dropFirst(seenDocuments)
            return new.allSatisfy { $0.state != "started" }
        }
        var evidence = VisitEvidence()
        let (cases, receipts, documents) = (try journal.cases(), try journal.receipts(), try journal.documents())
        evidence.cases = Array(cases.dropFirst(seenCases))
        evidence.receipts = Array(receipts.dropFirst(seenReceipts))
        evidence.documents = Array(documents.dropFirst(seenDocuments))
        (seenCases, seenReceipts, seenDocuments) = (cases.count, receipts.count, documents.count)
        evidence.sheets = record.sheets
        evidence.pages = try journal.pagesOfLastDocument() ?? 0
        for slip in try await Slip.all(in: hall) where slip.id != "current" && seenSlips.insert(slip.id).inserted {
            evidence.slips.append(try await look(at: slip, mayBeCopy: record.count(of: "print-again") > 0))
        }
        try await hall.desk("printer/take-slip")
        return evidence
    }

    private func look(at slip: Slip, mayBeCopy: Bool) async throws -> VisitEvidence.Slip {
        guard slip.complete else {
            return VisitEvidence.Slip(id: slip.id, isComplete: false, isMarkedSecondCopy: false)
        }
        let code = try await slip.codes(in: hall).first { $0.hasPrefix("HK1:") }
        // Reading takes seconds: only where a second copy can be.
        let isMarked = mayBeCopy ? try await slip.words(in: hall).contains("补打") : false
        return VisitEvidence.Slip(id: slip.id, isComplete: true, code: code, isMarkedSecondCopy: isMarked)
    }

    /// Whoever pressed 叫人帮忙 has called somebody, who learns the screen and nothing else.
    private func calls(_ record: VisitRecord) async throws -> [String] {
        struct Call: Decodable { var step: String }
        let all = try JSONDecoder().decode([Call].self, from: try await hall.deskState("staff-calls"))
        let new = all.dropFirst(seenCalls)
        seenCalls = all.count
        let asked = record.count(of: "help")
        // The page with what lies about calls by itself.
        return new.count { $0.step != "take" } == asked || all.count >= 100
            ? [] : ["\(asked) calls for help, and \(new.map(\.step)) arrived"]
    }

    /// What a technician has to know of stands in the kiosk's events: read with the program that they have.
    private func told(_ record: VisitRecord) async throws -> [String] {
        struct Event: Decodable {
            var time: String
            var code: String?
        }
        guard record.plan.scenes.contains(where: { !$0.tells.isEmpty }) else { return [] }
        let run = try await CommandRun.run(
            "\(HallUnderTest.programs)/kioskctl",
            ["events", "--json", "-n", "500", "--runtime", "\(hall.folder)/run"])
        let events = String(decoding: run.output, as: UTF8.self).split(separator: "\n").compactMap {
            try? JSONDecoder().decode(Event.self, from: Data($0.utf8))
        }
        guard run.succeeded else { return ["kioskctl events: \(run.errors)"] }
        // Of this visit: both are UTC, written alike.
        let began = record.began.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)).prefix(19)
        let codes = Set(events.filter { $0.time >= began }.compactMap(\.code))
        return record.played.flatMap { scene in
            // What begins with a slip never came for who left before it.
            guard record.end == .finished || scene.scene.moment == .arrival else { return [String]() }
            return scene.scene.tells.filter { !codes.contains($0) }.map {
                "“\(scene.scene.id)”: the kiosk's events do not tell \($0)"
            }
        }
    }

    /// No process was started anew but where a scene kills one.
    private func processes(_ record: VisitRecord) async -> [String] {
        let now = await hall.workerPIDs()
        defer { workers = now }
        guard !record.played.contains(where: \.scene.killsWorkers), now != workers else { return [] }
        return ["workers were started anew: \(workers) → \(now)"]
    }

    private func remember(_ record: VisitRecord, _ evidence: VisitEvidence) {
        for one in evidence.cases { visits[one.id] = record }
        if let number = record.numbers.first { receiptCode = "HK1:N:\(number)" }
        if let card = Wallet.card(record.plan.card) {
            for marker in Marker.text("the name of \(card.id)", card.name) where card.name.count > 1 {
                markers.insert(marker)
            }
            markers.formUnion(Marker.text("the number of \(card.id)", card.number))
        }
        if record.typedPhone { markers.formUnion(Marker.text("a phone number", record.phone)) }
    }

    private func newLog() async -> String {
        let log = await hall.log()
        defer { logRead = log.utf8.count }
        return String(decoding: Array(log.utf8).dropFirst(logRead).suffix(6_000), as: UTF8.self)
    }

    // MARK: - The end

    /// Nothing waits, nothing is lost, nothing is there twice, nothing of anybody is left.
    private func settle() async throws {
        let journal = try KioskJournal(folder: "\(hall.folder)/state")
        try await eventually("the outbox is empty", within: Self.outboxPatience, every: .milliseconds(300)) {
            try journal.waiting() == 0
        }
        try await eventually("no sealed file and no session is left") { [hall] in
            try FileManager.default.contentsOfDirectory(atPath: "\(hall.folder)/state/sealed").isEmpty
                && journal.openSessions() == 0
        }
        let staff = PlatformStaff(hall: hall)
        var opened: [PlatformCheck.Opened] = []
        for entry in try await staff.cases() {
            opened.append(.init(entry: entry, opened: try await staff.open(entry.number)))
        }
        broken += PlatformCheck(visits: visits, journal: try journal.cases(), platform: opened).broken()
        broken += PlatformDocuments.broken(
            made: try PlatformDocuments.made(folder: "\(hall.folder)/platform"),
            visits: sessions.count { $0.errand == .certificate },
            secondCopies: try journal.documents().count(where: \.isSecondCopy))
        let processes = await [hall.kiosk?.pid].compactMap { $0 } + hall.workerPIDs().values
        let remains = KioskRemains(
            roots: ["state", "run", "tmp", "log"].map { "\(hall.folder)/\($0)" } + hall.temporaryFolders,
            processes: processes)
        let search = LeakSearch(markers: Array(markers))
        broken += try await onThread { search.leaks(in: remains) }.map { "left on the disk: \($0)" }
    }
}
