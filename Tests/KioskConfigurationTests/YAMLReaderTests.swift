import Foundation
import TestSupport
import Testing

@testable import KioskConfiguration

@Suite struct YAMLReaderTests {
    private static let schema = ObjectSchema([
        .required("name", .identifier),
        .optional("list", .list(.integer(0...9), count: 0...3)),
        .optional("text", .localized(maximum: 20)),
        .optional("group", .object(ObjectSchema([.optional("on", .boolean)]))),
        .optional("free", .dictionary(maximum: 5)),
    ])

    private static func errors(_ bytes: [UInt8]) -> [ConfigurationError] {
        let errors = ErrorCollector()
        if let root = YAMLReader(file: "f").root(of: bytes, errors: errors) { _ = schema.read(root, errors: errors) }
        return errors.errors
    }

    private static func errors(_ text: String) -> [String] { errors(Array(text.utf8)).map(\.description) }

    @Test func aFileThatIsRightGivesNoError() {
        #expect(
            Self.errors("name: a-1\nlist: [1, 2]\ntext: {zh-Hans: 好, en: ok}\ngroup:\nfree: {x: yes, y: 3}\n") == [])
    }

    @Test(arguments: [
        ("", "f:1:1: the file is empty"),
        ("name: a\nname: b\n", "f:1:1: name: the field “name” stands more than once in the same place; keep one"),
        ("name: a\nlist: [1, x, 12]\n", "f:2:11: list[1]: expected a whole number 0 … 9, found “x”"),
        ("name: a\nlist: [1, 2, 3, 4]\n", "f:2:7: list: 4 entries; expected 0 to 3"),
        ("name: a\ntext: {zh-Hans: 好}\n", "f:2:7: text: the field “en” is missing"),
        ("name: a\ntext: 好\n", "f:2:7: text: expected a text in each language (zh-Hans and en), found “好”"),
        ("name:\n", "f:1:6: name: expected a name, found nothing"),
        ("name: !!binary aa\n", "f:1:7: name: tags (!name) are not accepted"),
        ("name: \"a\\nb\"\n", "f:1:7: name: control characters and line breaks are not accepted here"),
        ("- a\n", "f:1:1: expected a group of fields, found a list"),
        ("name: &x a\ngroup: *x\n", "f:1:7: anchors (&name) are not accepted; write the value where it is needed"),
        ("? name\n: a\n", "f:1:1: explicit keys (? key) are not accepted; write key: value"),
        (
            "name: a\n---\nname: b\n",
            "f:2:1: this is not accepted: expected a single document in the stream but found another document"
        ),
        (
            "name: a\n\tlist: []\n",
            "f:2:1: this is not YAML: found a tab character that violates indentation (while scanning a plain scalar, begun in line 1)"
        ),
        ("name: a\u{85}", "f:1:8: the line break is not a plain one; end lines with LF"),
    ])
    func aMistakeHasItsPlace(_ text: String, _ expected: String) {
        #expect(Self.errors(text).contains(expected), "\(Self.errors(text))")
    }

    @Test func textThatIsNotUTF8IsRefusedWithItsPlace() {
        let errors = Self.errors(Array("name: a\nx: 好".utf8) + [0xFF])
        #expect(
            errors.map(\.description)
                == ["f:2:5: the text is not UTF-8; save the file in the encoding UTF-8"])
    }

    @Test func fieldsNamedAlikeAreSuggested() {
        #expect(Self.errors("nmae: a\n").contains("f:1:1: nmae: there is no such field; did you mean “name”?"))
        #expect(
            Self.errors("name: a\nquite-different: 1\n")
                == ["f:2:1: quite-different: there is no such field; known here: name, list, text, group, free"])
    }

    @Test func atMostAHundredErrorsAreKept() {
        let text = "name: a\n" + (0..<500).map { "x\($0): 1\n" }.joined()
        #expect(Self.errors(text).count == ErrorCollector.limit)
    }

    private static func repeated(_ text: String, _ count: Int, then end: String = "", _ closing: String = "") -> [UInt8]
    {
        Array((String(repeating: text, count: count) + end + String(repeating: closing, count: count)).utf8)
    }

    private static var hostile: [(name: String, bytes: [UInt8])] {
        var bomb = "a0: &a0 x\n"
        for level in 1..<30 { bomb += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
        var indents = ""
        for level in 0..<900 { indents += String(repeating: " ", count: level) + "a:\n" }
        var found: [(name: String, bytes: [UInt8])] = []
        found.append(("large", repeated("a", 1 << 20 + 1)))
        found.append(("brackets", repeated("[", 1 << 20)))
        found.append(("braces", repeated("{a: ", 60_000)))
        found.append(("deep", repeated("[", 900, then: "", "]")))
        found.append(("deeper than allowed", repeated("[", 40, then: "", "]")))
        found.append(("dashes", repeated("- ", 100_000)))
        found.append(("fewer dashes", repeated("- ", 900)))
        found.append(("indents", Array(indents.utf8)))
        found.append(("explicit keys", repeated("? ", 900)))
        found.append(("explicit keys in braces", repeated("{?", 500, then: "a", "}")))
        found.append(("entries", repeated("- a\n", 90_000)))
        found.append(("long key", repeated("k", 1_000_000, then: ": 1")))
        found.append(("long text", Array("name: \"".utf8) + repeated("\\u4e00", 150_000, then: "\"")))
        found.append(("aliases", Array(bomb.utf8)))
        found.append(("anchor behind a quoted key", Array(#"{"a":&x {b: 1}, "c": *x}"#.utf8)))
        found.append(("nul", [0, 0, 0]))
        found.append(("byte order mark", [0xEF, 0xBB, 0xBF] + Array("&a b".utf8)))
        found.append(("utf-16", [0xFF, 0xFE, 0x61, 0]))
        return found
    }

    @Test(.timeLimit(.minutes(1))) func whatIsMeantToHurtIsRefused() {
        for (name, bytes) in Self.hostile {
            let started = ContinuousClock.now
            #expect(!Self.errors(bytes).isEmpty, "\(name)")
            let taken = ContinuousClock.now - started
            #expect(taken < .seconds(10), "\(name): \(taken)")
        }
    }

    /// Any bytes: errors or none, never a trap. Half of the rounds change a file that is right, half are noise made of
    /// the characters that mean something in YAML.
    @Test func anyBytesGiveErrorsAndNoTrap() throws {
        var generator = SeededGenerator(printedAs: #function)
        let models = try ["Kiosk/items/senior-card.yaml", "Kiosk/example.yaml", "Devices/sane-test/profile.yaml"].map {
            Array(try repositoryText($0).utf8)
        }
        let pieces =
            [
                "{", "}", "[", "]", ",", ": ", "- ", "? ", "\n", " ", "\t", "\"", "'", "|", ">", "!", "!!int ", "&a",
                "*a", "#", "%YAML 1.1\n",
            ]
            + [
                "---\n", "...\n", "\\u", "\\xff", "name", "list", "text", "zh-Hans", "1", "-1", "99999999999999999999",
                "~", "好", "\u{85}", "\0",
            ]
        let schemas = SchemaTests.documents.map(\.schema)
        for round in 0..<1_500 {
            var bytes: [UInt8]
            if round.isMultiple(of: 2) {
                bytes = models[round / 2 % models.count]
                for _ in 0..<Int.random(in: 1...8, using: &generator) {
                    let place = Int.random(in: 0..<bytes.count, using: &generator)
                    if Bool.random(using: &generator) {
                        bytes[place] = UInt8.random(in: 0...255, using: &generator)
                    } else {
                        bytes.replaceSubrange(
                            place..<min(bytes.count, place + Int.random(in: 0...20, using: &generator)),
                            with: Array((pieces.randomElement(using: &generator) ?? "").utf8))
                    }
                }
            } else {
                bytes = (0..<Int.random(in: 0...60, using: &generator)).flatMap { _ in
                    Array((pieces.randomElement(using: &generator) ?? "").utf8)
                }
            }
            let errors = ErrorCollector()
            if let root = YAMLReader(file: "f").root(of: bytes, errors: errors) {
                for schema in schemas { _ = schema.read(root, errors: errors) }
            }
            _ = Self.errors(bytes)
            for error in errors.errors {
                #expect(error.line >= 1 && error.column >= 1)
                #expect(error.description.utf8.count < 2_000)
            }
        }
    }

    @Test func aPipeOrAFolderIsNotWaitedFor() throws {
        let fixture = try ConfigurationFixture()
        try #require(mkfifo("\(fixture.folder)/pipe", 0o600) == 0)
        #expect(
            KioskConfiguration.checkAll(file: "\(fixture.folder)/pipe").map(\.sentence)
                == ["the file is not a regular file"])
        #expect(
            KioskConfiguration.checkAll(file: fixture.folder).map(\.sentence) == ["the file is not a regular file"])
        #expect(
            KioskConfiguration.checkAll(file: "/dev/zero").map(\.sentence) == ["the file is not a regular file"])
    }
}
