/// A PDF of so many A4 pages, each with a black square that stands lower on each page.
enum SamplePDF {
    static func bytes(pages: Int) -> [UInt8] {
        var text = "%PDF-1.4\n"
        var offsets: [Int] = []
        func add(_ object: String) {
            offsets.append(text.utf8.count)
            text += "\(offsets.count) 0 obj\n\(object)\nendobj\n"
        }
        let kids = (0..<pages).map { "\(3 + 2 * $0) 0 R" }.joined(separator: " ")
        add("<< /Type /Catalog /Pages 2 0 R >>")
        add("<< /Type /Pages /Kids [\(kids)] /Count \(pages) >>")
        for page in 0..<pages {
            let square = "0 0 0 rg 100 \(700 - 100 * (page % 6)) 100 100 re f"
            add("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents \(4 + 2 * page) 0 R >>")
            add("<< /Length \(square.utf8.count) >>\nstream\n\(square)\nendstream")
        }
        let start = text.utf8.count
        let entries = offsets.map { offset in
            let digits = "\(offset)"
            return String(repeating: "0", count: 10 - digits.count) + digits + " 00000 n \n"
        }
        text += "xref\n0 \(offsets.count + 1)\n0000000000 65535 f \n" + entries.joined()
        text += "trailer << /Size \(offsets.count + 1) /Root 1 0 R >>\nstartxref\n\(start)\n%%EOF\n"
        return Array(text.utf8)
    }
}
