import ArgumentParser
import HallController
import HallModel
import KioskConfiguration

@main
struct Kioskd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kioskd",
        abstract: "The controller of a self-service kiosk.",
        version: Product.version,
        subcommands: [Run.self, CheckConfiguration.self, CheckContents.self],
        defaultSubcommand: Run.self)
}

struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Run the kiosk (what kioskd does by itself).")

    @Option(help: ArgumentHelp("The kiosk's configuration file (docs/configuration.md).", valueName: "FILE"))
    var configuration: String

    @Option(help: ArgumentHelp("Folder for what must survive: sealed files and the journal.", valueName: "DIR"))
    var state: String

    @Option(help: ArgumentHelp("Folder in memory for sockets and the browser's secret.", valueName: "DIR"))
    var runtime: String

    func run() async throws {
        do {
            try await KioskDaemon.run(configurationFile: configuration, stateFolder: state, runtimeFolder: runtime)
        } catch let refusal as KioskDaemon.Refusal {
            KioskDaemon.complain(refusal.description)
            throw ExitCode(refusal.exitStatus)
        }
    }
}

struct CheckConfiguration: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-configuration",
        abstract: "Check a configuration file and everything it names; one line for each mistake.")

    @Argument(help: "The configuration file.")
    var file: String

    func run() throws {
        let errors = ConfigurationCheck.findings(file: file)
        for error in errors { print(error) }
        guard errors.isEmpty else { throw ExitCode(1) }
        print("\(file): everything in it can be used.")
    }
}

struct CheckContents: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-contents",
        abstract: "Check the texts, problems and items of a kiosk folder; one line for each mistake.")

    @Argument(help: "The kiosk folder.")
    var folder: String

    func run() throws {
        let findings = ContentsCheck.findings(folder: folder, alsoUsed: ReceiptTextKey.allCases.map(\.rawValue))
        for finding in findings { print(finding) }
        guard findings.isEmpty else { throw ExitCode(1) }
    }
}
