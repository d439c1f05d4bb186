import CPangoCairo
import HallModel

/// The typography of a slip at 8 dots a millimetre (203 dpi), for eyes that are not young any more: the smallest
/// Chinese character is 4.2 mm high.
enum SlipStyle {
    static let dotsPerMillimetre = 8
    static let body = 36
    static let title = 54
    static let largestNumber = 84
    static let smallestNumber = 48
    static let mark = 60
    static let gapAfterBlock = 10
    /// White on each side: the first dots of a cheap mechanism fade.
    static let margin = 8
    static let maximumRows = 12_000
    static let maximumBlocks = 200
}

/// A receipt laid out for one width of paper: blocks with their heights, ready to be drawn.
final class SlipLayout {
    private struct Block {
        var height: Int
        var draw: (_ canvas: OpaquePointer, _ y: Int) -> Void
    }

    private let measuring: SlipCanvas
    private let dotsAcross: Int
    /// Between the margins.
    private var column: Int { dotsAcross - 2 * SlipStyle.margin }
    private var blocks: [Block] = []
    private(set) var missingCharacters = 0

    /// Dots from the first to the last row.
    var rows: Int { blocks.reduce(0) { $0 + $1.height } }

    init(_ receipt: ReceiptDocument, dotsAcross: Int) throws(ReceiptFailure) {
        guard receipt.blocks.count <= SlipStyle.maximumBlocks else { throw .tooLong }
        self.dotsAcross = dotsAcross
        measuring = try SlipCanvas(width: dotsAcross, height: 1)
        if receipt.isSecondCopy { try addMark("补打") }
        let labels = try labelColumn(receipt.blocks)
        for block in receipt.blocks {
            try add(block, labels)
            guard rows <= SlipStyle.maximumRows else { throw .tooLong }
        }
    }

    /// Draws all blocks, ink as coverage.
    func drawn() throws(ReceiptFailure) -> SlipCanvas {
        let canvas = try SlipCanvas(width: dotsAcross, height: max(1, rows))
        var y = 0
        for block in blocks {
            block.draw(canvas.context, y)
            y += block.height
        }
        return canvas
    }

    private func add(_ block: ReceiptDocument.Block, _ labels: Int) throws(ReceiptFailure) {
        switch block {
        case .title(let text): try addText(text, size: SlipStyle.title, bold: true, alignment: .center)
        case .line(let text): try addText(text, size: SlipStyle.body)
        case .number(let text): try addNumber(text)
        case .row(let label, let value): try addRow(label, value, labels)
        case .qr(let text): try addQR(text)
        case .rule: addRule()
        case .space(let millimetres):
            let bounded = millimetres.isFinite ? min(max(millimetres, 0), 30) : 0
            blocks.append(Block(height: Int(bounded * Double(SlipStyle.dotsPerMillimetre))) { _, _ in })
        }
    }

    private func text(
        _ text: String, size: Int, bold: Bool = false, alignment: SlipText.Alignment = .left, within width: Int
    ) throws(ReceiptFailure) -> SlipText {
        try SlipText(text, on: measuring.context, size: size, bold: bold, alignment: alignment, within: width)
    }

    private func place(_ text: SlipText, gap: Int = SlipStyle.gapAfterBlock) {
        missingCharacters += text.missingCharacters
        blocks.append(
            Block(height: text.height + gap) { canvas, y in text.draw(on: canvas, x: SlipStyle.margin, y: y + gap / 2) }
        )
    }

    private func addText(
        _ content: String, size: Int, bold: Bool = false, alignment: SlipText.Alignment = .left
    ) throws(ReceiptFailure) {
        place(try text(content, size: size, bold: bold, alignment: alignment, within: column))
    }

    /// As large as the paper allows, on as few lines as possible, all of nearly the same length.
    private func addNumber(_ content: String) throws(ReceiptFailure) {
        guard content.count <= 80 else { return try addText(content, size: SlipStyle.body, bold: true) }
        for lineCount in 1...4 {
            let length = (content.count + lineCount - 1) / lineCount
            for size in stride(from: SlipStyle.largestNumber, through: SlipStyle.smallestNumber, by: -4) {
                var lines: [SlipText] = []
                var rest = content[...]
                repeat {
                    let part = String(rest.prefix(length))
                    lines.append(try text(part, size: size, bold: true, alignment: .center, within: column))
                    rest = rest.dropFirst(length)
                } while !rest.isEmpty
                guard lines.allSatisfy({ $0.lineCount == 1 }) else { continue }
                for line in lines { place(line, gap: 12) }
                return
            }
        }
        try addText(content, size: SlipStyle.body, bold: true)
    }

    /// Width of the widest label; 0 where values would be left with fewer than seven characters a line.
    private func labelColumn(_ blocks: [ReceiptDocument.Block]) throws(ReceiptFailure) -> Int {
        var widest = 0
        for case .row(let label, _) in blocks {
            widest = max(widest, try text(label, size: SlipStyle.body, within: column).width)
        }
        return column - widest - SlipStyle.body >= 7 * SlipStyle.body ? widest + SlipStyle.body : 0
    }

    private func addRow(_ label: String, _ value: String, _ labels: Int) throws(ReceiptFailure) {
        let name = try text(label, size: SlipStyle.body, within: column)
        guard labels > 0 else {
            let content = try text(value, size: SlipStyle.body, bold: true, within: column - SlipStyle.body)
            place(name, gap: 0)
            missingCharacters += content.missingCharacters
            blocks.append(
                Block(height: content.height + SlipStyle.gapAfterBlock) { canvas, y in
                    content.draw(on: canvas, x: SlipStyle.margin + SlipStyle.body, y: y)
                })
            return
        }
        let content = try text(value, size: SlipStyle.body, bold: true, within: column - labels)
        missingCharacters += name.missingCharacters + content.missingCharacters
        blocks.append(
            Block(height: max(name.height, content.height) + SlipStyle.gapAfterBlock) { canvas, y in
                name.draw(on: canvas, x: SlipStyle.margin, y: y + SlipStyle.gapAfterBlock / 2)
                content.draw(on: canvas, x: SlipStyle.margin + labels, y: y + SlipStyle.gapAfterBlock / 2)
            })
    }

    private func addRule() {
        let width = column
        blocks.append(Block(height: 27) { canvas, y in SlipCanvas.fill(canvas, SlipStyle.margin, y + 12, width, 3) })
    }

    private func addQR(_ content: String) throws(ReceiptFailure) {
        let symbol = try QRSymbol(content)
        let module = try symbol.dotsPerModule(dotsAcross: dotsAcross)
        let quiet = QRSymbol.quietModules * module
        let left = (dotsAcross - symbol.side * module) / 2
        blocks.append(
            Block(height: symbol.side * module + 2 * quiet) { canvas, y in
                symbol.forEachRun { row, columns in
                    SlipCanvas.fill(
                        canvas, left + columns.lowerBound * module, y + quiet + row * module, columns.count * module,
                        module)
                }
            })
    }

    /// White characters on black across the slip: a second copy is seen as one from afar.
    private func addMark(_ content: String) throws(ReceiptFailure) {
        let spaced = content.map(String.init).joined(separator: "　")
        let mark = try text(spaced, size: SlipStyle.mark, bold: true, alignment: .center, within: dotsAcross)
        let width = dotsAcross
        blocks.append(
            Block(height: mark.height + 28) { canvas, y in
                SlipCanvas.fill(canvas, 0, y, width, mark.height + 8)
                SlipCanvas.erase(canvas) { mark.draw(on: canvas, x: 0, y: y + 2) }
            })
    }
}
