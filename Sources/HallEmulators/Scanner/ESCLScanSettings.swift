/// What a client asks a scan for (`scan:ScanSettings` of eSCL), as far as this scanner knows it.
struct ESCLScanSettings: Sendable, Equatable {
    enum Source: String, Sendable { case platen = "Platen", feeder = "Feeder" }

    var source = Source.platen
    var resolution = 300
    var region = PageRegion.a4
    var color = ScanColor.color

    static let resolutions = [150, 200, 300]
    static let longestDocument = 65_536

    /// Why a request cannot be met, for the log of whoever sent it.
    enum Refusal: Error, Equatable {
        case notScanSettings
        case unknownValue(String)
    }

    init() {}

    /// Reads the request. Elements that are absent take the scanner's defaults; unknown elements are passed over, as
    /// eSCL asks; values that the capabilities do not list are refused.
    init(xml: String) throws(Refusal) {
        guard xml.utf8.count <= Self.longestDocument, XMLText.element("ScanSettings", in: xml) != nil else {
            throw .notScanSettings
        }
        if let text = XMLText.element("InputSource", in: xml) {
            guard let known = Source(rawValue: text) else { throw .unknownValue("InputSource") }
            source = known
        }
        if let text = XMLText.element("XResolution", in: xml) {
            guard let value = Int(text), Self.resolutions.contains(value) else { throw .unknownValue("XResolution") }
            resolution = value
        }
        if let text = XMLText.element("YResolution", in: xml), Int(text) != resolution {
            throw .unknownValue("YResolution")
        }
        if let text = XMLText.element("ColorMode", in: xml) {
            guard let known = ScanColor(rawValue: text) else { throw .unknownValue("ColorMode") }
            color = known
        }
        for name in ["DocumentFormat", "DocumentFormatExt"] {
            if let text = XMLText.element(name, in: xml), text != "image/jpeg" { throw .unknownValue(name) }
        }
        if let text = XMLText.element("ScanRegion", in: xml) {
            func number(_ name: String) -> Int? { XMLText.element(name, in: text).flatMap { Int($0) } }
            let wished = PageRegion(
                x: number("XOffset") ?? 0, y: number("YOffset") ?? 0, width: number("Width") ?? PageRegion.a4.width,
                height: number("Height") ?? PageRegion.a4.height)
            guard let inside = wished.onTheGlass else { throw .unknownValue("ScanRegion") }
            region = inside
        }
    }
}

/// Finds elements in a short XML text by their local name, whatever their prefix. Enough for scan settings, whose
/// elements do not nest in themselves; entities and CDATA do not occur in their values.
enum XMLText {
    /// The content of the first element of this name; an empty element gives "".
    static func element(_ name: String, in xml: String) -> String? {
        var rest = xml[...]
        while let open = rest.firstIndex(of: "<") {
            rest = rest[rest.index(after: open)...]
            guard let close = rest.firstIndex(of: ">") else { return nil }
            let tag = rest[..<close]
            rest = rest[rest.index(after: close)...]
            guard localName(tag) == name else { continue }
            if tag.hasSuffix("/") { return "" }
            return content(of: name, in: rest)
        }
        return nil
    }

    private static func content(of name: String, in text: Substring) -> String? {
        var rest = text
        while let open = rest.firstIndex(of: "<") {
            let after = rest[rest.index(after: open)...]
            guard let close = after.firstIndex(of: ">") else { return nil }
            let tag = after[..<close]
            if tag.hasPrefix("/"), localName(tag.dropFirst()) == name {
                return trimmed(text[..<open])
            }
            rest = after[after.index(after: close)...]
        }
        return nil
    }

    private static func localName(_ tag: Substring) -> Substring {
        let name = tag.prefix { !$0.isWhitespace && $0 != "/" }
        return name.split(separator: ":").last ?? name
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while let first = text.first, first.isWhitespace { text = text.dropFirst() }
        while let last = text.last, last.isWhitespace { text = text.dropLast() }
        return String(text)
    }
}
