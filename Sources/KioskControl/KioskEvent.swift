import HallModel

/// One thing that happened at the kiosk, as `GET /v1/events` tells it: a line of JSON. No personal data, by type: ids, codes,
/// counts and words of the configuration, never a name, a number, an address or what a code says.
///
/// Which members an event has follows from its type (``Kind/members``); the others are absent.
public struct KioskEvent: Sendable, Codable, Equatable {
    /// What happened. The catalogue in `docs/kioskctl.md` is held against this one.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        /// `kioskd` has started, with this configuration.
        case ready
        /// A device's state or problem changed.
        case device
        /// A worker process said hello.
        case workerConnected = "worker-connected"
        /// A worker's socket closed; its devices are unknown until it is back.
        case workerLost = "worker-lost"
        /// Somebody is there.
        case sessionBegan = "session-began"
        /// They have gone, and all of theirs with them.
        case sessionEnded = "session-ended"
        /// Another screen is shown.
        case screen
        /// A card was laid down.
        case cardPresented = "card-presented"
        /// It was read: its kind and flags, never whose it is.
        case cardRead = "card-read"
        /// It could not be read.
        case cardFailed = "card-failed"
        /// It was taken away.
        case cardRemoved = "card-removed"
        /// The first row of a page came.
        case scanStarted = "scan-started"
        /// A resident's page was checked.
        case pageScanned = "page-scanned"
        /// No page came.
        case scanFailed = "scan-failed"
        /// A code was read; what it says is not told.
        case codeRead = "code-read"
        /// All pages of a material are sealed and on the disk.
        case materialStored = "material-stored"
        /// Submitted: nothing can lose it now.
        case caseAccepted = "case-accepted"
        /// The platform has it, by its signature.
        case caseConfirmed = "case-confirmed"
        /// An attempt to send a case failed.
        case caseFailed = "case-failed"
        /// How a slip ended, and on what evidence.
        case receipt
        /// How a document on the A4 printer ended, and on what evidence.
        case document
        /// The platform answers no more, or not as agreed, or again; told where the kiosk watches it.
        case platform
        /// The slip was taken out of the slot.
        case slipTaken = "slip-taken"
        /// Submission was opened or closed.
        case submission
        /// Staff were called: by a resident, or because something was left behind.
        case staffCalled = "staff-called"
        /// A technician had waiting cases tried.
        case outboxRetry = "outbox-retry"
        /// A technician's scan or print ended.
        case technician
        /// The last line for a reader that was too slow: it has missed what came after.
        case dropped
    }

    /// Ascending by one within a run of `kioskd`, from 1; a gap is something missed. 0 for ``Kind/dropped``.
    public var number: Int
    /// UTC, ISO 8601 with milliseconds.
    public var time: String
    /// Decides which of the members below there are.
    public var type: Kind

    /// The kiosk's id, by its configuration.
    public var kiosk: String?
    /// Of the program `kioskd`.
    public var version: String?
    /// Ids of the service items that this kiosk has.
    public var items: [String]?
    /// Configured names of its devices.
    public var devices: [String]?
    /// Name of the worker: `usb`, `print`, `render`, or the name of the scanner that a scan worker is for.
    public var worker: String?
    /// Configured name of the device; `renderer` for the render worker.
    public var device: String?
    /// What the device is for.
    public var role: DeviceRole?
    /// How the device is now.
    public var state: DeviceState?
    /// `nil` where the device tells nothing of paper.
    public var paper: PaperState?
    /// The problem; where submission closed, why; of a screen, the one that it tells of.
    public var code: ProblemCode?
    /// What was measured; of a technician's work that was given up, why.
    public var evidence: String?
    /// Counts sessions of this run.
    public var session: Int?
    /// How long the session took.
    public var seconds: Int?
    /// Name of the screen.
    public var screen: String?
    /// Id of the service item.
    public var item: String?
    /// Step that the resident is at, from 1.
    public var step: Int?
    /// How many steps the item has for this resident.
    public var steps: Int?
    /// Kind of the card.
    public var card: IdentityDocument.Kind?
    /// What there is to know of the card, sorted by name.
    public var flags: [IdentityDocument.Flag]?
    /// Id of the material in its item.
    public var material: String?
    /// Pages of the material, or of the document.
    public var pages: Int?
    /// Rows of pixels that the scanner delivered.
    public var rows: Int?
    /// What the page checks found; empty for a good page.
    public var findings: [PageChecks.Finding]?
    /// Id of the case; of a retry, the one that was named.
    public var `case`: ItemID?
    /// How many cases are due by the retry.
    public var cases: Int?
    /// The platform's answer in status words.
    public var answer: String?
    /// The platform as a whole is away, as against this one case being refused.
    public var isPlatformAway: Bool?
    /// Until the case is tried again.
    public var retryInSeconds: Int?
    /// Whether there is paper.
    public var verdict: PrintOutcome.Verdict?
    /// The evidence for it.
    public var rung: PrintOutcome.Rung?
    /// A person asked for it once more: it is marked 补打.
    public var isSecondCopy: Bool?
    /// Whether submission is open now.
    public var isOpen: Bool?
    /// Whether the call reached one of the configured webhooks.
    public var isDelivered: Bool?
    /// Whether the platform answers as agreed.
    public var isReachable: Bool?
    /// What a technician did: `scan`, `print`.
    public var work: String?

    /// An event without members; whoever notes it sets those of its type.
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
        case .submission: ["isOpen", "code", "evidence"]
        case .staffCalled: ["screen", "isDelivered"]
        case .outboxRetry: ["case", "cases"]
        case .technician: ["work", "device", "code", "evidence", "verdict", "rung"]
        case .dropped: []
        }
    }
}
