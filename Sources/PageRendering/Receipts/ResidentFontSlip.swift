import CPangoCairo
import DeviceKit
import HallModel
import NIOCore

/// A slip in the printer's own fonts: 24-dot Chinese, 12-dot Latin, doubled in height. A block with a character
/// that the printer's font lacks goes as a picture, drawn as the raster form draws it.
struct ResidentFontSlip {
    private var commands = ESCPOSBytes()
    private let receipt: ReceiptDocument
    private let settings: ReceiptPrinterSettings
    private let dotsAcross: Int
    private let encoder: GBEncoder
    /// Estimated from characters a line and line pitch.
    private(set) var rows = 0
    private let pitch = 58

    init(_ receipt: ReceiptDocument, _ settings: ReceiptPrinterSettings, dotsAcross: Int) throws(ReceiptFailure) {
        self.receipt = receipt
        self.settings = settings
        self.dotsAcross = dotsAcross
        encoder = GBEncoder(settings.repertoire)
        commands.initialize()
        commands.chineseOn()
        commands.linePitch(UInt8(pitch))
        if receipt.isSecondCopy { try addMark() }
        for block in receipt.blocks {
            try add(block)
            guard rows <= SlipStyle.maximumRows else { throw .tooLong }
        }
    }

    var bytes: ESCPOSBytes { commands }

    private mutating func addMark() throws(ReceiptFailure) {
        guard let text = encoder.encode("  补 打  ") else { return }
        commands.reverse(true)
        write(text, wide: true, bold: true, justification: .center)
        commands.reverse(false)
    }

    private mutating func add(_ block: ReceiptDocument.Block) throws(ReceiptFailure) {
        switch block {
        case .title(let text), .number(let text):
            guard let text = encoder.encode(text) else { return try addPicture(of: block) }
            write(text, wide: true, bold: true, justification: .center)
        case .line(let text):
            guard let text = encoder.encode(text) else { return try addPicture(of: block) }
            write(text, wide: false, bold: false, justification: .left)
        case .row(let label, let value):
            guard let label = encoder.encode(label + "："), let value = encoder.encode(value) else {
                return try addPicture(of: block)
            }
            write(label + value, wide: false, bold: false, justification: .left)
        case .qr(let text):
            let symbol = try QRSymbol(text)
            let module = try symbol.dotsPerModule(dotsAcross: dotsAcross)
            commands.justify(.center)
            commands.qr(text, dotsPerModule: module)
            commands.lineFeed()
            rows += (symbol.side + 2 * QRSymbol.quietModules) * module + pitch
        case .rule:
            guard let line = encoder.encode(String(repeating: "─", count: dotsAcross / 24)) else { return }
            commands.size(wide: false, high: false)
            commands.justify(.left)
            commands.text(line)
            commands.lineFeed()
            rows += pitch
        case .space(let millimetres):
            let dots = Int((millimetres.isFinite ? min(max(millimetres, 0), 30) : 0) * 8)
            commands.feed(dots: dots)
            rows += dots
        }
    }

    /// Lines break by themselves at the paper's edge.
    private mutating func write(_ text: [UInt8], wide: Bool, bold: Bool, justification: ESCPOSBytes.Justification) {
        commands.justify(justification)
        commands.size(wide: wide, high: true)
        commands.emphasize(bold)
        commands.text(text)
        commands.lineFeed()
        commands.emphasize(false)
        // Every byte takes 12 dots: two for a Chinese character of 24.
        let cells = max(1, dotsAcross / (wide ? 24 : 12))
        rows += pitch * max(1, (text.count + cells - 1) / cells)
    }

    private mutating func addPicture(of block: ReceiptDocument.Block) throws(ReceiptFailure) {
        let layout = try SlipLayout(ReceiptDocument(blocks: [block]), dotsAcross: dotsAcross)
        commands.justify(.left)
        commands.raster(try layout.drawn().bitmap(), stripRows: settings.stripRows)
        rows += layout.rows
    }
}

/// Text to the bytes of a printer's Chinese font.
struct GBEncoder {
    private let charset: String

    init(_ repertoire: ReceiptPrinterSettings.Repertoire) {
        charset = repertoire == .gb2312 ? "GB2312" : "GBK"
    }

    /// `nil` when any character needs more than two bytes or is not in the repertoire.
    func encode(_ text: String) -> [UInt8]? {
        let clean = SlipText.withoutControls(text)
        guard clean.utf8.count <= 8_000 else { return nil }
        guard !clean.isEmpty else { return [] }
        var written: gsize = 0
        guard let converted = g_convert(clean, gssize(clean.utf8.count), charset, "UTF-8", nil, &written, nil) else {
            return nil
        }
        defer { g_free(converted) }
        return converted.withMemoryRebound(to: UInt8.self, capacity: Int(written)) {
            Array(UnsafeBufferPointer(start: $0, count: Int(written)))
        }
    }
}
