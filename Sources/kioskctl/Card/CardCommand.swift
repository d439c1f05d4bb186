import ArgumentParser
import DeviceKit
import Foundation
import HallModel
import KioskConfiguration

struct Card: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Identity cards.",
        discussion: """
            Examples:
              kioskctl card watch
              kioskctl card read --direct serial:/dev/ttyUSB0
            """,
        subcommands: [WatchCard.self, ReadCard.self])
}

/// Where a reader is, for commands that drive it themselves.
struct DirectReaderOptions {
    static func check(_ address: String) throws {
        switch DeviceAddress(address)?.place {
        case .serial, .tcp: break
        default: throw ValidationError("--direct takes serial:/dev/… or tcp:HOST:PORT, not “\(address)”.")
        }
    }

    static func assignment(_ address: String, profile: String?) throws -> DeviceAssignment {
        DeviceAssignment(
            name: "reader", profile: try ChosenProfile.cardReader(profile), address: address)
    }
}

struct ReadCard: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "read", abstract: "Read one identity card without kioskd.",
        discussion: """
            Exits with 0 only when a card was read. What is printed is personal: send it nowhere. kioskd must not use \
            the reader at the same time.

            Examples:
              kioskctl card read --direct serial:/dev/ttyUSB0
              kioskctl card read --direct serial:/dev/ttyS0?9600 --timeout 30
              kioskctl card read --direct tcp:192.0.2.7:4001 --json | jq -r .flags[]
            """)

    @Option(help: ArgumentHelp("The reader: serial:/dev/ttyUSB0 or tcp:HOST:PORT.", valueName: "ADDRESS"))
    var direct: String

    @Option(help: ArgumentHelp("Seconds to wait for a card, 1 to 600.", valueName: "SECONDS"))
    var timeout = 15

    @Option(
        help: ArgumentHelp(
            "An installed profile, or a folder with a profile.yaml, when the standard settings do not fit.",
            valueName: "PROFILE"), completion: .directory)
    var profile: String?

    @Flag(help: "Print JSON, the photo as it is on the card in base64.")
    var json = false

    func validate() throws {
        try DirectReaderOptions.check(direct)
        guard (1...600).contains(timeout) else { throw ValidationError("--timeout takes 1 to 600 seconds.") }
    }

    func run() async throws {
        let reader = DirectCardReader(
            assignment: try DirectReaderOptions.assignment(direct, profile: profile), timeout: .seconds(timeout))
        let report = CardReport(try await reader.read())
        if json { try Terminal.printJSON(report) } else { report.show() }
    }
}
