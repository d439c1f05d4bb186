/// The receipt printer as a pure state machine: bytes in, answers out, paper moves by so many dots when told that time
/// has passed. No sockets, no clock.
struct ReceiptPrinterCore {
    /// An answer; `to` is the connection that asked, `nil` means all.
    struct Answer: Equatable {
        var to: Int?
        var bytes: [UInt8]
    }

    struct Row {
        var bits: [UInt8]
        var mark: PaperStrip.Mark?
    }

    struct Slip {
        let id: String
        let strip: PaperStrip
        let wasCut: Bool
        var place: SlipPlace
        /// White paper, which is no slip; only a presenter holds it.
        var isScrap = false
    }

    static let receiveBuffer = 65_536
    static let slipLimit = 50

    var model = ReceiptPrinterModel.epson {
        didSet {
            lexer.knowsProcessID = model == .epson
            lexer.isKioskPrinter = model == .customKiosk
            presenter = Presenter()
            condition.kiosk = []
            slips.removeAll { $0.isScrap }
        }
    }
    var presenter = Presenter() {
        didSet { lexer.cutsPartially = model != .customKiosk || presenter.cutsPartially }
    }
    var executesRealTimeInsideData = false {
        didSet { lexer.executesRealTimeInsideData = executesRealTimeInsideData }
    }
    var condition = ReceiptPrinterCondition()
    private(set) var isPowered = true
    private(set) var cutter = ReceiptCutter.ok
    var faultAt: ReceiptPrinterSnapshot.FaultAt?
    /// Becomes true when the fault at a millimetre switched the power off; whoever owns the sockets closes them.
    private(set) var lostPower = false

    private(set) var slips: [Slip] = []
    private(set) var strip = PaperStrip()
    private var slipNumber = 0
    /// Pieces that were cut off white.
    private(set) var scraps = 0

    private var lexer = ESCPOSLexer()
    private var queue: [(token: ESCPOSToken, from: Int)] = []
    private var queueStart = 0
    private(set) var bufferedBytes = 0
    private var rows: [Row] = []
    private var rowsStart = 0
    private var page = PageState()
    private var raster: ESCPOSRaster?
    private var statusBackMask: UInt8 = 0
    private var reported = ReceiptPrinterCondition()

    // MARK: Bytes in

    /// Takes bytes as far as the buffer has room; returns how many, and the answers to real-time commands.
    mutating func receive(_ bytes: ArraySlice<UInt8>, from connection: Int) -> (taken: Int, answers: [Answer]) {
        var answers: [Answer] = []
        var taken = 0
        for byte in bytes {
            guard isPowered, bufferedBytes < Self.receiveBuffer else { break }
            taken += 1
            for found in lexer.feed(byte) {
                switch found {
                case .token(let token):
                    queue.append((token, connection))
                    bufferedBytes += token.byteCount
                case .realTime(let command):
                    answers += execute(command, from: connection)
                }
            }
        }
        return (taken, answers)
    }

    private mutating func execute(_ command: ESCPOSRealTime, from connection: Int) -> [Answer] {
        switch command {
        case .status(let n):
            if model == .customKiosk {
                let bytes = kioskRealTimeStatus(n)
                return bytes.isEmpty ? [] : [Answer(to: connection, bytes: bytes)]
            }
            guard model == .epson || n == 1 || n == 4 else { return [] }
            return [Answer(to: connection, bytes: [condition.realTimeByte(n)])]
        case .clearBuffer:
            guard model == .epson else { return [] }
            clearBuffer()
            // DLE DC4 fn 8 says so itself: header 37, identifier 25, status, NUL.
            return [Answer(to: connection, bytes: [0x37, 0x25, 0x00])]
        case .recover(let n):
            guard model != .customKiosk else { return [] }
            if condition.cutterFailed, cutter == .ok { condition.cutterFailed = false }
            if n == 2 { clearBuffer() }
            return report()
        }
    }

    private mutating func clearBuffer() {
        if strip.hasInk { strip.isDamaged = true }
        queue.removeAll()
        queueStart = 0
        bufferedBytes = 0
        rows.removeAll()
        rowsStart = 0
        raster = nil
        page = PageState()
        lexer.reset()
    }

    // MARK: Time

    /// Nothing waits to be printed.
    var isIdle: Bool { queueStart == queue.count && rowsStart == rows.count }

    /// The paper is being moved.
    var isMoving: Bool { isPowered && condition.isOnline && rowsStart < rows.count }

    /// No characters wait for the end of their line.
    var isLineEmpty: Bool { page.isLineEmpty }

    /// The paper moves by at most so many dots.
    mutating func advance(dots: Int) -> [Answer] {
        var answers: [Answer] = []
        var left = dots
        while isPowered, condition.isOnline {
            if rowsStart < rows.count {
                guard left > 0 else { break }
                left -= 1
                moveOneRow()
                answers += faultIfReached()
                continue
            }
            rows.removeAll(keepingCapacity: true)
            rowsStart = 0
            guard queueStart < queue.count else { break }
            let (token, from) = queue[queueStart]
            queueStart += 1
            bufferedBytes -= token.byteCount
            if queueStart > 4_096 {
                queue.removeFirst(queueStart)
                queueStart = 0
            }
            answers += execute(token, from: from)
        }
        if queueStart == queue.count {
            queue.removeAll(keepingCapacity: true)
            queueStart = 0
        }
        return answers + reportFullStatus()
    }

    private mutating func moveOneRow() {
        clearPaperPath()
        let row = rows[rowsStart]
        rowsStart += 1
        strip.append(row.bits, mark: row.mark)
    }

    private mutating func faultIfReached() -> [Answer] {
        guard let fault = faultAt, strip.printedRows >= fault.millimetres * PaperStrip.dotsPerMillimetre else {
            return []
        }
        faultAt = nil
        switch fault.fault {
        case .nearEnd: return setPaper(.nearEnd)
        case .paperOut: return setPaper(.out)
        case .cutter: return setCutter(.error)
        case .cover: return setCover(.open)
        case .jam: return set(.jam, true)
        case .power:
            setPower(false)
            lostPower = true
            return []
        }
    }

    /// Whether the power went since last asked.
    mutating func takeLostPower() -> Bool {
        defer { lostPower = false }
        return lostPower
    }

    // MARK: Commands

    private mutating func execute(_ token: ESCPOSToken, from connection: Int) -> [Answer] {
        switch token {
        case .text(let byte):
            if page.put(byte) { printLine() }
        case .lineFeed: printLine()
        case .rasterBegin(let raster):
            flushLine()
            self.raster = raster
        case .rasterRow(let bits): printRaster(bits)
        case .command(let command): return execute(command, from: connection)
        }
        return []
    }

    private mutating func execute(_ command: ESCPOSCommand, from connection: Int) -> [Answer] {
        switch command {
        case .ignored: break
        case .initialise: page = PageState()
        case .lineSpacing(let units): page.apply(.lineSpacing(units.map { dots(ofUnits: $0) }))
        case .align, .emphasise, .underline, .size, .chinese, .absolutePosition, .qrSize, .qrLevel,
            .qrStore:
            page.apply(command)
        case .feedLines(let count):
            flushLine()
            feed(count * page.lineSpacing)
        case .feedDots(let count):
            flushLine()
            feed(dots(ofUnits: count))
        case .qrPrint: printQR()
        case .cut(let feedDots): return cut(feedDots)
        case .processID(let id): return [Answer(to: connection, bytes: [0x37, 0x22] + id + [0x00])]
        case .statusBack(let mask):
            guard model == .epson else { break }
            statusBackMask = mask
            reported = condition
            return mask == 0 ? [] : [Answer(to: nil, bytes: condition.automaticStatus)]
        case .transmitStatus(let n):
            let answer: UInt8 = n == 1 || n == 49 ? condition.sensorByte : 0
            return [Answer(to: connection, bytes: [answer])]
        case .presenter(let command): return execute(command, from: connection)
        case .fullStatusBack(let mask): return setFullStatusBack(mask)
        case .transmitIdentity(let n): return identity(n).map { [Answer(to: connection, bytes: $0)] } ?? []
        }
        return []
    }

    /// Vertical motion units: dots, of a kiosk printer half dots (1/408 inch).
    private func dots(ofUnits units: Int) -> Int { model == .customKiosk ? (units + 1) / 2 : units }

    private func identity(_ n: UInt8) -> [UInt8]? {
        func block(_ text: String) -> [UInt8] { [0x5F] + Array(text.utf8) + [0x00] }
        // One byte for the model, one for what it has (a cutter); the long answers are not known.
        if model == .customKiosk { return [1: [0x5D], 49: [0x5D], 2: [0x02], 50: [0x02]][n] }
        switch n {
        case 1, 49: return [model == .epson ? 0x20 : 0x02]
        case 2, 50: return [0x02]
        case 3, 51: return [0x01]
        case 65: return block("1.00 HALL")
        case 66: return block(model == .epson ? "EPSON" : "POS")
        case 67: return block(model == .epson ? "TM-T88-EMULATED" : "80MM-EMULATED")
        case 68: return block("HALL000001")
        case 69: return block("CHINA GB18030")
        default: return nil
        }
    }

    // MARK: Paper

    /// Prints what stands in the line buffer and feeds one line.
    private mutating func printLine() {
        guard !page.line.isEmpty else { return feed(page.lineSpacing) }
        let height = page.lineHeight
        let text = String(page.line.map(\.character))
        var drawn = ResidentFont.rows(page.line, from: page.left, height: height).map { Row(bits: $0, mark: nil) }
        if !drawn.isEmpty { drawn[drawn.count - 1].mark = .text(text) }
        rows += drawn
        feed(max(0, page.lineSpacing - height))
        page.endLine()
    }

    private mutating func flushLine() { if !page.line.isEmpty { printLine() } }

    private mutating func feed(_ dots: Int) {
        rows += repeatElement(Row(bits: PaperStrip.blankRow, mark: nil), count: max(0, dots))
    }

    private mutating func printRaster(_ bits: [UInt8]) {
        guard let raster else { return }
        var source = raster.doubleWidth ? Self.doubled(bits) : bits
        if source.count > PaperStrip.bytesPerRow { source = Array(source.prefix(PaperStrip.bytesPerRow)) }
        let free = PaperStrip.bytesPerRow - source.count
        let left = page.align == 1 ? free / 2 : page.align == 2 ? free : 0
        var row = PaperStrip.blankRow
        row.replaceSubrange(left..<(left + source.count), with: source)
        rows += repeatElement(Row(bits: row, mark: nil), count: raster.doubleHeight ? 2 : 1)
    }

    private static func doubled(_ bits: [UInt8]) -> [UInt8] {
        bits.flatMap { byte -> [UInt8] in
            var wide: UInt16 = 0
            for bit in 0..<8 where byte & (1 << UInt8(bit)) != 0 { wide |= 3 << UInt16(2 * bit) }
            return [UInt8(wide >> 8), UInt8(wide & 0xFF)]
        }
    }

    private mutating func printQR() {
        flushLine()
        let drawn = ResidentFont.qrRows(page.qrData, moduleDots: page.qrSize, level: page.qrLevel, align: page.align)
        rows += drawn.map { Row(bits: $0, mark: nil) }
        if !drawn.isEmpty { rows[rows.count - 1].mark = .qr(String(decoding: page.qrData, as: UTF8.self)) }
    }

    private mutating func cut(_ feedDots: Int?) -> [Answer] {
        flushLine()
        if let feedDots {
            feed(PaperStrip.headToCutterRows + dots(ofUnits: feedDots))
            putCutBack()
            return []
        }
        if rowsStart < rows.count {
            putCutBack()
            return []
        }
        if model == .customKiosk {
            guard strip.rowsBehindCutter > 0 else { return [] }
            let missing = Presenter.shortestSlipRows - strip.rowsBehindCutter
            if missing > 0 {
                feed(missing)
                putCutBack()
                return []
            }
        }
        guard cutter == .ok else {
            condition.cutterFailed = true
            putCutBack()
            return report()
        }
        let piece = strip.cutOff()
        keep(piece, wasCut: true, place: placeOfPiece)
        return []
    }

    /// The cut comes next again, once the paper has moved or the cutter is free.
    private mutating func putCutBack() { putBack([.command(.cut(feedDots: nil))], from: 0) }

    /// These come next, before what waits.
    mutating func putBack(_ tokens: [ESCPOSToken], from connection: Int) {
        queue.insert(contentsOf: tokens.map { ($0, connection) }, at: queueStart)
        bufferedBytes += tokens.reduce(0) { $0 + $1.byteCount }
    }

    mutating func keep(_ piece: PaperStrip, wasCut: Bool, place: SlipPlace = .slot) {
        guard piece.hasInk else {
            scraps += 1
            if model == .customKiosk, place != .taken {
                slips.append(Slip(id: "", strip: piece, wasCut: wasCut, place: place, isScrap: true))
            }
            return
        }
        slipNumber += 1
        slips.append(Slip(id: "slip-\(slipNumber)", strip: piece, wasCut: wasCut, place: place))
        if slips.count > Self.slipLimit { slips.removeFirst() }
    }

    mutating func moveSlips(from places: Set<SlipPlace>, to place: SlipPlace) {
        for index in slips.indices where places.contains(slips[index].place) { slips[index].place = place }
        slips.removeAll { $0.isScrap && $0.place != .slot && $0.place != .inside }
    }

    mutating func cutStripOff() -> PaperStrip { strip.cutOff() }

    mutating func damageStrip(_ isSo: Bool) { strip.isDamaged = isSo }

    /// Takes the slips out of the slot. Paper that hangs there and does not move is torn off.
    @discardableResult
    mutating func takeSlip() -> [Answer] {
        takeFromSlot()
        let isStill = isIdle || !condition.isOnline || !isPowered
        if isStill, stripCanBePulled {
            let wasInTheMiddle = !isIdle || strip.isDamaged
            let piece = strip.cutOff()
            keep(piece, wasCut: false, place: .taken)
            strip.isDamaged = wasInTheMiddle
        }
        return reportFullStatus()
    }

    // MARK: What happens to the printer

    mutating func setPaper(_ paper: ReceiptPaper) -> [Answer] {
        if condition.paper == .out, paper != .out {
            // A new roll: what hung from the old one comes off, and what still waits goes onto the new one.
            let isInTheMiddle = strip.hasInk && !isIdle
            if strip.hasInk {
                var piece = strip
                piece.isDamaged = true
                keep(piece, wasCut: false)
            }
            strip = PaperStrip()
            strip.isDamaged = isInTheMiddle
        }
        condition.paper = paper
        return report()
    }

    mutating func setCover(_ cover: ReceiptCover) -> [Answer] {
        condition.cover = cover
        return report()
    }

    mutating func setCutter(_ cutter: ReceiptCutter) -> [Answer] {
        self.cutter = cutter
        if cutter == .ok { condition.cutterFailed = false }
        return report()
    }

    mutating func setPower(_ on: Bool) {
        guard on != isPowered else { return }
        isPowered = on
        clearBuffer()
        statusBackMask = 0
        presenter.statusBackMask = 0
        presenter.presenting = presenter.setUp
        reported = condition
        condition.cutterFailed = false
    }

    mutating func report() -> [Answer] {
        if model == .customKiosk { return reportFullStatus() }
        let changes = condition.changes(from: reported)
        reported = condition
        guard isPowered, statusBackMask & changes != 0 else { return [] }
        return [Answer(to: nil, bytes: condition.automaticStatus)]
    }

    // MARK: From outside

    func snapshot(connections: Int, fault: CableFault = .none) -> ReceiptPrinterSnapshot {
        ReceiptPrinterSnapshot(
            model: model, power: isPowered ? "on" : "off", paper: condition.paper, cover: condition.cover,
            cutter: cutter, online: isPowered && condition.isOnline, printing: isPowered && !isIdle,
            slipInSlot: model == .customKiosk ? paperInSlot : slips.contains { $0.place == .slot } || strip.hangsOut,
            presenter: model == .customKiosk ? presenterSnapshot : nil,
            currentMillimetres: strip.printedRows / PaperStrip.dotsPerMillimetre, bufferedBytes: bufferedBytes,
            scraps: scraps, connections: connections, faultAt: faultAt, fault: fault,
            executesRealTimeInsideData: executesRealTimeInsideData)
    }

    /// All slips, oldest first; the paper that hangs from the printer comes last.
    var slipEntries: [SlipEntry] {
        var entries = slips.filter { !$0.isScrap }.map { slip in
            SlipEntry(
                id: slip.id, millimetres: slip.strip.millimetres, cut: slip.wasCut,
                complete: slip.wasCut && !slip.strip.isDamaged, taken: slip.place == .taken, place: slip.place,
                lines: slip.strip.lines, qr: slip.strip.qrContents)
        }
        if strip.hasInk {
            entries.append(
                SlipEntry(
                    id: "current", millimetres: strip.printedRows / PaperStrip.dotsPerMillimetre, cut: false,
                    complete: false, taken: false, place: stripCanBePulled ? .slot : .inside, lines: strip.lines,
                    qr: strip.qrContents))
        }
        return entries
    }

    func strip(_ id: String) -> PaperStrip? {
        id == "current" ? strip : slips.first { $0.id == id }?.strip
    }
}
