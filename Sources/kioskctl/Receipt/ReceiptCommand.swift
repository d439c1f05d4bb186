import ArgumentParser
import Foundation
import HallModel
import KioskConfiguration

struct Receipt: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receipt", abstract: "Slips: see one, print one.",
        discussion: """
            A slip is described in a file (docs/receipt-files.md); receipt example prints one to begin with.

            Examples:
              kioskctl receipt example >slip.yaml
              kioskctl receipt preview slip.yaml -o slip.png
              kioskctl receipt print slip.yaml --direct tcp:192.0.2.9:9100
            """,
        subcommands: [PreviewReceipt.self, PrintReceipt.self, ExampleReceipt.self])
}

/// What to print: a file, or the example.
struct ReceiptSource: ParsableArguments {
    @Flag(help: "Take the built-in example instead of FILE.")
    var example = false

    @Argument(
        help: ArgumentHelp(
            "The slip, in YAML or JSON (docs/receipt-files.md); - is standard input.", valueName: "FILE"),
        completion: .file(extensions: ["yaml", "yml", "json"]))
    var file: String?

    func validate() throws {
        if file == nil, !example { throw ValidationError("Name a FILE, or add --example.") }
        if file != nil, example { throw ValidationError("Give FILE or --example, not both.") }
    }

    /// Far more than a slip can hold is enough to be told so.
    private static func standardInput() -> String {
        var bytes = Data()
        while bytes.count < 1 << 20, let more = try? FileHandle.standardInput.read(upToCount: 65_536), !more.isEmpty {
            bytes += more
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    func document() throws -> ReceiptDocument {
        if let file, file != "-", access(file, R_OK) != 0 {
            throw CommandFailure(
                .data,
                "\(file) cannot be read (\(String(cString: strerror(errno)))); "
                    + "kioskctl receipt example prints one to begin with.")
        }
        do throws(ConfigurationErrors) {
            guard let file else { return try ReceiptFile.read(ExampleReceipt.text, named: "the example") }
            if file == "-" { return try ReceiptFile.read(Self.standardInput(), named: "standard input") }
            return try ReceiptFile.load(file)
        } catch { throw CommandFailure(error, status: .data) }
    }
}

struct ExampleReceipt: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "example", abstract: "Print a slip's description to begin with.",
        discussion: """
            Examples:
              kioskctl receipt example >slip.yaml
              kioskctl receipt example | less
            """)

    /// What `--json` prints: the same file as JSON, which is read as well.
    private struct Report: Encodable { var yaml: String }

    @Flag(help: "Print JSON: the text as one value.")
    var json = false

    static let text = """
        # A slip: its blocks from top to bottom, each exactly one of title, line, number, row, qr, rule, space.
        receipt:
          - title: 第九街道服务中心
          - rule: true
          - row: {label: 事项, value: 敬老卡申领}
          - row: {label: 办理人, value: 张*}
          - line: 您的办件号
          - number: "9999 2026 1127 0001"
          - space: 4                # millimetres, 1 to 30
          - qr: https://example.invalid/case/999920261127
          - line: 这是一张样张，不是凭条。Specimen.
        isSecondCopy: false         # true prints 补打 across the top

        """

    func run() throws {
        if json { return try Terminal.printJSON(Report(yaml: Self.text)) }
        Terminal.show(String(Self.text.dropLast()))
    }
}
