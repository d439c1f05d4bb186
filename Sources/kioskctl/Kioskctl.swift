import ArgumentParser
import Foundation
import HallModel

@main
struct Kioskctl: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kioskctl",
        abstract: "Looks after a kiosk from its command line.",
        discussion: """
            Begin with status: it names each fault with its device, its cause, what was measured and what to do.

            Every command takes --json and then prints one object (events, card watch: one line each); a failure is one \
            sentence on standard error and {"error": …} on standard output. Exit status 0 means that it worked; \
            docs/kioskctl.md has the others.

            Examples:
              kioskctl status
              kioskctl devices --tree
              kioskctl events --follow
              kioskctl card read --direct serial:/dev/ttyUSB0
            """,
        version: Product.version,
        subcommands: [],
        groupedSubcommands: [
            CommandGroup(name: "Kiosk", subcommands: [Status.self, Devices.self, Events.self]),
            CommandGroup(name: "Resident", subcommands: [SessionCommand.self, Outbox.self]),
            CommandGroup(name: "Device", subcommands: [Card.self, Receipt.self, Scan.self]),
            CommandGroup(name: "File", subcommands: [Seal.self]),
        ])

    /// As the library's own, but for what went wrong: one sentence, the same for every failure.
    static func main() async {
        do {
            try HelpTopic.check(CommandLine.arguments.dropFirst())
            var command = try await asyncParseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let failure as CommandFailure {
            end(with: failure)
        } catch {
            if exitCode(for: error).isSuccess {
                // Help: not by the library, which takes no notice of a full disk.
                Terminal.show(fullMessage(for: error))
                Foundation.exit(ExitStatus.done.rawValue)
            }
            guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
            let words = message(for: error).split(whereSeparator: \.isWhitespace).joined(separator: " ")
            end(with: CommandFailure(.usage, HelpTopic.pointing(words, from: CommandLine.arguments.dropFirst())))
        }
    }

    private static func end(with failure: CommandFailure) -> Never {
        // The call itself may not have been understood: then only the word tells.
        if CommandLine.arguments.contains("--json") { try? Terminal.printJSON(failure.report) }
        Terminal.complain(failure.sentence)
        Foundation.exit(failure.status.rawValue)
    }
}
