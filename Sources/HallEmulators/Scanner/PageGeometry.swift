/// Lengths on a page in three-hundredths of an inch, the unit of eSCL: an A4 page is 2480 x 3508.
struct PageRegion: Sendable, Equatable {
    var x: Int
    var y: Int
    var width: Int
    var height: Int

    static let a4 = PageRegion(x: 0, y: 0, width: 2_480, height: 3_508)

    /// The part of this region that lies on the glass; `nil` when none does or it is thinner than 16 units.
    var onTheGlass: PageRegion? {
        guard x >= 0, y >= 0, width > 0, height > 0, x < Self.a4.width, y < Self.a4.height else { return nil }
        let inside = PageRegion(
            x: x, y: y, width: min(width, Self.a4.width - x), height: min(height, Self.a4.height - y))
        return inside.width >= 16 && inside.height >= 16 ? inside : nil
    }
}

/// One sheet of paper in, on or behind the scanner.
public struct ScannerSheet: Sendable, Identifiable {
    enum Content: Sendable {
        case sample(SampleDocument)
        /// A JPEG or PNG as it was dropped, and its size in pixels.
        case picture([UInt8], PictureFormat)
    }

    /// `sheet-N`, counted from 1 and not anew by a reset.
    public let id: String
    /// What the desk calls it.
    public let name: String
    let content: Content
}

enum PictureFormat: Sendable { case jpeg, png }

enum ScanColor: String, Sendable {
    case color = "RGB24"
    case gray = "Grayscale8"
}
