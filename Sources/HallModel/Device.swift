/// What a device is for, seen from the flow.
public enum DeviceRole: String, Sendable, Codable, CaseIterable, Hashable {
    /// Reads identity cards laid on it.
    case cardReader = "card-reader"
    /// Draws in the pages of a material.
    case scanner
    /// Prints the slip that the resident takes home.
    case receiptPrinter = "receipt-printer"
    /// The A4 printer: certificates and other results (F11).
    case documentPrinter = "document-printer"
    /// Reads the QR code of a receipt.
    case codeReader = "code-reader"
    /// Not a device but a worker the flow cannot do without: page checks, PDF, receipts.
    case renderer
}

/// Device states, in the words of XFS4IoT.
public enum DeviceState: String, Sendable, Codable {
    /// It works, or would at once. A warning (paper low) leaves it so.
    case online
    /// The device is known, and does not work or does not answer: stopped, switched off, its worker gone.
    case offline
    /// It cannot be reached at its address: not plugged in, taken by another, forbidden, no answer.
    case noDevice
    /// It says that it is broken, or that something in it is stuck or used up: somebody has to mend it.
    case hardwareError
    /// It waits for a hand that anybody can lend: a cover, paper, a sheet in the feeder.
    case userError
    /// It works at the moment (`deviceBusy` in XFS4IoT).
    case busy
}

/// Paper, in the words of XFS4IoT.
public enum PaperState: String, Sendable, Codable {
    /// Enough of it.
    case full
    /// Nearly used up; it still prints.
    case low
    /// None left.
    case out
    /// Stuck in the device.
    case jammed
    /// Not told: the device is away, or what speaks for it repeats old news (an idle queue of CUPS).
    case unknown
}

/// The last that was heard from a device.
public struct DeviceStatus: Sendable, Equatable, Codable {
    /// Whether it can be used, and why not.
    public var state: DeviceState
    /// `nil` for a device that has no paper or tells nothing of it.
    public var paper: PaperState?
    /// What is wrong, or will be soon; `nil` when nothing is. A device may have one and be usable.
    public var problem: Problem?
    /// Something of the resident's lies there: a card on the reader, a page in the feeder, a slip in the slot.
    /// `nil` where the device cannot tell.
    public var mediaPresent: Bool?
    /// For a technician: model and firmware as the device says.
    public var model: String?

    /// An `.online` device without more is one that works and says nothing of itself.
    public init(
        _ state: DeviceState, paper: PaperState? = nil, problem: Problem? = nil, mediaPresent: Bool? = nil,
        model: String? = nil
    ) {
        self.state = state
        self.paper = paper
        self.problem = problem
        self.mediaPresent = mediaPresent
        self.model = model
    }

    /// `.online` or `.busy`: an item that needs the device can be done.
    public var isUsable: Bool { state == .online || state == .busy }
}
