import Foundation
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
            "f:2:1: this is not YAML: found character that cannot start any token (while scanning for the next token, begun in line 2)"
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

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            "large": [UInt8](repeating: UInt8(ascii: "a"), count: 1 << 20 + 1),
            "brackets": [UInt8](repeating: UInt8(ascii: "["), count: 1 << 20),
            "braces": Array(String(repeating: "{a: ", count: 100_000).utf8),
            "deep": Array((String(repeating: "[", count: 900) + String(repeating: "]", count: 900)).utf8),
            "deeper than allowed": Array((String(repeating: "[", count: 40) + String(repeating: "]", count: 40)).utf8),
            "dashes": Array(String(repeating: "- ", count: 100_000).utf8),
            "many dashes": Array(String(repeating: "- ", count: 900).utf8),
            "indents": Array((0..<900).map { String(repeating: " ", count: $0) + "a:\n" }.joined().utf8),
            "explicit keys": Array(String(repeating: "? ", count: 900).utf8),
            "flow keys": Array((String(repeating: "{?", count: 500) + "a" + String(repeating: "}", count: 500)).utf8),
            "entries": Array(("[" + String(repeating: "a,", count: 180_000) + "]").utf8),
            "long key": Array((String(repeating: "k", count: 1_000_000) + ": 1").utf8),
            "long text": Array(("name: \"" + String(repeating: "\\u4e00", count: 150_000) + "\"").utf8),
            "bomb": Array(
                ("a0: &a0 x\n" + (1..<30).map { "a\($0): &a\($0) [*a\($0 - 1), *a\($0 - 1)]\n" }.joined()).utf8),
            "anchor behind a quoted key": Array(#"{"a":&x {b: 1}, "c": *x}"#.utf8),
            "nul": [0, 0, 0],
            "byte order mark": [0xEF, 0xBB, 0xBF] + Array("&a b".utf8),
            "utf-16": [0xFF, 0xFE, 0x61, 0],
        ])
    func whatIsMeantToHurtIsRefused(_ name: String, _ bytes: [UInt8]) {
        let started = ContinuousClock.now
        #expect(!Self.errors(bytes).isEmpty)
        #expect(ContinuousClock.now - started < .seconds(20), "\(name)")
    }

    /// Any bytes: errors or none, never a trap. Half of the rounds change a file that is right, half are noise made of
    /// the characters that mean something in YAML.
    @Test func anyBytesGiveErrorsAndNoTrap() throws {
        var generator = SeededGenerator(seed: UInt64.random(in: 0 ... .max))
        print("seed of the YAML fuzz: \(generator.seed)")
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

/// SplitMix64: the same rounds again for the same seed.
struct SeededGenerator: RandomNumberGenerator {
    let seed: UInt64
    private var state: UInt64

    init(seed: UInt64) {
        self.seed = seed
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
