import HallModel

/// One thing that happened at the kiosk, as `GET /v1/events` tells it: a line of JSON. No personal data, by type: ids, codes,
/// counts and words of the configuration, never a name, a number, an address or what a code says.
///
/// Which members an event has follows from its type (``Kind/members``); the others are absent.
public struct KioskEvent: Sendable, Codable, Equatable {
    /// What happened. The catalogue in `docs/kioskctl.md` is held against this one.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        case ready
        case device
        case workerConnected = "worker-connected"
        case workerLost = "worker-lost"
        case sessionBegan = "session-began"
        case sessionEnded = "session-ended"
        case screen
        case cardPresented = "card-presented"
        case cardRead = "card-read"
        case cardFailed = "card-failed"
        case cardRemoved = "card-removed"
        case scanStarted = "scan-started"
        case pageScanned = "page-scanned"
        case scanFailed = "scan-failed"
        case codeRead = "code-read"
        case materialStored = "material-stored"
        case caseAccepted = "case-accepted"
        case caseConfirmed = "case-confirmed"
        case caseFailed = "case-failed"
        case receipt
        case document
        case platform
        case slipTaken = "slip-taken"
        case submission
        case staffCalled = "staff-called"
        case outboxRetry = "outbox-retry"
        case technician
        /// The last line for a reader that was too slow: it has missed what came after.
        case dropped
    }

    /// Ascending by one within a run of `kioskd`; a gap is something missed.
    public var number: Int
    /// UTC, ISO 8601 with milliseconds.
    public var time: String
    public var type: Kind

    public var kiosk: String?
    public var version: String?
    public var items: [String]?
    public var devices: [String]?
    public var worker: String?
    public var device: String?
    public var role: DeviceRole?
    public var state: DeviceState?
    public var paper: PaperState?
    /// The problem, and what was measured; of a technician's work that was given up, why.
    public var code: ProblemCode?
    public var evidence: String?
    /// Counts sessions of this run.
    public var session: Int?
    public var seconds: Int?
    public var screen: String?
    public var item: String?
    public var step: Int?
    public var steps: Int?
    public var card: IdentityDocument.Kind?
    public var flags: [IdentityDocument.Flag]?
    public var material: String?
    public var pages: Int?
    public var rows: Int?
    public var findings: [PageChecks.Finding]?
    public var `case`: ItemID?
    public var cases: Int?
    /// The platform's answer in status words.
    public var answer: String?
    public var isPlatformAway: Bool?
    public var retryInSeconds: Int?
    public var verdict: PrintOutcome.Verdict?
    public var rung: PrintOutcome.Rung?
    public var isSecondCopy: Bool?
    public var isOpen: Bool?
    public var isDelivered: Bool?
    public var isReachable: Bool?
    /// What a technician did: `scan`, `print`.
    public var work: String?

    public init(number: Int, time: String, type: Kind) {
        self.number = number
        self.time = time
        self.type = type
    }
}

extension KioskEvent.Kind {
    /// The members that an event of this type may have beside `number`, `time` and `type`.
    public var members: [String] {
        switch self {
        case .ready: ["kiosk", "version", "items", "devices"]
        case .device: ["device", "role", "state", "paper", "code", "evidence"]
        case .workerConnected, .workerLost: ["worker"]
        case .sessionBegan: ["session"]
        case .sessionEnded: ["session", "seconds"]
        case .screen: ["session", "screen", "item", "step", "steps", "code"]
        case .cardPresented, .cardRemoved, .scanStarted, .codeRead, .slipTaken: ["device"]
        case .cardRead: ["device", "card", "flags"]
        case .cardFailed, .scanFailed: ["device", "code", "evidence"]
        case .pageScanned: ["device", "rows", "findings"]
        case .materialStored: ["material", "pages"]
        case .caseAccepted: ["case", "item"]
        case .caseConfirmed: ["case"]
        case .caseFailed: ["case", "answer", "isPlatformAway", "retryInSeconds"]
        case .receipt: ["case", "device", "verdict", "rung", "code", "isSecondCopy"]
        case .document: ["device", "pages", "verdict", "rung", "code", "evidence", "isSecondCopy"]
        case .platform: ["isReachable", "code", "evidence"]
        case .submission: ["isOpen", "code"]
        case .staffCalled: ["screen", "isDelivered"]
        case .outboxRetry: ["case", "cases"]
        case .technician: ["work", "device", "code", "evidence", "verdict", "rung"]
        case .dropped: []
        }
    }
}
