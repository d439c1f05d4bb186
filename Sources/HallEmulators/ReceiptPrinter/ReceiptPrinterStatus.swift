/// Models that the emulated receipt printer can be.
public enum ReceiptPrinterModel: String, Sendable, Codable {
    /// Answers everything: DLE EOT 1–4, automatic status, GS ( H, GS r, GS I.
    case epson
    /// No GS ( H, no automatic status, DLE EOT 1 and 4 only.
    case clone
    /// A kiosk printer of Custom or a relative, with a presenter: DLE EOT 1–4, 17 and 20, GS r, GS e; no GS ( H, no
    /// DLE DC4, no GS a.
    case customKiosk = "custom-kiosk"
}

/// The roll.
public enum ReceiptPaper: String, Sendable, Codable {
    /// Enough of it.
    case full
    /// The near-end sensor has tripped: it still prints.
    case nearEnd
    /// It does not print.
    case out
}

/// The cover over the roll; the printer does not print while it is open.
public enum ReceiptCover: String, Sendable, Codable { case closed, open }

/// The cutter: with `error` the next cut fails, and the printer stops until it is `ok`.
public enum ReceiptCutter: String, Sendable, Codable { case ok, error }

/// What can happen in the middle of a receipt.
public enum ReceiptPrinterFault: String, Sendable, Codable {
    case nearEnd, paperOut, power, cover, cutter
    /// Only a kiosk printer has a way in which paper is caught; others print on.
    case jam
}

/// The state that status bytes are made of.
struct ReceiptPrinterCondition: Equatable {
    var paper = ReceiptPaper.full
    var cover = ReceiptCover.closed
    /// A cut was tried and failed.
    var cutterFailed = false
    /// What only a kiosk printer knows.
    var kiosk: Set<KioskPrinterCondition> = []

    var isOnline: Bool {
        paper != .out && cover == .closed && !cutterFailed && kiosk.isDisjoint(with: KioskPrinterCondition.stopping)
    }

    /// The byte that DLE EOT n answers: `0xx1xx10`.
    func realTimeByte(_ n: UInt8) -> UInt8 {
        var byte: UInt8 = 0x12
        switch n {
        case 1:
            if !isOnline { byte |= 0x08 }
            if kiosk.contains(.lineFeedKey) { byte |= 0x80 }
        case 2:
            if cover == .open { byte |= 0x04 }
            if paper == .out { byte |= 0x20 }
            if kiosk.contains(.lineFeedKey) { byte |= 0x08 }
            if cutterFailed || !kiosk.isDisjoint(with: KioskPrinterCondition.stopping) { byte |= 0x40 }
        case 3:
            if cutterFailed { byte |= 0x08 }
            if !kiosk.isDisjoint(with: [.ramError, .eepromError, .flashError]) { byte |= 0x20 }
            if !kiosk.isDisjoint(with: [.headHot, .supplyVoltage]) { byte |= 0x40 }
        default:
            if paper != .full { byte |= 0x0C }
            if paper == .out { byte |= 0x60 }
        }
        return byte
    }

    /// The four bytes of automatic status back.
    var automaticStatus: [UInt8] {
        var first: UInt8 = 0x10
        if !isOnline { first |= 0x08 }
        if cover == .open { first |= 0x20 }
        return [first, cutterFailed ? 0x08 : 0, sensorByte, 0x0F]
    }

    /// Paper sensors as GS r 1 and the third byte of the automatic status tell them.
    var sensorByte: UInt8 { (paper != .full ? 0x03 : 0) | (paper == .out ? 0x0C : 0) }

    /// Which bits of GS a n ask for a report of the change from another condition.
    func changes(from other: ReceiptPrinterCondition) -> UInt8 {
        let (new, old) = (automaticStatus, other.automaticStatus)
        return (new[0] != old[0] ? 0x02 : 0) | (new[1] != old[1] ? 0x04 : 0) | (new[2] != old[2] ? 0x08 : 0)
    }
}

/// What the receipt printer looks like from outside.
public struct ReceiptPrinterSnapshot: Sendable, Codable, Equatable {
    /// What it answers, and what it has.
    public var model: ReceiptPrinterModel
    /// `on` or `off`
    public var power: String
    /// The roll.
    public var paper: ReceiptPaper
    /// Its cover.
    public var cover: ReceiptCover
    /// How the cutter is set; that a cut has failed shows in `online`.
    public var cutter: ReceiptCutter
    /// It would print: switched on, paper, cover closed, no cut that failed.
    public var online: Bool
    /// Something waits to be printed, or is.
    public var printing: Bool
    /// A slip lies in the slot or hangs from the printer; of a kiosk printer: its sensor sees paper.
    public var slipInSlot: Bool
    /// Only a kiosk printer has one.
    public var presenter: PresenterSnapshot?
    /// Length of the paper that has come out and was not cut yet.
    public var currentMillimetres: Int
    /// Received and not yet carried out; at most about 64 kB, then it takes no more.
    public var bufferedBytes: Int
    /// Pieces of paper that were cut off with nothing on them; they are no slips.
    public var scraps: Int
    /// Open ones; at most 4.
    public var connections: Int
    /// Where in the receipt the next fault waits, if one does.
    public var faultAt: FaultAt?
    /// What the cable does.
    public var fault: CableFault
    /// DLE EOT inside pictures is executed.
    public var executesRealTimeInsideData: Bool

    /// Something that waits to happen in the middle of a receipt.
    public struct FaultAt: Sendable, Codable, Equatable {
        /// Paper of this receipt that has to pass the head before.
        public var millimetres: Int
        /// What happens then, once.
        public var fault: ReceiptPrinterFault

        /// Takes both as they are.
        public init(millimetres: Int, fault: ReceiptPrinterFault) {
            self.millimetres = millimetres
            self.fault = fault
        }
    }
}

/// A slip that came out.
public struct SlipEntry: Sendable, Codable, Equatable {
    /// `slip-N`, or `current` for paper that still hangs from the printer.
    public var id: String
    /// Its length.
    public var millimetres: Int
    /// Came off by the cutter, not by hand or at the end of a roll.
    public var cut: Bool
    /// From its beginning to the cut, with nothing lost in between.
    public var complete: Bool
    /// A hand has it.
    public var taken: Bool
    /// Where it is now.
    public var place: SlipPlace
    /// Text printed in the printer's own fonts, line by line; a picture has none.
    public var lines: [String]
    /// Contents of QR codes that the printer made itself.
    public var qr: [String]
}
