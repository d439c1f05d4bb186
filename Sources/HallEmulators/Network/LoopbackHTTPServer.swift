import Glibc
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization

/// An HTTP server on 127.0.0.1, started and stopped from within a process.
final class LoopbackHTTPServer: Sendable {
    private struct State {
        var task: Task<Void, Never>?
        var group: ServiceGroup?
    }

    private let responder: RouterResponder<BasicRequestContext>
    private let state = Mutex(State())

    init(router: Router<BasicRequestContext>) { responder = router.buildResponder() }

    /// Listens and returns the port. Port 0 takes any free one. Throws `EmulatorError.portTaken`.
    func start(port: Int) async throws -> Int {
        let (started, continuation) = AsyncThrowingStream.makeStream(of: Int.self)
        var logger = Logger(label: "kiosk-hall.http")
        logger.logLevel = .critical
        let application = Application(
            responder: responder,
            configuration: .init(address: .hostname("127.0.0.1", port: port)),
            onServerRunning: { channel in continuation.yield(channel.localAddress?.port ?? 0) },
            logger: logger)
        let group = ServiceGroup(
            configuration: .init(
                services: [.init(service: application, successTerminationBehavior: .gracefullyShutdownGroup)],
                logger: logger))
        let task = Task {
            do {
                try await group.run()
                continuation.finish()
            } catch {
                continuation.finish(throwing: error)
            }
        }
        state.withLock { $0 = State(task: task, group: group) }
        do {
            for try await bound in started { return bound }
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw EmulatorError.portTaken(port)
        }
        throw EmulatorError.invalid("The HTTP server ended before it began.")
    }

    /// Ends the server and its connections.
    ///
    /// The listener first: a connection that was accepted and is served by nobody, because the server was cancelled, traps
    /// in NIO. Whoever still talks then is cut off.
    func stop() async {
        let (task, group) = state.withLock { ($0.task, $0.group) }
        guard let task, let group else { return }
        await group.triggerGracefulShutdown()
        let impatience = Task {
            try await Task.sleep(for: .milliseconds(300))
            task.cancel()
        }
        await task.value
        impatience.cancel()
    }
}

/// Refuses requests that a foreign web page could send through the developer's browser: another host name (DNS
/// rebinding) or another origin.
struct LoopbackOnlyMiddleware<Context: RequestContext>: RouterMiddleware {
    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard let authority = request.head.authority, Self.isLoopback(authority) else {
            throw HTTPError(.misdirectedRequest, message: "This hall answers on 127.0.0.1 only.")
        }
        if let origin = request.headers[.origin] {
            guard origin == "http://\(authority)" else {
                throw HTTPError(.forbidden, message: "Requests of other pages are refused.")
            }
        }
        return try await next(request, context)
    }

    private static func isLoopback(_ authority: String) -> Bool {
        let host = authority.split(separator: ":", maxSplits: 1).first ?? ""
        return host == "127.0.0.1" || host == "localhost"
    }
}
