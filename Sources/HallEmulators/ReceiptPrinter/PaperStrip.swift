/// The paper that hangs from a receipt printer: 576 dots wide, 8 dots a millimetre, growing row by row at the print
/// head. The cutter sits 14 mm above the head, so a cut leaves the last 14 mm in the printer.
struct PaperStrip {
    enum Mark: Equatable {
        case text(String)
        case qr(String)
    }

    static let bytesPerRow = 72
    static let dotsPerMillimetre = 8
    static let headToCutterRows = 14 * dotsPerMillimetre
    /// Paper longer than this is still counted, but no longer kept as a picture.
    static let longestPicture = 3_000 * dotsPerMillimetre
    static let blankRow = [UInt8](repeating: 0, count: bytesPerRow)

    /// Black dots as 1, row after row.
    private(set) var bits: [UInt8]
    private(set) var rowCount: Int
    private(set) var marks: [(row: Int, mark: Mark)] = []
    /// Rows that passed the head since the strip began.
    private(set) var printedRows = 0
    /// The first row with a black dot.
    private var firstInkRow: Int?
    /// Something that belonged on this strip was lost, or is on another one.
    var isDamaged = false

    init() {
        rowCount = Self.headToCutterRows
        bits = [UInt8](repeating: 0, count: Self.headToCutterRows * Self.bytesPerRow)
    }

    mutating func append(_ row: [UInt8], mark: Mark?) {
        if rowCount < Self.longestPicture { bits += row }
        if firstInkRow == nil, row.contains(where: { $0 != 0 }) { firstInkRow = rowCount }
        if let mark, marks.count < 2_000 { marks.append((rowCount, mark)) }
        rowCount += 1
        printedRows += 1
    }

    /// Cuts at the cutter. The piece comes off; what lay between head and cutter stays as the beginning of the next.
    mutating func cutOff() -> PaperStrip {
        let staying = min(rowCount, Self.headToCutterRows)
        let border = rowCount - staying
        var piece = self
        piece.rowCount = border
        piece.bits = Array(bits.prefix(border * Self.bytesPerRow))
        piece.marks = marks.filter { $0.row < border }
        piece.firstInkRow = firstInkRow.flatMap { $0 < border ? $0 : nil }
        var rest = PaperStrip()
        if bits.count == rowCount * Self.bytesPerRow {
            rest.bits = Array(bits.suffix(staying * Self.bytesPerRow))
            rest.firstInkRow = rest.bits.firstIndex { $0 != 0 }.map { $0 / Self.bytesPerRow }
        }
        rest.marks = marks.filter { $0.row >= border }.map { ($0.row - border, $0.mark) }
        self = rest
        return piece
    }

    /// Something is printed on it, be it still inside the printer.
    var hasInk: Bool { firstInkRow != nil }

    /// Something printed has passed the cutter and can be seen and pulled.
    var hangsOut: Bool { firstInkRow.map { $0 < rowCount - Self.headToCutterRows } ?? false }

    /// How far it has come out of the cutter.
    var rowsBehindCutter: Int { max(0, rowCount - Self.headToCutterRows) }

    var millimetres: Int { rowCount / Self.dotsPerMillimetre }

    var lines: [String] { marks.compactMap { if case .text(let text) = $0.mark { text } else { nil } } }

    var qrContents: [String] { marks.compactMap { if case .qr(let text) = $0.mark { text } else { nil } } }
}
