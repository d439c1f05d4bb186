import ArgumentParser
import Materials

struct Seal: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Seal a file as age v1 to several recipients; each of them alone can open it.")

    @Option(
        name: .customLong("recipient"), help: ArgumentHelp("An age recipient; may be repeated.", valueName: "age1…"))
    var recipients: [String]

    @Flag(help: "Replace OUT when it exists.")
    var overwrite = false

    @Argument(help: ArgumentHelp("The file to seal.", valueName: "IN"))
    var input: String

    @Argument(help: ArgumentHelp("The sealed file.", valueName: "OUT"))
    var output: String

    func run() async throws {
        do {
            try await SealCommandCore.seal(
                input: input, output: output, recipients: recipients, overwrites: overwrite)
        } catch {
            Terminal.complain("\(error)")
            throw ExitCode.failure
        }
    }
}
