/// The touchscreen as it stands in the hall. Every size on a screen is in millimetres of this panel, never assumed from
/// pixels (accessibility requirement XA1).
public struct PanelGeometry: Sendable, Equatable {
    /// Resolution in the orientation in which the panel hangs: a portrait panel is 1080 wide and 1920 high.
    public var widthPixels: Int
    /// As ``widthPixels``.
    public var heightPixels: Int
    /// Of the visible area; the configuration holds it to 100 … 2000 mm.
    public var widthMillimetres: Double
    /// As ``widthMillimetres``.
    public var heightMillimetres: Double
    /// Distance between eye and panel that text sizes are held against.
    public var viewingDistanceMillimetres: Double

    /// A panel; nothing is checked.
    public init(
        widthPixels: Int, heightPixels: Int, widthMillimetres: Double, heightMillimetres: Double,
        viewingDistanceMillimetres: Double
    ) {
        self.widthPixels = widthPixels
        self.heightPixels = heightPixels
        self.widthMillimetres = widthMillimetres
        self.heightMillimetres = heightMillimetres
        self.viewingDistanceMillimetres = viewingDistanceMillimetres
    }

    /// A 21.5 inch panel hung upright, looked at from half a metre: what `make run` shows.
    public static let portrait215 = PanelGeometry(
        widthPixels: 1080, heightPixels: 1920, widthMillimetres: 268, heightMillimetres: 476,
        viewingDistanceMillimetres: 500)

    /// CSS pixels in one millimetre. Pixels are square to within the panel's tolerance, so the width decides.
    public var pixelsPerMillimetre: Double { Double(widthPixels) / widthMillimetres }

    /// The style sheet that tells the style sheets in `Kiosk/styles` about this panel. It is a file of its own because the content security
    /// policy allows no inline style.
    public var styleSheet: String {
        let perMillimetre = (pixelsPerMillimetre * 10_000).rounded() / 10_000
        return """
            :root {
              --mm: \(perMillimetre)px;
              --panel-width: \(widthPixels)px;
              --panel-height: \(heightPixels)px;
            }

            """
    }
}
