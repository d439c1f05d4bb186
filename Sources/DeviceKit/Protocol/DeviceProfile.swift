import HallModel

/// How a device model is driven: the content of `Devices/<family>/profile.yaml`, data and no code.
///
/// Read by `KioskConfiguration`, sent to workers as JSON. Every setting has a default, so that a profile names
/// only what is special about its model.
public struct DeviceProfile: Sendable, Codable, Equatable {
    /// Folder name under `Devices/`.
    public var id: String
    /// What a device of this model does for the resident; it follows from the driver.
    public var role: DeviceRole
    /// Manufacturer and model, for people.
    public var title: String
    /// The protocol that the model speaks.
    public var driver: Driver

    /// The protocol spoken, with its settings.
    public enum Driver: Sendable, Codable, Equatable {
        /// An identity-card reader with a SAM_V module.
        case samv(CardReaderSettings)
        /// A receipt printer with ESC/POS.
        case escpos(ReceiptPrinterSettings)
        /// A scanner through SANE.
        case sane(ScannerSettings)
        /// An A4 printer through IPP, straight or behind a queue of CUPS.
        case ipp(DocumentPrinterSettings)
        /// A code reader on a serial line or TCP.
        case code(CodeReaderSettings)
    }

    /// How long the core waits for a page or a print of this device before it holds the worker for stuck.
    public var longestCommand: Duration {
        switch driver {
        case .escpos(let settings): settings.longestPrint
        case .sane(let settings): settings.longestScan
        case .ipp(let settings): .milliseconds(settings.longestPrintMilliseconds)
        case .samv, .code: .seconds(10)
        }
    }

    /// A profile; nothing is checked.
    public init(id: String, role: DeviceRole, title: String, driver: Driver) {
        self.id = id
        self.role = role
        self.title = title
        self.driver = driver
    }
}

/// SAM_V readers (docs/devices/id-cards.md). Times in milliseconds.
public struct CardReaderSettings: Sendable, Codable, Equatable {
    /// How a card that was read is noticed to be still there.
    public enum Presence: String, Sendable, Codable {
        /// `30 03` answers 90 or 91.
        case newAddress
        /// `30 05` answers 90 or 91.
        case management
        /// *find* answers 9F while the card lies there.
        case find
        /// The reader cannot tell.
        case none
    }

    /// Which question such a card answers, by the model.
    public var presence = Presence.newAddress
    /// Serial speeds to try, first one first.
    public var speeds = [115_200, 57_600, 38_400, 19_200, 9_600]
    /// Between two looks for a card; twice as long after 30 s without one. The driver holds it to 10 … 600,000.
    public var pollMilliseconds = 300
    /// Between two looks whether a card that was read still lies there.
    public var presenceMilliseconds = 200
    /// For the answer to every command but a read.
    public var statusTimeoutMilliseconds = 1_000
    /// For the answer to a read; with fingerprints 5,000 at least.
    public var readTimeoutMilliseconds = 3_000
    /// Time that the SAM may take after power-up before silence is a fault.
    public var startTimeoutMilliseconds = 10_000
    /// Between two questions for the module's state, beside the looks for cards.
    public var healthCheckMilliseconds = 30_000
    /// Fingerprints are read with the card and dropped; nothing here needs them.
    public var readsFingerprints = false

    /// The standard reader.
    public init() {}
}

/// ESC/POS printers (docs/devices/printing.md).
public struct ReceiptPrinterSettings: Sendable, Codable, Equatable {
    /// Paper width in millimetres: 58 or 80.
    public var paperMillimetres = 80
    /// Printable dots across: 384 (58 mm) or 576 (80 mm) at 203 dpi.
    public var dotsAcross = 576
    /// How slips are sent: as a picture (every character, the safe default) or as text in the printer's own font
    /// (fast on serial lines; characters outside of `repertoire` still go as a picture).
    public enum Rendering: String, Sendable, Codable { case raster, text }
    /// `text` only where the line is slow.
    public var rendering = Rendering.raster
    /// The two-byte characters that the printer's own font has: GB 2312, or GBK (the two-byte part of GB 18030).
    public enum Repertoire: String, Sendable, Codable { case gb2312, gbk }
    /// Of use with `rendering` `text` only.
    public var repertoire = Repertoire.gb2312
    /// Rungs of the evidence ladder that the model has, strongest first. `paperTaken` only with a `presenter`.
    public var evidence: [PrintOutcome.Rung] = [.processID, .bufferedQuery, .statusUnchanged]
    /// Arguments of DLE EOT that the model answers.
    public var statusQueries: [UInt8] = [1, 2, 3, 4]
    /// The model tells its state unasked once `GS a` has asked for it.
    public var hasAutomaticStatusBack = true
    /// DLE DC4 function 8 clears the buffer.
    public var canClearBuffer = true
    /// How the paper is cut: GS V 66, to a bridge that a hand tears, or GS V 65, all through. A printer knows one of them
    /// or both.
    public enum Cut: String, Sendable, Codable { case partial, full }
    /// What the model's command reference has: one that it does not know leaves the slip hanging in the printer.
    public var cut = Cut.partial
    /// How a printer with a presenter tells that a slip lies in its slot.
    public enum Presenter: String, Sendable, Codable {
        /// It has none, or does not tell.
        case none
        /// DLE EOT 20 is answered with the six bytes of a full status.
        case customFullStatus
    }
    /// `none`: nothing is said of the slot, and `paperTaken` is no evidence.
    public var presenter = Presenter.none
    /// Between two looks at the slot while a slip may lie there.
    public var presenterPollMilliseconds = 500
    /// Between two looks at the slot when it is empty and nothing is printed.
    public var presenterIdlePollMilliseconds = 5_000
    /// Paper left on the roll when near-end trips, in millimetres; a receipt is only begun when it fits.
    public var millimetresAtNearEnd = 2_000
    /// Rows of a raster strip, 128…256; at most two strips are in the printer at a time.
    public var stripRows = 192
    /// For the answer to one question of state.
    public var statusTimeoutMilliseconds = 1_000
    /// The longest that a receipt may take from the last byte to its evidence.
    public var printTimeoutMilliseconds = 15_000

    /// The standard printer: 80 mm, no presenter.
    public init() {}

    /// The longest that a receipt takes: its bytes, 75 s at most, and the wait for the evidence.
    public var longestPrint: Duration { .milliseconds(75_000 + max(0, printTimeoutMilliseconds)) }
}

/// Scanners through SANE (docs/devices/scanning.md).
public struct ScannerSettings: Sendable, Codable, Equatable {
    /// SANE backend: `airscan` for eSCL, `test` for SANE's own.
    public var backend = "airscan"
    /// Dots per inch.
    public var resolution = 300
    /// Source as SANE names it, `nil` for the device's default: "ADF", "Flatbed".
    public var source: String?
    /// As SANE names it: `Color`, `Gray`.
    public var mode = "Color"
    /// The longest that one page may take to arrive; then the scan is broken off.
    public var pageTimeoutMilliseconds = 60_000
    /// How often the state of feeder and cover is asked when idle.
    public var pollMilliseconds = 2_000
    /// How long pages that a feeder drew ahead wait for their turn before they are dropped. Longer than the longest idle
    /// time after which a session can end (300 s and 120 s of alert).
    public var heldPageMilliseconds = 480_000
    /// Options set after opening, by SANE's names; for the `test` backend's faults.
    public var options: [String: String] = [:]

    /// The standard scanner, through eSCL.
    public init() {}

    /// The longest that a page takes, with the opening of the scanner before it.
    public var longestScan: Duration { .milliseconds(30_000 + max(0, pageTimeoutMilliseconds)) }
}

/// A4 printers through IPP, straight or through a queue of CUPS (docs/devices/printing.md).
public struct DocumentPrinterSettings: Sendable, Codable, Equatable {
    /// PWG self-describing media name.
    public var media = "iso_a4_210x297mm"
    /// `one-sided`, `two-sided-long-edge`, `two-sided-short-edge`.
    public var sides = "one-sided"
    /// Printer and job are asked this often while a job runs.
    public var jobPollMilliseconds = 500
    /// The printer is asked this often when idle.
    public var pollMilliseconds = 5_000
    /// One request.
    public var requestTimeoutMilliseconds = 5_000
    /// The longest that a printer may work on a job, and, besides, the longest that it may stand still for what no hands at
    /// the printer mend.
    public var printTimeoutMilliseconds = 90_000
    /// The longest that a job may wait for hands at the printer, besides: paper, a jam, a cover, toner, a full tray.
    public var waitForHandsMilliseconds = 600_000

    /// The standard printer: A4, one side.
    public init() {}

    /// The longest that printing one document takes, with the end of a job that was not done in time. What the core waits
    /// for is longer.
    public var longestPrintMilliseconds: Int {
        2 * max(1_000, printTimeoutMilliseconds) + max(1_000, waitForHandsMilliseconds) + 30_000
    }
}

/// Code readers on a serial line.
public struct CodeReaderSettings: Sendable, Codable, Equatable {
    /// bit/s, where the address names none.
    public var speed = 9_600
    /// Bytes that end a code.
    public var terminators: [UInt8] = [0x0D, 0x0A]
    /// A code without a terminator ends after this silence.
    public var silenceMilliseconds = 250
    /// The same code again within this time is the same paper still lying there.
    public var repeatMilliseconds = 2_000
    /// Longer codes are dropped.
    public var maximumBytes = 512

    /// The standard reader: 9,600 bit/s, codes that end with CR or LF.
    public init() {}
}
