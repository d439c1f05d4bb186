import ArgumentParser
import Foundation
import HallEmulators
import UnixSignals

/// The emulated hall: card reader, code reader, scanner, receipt printer, A4 printer and network, with a desk page to work
/// them by hand.
@main
struct KioskHall: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kiosk-hall",
        abstract: "Emulates the devices of a service hall, for development and tests.",
        discussion: "Listens on 127.0.0.1 only. When all is up, DIR/hall.json says where everything is.")

    @Option(help: ArgumentHelp("Folder for hall.json and the links of the serial devices.", valueName: "DIR"))
    var runtime: String

    @Option(help: "Port of the desk page and its HTTP API (0: any free one).")
    var port = 0

    @Option(help: "Port of the receipt printer (0: any free one).")
    var printerPort = 0

    @Option(help: "Port of the scanner (0: any free one).")
    var scannerPort = 0

    @Option(help: "Port of the A4 printer (0: any free one).")
    var documentPrinterPort = 0

    @Option(help: "Port that leads to the platform (0: any free one).")
    var proxyPort = 0

    @Option(help: ArgumentHelp("The platform, reached through a network that can be cut.", valueName: "HOST:PORT"))
    var platform: String?

    @Option(
        help: ArgumentHelp(
            "The name under which the kiosk knows the platform; DIR/hosts and DIR/resolv.conf are kept for it.",
            valueName: "NAME"))
    var platformName: String?

    @Option(help: "How long devices take: 1 as real ones, 0 no time at all.")
    var timeScale = 1.0

    func validate() throws {
        for port in [port, printerPort, scannerPort, documentPrinterPort, proxyPort] where !(0...65_535).contains(port)
        {
            throw ValidationError("\(port) is not a port; ports are 0 to 65535.")
        }
        guard (0...100).contains(timeScale) else {
            throw ValidationError("The time scale must lie between 0 and 100.")
        }
    }

    func run() async throws {
        var options = HallOptions(
            runtimeFolder: URL(fileURLWithPath: runtime).path)
        options.deskPort = port
        options.printerPort = printerPort
        options.scannerPort = scannerPort
        options.proxyPort = proxyPort
        options.documentPrinterPort = documentPrinterPort
        options.platform = platform
        options.platformName = platformName
        options.timeScale = timeScale
        let signals = await UnixSignalsSequence(trapping: [.sigterm, .sigint])
        let hall: EmulatedHall
        do {
            hall = try EmulatedHall(options)
            let addresses = try await hall.start()
            FileHandle.standardOutput.write(Data("The hall is open: \(addresses.desk)\n".utf8))
        } catch {
            FileHandle.standardError.write(Data("kiosk-hall: \(error)\n".utf8))
            throw ExitCode(1)
        }
        for await _ in signals { break }
        // What others can see goes first; whoever still listens to the desk is not waited for.
        hall.close()
        Foundation.exit(0)
    }
}
