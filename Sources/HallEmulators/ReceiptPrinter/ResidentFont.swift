import CPangoCairo
import CQREncode
import Glibc

/// A character in the line buffer of the printer.
struct PrintedCharacter: Equatable {
    var character: Character
    /// Dots at single width: 12, or 24 for a Chinese character.
    var cell: Int
    var width: Int
    var height: Int
    var isBold: Bool
    var isUnderlined: Bool

    var dots: Int { cell * width }
}

/// The fonts that sit in the printer: 12 x 24 for ASCII, 24 x 24 for the two-byte area of GB18030.
enum ResidentFont {
    /// Draws one line into rows of 576 dots. Dots beyond the paper are lost.
    static func rows(_ line: [PrintedCharacter], from left: Int, height: Int) -> [[UInt8]] {
        let width = PaperStrip.bytesPerRow * 8
        guard height > 0, let canvas = CairoCanvas(width: width, height: height) else { return [] }
        canvas.fill(1, 1, 1)
        canvas.color(0, 0, 0)
        var x = left
        for glyph in line {
            let top = height - glyph.height * 24
            cairo_save(canvas.context)
            cairo_translate(canvas.context, Double(x), Double(top))
            cairo_scale(canvas.context, Double(glyph.width), Double(glyph.height))
            canvas.text(String(glyph.character), 0, -5.5, size: 24, font: "Noto Sans Mono CJK SC", bold: glyph.isBold)
            if glyph.isUnderlined { canvas.box(0, 22, Double(glyph.cell), 1.5) }
            cairo_restore(canvas.context)
            x += glyph.dots
        }
        guard let pixels = canvas.pixels else { return [] }
        return (0..<height).map { row in
            var bits = PaperStrip.blankRow
            let start = pixels + row * canvas.stride
            for column in 0..<width where start[column * 4] < 140 { bits[column / 8] |= 0x80 >> UInt8(column % 8) }
            return bits
        }
    }

    /// The Unicode character of two GB18030 bytes; `nil` when there is none.
    static func chinese(_ lead: UInt8, _ trail: UInt8) -> Character? {
        guard (0x81...0xFE).contains(lead), (0x40...0xFE).contains(trail), trail != 0x7F,
            let converter = iconv_open("UTF-8", "GB18030"), converter != iconv_t(bitPattern: -1)
        else { return nil }
        defer { iconv_close(converter) }
        var input = [CChar(bitPattern: lead), CChar(bitPattern: trail)]
        var output = [CChar](repeating: 0, count: 16)
        var inputLeft = 2
        var outputLeft = 15
        let result = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                var from = input.baseAddress
                var to = output.baseAddress
                return iconv(converter, &from, &inputLeft, &to, &outputLeft)
            }
        }
        guard result != Int.max, inputLeft == 0 else { return nil }
        return String(decoding: output.prefix(15 - outputLeft).map { UInt8(bitPattern: $0) }, as: UTF8.self).first
    }

    /// What a byte looks like outside Chinese mode (code page 437).
    static func western(_ byte: UInt8) -> Character {
        if (0x20...0x7E).contains(byte) { return Character(UnicodeScalar(byte)) }
        return byte < 0x80 ? "?" : upperHalf[Int(byte) - 0x80]
    }

    private static let upperHalf = Array(
        "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■ "
    )

    /// A QR code as rows of 576 dots; empty when the data does not fit into one.
    static func qrRows(_ data: [UInt8], moduleDots: Int, level: Int, align: Int) -> [[UInt8]] {
        let levels = [QR_ECLEVEL_L, QR_ECLEVEL_M, QR_ECLEVEL_Q, QR_ECLEVEL_H]
        guard !data.isEmpty, data.count <= 2_953,
            let code = QRcode_encodeData(CInt(data.count), data, 0, levels[max(0, min(level, 3))])
        else { return [] }
        defer { QRcode_free(code) }
        let side = Int(code.pointee.width)
        let dots = max(1, min(moduleDots, 16))
        let width = PaperStrip.bytesPerRow * 8
        guard side * dots <= width, let modules = code.pointee.data else { return [] }
        let left = align == 1 ? (width - side * dots) / 2 : align == 2 ? width - side * dots : 0
        return (0..<side).flatMap { row in
            var bits = PaperStrip.blankRow
            for column in 0..<side where modules[row * side + column] & 1 == 1 {
                for dot in 0..<dots {
                    let at = left + column * dots + dot
                    bits[at / 8] |= 0x80 >> UInt8(at % 8)
                }
            }
            return [[UInt8]](repeating: bits, count: dots)
        }
    }
}
