import Foundation
import TestSupport

/// Two pages of paper, drawn pixel by pixel at 300 dpi, so that what arrives can be held against what was put in.
struct PaperPages: Sendable {
    let pictures: [[UInt8]]
    private let folder: ScratchFolder

    /// Drawn once for all tests.
    static let shared = Task { try await PaperPages() }

    private init() async throws {
        folder = try ScratchFolder()
        var pictures: [[UInt8]] = []
        for (index, title) in ["户口登记簿 首页", "常住人口登记卡"].enumerated() {
            let path = folder.file("page-\(index).png")
            let lines = (1...17).map { "第 \($0) 行 \(title) 试验省新样例市 99 号 0123456789" }.joined(separator: "\n\n")
            let run = try await CommandRun.run(
                "convert",
                [
                    "-size", "2480x3508", "xc:white", "-font", "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
                    "-fill", "#202020", "-pointsize", "110", "-annotate", "+300+420", title,
                    "-pointsize", "52", "-annotate", "+300+640", lines,
                    "-stroke", "#305090", "-strokewidth", "5", "-fill", "none",
                    "-draw", "rectangle 260,250 \(index == 0 ? 2200 : 1900),480", "-depth", "8", path,
                ])
            guard run.succeeded else { throw TestFailure("convert: \(run.errors)") }
            pictures.append(try folder.bytes(of: "page-\(index).png"))
        }
        self.pictures = pictures
    }

    /// How like a JPEG is to page `index`, as `compare` of ImageMagick says: peak signal-to-noise ratio in dB.
    func likeness(of jpeg: String, to index: Int) async throws -> Double {
        // Ends with 1 when the pictures differ, which they always do a little; the figure is on standard error.
        let run = try await CommandRun.run(
            "compare", ["-metric", "PSNR", folder.file("page-\(index).png"), jpeg, "null:"])
        guard let figure = Double(run.errors.split(separator: " ").first ?? "") else {
            throw TestFailure("compare: \(run.errors)")
        }
        return figure
    }
}
