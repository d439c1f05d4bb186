import HallModel

/// A control message between `kioskd` and a worker. Sent as JSON in a `WorkerFrame`; images, receipts and PDFs
/// travel beside it as binary attachments of the same frame, never inside the JSON.
///
/// Order of a conversation: the worker connects and says `hello`; the core answers `assign` with the devices the
/// worker shall drive; from then on commands go one way, `accepted`, events, `completed` and `failed` the other.
public enum WorkerMessage: Sendable, Equatable, Codable {
    /// First message of a worker.
    case hello(WorkerHello)
    /// The whole list of devices for this worker; replaces the earlier one.
    case assign([DeviceAssignment])
    /// `deadlineMilliseconds` counts from receipt; the worker fails the command when it passes.
    case command(id: UInt64, deadlineMilliseconds: Int, WorkerCommand)
    /// The core waits for it no longer; what has begun is broken off where it can be.
    case cancel(id: UInt64)
    /// The command has arrived; what it comes to follows.
    case accepted(id: UInt64)
    /// Unasked, of a device of this worker.
    case event(WorkerEvent)
    /// The command's good end; its results are attached.
    case completed(id: UInt64, WorkerReply)
    /// The command's bad end; nothing is attached.
    case failed(id: UInt64, WorkerFailure)
    /// Liveness: answered with the same number.
    case ping(UInt64)
    /// Alive; the number of the ping.
    case pong(UInt64)
}

/// What a worker says of itself.
public struct WorkerHello: Sendable, Equatable, Codable {
    /// Raised with every incompatible change of this protocol.
    public static let currentProtocol = 1

    /// ``currentProtocol`` of the worker's program; the core turns any other away.
    public var protocolVersion: Int
    /// Which program this is.
    public var kind: WorkerKind
    /// Tells several workers of a kind apart (one scan worker a scanner); the kind's name where there is one.
    public var instance: String
    /// Its own word, for `kioskctl status`; what is ended by its number is what the kernel says of the socket.
    public var processID: Int32

    /// The hello of a worker of this build.
    public init(kind: WorkerKind, instance: String, processID: Int32) {
        protocolVersion = Self.currentProtocol
        self.kind = kind
        self.instance = instance
        self.processID = processID
    }
}

/// The kinds of workers. The program is `kiosk-worker-<rawValue>`.
public enum WorkerKind: String, Sendable, Codable, CaseIterable {
    /// `usb`: serial lines and TCP; `scan`: one scanner; `render`: page checks and receipts, no device; `print`:
    /// A4 printers.
    case usb, scan, render, print

    /// The file's name in the folder of worker programs.
    public var programName: String { "kiosk-worker-\(rawValue)" }
}

/// One device given to a worker.
public struct DeviceAssignment: Sendable, Equatable, Codable {
    /// The configured name, unique on the kiosk.
    public var name: String
    /// How it is driven; the worker refuses a driver that is not its own.
    public var profile: DeviceProfile
    /// `serial:/dev/ttyUSB0`, `tcp:HOST:PORT`, and the other forms of `DeviceAddress`.
    public var address: String

    /// A device to be driven; nothing is checked.
    public init(name: String, profile: DeviceProfile, address: String) {
        self.name = name
        self.profile = profile
        self.address = address
    }
}

/// What a worker can be asked to do.
public enum WorkerCommand: Sendable, Equatable, Codable {
    /// Scan one page. Reply `.scanned` with one JPEG attached.
    case scanPage(device: String)
    /// The resident has gone: drop what the device still holds of theirs, such as pages that a feeder drew ahead.
    /// Reply `.sessionEnded`.
    case endSession(device: String)
    /// Print the attached ESC/POS bytes. Reply `.printed`.
    case printReceipt(device: String, PrintJob)
    /// Print the attached PDF on A4. Reply `.printed`.
    case printDocument(device: String, DocumentJob)
    /// Check the attached JPEG (F7). Reply `.checked` with a smaller JPEG attached for the screen.
    case checkPage(PageCheckRequest)
    /// Reply `.rendered` with the ESC/POS bytes attached.
    case renderReceipt(ReceiptDocument, ReceiptPrinterSettings)
    /// For whoever wants to look at a slip: reply `.rendered` with a PNG of it attached, one pixel a dot.
    case pictureReceipt(ReceiptDocument, ReceiptPrinterSettings)
}

/// One receipt on its way to paper.
public struct PrintJob: Sendable, Equatable, Codable {
    /// Ascending within a run of the core; the printer's process id is made from it.
    public var number: UInt32
    /// Length of the slip, to know whether the paper left covers it.
    public var millimetres: Double

    /// Numbers from here on are slips that a technician prints; the journal counts residents' receipts from 1.
    public static let firstOfTechnician: UInt32 = 80_000_000

    /// A receipt that is about to be printed.
    public init(number: UInt32, millimetres: Double) {
        self.number = number
        self.millimetres = millimetres
    }
}

/// One document on its way to paper.
public struct DocumentJob: Sendable, Equatable, Codable {
    /// Made once, to find the job again at the printer or in the queue after a crash; it is the `job-name`. Nothing personal.
    public var id: ItemID
    /// Pages of the PDF: what the printer's count of impressions is held against.
    public var pages: Int

    /// A document that is about to be printed.
    public init(id: ItemID, pages: Int) {
        self.id = id
        self.pages = pages
    }
}

/// What the page checks need to know beside the image.
public struct PageCheckRequest: Sendable, Equatable, Codable {
    /// Of the image, 50…1200; the command fails for a value outside.
    public var dotsPerInch: Int
    /// As the scanner announced; `nil` where it announced nothing: then none is missed.
    public var rowsExpected: Int?
    /// As they arrived.
    public var rowsReceived: Int
    /// Width of the preview in pixels.
    public var previewWidth: Int

    /// What is known of one page before it is checked.
    public init(dotsPerInch: Int, rowsExpected: Int?, rowsReceived: Int, previewWidth: Int) {
        self.dotsPerInch = dotsPerInch
        self.rowsExpected = rowsExpected
        self.rowsReceived = rowsReceived
        self.previewWidth = previewWidth
    }
}

/// What a worker reports without being asked.
public enum WorkerEvent: Sendable, Equatable, Codable {
    /// The device's state, when it changed.
    case status(device: String, DeviceStatus)
    /// A card was found; reading it has begun.
    case cardPresented(device: String)
    /// A card was read: what stands on it, and what was noticed about it.
    case cardRead(device: String, IdentityDocument)
    /// The card that was presented was not read: it cannot be, it was taken too soon, or the reader failed.
    case cardFailed(device: String, Problem)
    /// The card that was presented is away.
    case cardRemoved(device: String)
    /// The first row of a page arrived.
    case scanStarted(device: String)
    /// How far the page is, at most ten times a second; `expected` where the scanner announced it.
    case scanProgress(device: String, rows: Int, expected: Int?)
    /// The presenter or slot was seen empty after a slip.
    case slipTaken(device: String)
    /// A code was read: its text, at most 512 bytes of UTF-8, as it stands in the code.
    case codeRead(device: String, Sensitive<String>)

    /// The device it is about.
    public var device: String {
        switch self {
        case .status(let device, _), .cardPresented(let device), .cardRead(let device, _),
            .cardFailed(let device, _), .codeRead(let device, _), .cardRemoved(let device), .scanStarted(let device),
            .scanProgress(let device, _, _), .slipTaken(let device):
            device
        }
    }
}

/// How a command ended well.
public enum WorkerReply: Sendable, Equatable, Codable {
    /// One page; its JPEG is attached.
    case scanned(ScannedPage)
    /// Nothing of the resident is held any more.
    case sessionEnded
    /// How the print ended, on what evidence.
    case printed(PrintOutcome)
    /// What the page checks measured; a smaller JPEG for the screen is attached.
    case checked(PageChecks)
    /// Length of paper that the slip takes, the way to the cutter included; its bytes or its picture are attached.
    case rendered(millimetres: Double)
}

/// What came from the scanner, beside the JPEG.
public struct ScannedPage: Sendable, Equatable, Codable {
    /// Width of the JPEG.
    public var widthPixels: Int
    /// Height of the JPEG.
    public var heightPixels: Int
    /// As the scanner says that it scanned, which need not be what it was asked for.
    public var dotsPerInch: Int
    /// As announced by the scanner; `nil` for hand scanners.
    public var rowsExpected: Int?
    /// Fewer than `rowsExpected`: the page is not complete.
    public var rowsReceived: Int

    /// A page that has arrived; its JPEG travels beside it.
    public init(widthPixels: Int, heightPixels: Int, dotsPerInch: Int, rowsExpected: Int?, rowsReceived: Int) {
        self.widthPixels = widthPixels
        self.heightPixels = heightPixels
        self.dotsPerInch = dotsPerInch
        self.rowsExpected = rowsExpected
        self.rowsReceived = rowsReceived
    }
}

/// How a command failed.
public enum WorkerFailure: Error, Sendable, Equatable, Codable {
    /// The device or the page: a person can act on it.
    case problem(Problem)
    /// Not done within its time; what the device made of it is not known.
    case deadlinePassed
    /// Nobody waited for it any longer.
    case cancelled
    /// The command names no device of this worker, or its attachments do not fit.
    case notUnderstood(String)
    /// The worker went away before it answered.
    case workerLost
}
