import ArgumentParser

@main
struct Kioskctl: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kioskctl",
        abstract: "Looks after a kiosk from its command line.",
        subcommands: [Status.self, Devices.self, Outbox.self, Card.self, Seal.self])
}
