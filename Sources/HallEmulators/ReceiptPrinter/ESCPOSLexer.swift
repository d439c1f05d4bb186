/// Cuts the byte stream of a receipt printer into tokens; pure, and bounded by the longest command kept (a QR code's
/// data). Real-time commands are found as they come in; inside binary data only when the printer is told to be so.
struct ESCPOSLexer {
    enum Found: Equatable {
        case token(ESCPOSToken)
        case realTime(ESCPOSRealTime)
    }

    /// A printer family: which commands it has never heard of.
    var knowsProcessID = true
    /// Commands of the presenter and the full status; no GS a.
    var isKioskPrinter = false
    /// GS V 1, 49, 66 …; a kiosk printer that cuts all through, or not at all, knows 0, 48 and 65 alone.
    var cutsPartially = true
    /// Many real printers execute DLE sequences inside pictures.
    var executesRealTimeInsideData = false

    private enum Mode {
        case commands
        case raster(ESCPOSRaster, rowsLeft: Int, row: [UInt8])
        /// Collects the parameters of GS ( and the like, keeping at most `longestKept`.
        case parameters(head: [UInt8], left: Int, kept: [UInt8])
        case skipToZero
    }

    static let longestKept = 7_200
    private var mode = Mode.commands
    private var pending: [UInt8] = []
    private var lastInData: [UInt8] = []

    mutating func reset() {
        mode = .commands
        pending.removeAll()
        lastInData.removeAll()
    }

    mutating func feed(_ byte: UInt8) -> [Found] {
        switch mode {
        case .commands: return command(byte)
        case .raster(let raster, let rowsLeft, var row):
            var found = realTimeInsideData(byte)
            row.append(byte)
            if row.count < raster.bytesPerRow {
                mode = .raster(raster, rowsLeft: rowsLeft, row: row)
                return found
            }
            mode = rowsLeft > 1 ? .raster(raster, rowsLeft: rowsLeft - 1, row: []) : .commands
            found.append(.token(.rasterRow(row)))
            return found
        case .parameters(let head, let left, var kept):
            var found = realTimeInsideData(byte)
            if kept.count < Self.longestKept { kept.append(byte) }
            if left > 1 {
                mode = .parameters(head: head, left: left - 1, kept: kept)
            } else {
                mode = .commands
                found.append(.token(.command(Self.parenthesised(head, kept))))
            }
            return found
        case .skipToZero:
            if byte == 0 { mode = .commands }
            return []
        }
    }

    private mutating func realTimeInsideData(_ byte: UInt8) -> [Found] {
        guard executesRealTimeInsideData else { return [] }
        lastInData.append(byte)
        if lastInData.count > 3 { lastInData.removeFirst() }
        guard lastInData.count == 3, lastInData[0] == 0x10, lastInData[1] == 0x04, isStatus(lastInData[2])
        else { return [] }
        return [.realTime(.status(lastInData[2]))]
    }

    private func isStatus(_ n: UInt8) -> Bool { (1...4).contains(n) || isKioskPrinter && (n == 17 || n == 20) }

    // MARK: Commands

    private mutating func command(_ byte: UInt8) -> [Found] {
        pending.append(byte)
        switch pending[0] {
        case 0x10: return dataLinkEscape()
        case 0x1B: return finish(escape())
        case 0x1C: return finish(fileSeparator())
        case 0x1D: return finish(groupSeparator())
        case 0x0A: return finish(Step.token(.lineFeed))
        case 0x0C where isKioskPrinter: return finish(Step.token(.command(.presenter(.present))))
        case 0x09, 0x0D, 0x00, 0x0C, 0x18: return finish(Step.token(.command(.ignored)))
        default: return finish(Step.token(.text(byte)))
        }
    }

    private enum Step {
        case more
        case token(ESCPOSToken)
        case enter(Mode, ESCPOSToken?)
        case unknown
    }

    private mutating func finish(_ step: Step) -> [Found] {
        switch step {
        case .more: return []
        case .token(let token):
            pending.removeAll()
            return [.token(token)]
        case .enter(let next, let token):
            pending.removeAll()
            lastInData.removeAll()
            mode = next
            return token.map { [.token($0)] } ?? []
        case .unknown:
            // What a printer does not know, it prints, without the control bytes.
            let garbage = pending.filter { $0 >= 0x20 }
            pending.removeAll()
            return garbage.map { .token(.text($0)) }
        }
    }

    private mutating func dataLinkEscape() -> [Found] {
        guard pending.count >= 2 else { return [] }
        func done(_ found: [Found]) -> [Found] {
            pending.removeAll()
            return found
        }
        switch pending[1] {
        case 0x04:
            guard pending.count == 3 else { return [] }
            return done(isStatus(pending[2]) ? [.realTime(.status(pending[2]))] : [])
        case 0x05:
            guard pending.count == 3 else { return [] }
            return done([.realTime(.recover(pending[2]))])
        case 0x14:
            guard pending.count >= 3 else { return [] }
            let length = [0x01: 5, 0x02: 5, 0x08: 10][Int(pending[2])] ?? 3
            guard pending.count == length else { return [] }
            let isClear = pending == [0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08]
            return done(isClear ? [.realTime(.clearBuffer)] : [])
        default:
            return finish(.unknown)
        }
    }

    private func escape() -> Step {
        guard pending.count >= 2 else { return .more }
        let value = pending.count >= 3 ? pending[2] : nil
        func one(_ make: (UInt8) -> ESCPOSCommand) -> Step { value.map { .token(.command(make($0))) } ?? .more }
        switch pending[1] {
        case UInt8(ascii: "@"): return .token(.command(.initialise))
        case UInt8(ascii: "2"): return .token(.command(.lineSpacing(nil)))
        case UInt8(ascii: "3"): return one { .lineSpacing(Int($0)) }
        case UInt8(ascii: "a"): return one { .align(Int($0) % 48) }
        case UInt8(ascii: "E"), UInt8(ascii: "G"): return one { .emphasise($0 & 1 == 1) }
        case UInt8(ascii: "-"): return one { .underline($0 % 48 > 0) }
        case UInt8(ascii: "d"): return one { .feedLines(Int($0)) }
        case UInt8(ascii: "J"): return one { .feedDots(Int($0)) }
        case UInt8(ascii: "!"): return one { .size(width: $0 & 0x20 != 0 ? 2 : 1, height: $0 & 0x10 != 0 ? 2 : 1) }
        case UInt8(ascii: "v"): return .token(.command(.transmitStatus(1)))
        case UInt8(ascii: "i"), UInt8(ascii: "m"): return .token(.command(.cut(feedDots: nil)))
        case UInt8(ascii: "$"):
            guard pending.count == 4 else { return .more }
            return .token(.command(.absolutePosition(Int(pending[2]) + 256 * Int(pending[3]))))
        case UInt8(ascii: "F") where isKioskPrinter: return .token(.command(.presenter(.continuous(true))))
        case let other: return ignored(Self.escapeParameters[other] ?? kiosk([UInt8(ascii: "C"): 1], other))
        }
    }

    private func fileSeparator() -> Step {
        guard pending.count >= 2 else { return .more }
        switch pending[1] {
        case UInt8(ascii: "&"): return .token(.command(.chinese(true)))
        case UInt8(ascii: "."): return .token(.command(.chinese(false)))
        case UInt8(ascii: "P") where isKioskPrinter:
            return pending.count == 6 ? .token(.command(.presenter(.present))) : .more
        case let other:
            return ignored(Self.fileSeparatorParameters[other] ?? kiosk([UInt8(ascii: "K"): 1, 0xC1: 1], other))
        }
    }

    /// The number of parameters of a command that only kiosk printers know.
    private func kiosk(_ parameters: [UInt8: Int], _ command: UInt8) -> Int? {
        isKioskPrinter ? parameters[command] : nil
    }

    /// GS e n [m [t]]: presenter and ejector.
    private func ejector() -> Step {
        guard pending.count >= 3 else { return .more }
        let length = [3: 4, 32: 5][pending[2]] ?? 3
        guard pending.count == length else { return .more }
        switch pending[2] {
        case 2: return .token(.command(.presenter(.drawBack)))
        case 3, 32: return .token(.command(.presenter(.present)))
        case 5: return .token(.command(.presenter(.eject)))
        case 6: return .token(.command(.presenter(.transmitStatus)))
        case 18, 20: return .token(.command(.presenter(.continuous(pending[2] == 20))))
        default: return .token(.command(.ignored))
        }
    }

    private func groupSeparator() -> Step {
        guard pending.count >= 2 else { return .more }
        let value = pending.count >= 3 ? pending[2] : nil
        func one(_ make: (UInt8) -> ESCPOSCommand) -> Step { value.map { .token(.command(make($0))) } ?? .more }
        switch pending[1] {
        case UInt8(ascii: "!"): return one { .size(width: Int($0 >> 4 & 7) + 1, height: Int($0 & 7) + 1) }
        case UInt8(ascii: "a") where !isKioskPrinter: return one { .statusBack($0) }
        case UInt8(ascii: "e") where isKioskPrinter: return ejector()
        case 0xE0 where isKioskPrinter: return one { .fullStatusBack($0) }
        case UInt8(ascii: "r"): return one { .transmitStatus($0) }
        case UInt8(ascii: "I"): return one { .transmitIdentity($0) }
        case UInt8(ascii: "V"): return cut()
        case UInt8(ascii: "v"): return raster()
        case UInt8(ascii: "("): return parenthesis()
        case UInt8(ascii: "k"): return barcode()
        case let other:
            return ignored(Self.groupSeparatorParameters[other] ?? kiosk(Self.kioskGroupSeparatorParameters, other))
        }
    }

    private func ignored(_ parameters: Int?) -> Step {
        guard let parameters else { return .unknown }
        return pending.count == 2 + parameters ? .token(.command(.ignored)) : .more
    }

    private func cut() -> Step {
        guard pending.count >= 3 else { return .more }
        // Another m is not in its reference; it is passed over, and what follows is data.
        if !cutsPartially, ![0, 48, 65].contains(pending[2]) { return .token(.command(.ignored)) }
        switch pending[2] {
        case 0, 1, 48, 49: return .token(.command(.cut(feedDots: nil)))
        case 65, 66, 97, 98, 103, 104:
            return pending.count == 4 ? .token(.command(.cut(feedDots: Int(pending[3])))) : .more
        default: return .unknown
        }
    }

    private func raster() -> Step {
        guard pending.count >= 3 else { return .more }
        guard pending[2] == UInt8(ascii: "0") else { return .unknown }
        guard pending.count == 8 else { return .more }
        let mode = pending[3] % 48
        let raster = ESCPOSRaster(
            bytesPerRow: Int(pending[4]) + 256 * Int(pending[5]), rows: Int(pending[6]) + 256 * Int(pending[7]),
            doubleWidth: mode & 1 == 1, doubleHeight: mode & 2 == 2)
        guard raster.bytesPerRow > 0, raster.bytesPerRow <= 8_191, raster.rows > 0 else {
            return .token(.command(.ignored))
        }
        return .enter(.raster(raster, rowsLeft: raster.rows, row: []), .rasterBegin(raster))
    }

    private func parenthesis() -> Step {
        guard pending.count >= 3 else { return .more }
        if pending[2] == UInt8(ascii: "H"), !knowsProcessID { return .unknown }
        guard pending.count == 5 else { return .more }
        let length = Int(pending[3]) + 256 * Int(pending[4])
        guard length > 0 else { return .token(.command(.ignored)) }
        return .enter(.parameters(head: pending, left: length, kept: []), nil)
    }

    private func barcode() -> Step {
        guard pending.count >= 3 else { return .more }
        if pending[2] <= 6 { return .enter(.skipToZero, nil) }
        guard pending.count == 4 else { return .more }
        let length = Int(pending[3])
        return length == 0 ? .token(.command(.ignored)) : .enter(.parameters(head: [0x1D], left: length, kept: []), nil)
    }

    /// GS ( k and GS ( H; others are understood by their length and have no effect.
    private static func parenthesised(_ head: [UInt8], _ data: [UInt8]) -> ESCPOSCommand {
        guard head.count == 5, data.count >= 2 else { return .ignored }
        switch (head[2], data[0], data[1]) {
        case (UInt8(ascii: "H"), 0x30, 0x30) where data.count == 6: return .processID(Array(data[2...]))
        case (UInt8(ascii: "k"), 0x31, 0x43) where data.count == 3: return .qrSize(Int(data[2]))
        case (UInt8(ascii: "k"), 0x31, 0x45) where data.count == 3: return .qrLevel(Int(data[2]) - 48)
        case (UInt8(ascii: "k"), 0x31, 0x50) where data.count > 3: return .qrStore(Array(data[3...]))
        case (UInt8(ascii: "k"), 0x31, 0x51): return .qrPrint
        default: return .ignored
        }
    }

    /// Commands without effect here, by the number of bytes that follow them.
    private static let escapeParameters: [UInt8: Int] = [
        UInt8(ascii: " "): 1, UInt8(ascii: "%"): 1, UInt8(ascii: "="): 1, UInt8(ascii: "?"): 1, UInt8(ascii: "M"): 1,
        UInt8(ascii: "R"): 1, UInt8(ascii: "S"): 0, UInt8(ascii: "T"): 1, UInt8(ascii: "V"): 1, UInt8(ascii: "\\"): 2,
        UInt8(ascii: "c"): 2, UInt8(ascii: "p"): 3, UInt8(ascii: "r"): 1, UInt8(ascii: "t"): 1, UInt8(ascii: "{"): 1,
        UInt8(ascii: "L"): 0,
    ]
    private static let fileSeparatorParameters: [UInt8: Int] = [
        UInt8(ascii: "!"): 1, UInt8(ascii: "-"): 1, UInt8(ascii: "C"): 1, UInt8(ascii: "S"): 2, UInt8(ascii: "W"): 1,
    ]
    private static let groupSeparatorParameters: [UInt8: Int] = [
        UInt8(ascii: "B"): 1, UInt8(ascii: "H"): 1, UInt8(ascii: "L"): 2, UInt8(ascii: "P"): 2, UInt8(ascii: "W"): 2,
        UInt8(ascii: "b"): 1, UInt8(ascii: "f"): 1, UInt8(ascii: "h"): 1, UInt8(ascii: "w"): 1,
    ]
    /// Density, motion units, virtual paper end, notch distance, shortest slip, quality, alignment.
    private static let kioskGroupSeparatorParameters: [UInt8: Int] = [
        UInt8(ascii: "|"): 1, 0xD0: 4, 0xE6: 2, 0xE7: 2, 0xE8: 1, 0xF0: 1, 0xF6: 0, 0xF8: 0,
    ]
}
