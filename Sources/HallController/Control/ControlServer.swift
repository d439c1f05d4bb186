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
struct ControlServer: Service {
    /// Longest body of a request; a receipt is the largest.
    static let bodyBytes = 256 * 1024
    /// At once; one more waits for its turn.
    static let connections = 32

    let controller: HallController
    let socketPath: String
    let logger: Logger

    /// Nothing listens before ``run()``.
    /// - Parameter runtimeFolder: its path has room for the socket's name; `ControlSocket` says where the socket lies.
    init(controller: HallController, runtimeFolder: String, logger: Logger) {
        self.controller = controller
        self.socketPath = ControlSocket.path(in: runtimeFolder)
        self.logger = logger
    }

    /// Serves until graceful shutdown or the task's end, in the place of a socket that was left there; takes its own
    /// away then.
    /// - Throws: what keeps it from listening.
    func run() async throws {
        unlink(socketPath)
        let path = socketPath
        let application = QuietApplication(
            responder: router().buildResponder(),
            configuration: ServerConfiguration(
                address: .unixDomainSocket(path: path),
                availableConnectionsDelegate: MaximumAvailableConnections(Self.connections)),
            onServerRunning: { _ in chmod(path, 0o600) },
            logger: logger)
        defer { unlink(path) }
        try await application.run()
    }
}

/// Gives routes the connection, to cut a reader that takes nothing.
struct ControlContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }
}
