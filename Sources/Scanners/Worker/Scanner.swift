import CSANE
import DeviceKit
import HallModel
import Logging
import NIOCore

/// One configured scanner: scans on demand, tells its state in between.
actor Scanner {
    nonisolated let name: String
    private let settings: ScannerSettings
    private let session: SANESession
    private let client: ESCLClient?
    private let send: @Sendable (WorkerEvent) -> Void
    private let onStuck: @Sendable () -> Void
    private let logger: Logger
    private var isScanning = false
    private var told: DeviceStatus?
    private var goneSince: ContinuousClock.Instant?
    private var model: String?
    private var pagesHeldSince: ContinuousClock.Instant?
    /// After a scan that failed: the backend is told, and the state asked, while the answer is on its way already.
    private var settling: Task<Void, Never>?
    /// Ends the jobs of a worker that died; `nil` until the scanner was there to be asked.
    private var clearing: Task<Bool, Never>?

    init(
        name: String, address: ScannerAddress, settings: ScannerSettings, logger: Logger,
        send: @escaping @Sendable (WorkerEvent) -> Void, onStuck: @escaping @Sendable () -> Void
    ) {
        self.name = name
        self.settings = settings
        self.send = send
        self.onStuck = onStuck
        self.logger = logger
        session = SANESession(address, settings, onStuck: onStuck)
        if case .escl(let endpoint) = address { client = ESCLClient(endpoint: endpoint) } else { client = nil }
    }

    func close() async {
        await settling?.value
        await session.close()
    }

    // MARK: - State

    /// Tells the core of the scanner's state each time that it changes, until the task is cancelled.
    func watch() async {
        while !Task.isCancelled {
            await look()
            try? await ProgramLoop.sleep(for: pause)
        }
    }

    /// A scanner that has just gone is looked for again at once: it may be a blip.
    private var pause: Duration {
        let usual = Duration.milliseconds(max(20, settings.pollMilliseconds))
        guard let since = goneSince, ContinuousClock.now - since < Blip.patience else { return usual }
        return min(usual, Blip.lookAgain)
    }

    /// Asks once. While a page is drawn the scan itself tells what happens.
    private func look() async {
        guard !isScanning else { return }
        await clearLeftovers()
        guard !isScanning else { return }
        await dropStalePages()
        let status = await ask()
        guard !isScanning else { return }
        tell(status)
    }

    private func ask() async -> DeviceStatus {
        guard let client else { return await openStatus() ?? DeviceStatus(.online) }
        do {
            let status = try await client.scannerStatus()
            if model == nil { model = await client.model() }
            // Warm while it is well: the first page of the day is as fast as the others.
            if status.problem == nil, let failed = await openStatus() { return failed }
            return status.deviceStatus(of: name, model: model)
        } catch {
            return gone("no answer at \(client.endpoint.url)")
        }
    }

    /// `nil` when the device is open.
    private func openStatus() async -> DeviceStatus? {
        do throws(ScanFailure) {
            try await session.open()
            return nil
        } catch {
            guard case .sane(let cause, _, _) = error else {
                return DeviceStatus(.hardwareError, problem: problem(.scannerFault, "\(error)"), model: model)
            }
            if code(for: cause) == .scannerMissing { return gone(cause.sentence) }
            return DeviceStatus(.hardwareError, problem: problem(.scannerFault, cause.sentence), model: model)
        }
    }

    private func gone(_ evidence: String) -> DeviceStatus {
        DeviceStatus(.noDevice, problem: problem(.scannerMissing, evidence), model: model)
    }

    private func tell(_ status: DeviceStatus) {
        goneSince = status.state == .noDevice ? goneSince ?? .now : nil
        guard status != told else { return }
        told = status
        send(.status(device: name, status))
    }

    private func problem(_ code: ProblemCode, _ evidence: String) -> Problem {
        Problem(code, device: name, evidence: evidence)
    }

    // MARK: - Pages that a feeder drew ahead

    /// Drops them: the resident whose they are has gone.
    func endSession() async {
        pagesHeldSince = nil
        if await session.dropPages() { logger.info("a feeder's job was ended with the session") }
    }

    private func dropStalePages() async {
        guard let since = pagesHeldSince, ContinuousClock.now - since > .milliseconds(settings.heldPageMilliseconds)
        else { return }
        await endSession()
    }

    // MARK: - What a worker before this one left behind

    /// How long a job must show no sign of life to count as left behind.
    private static let lifeless = Duration.milliseconds(2_200)

    /// Once in the life of a process. A worker that died in a scan leaves its job with the scanner, which then calls itself
    /// busy for a minute.
    private func clearLeftovers() async {
        guard let client else { return }
        let task = clearing ?? Task { [logger, name] in await Self.clearLeftovers(of: client, name, logger) }
        clearing = task
        if await !task.value { clearing = nil }
    }

    /// - Returns: false when the scanner could not be asked.
    private static func clearLeftovers(of client: ESCLClient, _ name: String, _ logger: Logger) async -> Bool {
        guard let earlier = try? await client.scannerStatus() else { return false }
        guard earlier.jobs.contains(where: \.isActive) else { return true }
        try? await ProgramLoop.sleep(for: lifeless)
        guard let now = try? await client.scannerStatus() else { return false }
        for job in now.jobsLeftBehind(since: earlier) {
            logger.notice(
                "a job that was left behind is ended",
                metadata: ["device": "\(name)", "job": "\(PlainText.line(job.uri) ?? "-")"])
            do { try await client.deleteJob(job) } catch {
                logger.warning("a job could not be ended", metadata: ["device": "\(name)", "cause": "\(error)"])
            }
        }
        return true
    }

    // MARK: - Scanning

    /// Scans one page. Cancelling the task breaks it off.
    func scan() async throws(WorkerFailure) -> (ScannedPage, ByteBuffer) {
        guard !isScanning else { throw .problem(problem(.scannerBusy, "a page is being scanned")) }
        isScanning = true
        await settling?.value
        await clearLeftovers()
        await dropStalePages()
        tell(DeviceStatus(.busy, model: model))
        let outcome = await attempt()
        pagesHeldSince = await session.holdsPages ? .now : nil
        isScanning = false
        // In a task of its own: a command that was cancelled cannot ask, and would call the scanner gone.
        let settling = Task {
            await session.letGo()
            await look()
        }
        self.settling = settling
        if case .success = outcome { await settling.value }
        if Task.isCancelled { throw .cancelled }
        return try outcome.get()
    }

    /// The next page of a feeder's job that goes on; else a page of a new job.
    private func attempt() async -> Result<(ScannedPage, ByteBuffer), WorkerFailure> {
        if await session.holdsPages {
            switch await drawn() {
            case .success(let page): return .success(page)
            case .failure(.feederJobEnded): break
            case .failure(let cause): return .failure(await explain(cause))
            }
        }
        if let hindrance = await hindrance() { return .failure(.problem(hindrance)) }
        switch await drawn() {
        case .success(let page): return .success(page)
        case .failure(let cause): return .failure(await explain(cause))
        }
    }

    /// What the scanner itself says against a new job. SANE finds the same out, but takes seconds over it. Nothing has begun
    /// yet: a scanner that is away for a moment is waited for.
    private func hindrance() async -> Problem? {
        guard let client else { return nil }
        let end = (goneSince ?? .now) + Blip.patience
        var attempt = 0
        while true {
            guard let status = try? await client.scannerStatus() else {
                guard ContinuousClock.now < end, (try? await ProgramLoop.sleep(for: Blip.lookAgain)) != nil else {
                    return problem(.scannerMissing, "no answer at \(client.endpoint.url)")
                }
                continue
            }
            if let code = status.problem { return problem(code, status.evidence) }
            if status.state != "Processing" {
                let usesFeeder = settings.source.map(SANEOption.namesFeeder) ?? false
                return usesFeeder && status.feederIsLoaded == false ? problem(.scannerNoPaper, status.evidence) : nil
            }
            // The end of a job of ours that was broken off, unless it lasts.
            attempt += 1
            guard attempt < 5, (try? await ProgramLoop.sleep(for: .milliseconds(400))) != nil else { break }
        }
        return problem(.scannerBusy, "the scanner works for somebody else")
    }

    private func drawn() async -> Result<(ScannedPage, ByteBuffer), ScanFailure> {
        let breaker = ScanBreaker(onStuck: onStuck)
        let limit = settings.pageTimeoutMilliseconds
        let timer = ProgramLoop.after(.milliseconds(limit)) { breaker.request(.timedOut) }
        defer { timer.cancel() }
        return await withTaskCancellationHandler {
            do throws(ScanFailure) {
                return .success(
                    try await session.scan(breaker) { [send, name] rows in
                        if rows.areFirst { send(.scanStarted(device: name)) }
                        send(.scanProgress(device: name, rows: rows.received, expected: rows.expected))
                    })
            } catch { return .failure(error) }
        } onCancel: {
            breaker.request(.cancelled)
        }
    }

    /// The cause as a person can act on it. The scanner itself is asked first: SANE's "I/O error" is a jam on the
    /// glass, an open cover or a pulled plug.
    private func explain(_ failure: ScanFailure) async -> WorkerFailure {
        switch failure {
        case .brokenOff(.cancelled): return .cancelled
        case .brokenOff(.timedOut):
            return .problem(
                await asked() ?? problem(.scannerFault, "no page within \(settings.pageTimeoutMilliseconds) ms"))
        case .feederJobEnded: return .problem(problem(.scannerNoPaper, "the feeder's job has ended"))
        case .nothing: return .problem(await asked() ?? problem(.scannerFault, "the scan ended without a row"))
        case .other(let evidence): return .problem(problem(.scannerFault, evidence))
        case .sane(let error, let rows, let expected):
            let place = rows > 0 ? " after \(rows) of \(expected.map(String.init) ?? "?") rows" : ""
            if var found = await asked() {
                if found.code == .scannerMissing { found.evidence += place }
                return .problem(found)
            }
            return .problem(problem(code(for: error), error.sentence + place))
        }
    }

    /// What the scanner itself complains of, in a task that a cancelled command does not cancel.
    private func asked() async -> Problem? {
        guard let client else { return nil }
        let name = name
        return await Task {
            do {
                let status = try await client.scannerStatus()
                return status.problem.map { Problem($0, device: name, evidence: status.evidence) }
            } catch {
                return Problem(.scannerMissing, device: name, evidence: "no answer at \(client.endpoint.url)")
            }
        }.value
    }

    private func code(for error: SANEError) -> ProblemCode {
        switch error.status {
        case SANE_STATUS_NO_DOCS: .scannerNoPaper
        case SANE_STATUS_JAMMED: .scannerJam
        case SANE_STATUS_COVER_OPEN: .scannerCoverOpen
        case SANE_STATUS_DEVICE_BUSY: .scannerBusy
        // "Invalid argument" is what opening a device says that is not there.
        case SANE_STATUS_INVAL where client == nil && error.call == "sane_open": .scannerMissing
        default: .scannerFault
        }
    }
}
