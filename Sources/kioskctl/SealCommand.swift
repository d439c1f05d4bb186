import ArgumentParser
import Materials

struct Seal: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Seal a file as age v1 to several recipients; each of them alone can open it.",
        discussion: """
            What is sealed can be opened with the recipients' keys only, also by age(1). OUT appears whole or not at all, \
            with mode 0600.

            Examples:
              kioskctl seal --recipient age1… --recipient age1… pages.pdf pages.pdf.age
              kioskctl seal --overwrite --recipient age1… log.txt log.age
            """)

    /// What `--json` prints.
    private struct Report: Encodable {
        var output: String
        var recipients: Int
    }

    @Option(
        name: .customLong("recipient"), help: ArgumentHelp("An age recipient; may be repeated.", valueName: "age1…"))
    var recipients: [String]

    @Flag(help: "Replace OUT when it exists.")
    var overwrite = false

    @Flag(help: "Print JSON.")
    var json = false

    @Argument(help: ArgumentHelp("The file to seal.", valueName: "IN"), completion: .file())
    var input: String

    @Argument(help: ArgumentHelp("The sealed file.", valueName: "OUT"), completion: .file())
    var output: String

    func run() async throws {
        do {
            try await SealCommandCore.seal(
                input: input, output: output, recipients: recipients, overwrites: overwrite)
        } catch {
            throw CommandFailure(.failed, "\(error)")
        }
        if json { try Terminal.printJSON(Report(output: output, recipients: recipients.count)) }
    }
}
