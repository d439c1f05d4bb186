import CLeptonica

/// A leptonica image that is freed with its owner.
///
/// 8-bit images hold gray, 32-bit ones `R<<24 | G<<16 | B<<8` words, 1-bit ones 1 for ink. Leptonica counts pixels
/// from the most significant end of each 32-bit word.
struct Picture: ~Copyable {
    let pix: UnsafeMutablePointer<PIX>

    /// Takes ownership; throws where leptonica returned nothing.
    init(_ pix: UnsafeMutablePointer<PIX>?, from step: String) throws(PageFailure) {
        guard let pix else { throw .libraryFailed(step) }
        self.pix = pix
    }

    init(width: Int, height: Int, depth: Int) throws(PageFailure) {
        try self.init(pixCreateNoInit(Int32(width), Int32(height), Int32(depth)), from: "pixCreate")
    }

    deinit {
        var owned: UnsafeMutablePointer<PIX>? = pix
        pixDestroy(&owned)
    }

    var width: Int { Int(pixGetWidth(pix)) }
    var height: Int { Int(pixGetHeight(pix)) }
    var bytesPerLine: Int { 4 * Int(pixGetWpl(pix)) }
    /// The words of all rows, `bytesPerLine` apart.
    var words: UnsafeMutablePointer<UInt32>? { pixGetData(pix) }
    var bytes: UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(start: UnsafeMutableRawPointer(words), count: bytesPerLine * height)
    }

    /// Turns bytes in memory order into leptonica's order within words, or back; nothing on big-endian machines.
    func swapToWordOrder() { if UInt32(1).littleEndian == 1 { pixEndianByteSwap(pix) } }

    /// Set pixels of a 1-bit image.
    var inkPixels: Int {
        var count: Int32 = 0
        pixCountPixels(pix, &count, nil)
        return Int(count)
    }
}
