import HallModel

/// Answer of `GET /v1/status` on the control socket: the kiosk at a glance. No personal data.
public struct StatusReport: Sendable, Codable, Equatable {
    public struct Worker: Sendable, Codable, Equatable {
        public var instance: String
        public var isConnected: Bool
        public var processID: Int32?

        public init(instance: String, isConnected: Bool, processID: Int32?) {
            self.instance = instance
            self.isConnected = isConnected
            self.processID = processID
        }
    }

    public var kiosk: String
    public var version: String
    public var processID: Int32
    public var uptimeSeconds: Int
    /// Name of the screen shown now.
    public var screen: String
    public var hasSession: Bool
    /// Why submission is closed, `nil` when it is open.
    public var submissionClosed: ProblemCode?
    public var workers: [Worker]
    public var problems: [ProblemReport]
    public var outbox: OutboxReport

    public init(
        kiosk: String, version: String, processID: Int32, uptimeSeconds: Int, screen: String, hasSession: Bool,
        submissionClosed: ProblemCode?, workers: [Worker], problems: [ProblemReport], outbox: OutboxReport
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
    public var code: ProblemCode
    public var severity: ProblemEntry.Severity
    public var device: String?
    public var cause: String
    /// What was measured.
    public var evidence: String
    public var action: String
    public var sinceSeconds: Int

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
    public init(devices: [DeviceReport]) { self.devices = devices }
}

/// One device of the configuration, and how it is.
public struct DeviceReport: Sendable, Codable, Equatable {
    public var name: String
    public var role: DeviceRole
    /// Instance of the worker that drives it.
    public var worker: String
    public var profile: String
    public var address: String
    public var state: DeviceState
    public var paper: PaperState?
    public var mediaPresent: Bool?
    public var model: String?
    public var problem: ProblemReport?
    public var sinceSeconds: Int

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
    public var cases: Int
    public var bytes: Int
    /// Age of the oldest case.
    public var oldestSeconds: Int?
    /// The platform's last answer in words, without content: "HTTP 503", "no connection".
    public var lastAnswer: String?
    public var nextTryInSeconds: Int?
    /// The cases in the order in which they are tried, at most 200 of them; `nil` in `status`.
    public var waiting: [WaitingCase]?

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
    public var id: ItemID
    /// Id of the service item.
    public var item: String
    public var ageSeconds: Int
    public var bytes: Int
    /// What the platform has acknowledged in this run of `kioskd`.
    public var bytesUploaded: Int
    /// Failed ones.
    public var attempts: Int
    public var lastAnswer: String?
    public var nextTryInSeconds: Int
    /// It is on its way at this moment.
    public var isBeingSent: Bool

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
