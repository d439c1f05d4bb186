import CLeptonica

/// What can be measured on one page, before any verdict. Levels are shares of full white, lengths are pixels of the
/// reduced image unless said otherwise.
struct PageMeasurements: Equatable {
    /// The commonest level: the paper.
    var paper = 0.0
    /// Nine tenths of the page are darker than this.
    var bright = 0.0
    /// Between the 2nd and the 98th percentile.
    var contrast = 0.0
    var mean = 0.0
    /// Ink without the 1 % edge, 0…1.
    var inkShare = 0.0
    /// Pieces of ink that are larger than a grain of dust.
    var marks = 0
    /// Mean Sobel magnitude at the borders of ink, 0…255.
    var edgeEnergy = 0.0
    var skewDegrees = 0.0
    var skewConfidence = 0.0
    /// Borders (0…4) at which pieces of the size of writing are cut.
    var touchedBorders = 0

    /// Measures an 8-bit gray page. `dotsPerInch` is that of `gray` itself.
    init(_ gray: borrowing Picture, dotsPerInch: Double) throws(PageFailure) {
        let histogram = try Self.histogram(gray)
        readLevels(histogram)
        let ink = try Self.ink(gray, histogram, paper: Int(paper * 255))
        try readInk(ink, gray, dotsPerInch: dotsPerInch)
    }

    private static func histogram(_ gray: borrowing Picture) throws(PageFailure) -> [Double] {
        var numbers = pixGetGrayHistogram(gray.pix, 2)
        defer { numaDestroy(&numbers) }
        guard let numbers else { throw .libraryFailed("pixGetGrayHistogram") }
        return (0..<256).map { level in
            var value: Float = 0
            numaGetFValue(numbers, Int32(level), &value)
            return Double(value)
        }
    }

    private mutating func readLevels(_ histogram: [Double]) {
        let total = max(histogram.reduce(0, +), 1)
        func percentile(_ share: Double) -> Int {
            var sum = 0.0
            return histogram.firstIndex { count in
                sum += count
                return sum >= share * total
            } ?? 255
        }
        mean = histogram.enumerated().reduce(0) { $0 + Double($1.offset) * $1.element } / total / 255
        bright = Double(percentile(0.9)) / 255
        contrast = Double(percentile(0.98) - percentile(0.02)) / 255
        let smooth = (2...253).map { level in histogram[(level - 2)...(level + 2)].reduce(0, +) }
        paper = Double((smooth.indices.max { smooth[$0] < smooth[$1] } ?? 0) + 2) / 255
    }

    /// The binarised page: dark against its neighbourhood (Otsu, tile by tile) *and* darker than the paper's own
    /// noise. Either alone calls a noisy blank page half black, or a shadow ink.
    private static func ink(
        _ gray: borrowing Picture, _ histogram: [Double], paper: Int
    ) throws(PageFailure) -> Picture {
        var local: UnsafeMutablePointer<PIX>?
        let tile = Int32(max(32, min(gray.width, gray.height) / 6))
        guard pixOtsuAdaptiveThreshold(gray.pix, tile, tile, 1, 1, 0.1, nil, &local) == 0 else {
            throw .libraryFailed("pixOtsuAdaptiveThreshold")
        }
        let ink = try Picture(local, from: "pixOtsuAdaptiveThreshold")
        // The upper side of the paper's peak is noise only; ink lies on the lower side.
        let above = histogram[paper...]
        let total = max(above.reduce(0, +), 1)
        let variance = above.enumerated().reduce(0) { $0 + Double($1.offset * $1.offset) * $1.element } / total
        let distance = min(max(36, Int(4.5 * variance.squareRoot())), 90)
        let darker = try Picture(
            pixThresholdToBinary(gray.pix, Int32(max(1, paper - distance))), from: "pixThresholdToBinary")
        guard pixAnd(ink.pix, ink.pix, darker.pix) != nil else { throw .libraryFailed("pixAnd") }
        return ink
    }

    private mutating func readInk(
        _ ink: borrowing Picture, _ gray: borrowing Picture, dotsPerInch: Double
    ) throws(PageFailure) {
        let millimetre = dotsPerInch / 25.4
        let boxes = try Self.pieces(of: ink)
        let grain = max(2, Int(0.4 * millimetre))
        let edge = (x: ink.width / 100, y: ink.height / 100)
        let inner = (x: edge.x..<(ink.width - edge.x), y: edge.y..<(ink.height - edge.y))
        marks = boxes.count { box in
            max(box.width, box.height) >= grain && inner.x.overlaps(box.x..<(box.x + box.width))
                && inner.y.overlaps(box.y..<(box.y + box.height))
        }
        let region = boxCreate(
            Int32(edge.x), Int32(edge.y), Int32(ink.width - 2 * edge.x), Int32(ink.height - 2 * edge.y))
        var owned = region
        defer { boxDestroy(&owned) }
        let middle = try Picture(pixClipRectangle(ink.pix, region, nil), from: "pixClipRectangle")
        inkShare = Double(middle.inkPixels) / Double(max(1, middle.width * middle.height))
        guard marks > 0 else { return }
        touchedBorders = Self.bordersCutting(boxes, ink.width, ink.height, millimetre)
        edgeEnergy = try Self.edgeEnergy(ink, gray)
        var angle: Float = 0
        var confidence: Float = 0
        if pixFindSkewSweepAndSearch(ink.pix, &angle, &confidence, 4, 2, 12, 1, 0.02) == 0 {
            // Leptonica gives the turn that would set it right; ours is the turn it has.
            skewDegrees = Double(-angle)
            skewConfidence = Double(confidence)
        }
    }

    struct Piece: Equatable { var x, y, width, height: Int }

    /// Bounding boxes of connected ink, at most 60,000 of them.
    private static func pieces(of ink: borrowing Picture) throws(PageFailure) -> [Piece] {
        var boxes = pixConnCompBB(ink.pix, 8)
        defer { boxaDestroy(&boxes) }
        guard let boxes else { throw .libraryFailed("pixConnCompBB") }
        return (0..<min(60_000, boxaGetCount(boxes))).compactMap { index in
            var (x, y, width, height): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
            guard boxaGetBoxGeometry(boxes, index, &x, &y, &width, &height) == 0 else { return nil }
            return Piece(x: Int(x), y: Int(y), width: Int(width), height: Int(height))
        }
    }

    /// Counts borders at which at least three pieces of the size of characters end: one is dust, a long one is the
    /// shadow of the lid.
    private static func bordersCutting(_ pieces: [Piece], _ width: Int, _ height: Int, _ millimetre: Double) -> Int {
        let size = (0.7 * millimetre)...(14 * millimetre)
        var touching = (left: 0, top: 0, right: 0, bottom: 0)
        for piece in pieces where size.contains(Double(max(piece.width, piece.height))) {
            if piece.x <= 1 { touching.left += 1 }
            if piece.y <= 1 { touching.top += 1 }
            if piece.x + piece.width >= width - 1 { touching.right += 1 }
            if piece.y + piece.height >= height - 1 { touching.bottom += 1 }
        }
        return [touching.left, touching.top, touching.right, touching.bottom].count { $0 >= 3 }
    }

    /// Only at the borders of ink: over the whole page a noisy blank one would beat sharp text.
    private static func edgeEnergy(
        _ ink: borrowing Picture, _ gray: borrowing Picture
    ) throws(PageFailure) -> Double {
        let grown = try Picture(pixDilateBrick(nil, ink.pix, 3, 3), from: "pixDilateBrick")
        guard pixXor(grown.pix, grown.pix, ink.pix) != nil else { throw .libraryFailed("pixXor") }
        let slopes = try Picture(pixSobelEdgeFilter(gray.pix, Int32(L_ALL_EDGES)), from: "pixSobelEdgeFilter")
        var average: Float = 0
        guard pixGetAverageMasked(slopes.pix, grown.pix, 0, 0, 1, Int32(L_MEAN_ABSVAL), &average) == 0 else {
            return 0
        }
        return Double(average)
    }
}
