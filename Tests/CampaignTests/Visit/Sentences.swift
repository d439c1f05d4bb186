import HallModel
import KioskConfiguration
import TestSupport

/// The hall's own texts, to tell what a screen says.
struct Sentences: Sendable {
    private let texts: TextCatalogue
    private let problems: ProblemCatalogue

    init() throws {
        let kiosk = "\(Repository.folder)/Kiosk"
        texts = try TextCatalogue(folder: "\(kiosk)/texts")
        problems = try ProblemCatalogue(file: "\(kiosk)/problems.yaml")
    }

    /// What stands for it in this language, in pieces: what placeholders hold is left open.
    func pieces(_ sentence: Sentence, _ language: String) throws -> [String] {
        guard let language = Language(rawValue: language) else { throw TestFailure("no such language: \(language)") }
        switch sentence {
        case .text(let key):
            guard let text = texts.text(key, in: language) else { throw TestFailure("no such text: \(key)") }
            return text.split(separator: /\{[^}]*\}/).map { $0.trimmingPrefix(/\s+/).trimmingSuffix() }.filter {
                !$0.isEmpty
            }
        case .problem(let code):
            guard let heading = problems[ProblemCode(code)]?.residentHeading else {
                throw TestFailure("no such problem: \(code)")
            }
            return [heading[language].trimmingSuffix("。.")]
        }
    }

    /// Whether the screen, or the dialog above it, says this.
    func says(_ screen: ShownScreen, _ sentence: Sentence) -> Bool {
        guard let pieces = try? pieces(sentence, screen.language) else { return false }
        return [screen.text, screen.overlayText].contains { Self.contains($0, pieces) }
    }

    static func contains(_ text: String, _ pieces: [String]) -> Bool {
        var rest = Substring(text)
        for piece in pieces {
            guard let found = rest.range(of: piece) else { return false }
            rest = rest[found.upperBound...]
        }
        return !pieces.isEmpty
    }
}

extension StringProtocol {
    func trimmingSuffix(_ characters: String = " ") -> String {
        var text = String(self)
        while let last = text.last, characters.contains(last) { text.removeLast() }
        return text
    }
}
