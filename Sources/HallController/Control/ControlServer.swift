import CaseJournal
import Hummingbird
import HummingbirdCore
import KioskControl
import KioskScreens
import Logging
import NIOCore
import ServiceLifecycle

#if canImport(Glibc)
    import Glibc
#endif

/// Answers `kioskctl` on a Unix socket in the runtime folder, which only the daemon's own user and root may enter.
public struct ControlServer: Service {
    let controller: HallController
    let socketPath: String
    let logger: Logger

    public init(controller: HallController, runtimeFolder: String, logger: Logger) {
        self.controller = controller
        self.socketPath = ControlSocket.path(in: runtimeFolder)
        self.logger = logger
    }

    public func run() async throws {
        unlink(socketPath)
        let router = Router()
        router.get("/v1/status") { _, _ in Reply(await controller.statusReport()) }
        router.get("/v1/devices") { _, _ in Reply(await controller.deviceReports()) }
        router.get("/v1/outbox") { _, _ in Reply(await controller.outboxReport()) }
        let path = socketPath
        let application = QuietApplication(
            responder: router.buildResponder(),
            configuration: ServerConfiguration(address: .unixDomainSocket(path: path)),
            onServerRunning: { _ in chmod(path, 0o600) },
            logger: logger)
        defer { unlink(path) }
        try await application.run()
    }

    /// A report as JSON.
    private struct Reply<Report: Encodable & Sendable>: ResponseEncodable, Encodable, Sendable {
        let report: Report
        init(_ report: Report) { self.report = report }
        func encode(to encoder: any Encoder) throws { try report.encode(to: encoder) }
    }
}
