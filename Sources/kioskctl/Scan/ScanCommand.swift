import ArgumentParser
import DeviceKit
import Foundation
import HallModel
import KioskConfiguration
import KioskControl
import NIOCore

struct Scan: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan", abstract: "Scan pages into a PDF, with what the checks find on each.",
        discussion: """
            Through the running kioskd, and only while nobody is at the kiosk: when a resident comes, the scan is given up and \
            nothing is written. Without kioskd the scanner is looked up in --configuration, or named with --direct. On a \
            terminal the command asks for each further page; otherwise it goes on at once, as for a feeder.

            The PDF appears whole or not at all, with mode 0600; an existing file is left alone unless --force is given.

            Examples:
              kioskctl scan --device scanner -o page.pdf
              kioskctl scan --device scanner --pages 3 -o pages.pdf --json
              kioskctl scan --direct escl:http://192.0.2.8/eSCL -o page.pdf --force
            """)

    @OptionGroup var daemon: DaemonOptions
    @OptionGroup var output: OutputOptions

    @Option(
        help: ArgumentHelp("A scanner of the kiosk.", valueName: "NAME"),
        completion: .custom { words, _, _ in await DaemonCompletion.devices(words, .scanner) })
    var device: String?

    @Option(help: ArgumentHelp("Without kioskd: escl:http://HOST/eSCL or sane:BACKEND:NAME.", valueName: "ADDRESS"))
    var direct: String?

    @Option(
        help: ArgumentHelp("With --direct: an installed scanner profile, or a folder.", valueName: "PROFILE"),
        completion: .directory)
    var profile: String?

    @Option(
        help: ArgumentHelp("Where --device is looked up while kioskd does not run.", valueName: "FILE"),
        completion: .file(extensions: ["yaml"]))
    var configuration = "/etc/hallkiosk/kiosk.yaml"

    @Option(help: ArgumentHelp("How many pages, 1 to 64.", valueName: "COUNT"))
    var pages = 1

    func validate() throws {
        guard (direct == nil) != (device == nil) else {
            throw ValidationError("Say what to scan with: --device NAME or --direct ADDRESS.")
        }
        if direct == nil, profile != nil { throw ValidationError("--profile goes with --direct.") }
        guard (1...64).contains(pages) else { throw ValidationError("--pages takes 1 to 64.") }
        guard let direct else { return }
        switch DeviceAddress(direct)?.place {
        case .escl, .sane: break
        default: throw ValidationError("--direct takes escl:http://HOST/eSCL or sane:BACKEND:NAME, not “\(direct)”.")
        }
    }

    func run() async throws {
        try output.check()
        let source = try await source()
        let job = ScanJob(
            source: source, pages: pages, asksForPages: asksForPages, progress: ProgressLine(isQuiet: daemon.json))
        let result = try await job.run()
        try await output.write(result.pdf)
        let report = ScanReport(output: output.path, bytes: result.pdf.readableBytes, pages: result.pages)
        if daemon.json { try Terminal.printJSON(report) } else { report.show() }
    }

    private var asksForPages: Bool {
        !daemon.json && Terminal.isTerminal(STDIN_FILENO) && Terminal.isTerminal(STDERR_FILENO)
    }

    private func source() async throws -> ScanSource {
        if let direct, let address = DeviceAddress(direct) {
            let chosen = try ChosenProfile.scanner(profile, at: address)
            return .worker(DeviceAssignment(name: "scanner", profile: chosen, address: direct))
        }
        let name = device ?? ""
        do {
            let scanners = try await daemon.client.devices().devices.filter { $0.role == .scanner }.map(\.name)
            guard scanners.contains(name) else {
                let known = scanners.isEmpty ? "none" : scanners.joined(separator: ", ")
                throw CommandFailure(.usage, "there is no scanner of the name “\(name)”: this kiosk has \(known).")
            }
            return .daemon(daemon.client, device: name)
        } catch ControlClient.Failure.notRunning(let socket) {
            return .worker(try configured(name, because: socket))
        } catch let failure as ControlClient.Failure {
            throw CommandFailure(.unavailable, "\(failure)")
        }
    }

    /// The scanner of that name in the kiosk's configuration.
    private func configured(_ name: String, because socket: String) throws -> DeviceAssignment {
        guard access(configuration, R_OK) == 0 else {
            throw CommandFailure(
                .unavailable,
                "there is no kiosk at \(socket), and \(configuration) cannot be read to look “\(name)” up; "
                    + "start kioskd, or name the scanner with --direct.")
        }
        let kiosk: KioskConfiguration
        do { kiosk = try KioskConfiguration.load(file: configuration) } catch {
            throw CommandFailure(error, status: .configuration)
        }
        let scanners = kiosk.devices.filter { $0.role == .scanner }
        guard let found = scanners.first(where: { $0.name == name }) else {
            let known = scanners.isEmpty ? "none" : scanners.map(\.name).joined(separator: ", ")
            throw CommandFailure(
                .usage, "there is no scanner of the name “\(name)” in \(configuration): it has \(known).")
        }
        return DeviceAssignment(name: found.name, profile: found.profile, address: found.address.text)
    }
}
