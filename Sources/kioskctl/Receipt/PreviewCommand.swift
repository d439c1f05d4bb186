import ArgumentParser
import DeviceKit
import HallModel
import NIOCore

struct PreviewReceipt: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview", abstract: "Draw a slip as a picture, dot for dot as the printer would.",
        discussion: """
            Needs neither kioskd nor a printer. The picture appears whole or not at all; an existing one is left alone unless \
            --force is given.

            Examples:
              kioskctl receipt preview --example -o slip.png
              kioskctl receipt preview slip.yaml -o slip.png --profile escpos-epson
              kioskctl receipt preview slip.yaml -o slip.png --force --json
            """)

    /// What `--json` prints.
    private struct Report: Encodable {
        var output: String
        var bytes: Int
        /// Paper it takes.
        var millimetres: Double
    }

    @OptionGroup var source: ReceiptSource
    @OptionGroup var output: OutputOptions

    @Option(
        help: ArgumentHelp("An installed printer profile, or a folder: paper and fonts.", valueName: "PROFILE"),
        completion: .directory)
    var profile: String?

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let document = try source.document()
        let (_, settings) = try ChosenProfile.receiptPrinter(profile)
        try output.check()
        let workers = PrivateWorkers(
            specifications: [ReceiptWorkers.render], place: "the picture", limit: .seconds(30))
        let slip = try await workers.run { host in
            try await host.becomesReady([ReceiptWorkers.render])
            return try await ReceiptWorkers.pictured(document, settings, by: host)
        }
        try await output.write(slip.content)
        let report = Report(output: output.path, bytes: slip.content.readableBytes, millimetres: slip.millimetres)
        if json { return try Terminal.printJSON(report) }
        Terminal.show(
            "\(report.output): \(Terminal.size(report.bytes)), \(Int(report.millimetres.rounded())) mm of "
                + "\(settings.paperMillimetres) mm paper")
    }
}

/// Slips by workers of this command's own.
enum ReceiptWorkers {
    static let render = WorkerSpecification(kind: .render, instance: WorkerKind.render.rawValue, devices: [])

    /// ESC/POS bytes or a picture, and the length of the paper.
    struct Slip: Sendable {
        var content: ByteBuffer
        var millimetres: Double
    }

    /// The bytes for a printer.
    static func rendered(
        _ document: ReceiptDocument, _ settings: ReceiptPrinterSettings, by host: WorkerHost
    ) async throws -> Slip {
        try await slip(.renderReceipt(document, settings), by: host)
    }

    /// A PNG.
    static func pictured(
        _ document: ReceiptDocument, _ settings: ReceiptPrinterSettings, by host: WorkerHost
    ) async throws -> Slip {
        try await slip(.pictureReceipt(document, settings), by: host)
    }

    private static func slip(_ command: WorkerCommand, by host: WorkerHost) async throws -> Slip {
        do throws(WorkerFailure) {
            let (reply, attached) = try await host.perform(command, on: render.instance, deadline: .seconds(15))
            guard case .rendered(let millimetres) = reply, attached.count == 1 else {
                throw .notUnderstood("it gave no slip")
            }
            return Slip(content: attached[0], millimetres: millimetres)
        } catch { throw CommandFailure(error, of: WorkerKind.render.programName, at: "the slip") }
    }
}
