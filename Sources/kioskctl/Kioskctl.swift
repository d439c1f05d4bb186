import ArgumentParser
import Foundation

@main
struct Kioskctl: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kioskctl",
        abstract: "Looks after a kiosk from its command line.",
        subcommands: [Status.self, Devices.self, Outbox.self, Card.self, Seal.self])

    /// As the library's own, but for a call that is not understood: one sentence, as for every other failure.
    static func main() async {
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
            let words = message(for: error).split(whereSeparator: \.isWhitespace).joined(separator: " ")
            Terminal.complain("\(words.hasSuffix(".") ? String(words.dropLast()) : words); see kioskctl --help.")
            Foundation.exit(EX_USAGE)
        }
    }
}
