import GuidedFlow
import HTTPTypes
import HallModel
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle

/// Serves the resident's screen to the kiosk's own browser, on loopback only.
///
/// A browser gets in with a one-time token in its address, which becomes a cookie; from then on every request must carry
/// the cookie, the right `Host`, and no foreign `Origin`. The page follows the source's screens through server-sent
/// events and sends touches back as forms.
///
/// When to use it: once in `kioskd`. It is not meant for other machines: it speaks plain HTTP.
public struct ScreenServer: Service {
    /// Bounds that keep a hostile or broken client from costing more than itself.
    public struct Limits: Sendable {
        /// Longest body of a request; longer ones are answered 413.
        public var bodyBytes = 4096
        /// Until a request's head and body must be there; then the connection is cut.
        public var requestSeconds = 5
        /// Browsers that can listen at once; another one is answered 503.
        public var listeners = 8
        /// Connections at once; one more waits for its turn.
        public var connections = 64
        /// Between two signs of life on the event stream.
        public var heartbeatSeconds = 5
        /// A listener that takes nothing for this long is cut.
        public var stalledSeconds = 20

        /// Limits for the kiosk's own browser.
        public init() {}
    }

    /// Why the screen cannot be served.
    public enum Failure: Error, CustomStringConvertible {
        /// The port is taken, or may not be used; the system's words.
        case cannotListen(port: Int, reason: String)

        /// One sentence with the port, and what to do.
        public var description: String {
            switch self {
            case .cannotListen(let port, let reason):
                "the screen cannot listen on 127.0.0.1:\(port): \(reason); choose another port or end what holds it"
            }
        }
    }

    let source: any ScreenSource
    let renderer: ScreenRenderer
    let limits: Limits
    let secret: ScreenSecret
    private let port: Int
    private let logger: Logger
    private let tokens = OneTimeTokens()
    private let bound = BoundPort()
    let listeners: ListenerCount
    /// Each time that a token was used: then the next address must be written, or a browser that dies cannot come back.
    public let entries: AsyncStream<Void>
    private let entered: AsyncStream<Void>.Continuation

    /// - Parameters:
    ///   - port: 0 for any free one; see `boundPort()`.
    ///   - secret: the same one after a restart lets the browser come back by itself.
    public init(
        source: any ScreenSource, renderer: ScreenRenderer, port: Int, secret: ScreenSecret,
        limits: Limits = Limits(), logger: Logger
    ) {
        self.source = source
        self.renderer = renderer
        self.port = port
        self.secret = secret
        self.limits = limits
        self.logger = logger
        listeners = ListenerCount(most: limits.listeners)
        (entries, entered) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// A new one-time token. The last eight that were not used work.
    public func issueToken() -> String { tokens.issue() }

    /// Waits until the server listens. Throws what `run()` threw when it cannot.
    public func boundPort() async throws -> Int { try await bound.value() }

    /// The address to give to a browser, with a new one-time token in it.
    public func enterAddress() async throws -> String {
        "http://127.0.0.1:\(try await boundPort())/enter?token=\(issueToken())"
    }

    /// Serves until graceful shutdown or the task's end; once.
    /// - Throws: ``Failure/cannotListen(port:reason:)``, or whatever else ends the server.
    public func run() async throws {
        let router = Router(context: ScreenRequestContext.self)
        router.add(middleware: ScreenGate(server: self))
        addRoutes(to: router)
        var decoder = HTTP1Channel.Configuration.DecoderConfiguration()
        decoder.maxHeaderFieldSize = 8 * 1024
        decoder.maxHeaderListSize = 16 * 1024
        decoder.maxHeaderFieldCount = 64
        let application = QuietApplication(
            responder: router.buildResponder(),
            server: .http1(
                configuration: .init(
                    idleTimeout: .seconds(Int64(limits.requestSeconds)), httpDecoderConfiguration: decoder)),
            configuration: .init(
                address: .hostname("127.0.0.1", port: port),
                availableConnectionsDelegate: MaximumAvailableConnections(limits.connections)),
            onServerRunning: { channel in bound.set(channel.localAddress?.port ?? 0) },
            logger: logger)
        do {
            try await application.run()
        } catch let error as IOError {
            let failure = Failure.cannotListen(port: port, reason: error.description)
            bound.fail(failure)
            throw failure
        } catch {
            bound.fail(error)
            throw error
        }
        bound.fail(CancellationError())
    }

    // MARK: - What the gate asks

    var cookieName: String { "kiosk-screen-\(bound.current ?? 0)" }

    func isOurHost(_ authority: String?) -> Bool {
        guard let authority, let port = bound.current else { return false }
        return authority == "127.0.0.1:\(port)" || authority == "localhost:\(port)"
    }

    func hasCookie(_ request: Request) -> Bool {
        guard let value = request.cookies[cookieName]?.value else { return false }
        return equalInConstantTime(value, secret.text)
    }

    func use(token: String) -> Bool {
        guard tokens.use(token) else { return false }
        entered.yield()
        return true
    }
}
