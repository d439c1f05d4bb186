import Foundation
import Scanners
import TestSupport

/// Items that only benchmarks have.
enum BenchItems {
    static let pages = ["one-page", "ten-pages", "fifty-pages"]

    static func choice(_ number: Int) -> String { "choice-\(number)" }

    /// The configuration of a hall with another `Kiosk/` folder and other items.
    static func configuration(_ text: String, _ kiosk: String, _ items: [String]) -> String {
        text.replacing("\(Repository.folder)/Kiosk", with: kiosk)
            .replacing(/\nitems: \[[^\]]*\]/, with: "\nitems: [\(items.joined(separator: ", "))]")
    }

    /// A copy of `Kiosk/` with items that want pages scanned, and with so many to choose from.
    static func kioskFolder(in folder: String, choices: Int = 0) throws -> String {
        let copy = folder + "/kiosk"
        try FileManager.default.copyItem(atPath: Repository.folder + "/Kiosk", toPath: copy)
        for (name, materials) in [("one-page", [1]), ("ten-pages", [10]), ("fifty-pages", [10, 10, 10, 10, 10])] {
            try item(name, materials).write(toFile: "\(copy)/items/\(name).yaml", atomically: true, encoding: .utf8)
        }
        for number in 0..<choices {
            let name = choice(number + 1)
            try item(name, [1]).write(toFile: "\(copy)/items/\(name).yaml", atomically: true, encoding: .utf8)
        }
        return copy
    }

    private static func item(_ name: String, _ materials: [Int]) -> String {
        var text = """
            id: \(name)
            title: {zh-Hans: 户口本, en: Pages}
            officialName: {zh-Hans: 户口本, en: Pages}
            summary: {zh-Hans: 户口本, en: Pages}
            pictogram: senior
            minutes: 4
            window: {zh-Hans: 3 号窗口, en: window 3}
            afterwards: {zh-Hans: 5 个工作日内办好, en: Ready within 5 working days}
            materials:

            """
        for (index, pages) in materials.enumerated() {
            text += """
                  - id: material-\(index + 1)
                    title: {zh-Hans: 户口本, en: Pages}
                    pages:

                """
            for page in 1...pages {
                text += "      - {zh-Hans: 户口本第 \(page) 页, en: page \(page)}\n"
            }
        }
        return text
    }

    /// A page of A4 at 300 dots per inch with as much on it as a form has.
    static func jpeg() throws -> Data {
        let (width, height) = (2_480, 3_508)
        var pixels = [UInt8](repeating: 250, count: width * height * 3)
        for row in stride(from: 200, to: height - 200, by: 60) {
            for line in 0..<24 {
                for column in stride(from: 200, to: width - 200, by: 3)
                where (column * 7 + row * 13 + line * 5) % 11 < 4 {
                    let start = ((row + line) * width + column) * 3
                    for offset in 0..<6 { pixels[start + offset] = 40 }
                }
            }
        }
        let jpeg = try PageEncoder.encode(pixels, width: width, rows: height, channels: 3)
        return Data(jpeg.readableBytesView)
    }
}
