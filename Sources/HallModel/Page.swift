/// Names one scanned page while it is in hand. Random and never reused: a browser may keep
/// what it once showed under a name.
public struct PageID: RawRepresentable, Hashable, Sendable, Codable {
    /// Positive; drawn at random from 1…`Int.max`, so that it cannot be guessed.
    public let rawValue: Int
    /// Takes any number; whoever makes a new page draws it at random.
    public init(rawValue: Int) { self.rawValue = rawValue }
}

/// How large what is scanned may become, so that no case is taken in that the platform cannot take.
public enum MaterialBounds {
    /// Of one page's JPEG: what has more is compressed more.
    public static let pageBytes = 6 << 20
    /// Pages of one material.
    public static let pages = 10
    /// Of one sealed material: its pages, with room for what the PDF and the seal add.
    public static let materialBytes = 64 << 20
}

/// What the page checks (F7) measured. Each field is a measurement; `findings` is the verdict on all together.
public struct PageChecks: Sendable, Equatable, Codable {
    /// A reason to scan the page again (docs/pages-and-receipts.md has the bounds).
    public enum Finding: String, Sendable, Codable, CaseIterable {
        /// Fewer rows arrived than the scanner announced, or the JPEG has fewer than arrived.
        case incomplete
        /// Next to no ink: most often the page lay with its back to the glass.
        case blank
        /// Darker than paper, and without contrast: of such a page nothing more is told but `incomplete`.
        case tooDark
        /// The text is turned by more than 3°.
        case skewed
        /// Writing touches a border of the image.
        case cropped
    }

    /// Of the scanned JPEG.
    public var widthPixels: Int
    /// Of the scanned JPEG.
    public var heightPixels: Int
    /// The image has no colours.
    public var isGray: Bool
    /// Rows of pixels that the scanner announced; `nil` when it announced none.
    public var rowsExpected: Int?
    /// Rows of pixels that came.
    public var rowsReceived: Int
    /// Share of ink on the binarised page without its 1 % edge, 0…1.
    public var inkShare: Double
    /// Mean brightness, 0 black … 1 white.
    public var brightness: Double
    /// Angle of the text in degrees, positive clockwise; `nil` when it could not be told.
    public var skewDegrees: Double?
    /// Confidence of the angle as leptonica gives it; below 3 it means nothing.
    public var skewConfidence: Double
    /// Borders (0…4) that writing touches.
    public var touchedBorders: Int
    /// Empty for a good page.
    public var findings: [Finding]

    /// Takes measurements and verdict as they are: neither is derived from the other here.
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
