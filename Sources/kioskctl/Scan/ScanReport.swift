import HallModel

/// What `scan --json` prints.
struct ScanReport: Encodable {
    struct Page: Encodable, Sendable {
        var widthPixels: Int
        var heightPixels: Int
        var dotsPerInch: Int
        /// What the checks found; empty for a good page.
        var findings: [PageChecks.Finding]
    }

    var output: String
    var bytes: Int
    var pages: [Page]

    func show() {
        for (index, page) in pages.enumerated() where !page.findings.isEmpty {
            let words = page.findings.map(Self.sentence).joined(separator: "; ")
            Terminal.show("page \(index + 1): " + Mark.warning(words))
        }
        let count = pages.count == 1 ? "1 page" : "\(pages.count) pages"
        Terminal.show("\(output): \(count), \(Terminal.size(bytes))")
    }

    static func sentence(_ finding: PageChecks.Finding) -> String {
        switch finding {
        case .incomplete: "fewer rows arrived than the scanner announced: scan it again"
        case .blank: "it looks blank: was the paper the right way round?"
        case .tooDark: "it is too dark: close the cover"
        case .skewed: "it lies askew"
        case .cropped: "writing touches the border: lay it in the middle"
        }
    }
}
