/// What a printer says of itself, from DLE EOT answers and automatic status alike.
///
/// Source: the status tables of docs/devices/printing.md. Models answer only some of the questions: a condition that
/// was never told stays false.
public struct PrinterCondition: Sendable, Equatable {
    /// Off line (DLE EOT 1, bit 08); the other conditions tell why, where the model has them.
    public var isOffline = false
    /// As DLE EOT 2 or automatic status told it last; not what a full status says of the cover.
    public var isCoverOpen = false
    /// The end of the paper, by DLE EOT 2 or 4 or by automatic status, whichever came last.
    public var isPaperOut = false
    /// The roll is near its end (DLE EOT 4, bits 0C); it still prints.
    public var isPaperNearEnd = false
    /// An error of the cutter (DLE EOT 3, bit 08).
    public var hasCutterError = false
    /// A mechanical error (DLE EOT 3, bit 04).
    public var hasMechanicalError = false
    /// An error that the printer calls unrecoverable (DLE EOT 3, bit 20).
    public var hasUnrecoverableError = false
    /// An error that DLE EOT 2 tells of without naming it.
    public var hasError = false
    /// The full status of a printer with a presenter, kept apart: a cover that one answer tells of is not closed by
    /// another that does not know it. `nil` until the printer has told all of it.
    public private(set) var full: FullStatus?

    /// Nothing was told yet: no condition is set.
    public init() {}

    /// Nothing can be printed until a person has done something.
    public var isStopped: Bool {
        isOffline || isCoverOpen || isPaperOut || hasCutterError || hasMechanicalError || hasUnrecoverableError
            || hasError || full?.isStopped == true
    }

    /// Near the end of the roll, by any of the sensors that tell.
    public var isPaperLow: Bool { isPaperNearEnd || full?.isPaperNearEnd == true }

    /// Whether nothing but paper differs: paper that runs low while it prints, and a slip that comes out, are no sign
    /// against a print.
    func isAsGood(as before: PrinterCondition) -> Bool {
        var (now, then) = (self, before)
        (now.full, now.isPaperNearEnd) = (nil, false)
        (then.full, then.isPaperNearEnd) = (nil, false)
        return now == then && full?.isStopped == before.full?.isStopped
    }

    /// Takes in what came of a full status; a part of one only when the rest is known.
    public mutating func apply(_ report: FullStatusReport) {
        guard report.isWhole || full != nil else { return }
        var status = full ?? FullStatus()
        status.take(report)
        full = status
    }

    /// The printer tells no full status any more.
    mutating func forgetFullStatus() { full = nil }

    /// Takes in the answer to DLE EOT `query`; answers to other queries than 1…4 change nothing.
    public mutating func apply(_ byte: UInt8, answering query: UInt8) {
        switch query {
        case 1:
            isOffline = byte & 0x08 != 0
        case 2:
            isCoverOpen = byte & 0x04 != 0
            isPaperOut = byte & 0x20 != 0
            hasError = byte & 0x40 != 0
        case 3:
            hasMechanicalError = byte & 0x04 != 0
            hasCutterError = byte & 0x08 != 0
            hasUnrecoverableError = byte & 0x20 != 0
        case 4:
            isPaperNearEnd = byte & 0x0C != 0
            isPaperOut = byte & 0x60 != 0
        default: break
        }
    }

    /// Takes in an automatic status, which tells everything at once.
    public mutating func apply(_ status: AutomaticStatus) {
        isOffline = status.bytes.0 & 0x08 != 0
        isCoverOpen = status.bytes.0 & 0x20 != 0
        hasMechanicalError = status.bytes.1 & 0x04 != 0
        hasCutterError = status.bytes.1 & 0x08 != 0
        hasUnrecoverableError = status.bytes.1 & 0x20 != 0
        hasError = status.bytes.1 & 0x40 != 0
        isPaperNearEnd = status.bytes.2 & 0x03 != 0
        isPaperOut = status.bytes.2 & 0x0C != 0
    }
}

/// The four bytes of automatic status back (GS a).
public struct AutomaticStatus: Sendable, Equatable {
    /// In the order of the line: printer, errors, paper, and a fourth that is not looked at.
    public let bytes: (UInt8, UInt8, UInt8, UInt8)

    /// Any four bytes: the parser has held them against the shapes above.
    public init(_ first: UInt8, _ second: UInt8, _ third: UInt8, _ fourth: UInt8) {
        bytes = (first, second, third, fourth)
    }

    /// All four bytes are the same.
    public static func == (left: AutomaticStatus, right: AutomaticStatus) -> Bool { left.bytes == right.bytes }
}

/// Sorts the bytes that come from an ESC/POS printer, cut into pieces in any way.
///
/// - DLE EOT answers are `0xx1xx10`;
/// - automatic status begins with `0xx1xx00` and is four bytes, the others `0xx0xxxx`;
/// - blocks begin with `5F` or `37` and end at `00`;
/// - XON is `11`, XOFF `13`;
/// - single bytes `0xx0xxxx` answer GS r and GS I 1…3.
///
/// Of a printer that knows the full status, also `10 n` and a byte for each bit of n, bit 4 of each being 0. Automatic
/// status has neither of n's lowest two bits, so that the two are told apart by their second byte. Such printers tell a
/// pressed key in bit 7 of a DLE EOT answer.
///
/// Holds one block at most; what fits nowhere is counted and dropped.
public struct ESCPOSStatusParser: Sendable {
    /// One thing that the printer said.
    public enum Item: Sendable, Equatable {
        /// An answer to DLE EOT; nothing in it says to which.
        case realTime(UInt8)
        /// The four bytes that `GS a` switched on, told unasked with each change.
        case automatic(AutomaticStatus)
        /// A full status or a part of it, asked for or not.
        case full(FullStatusReport)
        /// A block without its header and its end: `22 d1 d2 d3 d4` of `37 22 d1 d2 d3 d4 00`.
        case block(header: UInt8, [UInt8])
        /// An answer to GS r or to GS I 1…3.
        case single(UInt8)
        /// XON: true, XOFF: false.
        case flow(Bool)
    }

    static let longestBlock = 80

    private enum State: Sendable {
        case idle
        case automatic([UInt8])
        case full(parts: UInt8, [UInt8])
        case block(header: UInt8)
    }

    private let knowsFullStatus: Bool

    private var state = State.idle
    private var block: [UInt8] = []
    /// Bytes that fit nowhere, and pieces that broke off, since the parser was made.
    public private(set) var droppedBytes = 0

    /// - Parameter knowsFullStatus: the printer answers DLE EOT 20.
    public init(knowsFullStatus: Bool = false) { self.knowsFullStatus = knowsFullStatus }

    /// Forgets what began and did not end: its rest will not come any more.
    public mutating func dropUnfinished() {
        switch state {
        case .idle: break
        case .automatic(let known): droppedBytes += known.count
        case .full(_, let known): droppedBytes += known.count + 2
        case .block: droppedBytes += block.count + 1
        }
        block = []
        state = .idle
    }

    /// Takes bytes as they arrive.
    /// - Returns: what ended with them, in order.
    public mutating func feed(_ bytes: some Sequence<UInt8>) -> [Item] {
        var items: [Item] = []
        for byte in bytes { if let item = feed(byte) { items.append(item) } }
        return items
    }

    private mutating func feed(_ byte: UInt8) -> Item? {
        switch state {
        case .idle: return begin(byte)
        case .automatic(let known):
            // Flow control may come between the four; anything else begins anew.
            if byte == 0x11 || byte == 0x13 { return .flow(byte == 0x11) }
            if knowsFullStatus, known == [0x10], byte & 0xF0 == 0, byte & 0x03 != 0 {
                state = .full(parts: byte, [])
                return nil
            }
            guard byte & 0x90 == 0 else {
                droppedBytes += known.count
                state = .idle
                return begin(byte)
            }
            guard known.count == 3 else {
                state = .automatic(known + [byte])
                return nil
            }
            state = .idle
            return .automatic(AutomaticStatus(known[0], known[1], known[2], byte))
        case .full(let parts, let known):
            if byte == 0x11 || byte == 0x13 { return .flow(byte == 0x11) }
            guard byte & 0x10 == 0 else {
                dropUnfinished()
                return begin(byte)
            }
            let bytes = known + [byte]
            guard let report = FullStatusReport(parts: parts, bytes: bytes) else {
                state = .full(parts: parts, bytes)
                return nil
            }
            state = .idle
            return .full(report)
        case .block(let header):
            if byte == 0 {
                state = .idle
                defer { block = [] }
                return .block(header: header, block)
            }
            guard block.count < Self.longestBlock else {
                droppedBytes += block.count + 1
                block = []
                state = .idle
                return begin(byte)
            }
            block.append(byte)
            return nil
        }
    }

    private mutating func begin(_ byte: UInt8) -> Item? {
        switch byte {
        case 0x11, 0x13: return .flow(byte == 0x11)
        case 0x5F, 0x37:
            state = .block(header: byte)
            return nil
        case _ where byte & (knowsFullStatus ? 0x13 : 0x93) == 0x12: return .realTime(byte)
        case _ where byte & 0x93 == 0x10:
            state = .automatic([byte])
            return nil
        case _ where byte & 0x90 == 0: return .single(byte)
        default:
            droppedBytes += 1
            return nil
        }
    }
}
