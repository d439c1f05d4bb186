import CPangoCairo

extension PaperStrip {
    /// The strip as PNG, 576 pixels wide; at least one row high.
    func png() -> [UInt8] {
        let rows = max(1, bits.count / Self.bytesPerRow)
        guard let canvas = CairoCanvas(width: Self.bytesPerRow * 8, height: rows) else { return [] }
        canvas.fill(1, 1, 1)
        guard let pixels = canvas.pixels else { return [] }
        let stride = canvas.stride
        bits.withUnsafeBufferPointer { bits in
            for row in 0..<(bits.count / Self.bytesPerRow) {
                for byte in 0..<Self.bytesPerRow {
                    let value = bits[row * Self.bytesPerRow + byte]
                    if value == 0 { continue }
                    for bit in 0..<8 where value & (0x80 >> UInt8(bit)) != 0 {
                        let pixel = pixels + row * stride + (byte * 8 + bit) * 4
                        pixel[0] = 0x20
                        pixel[1] = 0x1C
                        pixel[2] = 0x1C
                    }
                }
            }
        }
        canvas.markDirty()
        return canvas.png()
    }
}
