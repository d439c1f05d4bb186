/// Where a piece of paper is that was cut off.
public enum SlipPlace: String, Sendable, Codable {
    /// Cut, and still held inside the kiosk printer.
    case inside
    /// In the slot, or before a printer without a presenter.
    case slot
    /// A kiosk printer threw it out, to make room or because it was told to; it lies before the kiosk.
    case pushedOut
    /// A kiosk printer drew it back into the box in the kiosk.
    case box
    /// A hand has it.
    case taken
}

/// When a kiosk printer hands a slip out.
public enum SlipPresenting: String, Sendable, Codable {
    /// The paper comes out of the slot while it is printed: "dispenser continuous mode", how the printer starts.
    case whilePrinting
    /// It is held inside until it is cut off, and is then handed out.
    case afterCut
    /// It is held inside until `GS e` 3 or 5, `FS P` or FF asks for it.
    case onCommand
}

/// What a kiosk printer does with a slip that nobody took, when the next one is printed.
public enum LeftSlip: String, Sendable, Codable {
    /// Throws it out of the slot.
    case pushOut
    /// Draws it back into the box in the kiosk.
    case drawBack
}

/// What else a kiosk printer's full status tells.
public enum KioskPrinterCondition: String, Sendable, Codable, CaseIterable {
    case headUp, jam, headHot
    /// The voltage of the supply is wrong.
    case supplyVoltage
    /// A damaged byte came on the line. It prints on.
    case lineError
    /// A command came that it does not know. It prints on.
    case commandRefused
    /// The printer's own count of its paper has come to its end.
    case virtualPaperEnd
    /// Bit 7 of the paper byte, whose sense differs between the references.
    case notch
    case lineFeedKey, formFeedKey
    case cutterCoverOpen, ramError, eepromError, flashError

    /// With one of these it does not print.
    static let stopping: Set<Self> = [
        .headUp, .jam, .headHot, .supplyVoltage, .cutterCoverOpen, .ramError, .eepromError, .flashError,
    ]
}

/// What a kiosk printer's presenter can be told.
enum PresenterCommand: Equatable {
    /// `GS e` 3 and 32, `FS P`, FF: cuts what is not cut, and hands it out.
    case present
    /// `GS e` 5: cuts, and lets it fall out.
    case eject
    /// `GS e` 2: cuts, and draws it back.
    case drawBack
    /// `GS e` 6
    case transmitStatus
    /// `GS e` 20 (on) and 18 (off)
    case continuous(Bool)
}

/// How the presenter is set up and what it does now.
struct Presenter: Equatable {
    /// The slot's sensor sees paper that has come so far out of the cutter. No reference says where it sits.
    static let cutterToSlotRows = 40 * PaperStrip.dotsPerMillimetre
    /// A shorter slip is lengthened with white paper, or the rollers could not hold it (`GS E8`: 70 mm at the start).
    static let shortestSlipRows = 70 * PaperStrip.dotsPerMillimetre

    /// What it is set up to do when it is switched on.
    var setUp = SlipPresenting.whilePrinting { didSet { presenting = setUp } }
    var presenting = SlipPresenting.whilePrinting
    var leftSlip = LeftSlip.pushOut
    /// `GS V` 1, 49 and 66 are understood too, as by relatives from other makers. Custom's references have 0, 48 and 65.
    var cutsPartially = false
    /// `GS E0` n: which bytes of the full status are told unasked.
    var statusBackMask: UInt8 = 0
    var reported: [UInt8] = []
}

/// What the presenter of a kiosk printer looks like from outside.
public struct PresenterSnapshot: Sendable, Codable, Equatable {
    /// How it is set up.
    public var presenting: SlipPresenting
    /// What becomes of a slip that nobody took, when the next one is printed.
    public var leftSlip: LeftSlip
    /// `GS V` 1, 49 and 66 are understood too, as by relatives from other makers.
    public var cutsPartially: Bool
    /// What it tells beside paper, cover and cutter.
    public var conditions: [KioskPrinterCondition]
}

// MARK: - Status

extension ReceiptPrinterCore {
    /// The slot's sensor sees paper, whosever it is.
    var paperInSlot: Bool { slips.contains { $0.place == .slot } || stripInSlot }

    /// Paper that is not cut off reaches the sensor.
    private var stripInSlot: Bool {
        presenter.presenting == .whilePrinting && strip.rowsBehindCutter >= Presenter.cutterToSlotRows
    }

    /// The four bytes of the full status that follow `10 0F`: paper, user, recoverable and unrecoverable errors.
    var fullStatus: [UInt8] {
        func bits(_ table: [(UInt8, Bool)]) -> UInt8 { table.reduce(0) { $1.1 ? $0 | $1.0 : $0 } }
        let has = condition.kiosk.contains
        return [
            bits([
                (0x01, condition.paper == .out), (0x04, condition.paper != .full), (0x20, paperInSlot),
                (0x40, has(.virtualPaperEnd)), (0x80, has(.notch)),
            ]),
            bits([
                (0x01, has(.headUp)), (0x02, condition.cover == .open), (0x04, !isIdle), (0x08, isMoving),
                (0x20, has(.lineFeedKey)), (0x40, has(.formFeedKey)),
            ]),
            bits([
                (0x01, has(.headHot)), (0x02, has(.lineError)), (0x08, has(.supplyVoltage)),
                (0x20, has(.commandRefused)), (0x40, has(.jam)),
            ]),
            bits([
                (0x01, condition.cutterFailed), (0x02, has(.cutterCoverOpen)), (0x04, has(.ramError)),
                (0x08, has(.eepromError)), (0x40, has(.flashError)),
            ]),
        ]
    }

    /// What a kiosk printer answers to `DLE EOT` n; nothing when it does not know n.
    func kioskRealTimeStatus(_ n: UInt8) -> [UInt8] {
        switch n {
        case 1...4: [condition.realTimeByte(n)]
        case 17: [0x12 | (isMoving ? 0x04 : 0) | (condition.paper == .out ? 0x20 : 0)]
        case 20: [0x10, 0x0F] + fullStatus
        default: []
        }
    }

    /// `GS E0` n: told at once and on change, as `10 n` and the bytes that n names.
    mutating func setFullStatusBack(_ mask: UInt8) -> [Answer] {
        presenter.statusBackMask = mask & 0x0F
        presenter.reported = []
        return reportFullStatus()
    }

    mutating func reportFullStatus() -> [Answer] {
        let mask = presenter.statusBackMask
        guard model == .customKiosk, isPowered, mask != 0 else { return [] }
        let asked = zip(0..., fullStatus).filter { mask & (1 << UInt8($0.0)) != 0 }.map(\.1)
        guard asked != presenter.reported else { return [] }
        presenter.reported = asked
        return [Answer(to: nil, bytes: [0x10, mask] + asked)]
    }

    var presenterSnapshot: PresenterSnapshot {
        PresenterSnapshot(
            presenting: presenter.setUp, leftSlip: presenter.leftSlip, cutsPartially: presenter.cutsPartially,
            conditions: KioskPrinterCondition.allCases.filter(condition.kiosk.contains))
    }

    /// `GS e` 6
    var ejectorStatus: UInt8 {
        (condition.paper != .full ? 0x01 : 0) | (condition.paper != .out ? 0x04 : 0) | (paperInSlot ? 0x08 : 0)
            | (isMoving ? 0x10 : 0) | (condition.isOnline ? 0 : 0x40) | (condition.kiosk.contains(.jam) ? 0x80 : 0)
    }
}

// MARK: - Paper

extension ReceiptPrinterCore {
    /// Where a piece goes that comes off now.
    var placeOfPiece: SlipPlace {
        model == .customKiosk && presenter.presenting == .onCommand ? .inside : .slot
    }

    /// The next slip needs the way that an earlier one still blocks.
    mutating func clearPaperPath() {
        guard model == .customKiosk else { return }
        moveSlips(from: [.inside, .slot], to: presenter.leftSlip == .pushOut ? .pushedOut : .box)
    }

    /// Draws back what lies in the slot, as when its time is over.
    mutating func drawBack() -> [Answer] {
        moveSlips(from: [.inside, .slot], to: .box)
        return report()
    }

    /// A hand takes the slip, and what fell out before it. What hangs there and does not move is torn off by whoever calls.
    mutating func takeFromSlot() { moveSlips(from: [.slot, .pushedOut], to: .taken) }

    /// Whether a hand can get hold of paper that is not cut off.
    var stripCanBePulled: Bool { strip.hangsOut && (model != .customKiosk || stripInSlot) }

    mutating func execute(_ command: PresenterCommand, from connection: Int) -> [Answer] {
        switch command {
        case .transmitStatus: return [Answer(to: connection, bytes: [ejectorStatus])]
        case .continuous(let on): presenter.presenting = on ? .whilePrinting : .onCommand
        case .present, .eject, .drawBack:
            if strip.rowsBehindCutter > 0 || !isLineEmpty {
                putBack([.command(.cut(feedDots: nil)), .command(.presenter(command))], from: connection)
                return []
            }
            switch command {
            case .present: moveSlips(from: [.inside], to: .slot)
            case .eject: moveSlips(from: [.inside, .slot], to: .pushedOut)
            default: moveSlips(from: [.inside, .slot], to: .box)
            }
        }
        return report()
    }

    mutating func set(_ kiosk: KioskPrinterCondition, _ isSo: Bool) -> [Answer] {
        guard model == .customKiosk else { return [] }
        if isSo { condition.kiosk.insert(kiosk) } else { condition.kiosk.remove(kiosk) }
        // Whoever opens the way takes out the paper that was caught in it.
        if kiosk == .jam, !isSo { takeOutCaughtPaper() }
        return report()
    }

    private mutating func takeOutCaughtPaper() {
        moveSlips(from: [.inside], to: .taken)
        guard strip.rowsBehindCutter > 0 else { return }
        let goesOn = !isIdle
        keep(cutStripOff(), wasCut: false, place: .taken)
        damageStrip(goesOn)
    }
}
