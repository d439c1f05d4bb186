import HallModel

/// What Chinese on a resident's screen must be (requirement XG1): common characters, short sentences.
public enum ResidentLanguage {
    /// The most Han characters that a sentence may have.
    public static let maximumSentence = 20

    /// What is wrong with a text, one sentence each; empty when nothing is.
    ///
    /// - Parameter official: a text whose characters are allowed whatever they are: an item's official name.
    public static func findings(in text: String, official: String = "") -> [String] {
        var findings: [String] = []
        let allowed = Set(official.unicodeScalars)
        let rare = text.unicodeScalars.filter { isHan($0) && !CommonHan.contains($0) && !allowed.contains($0) }
        if !rare.isEmpty {
            let shown = String(String.UnicodeScalarView(rare)).prefix(10)
            findings.append("“\(shown)” is not among the 3,755 common characters; use other words")
        }
        for sentence in text.split(whereSeparator: { "。！？；\n".contains($0) }) {
            let count = sentence.unicodeScalars.count(where: isHan)
            if count > maximumSentence {
                findings.append("a sentence of \(count) characters is too long; \(maximumSentence) is the most")
            }
        }
        return findings
    }

    /// Adds the findings of a localised text at the place of its 简体中文.
    static func check(_ field: YAMLField?, official: LocalizedText? = nil, errors: ErrorCollector) {
        guard let chinese = field?[Language.simplifiedChinese.rawValue], let text = chinese.text else { return }
        for finding in findings(in: text, official: official?[.simplifiedChinese] ?? "") {
            errors.add(chinese.error(finding))
        }
    }

    static func isHan(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x3007, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x2_0000...0x3_FFFF: true
        default: false
        }
    }
}
