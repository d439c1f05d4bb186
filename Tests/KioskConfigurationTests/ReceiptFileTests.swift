import HallModel
import KioskConfiguration
import Testing

@Suite struct ReceiptFileTests {
    private func mistakes(_ text: String) -> [String] {
        do throws(ConfigurationErrors) {
            _ = try ReceiptFile.read(text, named: "slip.yaml")
            return []
        } catch { return error.errors.map(\.description) }
    }

    @Test(
        "A mistake is told with its line and field",
        arguments: [
            (
                "receipt:\n  - titel: a\n",
                "slip.yaml:2:5: receipt[0].titel: there is no such field; did you mean “title”?"
            ),
            ("receipt:\n  - title: a\n    line: b\n", "slip.yaml:2:5: receipt[0]: an entry is exactly one of"),
            ("receipt:\n  - title: a\n  - space: 40\n", "slip.yaml:3:12: receipt[1].space: 40.0 is outside 1.0 … 30.0"),
            ("receipt:\n  - row: {label: a}\n", "slip.yaml:2:10: receipt[0].row: the field “value” is missing"),
            ("receipt:\n  - rule: false\n", "slip.yaml:2:5: receipt[0]: write rule: true"),
            ("receipt: []\n", "slip.yaml:1:10: receipt: 0 entries; expected 1 to 200"),
            ("isSecondCopy: true\n", "slip.yaml:1:1: the field “receipt” is missing"),
            ("receipt: [{title: 1234}\n", "slip.yaml:2:1: this is not YAML"),
        ])
    func mistake(_ text: String, _ sentence: String) {
        #expect(mistakes(text).contains { $0.hasPrefix(sentence) }, "\(mistakes(text))")
    }

    @Test("A code of more than 512 bytes is refused even when its characters are fewer")
    func longCode() {
        #expect(
            mistakes("receipt:\n  - qr: \(String(repeating: "码", count: 200))\n").first?.contains("512 bytes") == true)
    }

    @Test("Every kind of block is read, in order; JSON is read as well")
    func blocks() throws {
        let yaml = try ReceiptFile.read(
            """
            receipt:
              - title: 标题
              - line: 一行
              - number: "9999"
              - row: {label: 事项, value: 敬老卡}
              - qr: https://example.invalid
              - rule: true
              - space: 2.5
            isSecondCopy: true
            """, named: "slip.yaml")
        let expected = ReceiptDocument(
            blocks: [
                .title("标题"), .line("一行"), .number("9999"), .row(label: "事项", value: "敬老卡"),
                .qr("https://example.invalid"),
                .rule, .space(millimetres: 2.5),
            ], isSecondCopy: true)
        #expect(yaml == expected)
        let json = try ReceiptFile.read(
            #"{"receipt": [{"title": "标题"}, {"rule": true}], "isSecondCopy": false}"#, named: "slip.json")
        #expect(json == ReceiptDocument(blocks: [.title("标题"), .rule]))
    }
}
