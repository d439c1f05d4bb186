import CaseJournal
import DeviceKit
import GuidedFlow
import HallModel
import KioskConfiguration
import KioskScreens
import Logging
import PlatformClient

/// The one place where devices, flow, journal, platform and screen meet: feeds events to `GuidedFlow` and carries out
/// its effects. Decisions are the flow's; this actor only orders them in time.
actor HallController {
    let configuration: KioskConfiguration
    let journal: CaseJournal
    let workers: WorkerHost
    let desk: SubmissionDesk
    let staff: StaffCaller
    let platform: PlatformAPI
    let uploader: CaseUploader
    let logger: Logger
    let clock = ContinuousClock()
    let start: ContinuousClock.Instant

    var flow: GuidedFlow
    var watch: DeviceWatch
    var memory = SessionMemory()
    var session: Session?
    /// Counts sessions of this run: what an effect of an earlier session brings back is dropped.
    var sessionCount = 0
    var submissionClosed: Problem?
    /// What is known of the platform, where it is watched.
    var reachability = PlatformReachability()
    private var wakeAt: Duration?
    private var timer: Task<Void, Never>?
    var scanTask: Task<Void, Never>?
    /// The question for a document, or its print.
    var documentTask: Task<Void, Never>?

    /// Effects become child tasks of `run()`, so that nothing outlives it.
    let jobs: AsyncStream<@Sendable () async -> Void>
    private let jobSink: AsyncStream<@Sendable () async -> Void>.Continuation
    /// Beginnings and ends of sessions in the journal, one after the other: an end that came first would leave the row of
    /// its beginning, and the next start would speak of a lost session.
    let sessionRows: AsyncStream<@Sendable () async -> Void>
    let sessionRowSink: AsyncStream<@Sendable () async -> Void>.Continuation
    let broadcast = ScreenBroadcast()
    /// What `kioskctl` follows, and what a technician does at the moment.
    let events = EventLog()
    var technician = TechnicianDesk()

    /// What belongs to the person at the screen, beside the flow's own state.
    struct Session {
        var number: Int
        var id: ItemID
        /// Material of the item → the sealed file that holds it.
        var stored: [String: StoredMaterial] = [:]
        var submitted: ItemID?
        var acceptanceCode: String?
        var isConfirmed = false
        /// What was made for printing.
        var document: HeldDocument?
        /// What the platform was asked for and may have made, under the id that it was asked with: asked again after a lost
        /// answer, it gives the same document, and not a second one with a number of its own.
        var asked: (request: DocumentRequest, id: ItemID)?
    }

    /// A controller at rest: nothing is started before ``run(after:)``, but a screen can be asked for.
    /// - Parameters:
    ///   - workers: has the devices of `configuration`; this controller runs it.
    ///   - uploader: takes its cases from `journal`.
    init(
        configuration: KioskConfiguration, journal: CaseJournal, workers: WorkerHost, desk: SubmissionDesk,
        staff: StaffCaller, platform: PlatformAPI, uploader: CaseUploader, logger: Logger
    ) {
        self.configuration = configuration
        self.journal = journal
        self.workers = workers
        self.desk = desk
        self.staff = staff
        self.platform = platform
        self.uploader = uploader
        self.logger = logger
        start = clock.now
        (jobs, jobSink) = AsyncStream.makeStream()
        (sessionRows, sessionRowSink) = AsyncStream.makeStream()
        watch = DeviceWatch(
            devices: configuration.devices.map { ($0.name, $0.role) } + [(Self.rendererName, .renderer)], now: .zero)
        flow = GuidedFlow(environment: Self.environment(configuration, now: .zero))
    }

    /// Runs until the task is cancelled.
    /// - Parameter recovered: what the journal found of the run before.
    func run(after recovered: CaseJournal.Recovery) async throws {
        if recovered.sessionLost {
            handle(.previousSessionLost(accepted: recovered.acceptedInLostSession?.inGroupsOfFour))
        }
        publish()
        noteReady()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.workers.run() }
            group.addTask { await self.hearWorkers() }
            group.addTask { await self.uploader.run() }
            group.addTask { await self.hearUploader() }
            group.addTask { await self.watchSubmission() }
            if needsPlatformBeforehand { group.addTask { await self.watchPlatform() } }
            group.addTask { await self.doJobs() }
            group.addTask { for await job in self.sessionRows { await job() } }
            try await group.next()
            group.cancelAll()
        }
        timer?.cancel()
        scanTask?.cancel()
        documentTask?.cancel()
    }

    // MARK: - Events

    var now: Duration { clock.now - start }

    /// Feeds one event to the flow and carries out what it asks for.
    func handle(_ event: FlowEvent) {
        let before = broadcast.latest
        let environment = Self.environment(configuration, now: now)
        let effects = flow.handle(event, in: environment)
        for effect in effects { carryOut(effect) }
        publish()
        if let after = broadcast.latest, after.name != before?.name || after.problem != before?.problem {
            logger.info("screen", metadata: ["name": "\(after.name.rawValue)", "session": "\(sessionCount)"])
            noteScreen()
        }
    }

    private func publish() { broadcast.publish(flow.screen(in: Self.environment(configuration, now: now))) }

    static func environment(_ configuration: KioskConfiguration, now: Duration) -> FlowEnvironment {
        FlowEnvironment(
            now: now, today: WallClock.today(), settings: configuration.flowSettings, items: configuration.items,
            problems: configuration.problems.entries)
    }

    // MARK: - Time

    /// One timer for the flow's next wish and the next held-back device loss.
    func setTimer() {
        let due = [wakeAt, watch.nextDue].compactMap(\.self).min()
        timer?.cancel()
        guard let due else { return }
        let pause = max(.zero, due - now)
        timer = ProgramLoop.after(pause) { [weak self] in await self?.timePassed() }
    }

    private func timePassed() {
        for (role, status) in watch.due(at: now) { handle(.device(role, status)) }
        if let wakeAt, wakeAt <= now {
            self.wakeAt = nil
            handle(.tick)
        }
        setTimer()
    }

    func wake(at moment: Duration) {
        wakeAt = moment
        setTimer()
    }

    // MARK: - Work

    /// Starts work that belongs to this controller's lifetime.
    func begin(_ work: @escaping @Sendable () async -> Void) { jobSink.yield(work) }

    private func doJobs() async {
        await withDiscardingTaskGroup { group in
            for await job in jobs { group.addTask(operation: job) }
        }
    }

    /// Whether `number` is still the session at the screen.
    func isCurrent(_ number: Int) -> Bool { session?.number == number }
}

extension HallController: ScreenSource {
    /// Made anew from the flow's state, at this moment.
    func currentScreen() async -> Screen {
        flow.screen(in: Self.environment(configuration, now: now))
    }

    /// Ends only when nobody listens any more; ``run(after:)`` publishes the first one.
    nonisolated func screens() -> AsyncStream<Screen> { broadcast.subscribe() }

    /// Goes to the flow as it is; a touch on an older screen is dropped there.
    func act(_ action: ResidentAction, revision: Int) async { handle(.action(action, revision: revision)) }

    /// Begins the flow's idle time anew, answers an alert and lifts the cover.
    func activity() async { handle(.activity) }

    /// The page checks' smaller image, never the page itself.
    func previewJPEG(_ page: PageID) async -> [UInt8]? {
        memory.pages[page].map { Array($0.preview.readableBytesView) }
    }
}
