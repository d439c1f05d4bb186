import ArgumentParser
import Foundation
import Logging
import PlatformServer
import ServiceLifecycle
import UnixSignals

/// `kiosk-platformd`: the reference platform.
@main
struct PlatformCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kiosk-platformd",
        abstract: "The reference platform: takes cases from kiosks and shows them to staff.",
        version: PlatformService.version,
        subcommands: [Serve.self, MakeDevelopmentCA.self], defaultSubcommand: Serve.self)
}

/// A failure as one sentence on standard error, exit status 1.
private func sentence<Value>(_ body: () async throws -> Value) async throws -> Value {
    do {
        return try await body()
    } catch let failure as PlatformFailure {
        FileHandle.standardError.write(Data("kiosk-platformd: \(failure)\n".utf8))
        throw ExitCode(1)
    }
}

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Serve the platform (the default).")

    @Option(help: "Folder for everything the platform keeps.") var state: String
    @Option(help: "Port of the API (HTTPS with client certificates); 0 takes a free one.") var port = 8443
    @Option(help: "Port of the staff page (HTTP, on 127.0.0.1 only); 0 takes a free one.") var staffPort = 8444
    @Option(
        help: """
            Address that the API listens on. The staff page is not encrypted and stays on 127.0.0.1 whatever this is: from \
            elsewhere it is reached through an SSH tunnel, or a TLS proxy on this machine.
            """)
    var host = "127.0.0.1"
    @Option(
        help: "The server's certificate chain, PEM. Without it, development certificates are made in the state folder.")
    var certificate: String?
    @Option(help: "The server's private key, PEM.") var key: String?
    @Option(help: "CA of the kiosks' certificates, PEM.") var clientCa: String?
    @Option(help: "File with the age identities that open what kiosks seal.") var identity: String?
    @Option(help: "JSON file with items, statuses and limits.") var configuration: String?
    @Flag(help: "For tests only: let anyone on this machine order faults.") var developmentFaults = false

    func validate() throws {
        let given = [certificate, key, clientCa].compactMap { $0 }.count
        guard given == 0 || given == 3 else {
            throw ValidationError("--certificate, --key and --client-ca belong together.")
        }
        guard (0...65_535).contains(port), (0...65_535).contains(staffPort) else {
            throw ValidationError("A port is a number from 0 to 65535.")
        }
    }

    func run() async throws {
        // A tool that ends before it has read everything is an error that is told, not the end of the platform.
        signal(SIGPIPE, SIG_IGN)
        // Nothing that the platform keeps is for other users of the machine.
        umask(0o077)
        LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
        let logger = Logger(label: "kiosk-platformd")
        try await sentence {
            var files = (certificate, key, clientCa, identity)
            if certificate == nil {
                let made = try await DevelopmentCA.make(folder: state + "/development-ca", kiosk: "kiosk-1")
                logger.warning("No certificate was given: serving with development certificates.")
                files = (made.server, made.serverKey, made.authority, identity ?? made.ageIdentity)
            }
            let options = PlatformService.Options(
                state: state, port: port, staffPort: staffPort, host: host, certificate: files.0 ?? "",
                key: files.1 ?? "", clientCA: files.2 ?? "",
                identity: files.3 ?? (files.2 ?? "").replacingLastComponent(with: "age-identity.txt"),
                configuration: try configuration.map(PlatformConfiguration.read) ?? .standard,
                developmentFaults: developmentFaults)
            let service = try await PlatformService(options: options, logger: logger) { addresses in
                print("API   \(addresses.api)\nStaff \(addresses.staff)")
                fflush(nil)
            }
            let group = ServiceGroup(
                configuration: .init(
                    services: [.init(service: service, successTerminationBehavior: .gracefullyShutdownGroup)],
                    gracefulShutdownSignals: [.sigterm, .sigint],
                    logger: Logger(label: "lifecycle") { _ in
                        SwiftLogNoOpLogHandler()
                    }))
            try await group.run()
        }
    }
}

struct MakeDevelopmentCA: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "make-development-ca",
        abstract: "Make certificates and an age identity for development; keep what is there and good.")

    @Argument(help: "Folder to make or complete.") var folder: String
    @Option(help: "Name of the kiosk, the common name of its certificate.") var kiosk: String
    @Option(help: "Name under which kiosks reach the platform.") var host = "localhost"

    func run() async throws {
        try await sentence {
            let files = try await DevelopmentCA.make(folder: folder, kiosk: kiosk, host: host)
            print(
                """
                CA             \(files.authority)
                server         \(files.server)
                server key     \(files.serverKey)
                kiosk          \(files.kiosk)
                kiosk key      \(files.kioskKey)
                age identity   \(files.ageIdentity)
                age recipients \(files.ageRecipients)
                """)
        }
    }
}

extension String {
    fileprivate func replacingLastComponent(with name: String) -> String {
        URL(fileURLWithPath: self).deletingLastPathComponent().appendingPathComponent(name).path
    }
}
