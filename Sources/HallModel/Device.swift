/// What a device is for, seen from the flow.
public enum DeviceRole: String, Sendable, Codable, CaseIterable, Hashable {
    case cardReader = "card-reader"
    case scanner
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
    case online, offline, noDevice, hardwareError, userError, busy
}

/// Paper, in the words of XFS4IoT.
public enum PaperState: String, Sendable, Codable {
    case full, low, out, jammed, unknown
}

/// The last that was heard from a device.
public struct DeviceStatus: Sendable, Equatable, Codable {
    public var state: DeviceState
    public var paper: PaperState?
    public var problem: Problem?
    /// Something of the resident's lies there: a card on the reader, a page in the feeder, a slip in the slot.
    /// `nil` where the device cannot tell.
    public var mediaPresent: Bool?
    /// For a technician: model and firmware as the device says.
    public var model: String?

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

    public var isUsable: Bool { state == .online || state == .busy }
}
