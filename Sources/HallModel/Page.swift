/// Names one scanned page while it lives in memory. Random and never reused: a browser may keep
/// what it once showed under a name.
public struct PageID: RawRepresentable, Hashable, Sendable, Codable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }
}

/// What the page checks (F7) measured. Each field is a measurement; `findings` is the verdict on all together.
public struct PageChecks: Sendable, Equatable, Codable {
    public enum Finding: String, Sendable, Codable, CaseIterable {
        /// Fewer rows arrived than the scanner announced.
        case incomplete
        case blank
        case tooDark
        case skewed
        case cropped
    }

    public var widthPixels: Int
    public var heightPixels: Int
    /// The image has no colours.
    public var isGray: Bool
    public var rowsExpected: Int?
    public var rowsReceived: Int
    /// Share of ink on the binarised page without its 1 % edge, 0…1.
    public var inkShare: Double
    /// Mean brightness, 0 black … 1 white.
    public var brightness: Double
    /// Angle of the text in degrees, positive clockwise; `nil` when it could not be told.
    public var skewDegrees: Double?
    /// Confidence of the angle as leptonica gives it; below 3 it means nothing.
    public var skewConfidence: Double
    /// Borders that text touches.
    public var touchedBorders: Int
    public var findings: [Finding]

    public init(
        widthPixels: Int, heightPixels: Int, isGray: Bool = false, rowsExpected: Int?, rowsReceived: Int,
        inkShare: Double,
        brightness: Double, skewDegrees: Double?, skewConfidence: Double, touchedBorders: Int, findings: [Finding]
    ) {
        self.widthPixels = widthPixels
        self.heightPixels = heightPixels
        self.isGray = isGray
        self.rowsExpected = rowsExpected
        self.rowsReceived = rowsReceived
        self.inkShare = inkShare
        self.brightness = brightness
        self.skewDegrees = skewDegrees
        self.skewConfidence = skewConfidence
        self.touchedBorders = touchedBorders
        self.findings = findings
    }
}
