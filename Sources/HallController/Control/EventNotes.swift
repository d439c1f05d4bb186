import DeviceKit
import HallModel
import KioskConfiguration
import KioskControl
import PlatformClient

/// What of the controller's life becomes an event. Everything personal stays behind here: a card's kind and flags go on, the card
/// does not.
extension HallController {
    func noteReady() {
        events.note(.ready) {
            $0.kiosk = configuration.kioskID
            $0.version = Product.version
            $0.items = configuration.items.map(\.id)
            $0.devices = configuration.devices.map(\.name)
        }
    }

    func note(_ event: WorkerHostEvent) {
        switch event {
        case .connected(let instance): events.note(.workerConnected) { $0.worker = instance }
        case .lost(let instance): events.note(.workerLost) { $0.worker = instance }
        case .event(_, let event): note(event)
        }
    }

    private func note(_ event: WorkerEvent) {
        let type: KioskEvent.Kind
        switch event {
        // Noted when it changes: see `noteDevice`.
        case .status: return
        case .scanProgress(let device, let rows, let expected):
            technician.progress(of: device, .init(rows: rows, rowsExpected: expected))
            return
        case .cardPresented: type = .cardPresented
        case .cardRead: type = .cardRead
        case .cardFailed: type = .cardFailed
        case .cardRemoved: type = .cardRemoved
        case .scanStarted: type = .scanStarted
        case .slipTaken: type = .slipTaken
        case .codeRead: type = .codeRead
        }
        events.note(type) {
            $0.device = event.device
            switch event {
            case .cardRead(_, let document):
                $0.card = document.kind
                $0.flags = document.flags.sorted()
            case .cardFailed(_, let problem): $0.tell(problem)
            default: break
            }
        }
    }

    func noteDevice(_ device: String, _ status: DeviceStatus) {
        events.note(.device) {
            $0.device = device
            $0.role = watch.entries[device]?.role
            $0.state = status.state
            $0.paper = status.paper
            if let problem = status.problem { $0.tell(problem) }
        }
    }

    func noteScreen() {
        technician.screenSince = now
        let glance = flow.glance(in: Self.environment(configuration, now: now))
        events.note(.screen) {
            $0.screen = broadcast.latest?.name.rawValue
            $0.code = broadcast.latest?.problem
            $0.session = session?.number
            $0.item = glance?.item
            $0.step = glance?.step?.number
            $0.steps = glance?.step?.of
        }
    }

    func noteSessionEnded(_ ended: Session) {
        events.note(.sessionEnded) {
            $0.session = ended.number
            $0.seconds = Int((now - technician.sessionSince) / .seconds(1))
        }
    }

    func notePage(_ device: String, _ page: ScannedPage, _ checks: PageChecks) {
        events.note(.pageScanned) {
            $0.device = device
            $0.rows = page.rowsReceived
            $0.findings = checks.findings
        }
    }

    func noteScanFailed(_ device: String, _ problem: Problem) {
        events.note(.scanFailed) {
            $0.device = device
            $0.tell(problem)
        }
    }

    func noteStored(_ material: String, _ stored: StoredMaterial) {
        events.note(.materialStored) {
            $0.material = material
            $0.pages = stored.pages
        }
    }

    func noteAccepted(_ accepted: AcceptedCase, item: String) {
        events.note(.caseAccepted) {
            $0.case = accepted.id
            $0.item = item
        }
    }

    func note(_ event: CaseUploader.Event) {
        switch event {
        case .confirmed(let id, _): events.note(.caseConfirmed) { $0.case = id }
        case .failed(let id, let reason, let nextTry):
            events.note(.caseFailed) {
                $0.case = id
                $0.answer = "\(reason)"
                $0.isPlatformAway = reason.concernsPlatform
                $0.retryInSeconds = WallClock.seconds(until: nextTry)
            }
        }
    }

    func noteReceipt(_ outcome: PrintOutcome, printer: String, caseID: ItemID, isSecondCopy: Bool) {
        events.note(.receipt) {
            $0.case = caseID
            $0.device = printer
            $0.verdict = outcome.verdict
            $0.rung = outcome.rung
            $0.code = outcome.problem?.code
            $0.isSecondCopy = isSecondCopy
        }
    }

    func noteDocument(_ outcome: PrintOutcome, pages: Int, isSecondCopy: Bool) {
        events.note(.document) {
            $0.device = device(.documentPrinter)?.name
            $0.pages = pages
            $0.verdict = outcome.verdict
            $0.rung = outcome.rung
            if let problem = outcome.problem { $0.tell(problem) }
            $0.isSecondCopy = isSecondCopy
        }
    }

    /// - Parameter problem: `nil`: it answers.
    func notePlatform(_ problem: Problem?) {
        events.note(.platform) {
            $0.isReachable = problem == nil
            if let problem { $0.tell(problem) }
        }
    }

    func noteCall(_ step: String, _ isDelivered: Bool) {
        events.note(.staffCalled) {
            $0.screen = step
            $0.isDelivered = isDelivered
        }
    }

    func noteSubmission() {
        technician.submissionSince = now
        events.note(.submission) {
            $0.isOpen = submissionClosed == nil
            if let submissionClosed { $0.tell(submissionClosed) }
        }
    }
}

extension KioskEvent {
    mutating func tell(_ problem: Problem) {
        code = problem.code
        evidence = problem.evidence.isEmpty ? nil : problem.evidence
    }
}
