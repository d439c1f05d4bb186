import HallModel

/// Answer of `GET /v1/status` on the control socket: the kiosk at a glance. No personal data.
public struct StatusReport: Sendable, Codable, Equatable {
    /// A worker process that this kiosk's configuration asks for.
    public struct Worker: Sendable, Codable, Equatable {
        /// Its name: `usb`, `print`, `render`, or the name of the scanner that a scan worker is for.
        public var instance: String
        /// It has said hello and its socket is open.
        public var isConnected: Bool
        /// Of the connected process; `nil` when there is none.
        public var processID: Int32?

        /// Takes the three as they are.
        public init(instance: String, isConnected: Bool, processID: Int32?) {
            self.instance = instance
            self.isConnected = isConnected
            self.processID = processID
        }
    }

    /// The kiosk's id, by its configuration.
    public var kiosk: String
    /// Of the program `kioskd`, not of the configuration.
    public var version: String
    /// Of `kioskd`.
    public var processID: Int32
    /// Since `kioskd` started.
    public var uptimeSeconds: Int
    /// Name of the screen shown now; `-` before the first one.
    public var screen: String
    /// Somebody is being served, with a card or without.
    public var hasSession: Bool
    /// Why submission is closed, `nil` when it is open.
    public var submissionClosed: ProblemCode?
    /// All that the configuration asks for, by name, connected or not.
    public var workers: [Worker]
    /// Everything that is wrong now, devices first; empty for a good kiosk.
    public var problems: [ProblemReport]
    /// The sums; its `waiting` is `nil` here. `nil` when the journal cannot be read: then that is one of the problems.
    public var outbox: OutboxReport?

    /// Takes the members as they are.
    public init(
        kiosk: String, version: String, processID: Int32, uptimeSeconds: Int, screen: String, hasSession: Bool,
        submissionClosed: ProblemCode?, workers: [Worker], problems: [ProblemReport], outbox: OutboxReport?
    ) {
        self.kiosk = kiosk
        self.version = version
        self.processID = processID
        self.uptimeSeconds = uptimeSeconds
        self.screen = screen
        self.hasSession = hasSession
        self.submissionClosed = submissionClosed
        self.workers = workers
        self.problems = problems
        self.outbox = outbox
    }
}

/// A problem with the catalogue's words for the technician.
public struct ProblemReport: Sendable, Codable, Equatable {
    /// The catalogue's name of the problem.
    public var code: ProblemCode
    /// As the catalogue has it; `.fault` for a device that is lost for good, and for a code that the catalogue lacks.
    public var severity: ProblemEntry.Severity
    /// Its configured name, or its address with `--direct`; `nil` for the kiosk itself, the renderer and the platform.
    public var device: String?
    /// Why it happens; empty when the catalogue has no such code.
    public var cause: String
    /// What was measured ("ENOENT /dev/ttyUSB0"); may be empty. Never personal.
    public var evidence: String
    /// What to do next; empty when the catalogue has no such code.
    public var action: String
    /// Since the device's state or problem changed last; 0 where the problem is the outcome of work just done.
    public var sinceSeconds: Int

    /// Takes the members as they are: the catalogue was asked before.
    public init(
        code: ProblemCode, severity: ProblemEntry.Severity, device: String?, cause: String, evidence: String,
        action: String, sinceSeconds: Int
    ) {
        self.code = code
        self.severity = severity
        self.device = device
        self.cause = cause
        self.evidence = evidence
        self.action = action
        self.sinceSeconds = sinceSeconds
    }
}

/// Answer of `GET /v1/devices`.
public struct DevicesReport: Sendable, Codable, Equatable {
    /// In the order of the configuration.
    public var devices: [DeviceReport]
    /// Takes the reports in the order in which they are to be shown.
    public init(devices: [DeviceReport]) { self.devices = devices }
}

/// One device of the configuration, and how it is.
public struct DeviceReport: Sendable, Codable, Equatable {
    /// Its name in the configuration.
    public var name: String
    /// What it is for.
    public var role: DeviceRole
    /// Instance of the worker that drives it.
    public var worker: String
    /// Id of its profile in `Devices/`.
    public var profile: String
    /// Where it is found, as configured: `tcp:192.168.1.50:9100` (`DeviceAddress`).
    public var address: String
    /// The last that was heard; `offline` until something is.
    public var state: DeviceState
    /// `nil` where it has no paper or tells nothing of it.
    public var paper: PaperState?
    /// Something of a resident's lies there; `nil` where it cannot tell.
    public var mediaPresent: Bool?
    /// Model and firmware, as it says itself.
    public var model: String?
    /// With the catalogue's words; there for a warning on a usable device too.
    public var problem: ProblemReport?
    /// Since its state or problem changed last.
    public var sinceSeconds: Int

    /// Takes the members as they are.
    public init(
        name: String, role: DeviceRole, worker: String, profile: String, address: String, state: DeviceState,
        paper: PaperState?, mediaPresent: Bool?, model: String?, problem: ProblemReport?, sinceSeconds: Int
    ) {
        self.name = name
        self.role = role
        self.worker = worker
        self.profile = profile
        self.address = address
        self.state = state
        self.paper = paper
        self.mediaPresent = mediaPresent
        self.model = model
        self.problem = problem
        self.sinceSeconds = sinceSeconds
    }
}

/// Answer of `GET /v1/outbox`: what was accepted and is not yet confirmed.
public struct OutboxReport: Sendable, Codable, Equatable {
    /// How many wait.
    public var cases: Int
    /// Size of their sealed files together.
    public var bytes: Int
    /// Age of the oldest case, since it was accepted; `nil` when none waits.
    public var oldestSeconds: Int?
    /// The platform's last answer in words, without content: "HTTP 503", "no connection".
    public var lastAnswer: String?
    /// Until the next attempt at any of them; 0 when it is due, `nil` when none waits.
    public var nextTryInSeconds: Int?
    /// The cases in the order in which they are tried, at most 200 of them; `nil` in `status`.
    public var waiting: [WaitingCase]?

    /// Takes the sums as they are; they are not derived from `waiting`, which may be cut.
    public init(
        cases: Int, bytes: Int, oldestSeconds: Int?, lastAnswer: String?, nextTryInSeconds: Int?,
        waiting: [WaitingCase]? = nil
    ) {
        self.cases = cases
        self.bytes = bytes
        self.oldestSeconds = oldestSeconds
        self.lastAnswer = lastAnswer
        self.nextTryInSeconds = nextTryInSeconds
        self.waiting = waiting
    }
}

/// A case that the platform has not confirmed. Nothing personal: what it holds is sealed.
public struct WaitingCase: Sendable, Codable, Equatable {
    /// The case's identity towards the platform.
    public var id: ItemID
    /// Id of the service item.
    public var item: String
    /// Since it was accepted.
    public var ageSeconds: Int
    /// Size of its sealed files.
    public var bytes: Int
    /// What the platform has acknowledged in this run of `kioskd`.
    public var bytesUploaded: Int
    /// Attempts that failed; counted on over restarts.
    public var attempts: Int
    /// The platform's last answer to this case in words; `nil` before the first attempt.
    public var lastAnswer: String?
    /// 0 when it is due.
    public var nextTryInSeconds: Int
    /// It is on its way at this moment.
    public var isBeingSent: Bool

    /// Takes the members as they are.
    public init(
        id: ItemID, item: String, ageSeconds: Int, bytes: Int, bytesUploaded: Int, attempts: Int, lastAnswer: String?,
        nextTryInSeconds: Int, isBeingSent: Bool
    ) {
        self.id = id
        self.item = item
        self.ageSeconds = ageSeconds
        self.bytes = bytes
        self.bytesUploaded = bytesUploaded
        self.attempts = attempts
        self.lastAnswer = lastAnswer
        self.nextTryInSeconds = nextTryInSeconds
        self.isBeingSent = isBeingSent
    }
}
