import AsyncHTTPClient
import CaseJournal
import DeviceKit
import HallModel
import KioskConfiguration
import KioskScreens
import Logging
import Materials
import PlatformClient
import ServiceLifecycle
import UnixSignals

import class Foundation.Bundle
import class Foundation.FileManager
import struct Foundation.URL

#if canImport(Glibc)
    import Glibc
#endif

/// Builds the object graph of `kioskd` and runs it until it is told to end. Start-up is recovery: a kiosk that lost power
/// and one that was stopped start the same way.
public enum KioskDaemon {
    /// Why the kiosk cannot start; a sentence and sysexits(3).
    public struct Refusal: Error, CustomStringConvertible {
        /// For standard error: what happened, to which thing, what to do.
        public var description: String
        /// `EX_CONFIG`, `EX_CANTCREAT`, `EX_IOERR`, `EX_UNAVAILABLE`, `EX_TEMPFAIL` or `EX_USAGE`.
        public var exitStatus: Int32
    }

    /// Writes one sentence to standard error.
    public static func complain(_ sentence: String) {
        let bytes = Array((sentence + "\n").utf8)
        _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    /// Runs the kiosk until SIGTERM or SIGINT.
    /// - Parameters:
    ///   - configurationFile: docs/configuration.md.
    ///   - stateFolder: what must survive; made where it is missing. One daemon has it at a time.
    ///   - runtimeFolder: sockets and the browser's secret, in memory; made where it is missing; as an absolute path at
    ///     most 94 bytes long.
    /// - Throws: ``Refusal`` when it cannot start; any other error is one of the running kiosk.
    public static func run(configurationFile: String, stateFolder: String, runtimeFolder: String) async throws {
        ProgramLoop.choose()
        Allocator.staysSmall()
        try await withTaskExecutorPreference(ProgramLoop.executor) {
            try await serve(
                configurationFile: configurationFile, stateFolder: stateFolder, runtimeFolder: runtimeFolder)
        }
    }

    private static func serve(
        configurationFile: String, stateFolder: String, runtimeFolder: String
    ) async throws {
        guardMemory()
        let logger = Logger(label: "kioskd")
        let configuration: KioskConfiguration
        do {
            configuration = try ConfigurationCheck.load(file: configurationFile)
        } catch {
            throw Refusal(description: "\(error)", exitStatus: EX_CONFIG)
        }
        let folders = try Folders(state: stateFolder, runtime: runtimeFolder)
        let lock = try StateLock(folder: folders.state)
        defer { withExtendedLifetime(lock) {} }

        let (journal, files, key) = try await openStore(configuration, folders, logger)
        let recovered = try await journal.recover()
        logger.notice(
            "recovered",
            metadata: ["sessionLost": "\(recovered.sessionLost)", "erasedFiles": "\(recovered.erasedFiles)"])

        let platform = try makePlatform(configuration, logger)
        let uploader = CaseUploader(
            outbox: journal, platform: platform, folder: folders.sealed, logger: logger,
            sleep: { try await ProgramLoop.sleep(for: $0) })
        let workers = WorkerHost(
            socketPath: folders.runtime + "/workers.sock", workers: configuration.workerPlan,
            programFolder: configuration.startsWorkers
                ? configuration.workersFolder ?? Bundle.main.executableURL?.deletingLastPathComponent().path : nil,
            logger: logger)
        let controller = HallController(
            configuration: configuration, journal: journal, workers: workers,
            desk: SubmissionDesk(
                kiosk: configuration.kioskID, journal: journal, files: files, key: key,
                reserveBytes: configuration.outbox.minimumFreeBytes),
            staff: StaffCaller(
                kiosk: configuration.kioskID, webhooks: configuration.helpWebhooks, http: HTTPClient.shared,
                logger: logger),
            platform: platform, uploader: uploader, logger: logger)
        let screens = try makeScreens(configuration, controller, folders, logger)

        let services: [any Service] = [
            ControllerService(controller: controller, recovered: recovered),
            screens,
            ControlServer(controller: controller, runtimeFolder: folders.runtime, logger: logger),
            ReadyService(screens: screens, controller: controller, folders: folders),
        ]
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services.map { .init(service: $0) }, gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger))
        do {
            try await group.run()
        } catch let failure as ScreenServer.Failure {
            throw Refusal(description: "kioskd: \(failure)", exitStatus: EX_UNAVAILABLE)
        }
        try? await platform.shutdown()
    }

    /// No core dumps: they would hold a resident's card.
    private static func guardMemory() {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        signal(SIGPIPE, SIG_IGN)
    }

    private static func openStore(
        _ configuration: KioskConfiguration, _ folders: Folders, _ logger: Logger
    ) async throws -> (CaseJournal, SealedFileWriter, KioskSigningKey) {
        do {
            let files = try SealedFileWriter(
                folder: folders.sealed, recipients: configuration.platform.recipients)
            let key = try await KioskSigningKey.loadOrCreate(
                at: configuration.platform.signingKeyFile ?? folders.state + "/signing-key.pem")
            let journal = try await CaseJournal.open(
                stateFolder: folders.state, sealedFolder: folders.sealed,
                limits: .init(
                    maximumBytes: configuration.outbox.maximumBytes,
                    minimumFreeBytes: configuration.outbox.minimumFreeBytes),
                logger: logger)
            return (journal, files, key)
        } catch let error as SigningKeyError {
            throw Refusal(description: "kioskd: \(error)", exitStatus: EX_CONFIG)
        } catch {
            throw Refusal(
                description: "kioskd: the state folder \(folders.state) cannot be used: \(error)",
                exitStatus: EX_IOERR)
        }
    }

    private static func makePlatform(_ configuration: KioskConfiguration, _ logger: Logger) throws -> PlatformAPI {
        do {
            return try PlatformAPI(
                url: configuration.platform.url, certificateFile: configuration.platform.certificateFile,
                keyFile: configuration.platform.keyFile, trustFile: configuration.platform.trustFile,
                uploadBytesPerSecond: configuration.platform.bandwidthKibibytesPerSecond.map { $0 * 1_024 },
                logger: logger)
        } catch {
            throw Refusal(
                description: "kioskd: the platform's certificates cannot be used: \(error)", exitStatus: EX_CONFIG)
        }
    }

    private static func makeScreens(
        _ configuration: KioskConfiguration, _ controller: HallController, _ folders: Folders, _ logger: Logger
    ) throws -> ScreenServer {
        let panel = configuration.panel
        do {
            let renderer = try ScreenRenderer(
                kioskFolder: URL(filePath: configuration.kioskFolder),
                panel: PanelGeometry(
                    widthPixels: panel.widthPixels, heightPixels: panel.heightPixels,
                    widthMillimetres: panel.widthMillimetres, heightMillimetres: panel.heightMillimetres,
                    viewingDistanceMillimetres: Double(panel.viewingDistanceMillimetres)),
                texts: configuration.texts, logger: logger)
            return ScreenServer(
                source: controller, renderer: renderer, port: configuration.screen.port,
                secret: try folders.screenSecret(), logger: logger)
        } catch {
            throw Refusal(
                description: "kioskd: the screens in \(configuration.kioskFolder) cannot be used: \(error)",
                exitStatus: EX_CONFIG)
        }
    }
}

/// `HallController` as a service: ends at once when told to.
private struct ControllerService: Service {
    let controller: HallController
    let recovered: CaseJournal.Recovery

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            try await controller.run(after: recovered)
        }
    }
}

/// Says where the screen is once it is there (`RUNTIME/screen.json`), with a new token each time that one was used; tells
/// systemd, and feeds its watchdog for as long as the controller answers.
private struct ReadyService: Service {
    let screens: ScreenServer
    let controller: HallController
    let folders: KioskDaemon.Folders

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            try await writeAddress()
            SystemdNotify.send("READY=1")
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { for await _ in screens.entries { try await writeAddress() } }
                group.addTask { await feedWatchdog() }
                try await group.next()
                group.cancelAll()
            }
        }
        SystemdNotify.send("STOPPING=1")
        folders.remove("screen.json")
    }

    private func writeAddress() async throws {
        let address = try await screens.enterAddress()
        try folders.writePrivately("{\"url\": \"\(address)\"}\n", to: "screen.json")
    }

    private func feedWatchdog() async {
        let interval = SystemdNotify.watchdogInterval
        while !Task.isCancelled {
            do { try await ProgramLoop.sleep(for: interval ?? .seconds(3600)) } catch { return }
            // Only a controller whose actor still turns may keep the watchdog quiet.
            _ = await controller.currentScreen()
            SystemdNotify.send("WATCHDOG=1")
        }
    }
}
