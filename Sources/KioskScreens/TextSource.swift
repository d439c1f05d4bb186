import GuidedFlow
import HallModel
import KioskConfiguration

/// Where the fixed texts of the screens come from: `Kiosk/texts/<language>.yaml`.
public protocol TextSource: Sendable {
    /// The text with its `{placeholders}`, or `nil` when there is none of this key.
    func text(_ key: String, in language: Language) -> String?
}

extension TextCatalogue: TextSource {}

/// Turns a `ScreenText` into words of one language.
struct TextResolver: Sendable {
    var source: any TextSource
    var language: Language
    /// Called with a key that has no text.
    var onMissing: @Sendable (String, Language) -> Void

    /// The words, cleaned for a page. A missing key becomes its own last part: a button is never empty.
    func resolve(_ text: ScreenText) -> String { CleanText.clean(words(text, depth: 0)) }

    func resolve(_ key: String, _ values: [String: ScreenText] = [:]) -> String { resolve(.key(key, values)) }

    private func words(_ text: ScreenText, depth: Int) -> String {
        switch text {
        case .plain(let text): return text
        case .localized(let text): return text[language]
        case .key(let key, let values):
            guard let pattern = source.text(key, in: language) else {
                onMissing(key, language)
                return String(key.split(separator: ".").last ?? Substring(key))
            }
            // A text inside a text inside a text is a mistake in the flow, not a reason to recurse without end.
            guard !values.isEmpty, depth < 4 else { return pattern }
            return fill(pattern) { name in values[name].map { words($0, depth: depth + 1) } }
        }
    }

    /// Replaces each `{name}` once. What a value contains is never looked at again, so a card whose name field holds
    /// `{address}` prints just that.
    private func fill(_ pattern: String, _ value: (String) -> String?) -> String {
        var result = ""
        var rest = pattern[...]
        while let open = rest.firstIndex(of: "{") {
            Self.join(String(rest[..<open]), to: &result)
            guard let close = rest[open...].firstIndex(of: "}") else {
                rest = rest[open...]
                break
            }
            let name = String(rest[rest.index(after: open)..<close])
            Self.join(value(name) ?? String(rest[open...close]), to: &result)
            rest = rest[rest.index(after: close)...]
        }
        Self.join(String(rest), to: &result)
        return result
    }

    /// Between a Han character and a digit or Latin letter there is a space, as everywhere in these texts: 请到 2 号窗口.
    private static func join(_ piece: String, to result: inout String) {
        if let last = result.last, let first = piece.first,
            isHan(last) && isLatin(first) || isLatin(last) && isHan(first)
        {
            result += " "
        }
        result += piece
    }

    private static func isHan(_ character: Character) -> Bool {
        character.unicodeScalars.contains { (0x3400...0x9FFF).contains($0.value) || $0.value >= 0x20000 }
    }

    private static func isLatin(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber)
    }
}

/// The keys that the frame itself asks for, beside those that the flow names in its screens.
public enum FrameTexts {
    /// Every one must have a text in every language.
    public static let keys =
        [
            "frame.title", "frame.back", "frame.help", "frame.textSize", "frame.end", "frame.language",
            "frame.otherLanguage", "frame.step",
            "frame.more",
            "frame.previous", "frame.covered", "frame.continue", "frame.offline", "frame.change", "frame.delete",
            "frame.taken", "frame.stillThere", "frame.secondsLeft", "frame.caseNumber", "frame.acceptedOn",
            "frame.date",
        ] + (1...12).map { "frame.month\($0)" }
}
