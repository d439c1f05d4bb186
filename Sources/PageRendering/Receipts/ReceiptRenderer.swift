import DeviceKit
import HallModel
import NIOCore

/// A receipt, ready for the printer.
public struct RenderedReceipt: Sendable, Equatable {
    /// All bytes from ESC @ to the cut; nothing that asks the printer for an answer.
    public var escpos: ByteBuffer
    /// Length of paper that comes out, the way to the cutter included. Estimated where the printer's own fonts are
    /// used.
    public var millimetres: Double
    /// Characters that no installed font has; 〓 stands in their place.
    public var missingCharacters: Int
}

/// Receipts to ESC/POS bytes or a picture, through Pango and Cairo (`docs/pages-and-receipts.md`).
///
/// Blocks for some milliseconds: call it on a thread of its own (`RenderThread`).
public enum ReceiptRenderer {
    /// White after the last block, before the knife.
    private static let dotsBeforeCut = 24

    /// From the print head to the knife; the printer feeds it by itself. The common measure of 80 mm mechanisms.
    private static let headToKnifeMillimetres = 14.0

    /// The slip as the printer gets it, by the settings' paper, `rendering` and cut.
    /// - Throws: `.tooLong`, `.qrDoesNotFit` and `.wrongPaper` rather than leaving anything out; `.libraryFailed`.
    public static func render(
        _ receipt: ReceiptDocument, _ settings: ReceiptPrinterSettings
    ) throws(ReceiptFailure) -> RenderedReceipt {
        let dotsAcross = try dotsAcross(of: settings)
        let layout = try SlipLayout(receipt, dotsAcross: dotsAcross)
        var commands: ESCPOSBytes
        var rows: Int
        switch settings.rendering {
        case .raster:
            let bitmap = try layout.drawn().bitmap()
            commands = ESCPOSBytes()
            commands.initialize()
            commands.raster(bitmap, stripRows: settings.stripRows)
            rows = bitmap.height
        case .text:
            let slip = try ResidentFontSlip(receipt, settings, dotsAcross: dotsAcross)
            commands = slip.bytes
            rows = slip.rows
        }
        rows += dotsBeforeCut
        commands.cut(settings.cut, afterDots: dotsBeforeCut)
        return RenderedReceipt(
            escpos: commands.buffer,
            millimetres: Double(rows) / Double(SlipStyle.dotsPerMillimetre) + headToKnifeMillimetres,
            missingCharacters: layout.missingCharacters)
    }

    /// The slip as a PNG of one pixel a dot, in its raster form. Compressing it takes several times as long as all the rest:
    /// only for those who look at it.
    public static func png(
        _ receipt: ReceiptDocument, _ settings: ReceiptPrinterSettings
    ) throws(ReceiptFailure) -> ByteBuffer {
        try SlipLayout(receipt, dotsAcross: try dotsAcross(of: settings)).drawn().bitmap().png()
    }

    /// Whole bytes a row.
    private static func dotsAcross(of settings: ReceiptPrinterSettings) throws(ReceiptFailure) -> Int {
        guard (192...1_024).contains(settings.dotsAcross), (1...1_024).contains(settings.stripRows) else {
            throw .wrongPaper(dotsAcross: settings.dotsAcross, stripRows: settings.stripRows)
        }
        return settings.dotsAcross / 8 * 8
    }
}
