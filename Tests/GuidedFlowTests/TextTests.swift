import GuidedFlow
import Testing

@Suite("The texts of the resident's screens")
struct TextTests {
    @Test("exist in both languages for every key, with the same placeholders", arguments: ScreenTextKey.allCases)
    func complete(key: ScreenTextKey) throws {
        let chinese = try #require(TextFile.chinese[key.rawValue], "missing in zh-Hans.yaml")
        let english = try #require(TextFile.english[key.rawValue], "missing in en.yaml")
        #expect(!chinese.isEmpty && !english.isEmpty)
        #expect(TextFile.placeholders(chinese) == TextFile.placeholders(english))
    }

    @Test("are the same keys in both files")
    func sameKeys() {
        #expect(Set(TextFile.chinese.keys) == Set(TextFile.english.keys))
    }

    @Test("keep to the 3,755 common characters (XG1)")
    func commonCharactersOnly() {
        #expect(commonCharacters.count == 3_755)
        for (key, text) in TextFile.chinese {
            let rare = text.filter { $0.isHan && !commonCharacters.contains($0) }
            #expect(rare.isEmpty, "\(key): \(rare)")
        }
    }

    @Test("have at most 20 Han characters a sentence (XG1)")
    func shortSentences() {
        for (key, text) in TextFile.chinese {
            for sentence in text.split(whereSeparator: { "。！？".contains($0) }) {
                #expect(sentence.count(where: \.isHan) <= 20, "\(key): \(sentence)")
            }
        }
    }

    @Test("do not blame, and name no codes (XG4)")
    func kind() {
        for (key, text) in TextFile.chinese {
            for word in ["无效", "非法", "错误", "失败", "系统", "异常"] { #expect(!text.contains(word), "\(key): \(text)") }
        }
    }
}

extension Character {
    var isHan: Bool { unicodeScalars.first.map { (0x4E00...0x9FFF).contains($0.value) } ?? false }
}
