import ArgumentParser
import Foundation
import Materials

struct Seal: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Seal a file as age v1 to several recipients; each of them alone can open it.",
        discussion: """
            What is sealed can be opened with the recipients' keys only, also by age(1). OUT appears whole or not at all, \
            with mode 0600; an existing one is left alone unless --force is given.

            Examples:
              kioskctl seal --recipient age1… --recipient age1… pages.pdf pages.pdf.age
              kioskctl seal --force --recipient age1… log.txt log.age
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
    var force = false

    /// What `--force` was called first.
    @Flag(help: .hidden)
    var overwrite = false

    @Flag(help: "Print JSON.")
    var json = false

    @Argument(help: ArgumentHelp("The file to seal.", valueName: "IN"), completion: .file())
    var input: String

    @Argument(help: ArgumentHelp("The sealed file.", valueName: "OUT"), completion: .file())
    var output: String

    func run() async throws {
        // Each asked here first, for the exit status that says whose mistake it is.
        do { try AgeSuite().check(recipients: recipients) } catch { throw CommandFailure(.usage, "\(error)") }
        guard access(input, R_OK) == 0 else {
            throw CommandFailure(
                .data, "\(input) cannot be read (\(String(cString: strerror(errno)))); name the file to seal.")
        }
        let replaces = force || overwrite
        try OutputOptions.check(output, force: replaces)
        do {
            try await SealCommandCore.seal(
                input: input, output: output, recipients: recipients, overwrites: replaces)
        } catch {
            throw CommandFailure(.cannotCreate, "\(error)")
        }
        if json { return try Terminal.printJSON(Report(output: output, recipients: recipients.count)) }
        let count = recipients.count == 1 ? "1 recipient" : "\(recipients.count) recipients"
        Terminal.show("\(output): sealed to \(count)")
    }
}
