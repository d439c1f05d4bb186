import ArgumentParser
import DeviceKit
import Foundation
import HallModel
import KioskConfiguration

struct Card: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Identity cards.", subcommands: [ReadCard.self])
}

struct ReadCard: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "read", abstract: "Read one identity card without kioskd.",
        discussion: """
            Exits with 0 only when a card was read. What is printed is personal: send it nowhere. kioskd must not use \
            the reader at the same time.
            """)

    @Option(help: ArgumentHelp("The reader: serial:/dev/ttyUSB0 or tcp:HOST:PORT.", valueName: "ADDRESS"))
    var direct: String

    @Option(help: ArgumentHelp("Seconds to wait for a card, 1 to 600.", valueName: "SECONDS"))
    var timeout = 15

    @Option(
        help: ArgumentHelp("A folder with a profile.yaml, when the standard settings do not fit.", valueName: "DIR"))
    var profile: String?

    @Flag(help: "Print JSON, the photo as it is on the card in base64.")
    var json = false

    func validate() throws {
        switch DeviceAddress(direct)?.place {
        case .serial, .tcp: break
        default: throw ValidationError("--direct takes serial:/dev/… or tcp:HOST:PORT, not \(direct).")
        }
        guard (1...600).contains(timeout) else { throw ValidationError("--timeout takes 1 to 600 seconds.") }
    }

    func run() async throws {
        let reader = DirectCardReader(
            assignment: DeviceAssignment(name: "reader", profile: try chosenProfile(), address: direct),
            timeout: .seconds(timeout))
        switch await reader.read() {
        case .success(let document):
            if json { try Terminal.printJSON(CardReport(document)) } else { CardReport(document).show() }
        case .failure(let failure):
            Terminal.complain(failure.description)
            throw ExitCode(failure.exitStatus)
        }
    }

    private func chosenProfile() throws -> DeviceProfile {
        guard let profile else {
            return DeviceProfile(
                id: "samv-serial", role: .cardReader, title: "SAM_V reader", driver: .samv(CardReaderSettings()))
        }
        do {
            let chosen = try DeviceProfileLoader.load(folder: profile)
            guard chosen.role == .cardReader else {
                Terminal.complain("\(profile) describes a \(chosen.role.rawValue), not a card reader.")
                throw ExitCode(EX_CONFIG)
            }
            return chosen
        } catch let errors as ConfigurationErrors {
            Terminal.complain(errors.errors.first?.description ?? "\(profile) cannot be used.")
            throw ExitCode(EX_CONFIG)
        }
    }
}
