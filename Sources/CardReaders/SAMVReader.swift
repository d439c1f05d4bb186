import ByteTransports
import DeviceKit
import HallModel
import Logging

/// Drives one SAM_V reader for as long as its task runs: opens, waits for cards, reads them, tells when they are
/// gone, says in words what is wrong, and starts over by itself.
///
/// Everything it finds goes to `report` as worker events. Source: docs/devices/id-cards.md.
public actor SAMVReader {
    let device: String
    let settings: CardReaderSettings
    let timing: SAMVTiming
    let clock: DeviceClock
    let line: SAMVLine
    private let transport: any ByteTransport
    private let report: @Sendable (WorkerEvent) -> Void
    private var status: StatusTeller
    private var model: String?
    /// Outlives the line: a card that lay there when the reader went away may lie there still.
    private var card = Card.none
    /// The speed that the SAM was last heard at: the first to be tried.
    private var knownSpeed: Int?
    /// Since when there has been no card, as far as it was asked for.
    private var aloneSince: Duration?
    /// A card was said to be gone. Should it lie there all the same, it is only found again after a reset.
    private var mustReset = false

    /// What we know of a card on the reader.
    private enum Card: Equatable {
        case none
        /// Read; probed for its presence.
        case lying(PresenceProbes)
        /// Not readable; waiting for it to be taken away.
        case refused(PresenceProbes)
        /// Read, on a reader that cannot tell whether it is still there.
        case untracked(wasAway: Bool)
    }

    /// - Parameter transport: not yet open; the reader opens and closes it.
    public init(
        device: String, settings: CardReaderSettings, transport: any ByteTransport, clock: DeviceClock = .system,
        logger: Logger, report: @escaping @Sendable (WorkerEvent) -> Void
    ) {
        self.device = device
        self.settings = settings
        timing = SAMVTiming(settings)
        self.clock = clock
        self.transport = transport
        line = SAMVLine(transport: transport, clock: clock)
        status = StatusTeller(device: device, kind: "card reader", logger: logger, report: report)
        self.report = report
    }

    /// Returns when its task is cancelled; the line is closed then.
    public func run() async {
        var reopening = ReopeningPause(first: timing.firstReopening, last: timing.lastReopening)
        while !Task.isCancelled {
            let fault = await session()
            await transport.close()
            guard !Task.isCancelled, let fault else { break }
            if status.last?.state == .online { reopening.lost(at: clock.now()) }
            show(fault)
            guard (try? await clock.sleep(reopening.pause(at: clock.now()))) != nil else { break }
        }
    }

    /// From opening to the fault that ended it; `nil` when cancelled.
    private func session() async -> SAMVFault? {
        do throws(SAMVFault) {
            do throws(TransportError) { try await transport.open() } catch { throw .line(error) }
            try await start()
            // What lies there already is looked at before anything is said of it.
            if card == .none { try await step() }
            show(online: card == .none ? false : nil)
            var healthy = clock.now()
            while true {
                try await step()
                if clock.now() - healthy >= timing.healthCheck {
                    try require(try await ask(.status))
                    healthy = clock.now()
                }
                try await pause(untilNextStep())
            }
        } catch .cancelled {
            return nil
        } catch {
            return error
        }
    }

    private func untilNextStep() -> Duration {
        guard card == .none else {
            aloneSince = nil
            return timing.presence
        }
        let since = aloneSince ?? clock.now()
        aloneSince = since
        return timing.poll(afterAlone: clock.now() - since)
    }

    // MARK: - Start

    /// Waits for the SAM, makes it find again what lies there, and learns its number.
    private func start() async throws(SAMVFault) {
        try await awaitSAM(mayBePoweringUp: true)
        // A card that was read before we came (by a worker that died, or in a read whose answer was lost) is never
        // found again until it leaves the field, which a reset switches off and on.
        if card == .none { try await resetSAM() }
        model = try await samNumber()
    }

    private func resetSAM() async throws(SAMVFault) {
        mustReset = false
        _ = try await attempt(.resetSAM, within: timing.timeout(of: .resetSAM))
        try await awaitSAM(mayBePoweringUp: false)
    }

    /// Asks until the SAM says 90, at every speed of the profile.
    private func awaitSAM(mayBePoweringUp: Bool) async throws(SAMVFault) {
        let begin = clock.now()
        var attempt = 0
        // What was heard at one speed says more than the silence at the others.
        var heard: SAMVFault?
        asking: while true {
            do throws(TransportError) { try await transport.setSpeed(speed(attempt)) } catch { throw .line(error) }
            if attempt > 0 { try await pause(timing.speedChange) }
            let fault: SAMVFault
            switch try await self.attempt(.status, within: timing.startInterval) {
            case .success(let reply):
                if reply.status == .success {
                    knownSpeed = speed(attempt)
                    break asking
                }
                fault = .status(reply.status, .status)
                if reply.status == .notAuthorised { throw fault }
            case .failure(let error): fault = SAMVFault(error)
            }
            if case .silent = fault {} else { heard = fault }
            let waited = clock.now() - begin
            guard waited < timing.startTimeout else { throw startFault(heard ?? fault) }
            // A SAM that has just got its power needs a while before it hears at all.
            let isDeaf = mayBePoweringUp && attempt == 0 && waited < timing.powerUp
            try await pause(isDeaf ? timing.powerUp - waited : timing.startPause)
            attempt += 1
        }
    }

    /// The speed that worked last, at first the profile's first one, every other time; the others in turn between.
    private func speed(_ attempt: Int) -> Int {
        var speeds = settings.speeds.isEmpty ? [115_200] : settings.speeds
        if let knownSpeed { speeds = [knownSpeed] + speeds.filter { $0 != knownSpeed } }
        guard !attempt.isMultiple(of: 2), speeds.count > 1 else { return speeds[0] }
        return speeds[1 + attempt / 2 % (speeds.count - 1)]
    }

    private func startFault(_ last: SAMVFault) -> SAMVFault {
        guard case .silent = last else { return last }
        let speeds = settings.speeds.map(String.init).joined(separator: ", ")
        return .silent("no answer to 11 FF within \(timing.startTimeout.inWords) at \(speeds) bit/s")
    }

    /// Shown as printed on the module; not knowing it is no fault.
    private func samNumber() async throws(SAMVFault) -> String? {
        let reply = try await ask(.samNumber)
        guard reply.status == .success else { return nil }
        return SAMVNumber(reply.payload)?.description
    }

    // MARK: - Cards

    private func step() async throws(SAMVFault) {
        switch card {
        case .none:
            if mustReset { try await resetSAM() }
            let reply = try await ask(.findCard)
            switch reply.status.meaning {
            case .noCard, .empty, .retry: return
            case .ok, .card, .unsupportedCard: try await take()
            default: throw .status(reply.status, .findCard)
            }
        case .lying(var probes):
            probes.note(try await isPresent())
            card = .lying(probes)
            if probes.meanRemoved { removed() }
        case .refused(var probes):
            var isThere = try await isPresent()
            if isThere == false, settings.presence != .find {
                isThere = try await ask(.findCard).status == .cardFound
            }
            probes.note(isThere)
            card = .refused(probes)
            if probes.meanRemoved { removed() }
        case .untracked(let wasAway):
            let found = try await ask(.findCard).status == .cardFound
            if !found { card = .untracked(wasAway: true) }
            if found, wasAway { try await take() }
        }
    }

    /// A card was found: read it and say how that went.
    private func take() async throws(SAMVFault) {
        report(.cardPresented(device: device))
        show(online: settings.presence == .none ? nil : true)
        do throws(SAMVFault) {
            switch try await readCard() {
            case .document(let document):
                card = settings.presence == .none ? .untracked(wasAway: false) : .lying(PresenceProbes())
                report(.cardRead(device: device, document))
            case .refused(let code, let evidence):
                card = .refused(PresenceProbes())
                report(.cardFailed(device: device, Problem(code, device: device, evidence: evidence)))
            case .gone(let evidence):
                let problem = Problem(.cardRemovedTooSoon, device: device, evidence: evidence)
                report(.cardFailed(device: device, problem))
                removed()
            }
        } catch {
            // Nobody shall wait for a card that a broken reader holds.
            if let problem = error.problem(of: device) { report(.cardFailed(device: device, problem)) }
            card = .none
            throw error
        }
    }

    private func removed() {
        card = .none
        mustReset = true
        report(.cardRemoved(device: device))
        show(online: false)
    }

    // MARK: - Telling

    private func show(online mediaPresent: Bool?) {
        let present = settings.presence == .none ? nil : mediaPresent ?? status.last?.mediaPresent
        status.tell(DeviceStatus(.online, mediaPresent: present, model: model))
    }

    private func show(_ fault: SAMVFault) {
        guard let problem = fault.problem(of: device) else { return }
        status.tell(DeviceStatus(fault.state, problem: problem, model: model))
    }

    func pause(_ duration: Duration) async throws(SAMVFault) {
        do { try await clock.sleep(duration) } catch { throw .cancelled }
    }

    private func require(_ reply: SAMVReply) throws(SAMVFault) {
        if reply.status != .success { throw .status(reply.status, .status) }
    }
}
