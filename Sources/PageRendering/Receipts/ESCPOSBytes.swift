import DeviceKit
import NIOCore

/// The ESC/POS commands that a slip needs, by their names in the manufacturers' manuals.
struct ESCPOSBytes {
    private(set) var buffer = ByteBuffer()

    enum Justification: UInt8 { case left = 0, center = 1 }

    /// ESC @: back to the power-on state, also after a fault.
    mutating func initialize() { buffer.writeBytes([0x1B, 0x40]) }
    /// ESC a.
    mutating func justify(_ justification: Justification) { buffer.writeBytes([0x1B, 0x61, justification.rawValue]) }
    /// ESC E.
    mutating func emphasize(_ on: Bool) { buffer.writeBytes([0x1B, 0x45, on ? 1 : 0]) }
    /// GS B: white on black.
    mutating func reverse(_ on: Bool) { buffer.writeBytes([0x1D, 0x42, on ? 1 : 0]) }
    /// ESC 3: line pitch in dots.
    mutating func linePitch(_ dots: UInt8) { buffer.writeBytes([0x1B, 0x33, dots]) }
    /// ESC J: paper forward by dots.
    mutating func feed(dots: Int) { buffer.writeBytes([0x1B, 0x4A, UInt8(clamping: dots)]) }
    /// FS &: two-byte Chinese on.
    mutating func chineseOn() { buffer.writeBytes([0x1C, 0x26]) }
    mutating func text(_ bytes: [UInt8]) { buffer.writeBytes(bytes) }
    mutating func lineFeed() { buffer.writeInteger(UInt8(0x0A)) }

    /// GS ! for all characters, FS ! beside it for clones whose Chinese font heeds only that.
    mutating func size(wide: Bool, high: Bool) {
        buffer.writeBytes([0x1D, 0x21, (wide ? 0x10 : 0) | (high ? 0x01 : 0)])
        buffer.writeBytes([0x1C, 0x21, (wide ? 0x04 : 0) | (high ? 0x08 : 0)])
    }

    /// GS v 0 in strips of at most `stripRows` rows.
    mutating func raster(_ bitmap: SlipBitmap, stripRows: Int) {
        buffer.reserveCapacity(minimumWritableBytes: bitmap.bytes.count + 8 * (bitmap.height / stripRows + 1))
        for first in stride(from: 0, to: bitmap.height, by: stripRows) {
            let rows = min(stripRows, bitmap.height - first)
            buffer.writeBytes([0x1D, 0x76, 0x30, 0])
            buffer.writeInteger(UInt16(bitmap.bytesPerRow), endianness: .little)
            buffer.writeInteger(UInt16(rows), endianness: .little)
            buffer.writeBytes(bitmap.bytes[(first * bitmap.bytesPerRow)..<((first + rows) * bitmap.bytesPerRow)])
        }
    }

    /// GS ( k, functions 165, 167, 169, 180 and 181: model 2, level M.
    mutating func qr(_ text: String, dotsPerModule: Int) {
        let data = Array(text.utf8)
        buffer.writeBytes([0x1D, 0x28, 0x6B, 0x04, 0x00, 0x31, 0x41, 0x32, 0x00])
        buffer.writeBytes([0x1D, 0x28, 0x6B, 0x03, 0x00, 0x31, 0x43, UInt8(clamping: min(dotsPerModule, 16))])
        buffer.writeBytes([0x1D, 0x28, 0x6B, 0x03, 0x00, 0x31, 0x45, 0x31])
        buffer.writeBytes([0x1D, 0x28, 0x6B])
        buffer.writeInteger(UInt16(data.count + 3), endianness: .little)
        buffer.writeBytes([0x31, 0x50, 0x30] + data)
        buffer.writeBytes([0x1D, 0x28, 0x6B, 0x03, 0x00, 0x31, 0x51, 0x30])
    }

    /// GS V 66, or 65 for all through: feeds to the cutter and `dots` more, then cuts.
    mutating func cut(_ cut: ReceiptPrinterSettings.Cut, afterDots dots: Int) {
        buffer.writeBytes([0x1D, 0x56, cut == .full ? 0x41 : 0x42, UInt8(clamping: dots)])
    }
}
