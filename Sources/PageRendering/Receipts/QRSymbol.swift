import CQREncode

/// A QR code (ISO/IEC 18004) as a square of modules.
struct QRSymbol: Equatable {
    /// White modules that the standard wants on each side.
    static let quietModules = 4
    static let maximumBytes = 512

    let side: Int
    private let dark: [Bool]

    /// Level M: survives 15 % of damage, which creased thermal paper needs.
    init(_ text: String) throws(ReceiptFailure) {
        let bytes = Array(text.utf8)
        guard (1...Self.maximumBytes).contains(bytes.count) else { throw .qrDoesNotFit }
        guard let code = QRcode_encodeData(Int32(bytes.count), bytes, 0, QR_ECLEVEL_M) else {
            throw .libraryFailed("QRcode_encodeData")
        }
        defer { QRcode_free(code) }
        let side = Int(code.pointee.width)
        guard let modules = code.pointee.data else { throw .libraryFailed("QRcode_encodeData") }
        self.side = side
        dark = UnsafeBufferPointer(start: modules, count: side * side).map { $0 & 1 == 1 }
    }

    /// Runs of dark modules, row by row.
    func forEachRun(_ body: (_ row: Int, _ columns: Range<Int>) -> Void) {
        for row in 0..<side {
            var column = 0
            while column < side {
                let start = column
                while column < side && dark[row * side + column] { column += 1 }
                if column > start { body(row, start..<column) } else { column += 1 }
            }
        }
    }

    /// Dots a module, whole so that edges stay crisp: about 32 mm across, as much as fits the paper.
    func dotsPerModule(dotsAcross: Int) throws(ReceiptFailure) -> Int {
        let fits = dotsAcross / (side + 2 * Self.quietModules)
        // Below 3 dots (0.375 mm) phones begin to fail on thermal paper.
        guard fits >= 3 else { throw .qrDoesNotFit }
        return min(fits, max(4, min(10, 264 / side)))
    }
}
