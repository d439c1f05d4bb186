/// What ESC @ resets: the line buffer and the way the next characters look.
struct PageState {
    private(set) var line: [PrintedCharacter] = []
    private(set) var align = 0
    private(set) var lineSpacing = 30
    private(set) var qrSize = 3
    private(set) var qrLevel = 0
    private(set) var qrData: [UInt8] = []
    private var width = 1
    private var height = 1
    private var isBold = false
    private var isUnderlined = false
    private var isChinese = false
    /// First byte of a two-byte character.
    private var lead: UInt8?
    private var start = 0

    private static let paperDots = PaperStrip.bytesPerRow * 8

    var isLineEmpty: Bool { line.isEmpty }

    private var lineDots: Int { line.reduce(0) { $0 + $1.dots } }

    /// Height of the line in the buffer, in dots.
    var lineHeight: Int { line.map { $0.height * 24 }.max() ?? 24 }

    /// Where the line begins, in dots from the left.
    var left: Int {
        let free = max(0, Self.paperDots - lineDots)
        return align == 1 ? free / 2 : align == 2 ? free : min(start, free)
    }

    mutating func apply(_ command: ESCPOSCommand) {
        switch command {
        case .align(let value): align = (0...2).contains(value) ? value : align
        case .emphasise(let on): isBold = on
        case .underline(let on): isUnderlined = on
        case .size(let width, let height):
            self.width = width
            self.height = height
        case .lineSpacing(let dots): lineSpacing = dots ?? 30
        case .chinese(let on):
            isChinese = on
            lead = nil
        case .absolutePosition(let dots): if line.isEmpty { start = min(dots, Self.paperDots) } else { tab(to: dots) }
        case .qrSize(let dots): qrSize = dots
        case .qrLevel(let level): qrLevel = level
        case .qrStore(let data): qrData = data
        default: break
        }
    }

    /// Takes a byte to print. True when the line is full and has to be printed now.
    mutating func put(_ byte: UInt8) -> Bool {
        if let first = lead {
            lead = nil
            if let character = ResidentFont.chinese(first, byte) { return append(character, cell: 24) }
            // Four-byte characters are not in the font: their bytes come out one by one.
            let isFull = append(ResidentFont.western(first), cell: 12)
            return append(ResidentFont.western(byte), cell: 12) || isFull
        }
        if isChinese, byte >= 0x81, byte < 0xFF {
            lead = byte
            return false
        }
        return append(ResidentFont.western(byte), cell: 12)
    }

    mutating func endLine() {
        line.removeAll()
        start = 0
        lead = nil
    }

    private mutating func append(_ character: Character, cell: Int) -> Bool {
        line.append(
            PrintedCharacter(
                character: character, cell: cell, width: width, height: height, isBold: isBold,
                isUnderlined: isUnderlined))
        return start + lineDots + 12 * width > Self.paperDots
    }

    private mutating func tab(to dots: Int) {
        while start + lineDots + 12 <= min(dots, Self.paperDots - 12) {
            line.append(
                PrintedCharacter(
                    character: " ", cell: 12, width: 1, height: height, isBold: false, isUnderlined: false))
        }
    }
}
