import Foundation

/// A slip that came out of the emulated printer, and what others than us read on it.
public struct Slip: Sendable, Decodable {
    /// The desk's id of it.
    public var id: String
    /// From its beginning to its cut.
    public var complete: Bool

    /// All that came out, the oldest first; what still hangs there comes last.
    public static func all(in hall: HallUnderTest) async throws -> [Slip] {
        try JSONDecoder().decode([Slip].self, from: try await hall.deskState("printer/slips"))
    }

    /// What `zbarimg` reads in the picture of the slip.
    public func codes(in hall: HallUnderTest) async throws -> [String] {
        let picture = try await picture(in: hall)
        let run = try await CommandRun.run("zbarimg", ["--raw", "--quiet", picture.file("slip.png")])
        return String(decoding: run.output, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// The letters and digits that `tesseract` reads on the slip: as it is, and turned into its negative, where what is
    /// white on a black band stands black on white.
    public func words(in hall: HallUnderTest) async throws -> String {
        let picture = try await picture(in: hall)
        // Paper has a margin; a bitmap of dots across the whole width does not.
        let margin = ["-bordercolor", "white", "-border", "40"]
        var words = ""
        for (change, layout) in [([], "11"), (["-negate"], "6")] {
            _ = try await CommandRun.run(
                "convert", [picture.file("slip.png")] + margin + change + [picture.file("paper.png")])
            let run = try await CommandRun.run(
                "tesseract", [picture.file("paper.png"), "-", "-l", "chi_sim+eng", "--psm", layout])
            guard run.succeeded else { throw TestFailure("tesseract: \(run.errors)") }
            words += String(decoding: run.output, as: UTF8.self).filter { $0.isLetter || $0.isNumber } + " "
        }
        return words
    }

    /// Characters that machines mix up count as one here; the code beside them is read exactly.
    public static func folded(_ text: String) -> String {
        let alike: [Character: Character] = [
            "S": "5", "Z": "2", "B": "8", "O": "0", "Q": "0", "D": "0", "I": "1", "L": "1", "G": "6", "Y": "V",
            "T": "7",
        ]
        return String(text.uppercased().map { alike[$0] ?? $0 })
    }

    /// Whether a machine has read `code` somewhere in `words`: a number exactly, of letters and digits one amiss at most.
    public static func shows(_ code: String, in words: String) -> Bool {
        let amiss = code.allSatisfy(\.isNumber) ? 0 : 1
        let (code, words) = (Array(folded(code)), Array(folded(words)))
        guard !code.isEmpty, words.count >= code.count else { return false }
        return (0...words.count - code.count).contains { start in
            zip(code, words[start...]).count { $0 != $1 } <= amiss
        }
    }

    private func picture(in hall: HallUnderTest) async throws -> ScratchFolder {
        let folder = try ScratchFolder()
        try folder.write(try await hall.deskState("printer/slips/\(id).png"), to: "slip.png")
        return folder
    }
}
