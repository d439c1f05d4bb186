import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import ServiceLifecycle

#if canImport(Glibc)
    import Glibc
#endif

/// A router behind a server, as Hummingbird's `Application`, without what that does each second.
///
/// `Application` of Hummingbird 2.28.1 keeps the text of the `Date` field up to date by a timer, whether anybody asks or not:
/// in a kiosk that stands idle all night that is most of what wakes the processor. Here each answer gets its date when it is
/// given. For the few requests of one browser; a server for many should use `Application`.
package struct QuietApplication<Responder: HTTPResponder>: Service
where Responder.Context: InitializableFromSource<ApplicationRequestContextSource> {
    private let responder: Responder
    private let server: HTTPServerBuilder
    private let configuration: ServerConfiguration
    private let onServerRunning: @Sendable (any Channel) async -> Void
    private let logger: Logger

    package init(
        responder: Responder, server: HTTPServerBuilder = .http1(), configuration: ServerConfiguration,
        onServerRunning: @escaping @Sendable (any Channel) async -> Void, logger: Logger
    ) {
        self.responder = responder
        self.server = server
        self.configuration = configuration
        self.onServerRunning = onServerRunning
        self.logger = logger
    }

    /// Serves until a graceful shutdown or the task's end.
    package func run() async throws {
        let service = try server.buildServer(
            configuration: configuration, eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger
        ) { request, writer, channel in
            var response = try await answer(to: request, on: channel)
            response.headers[.date] = HTTPDate.text(time(nil))
            do {
                try await writer.write(response: response.head, body: response.body)
            } catch is HTTPParserError {
                // The server answers a parser's error, and this request has its answer already.
                throw BrokenWhileAnswering()
            }
        } onServerRunning: {
            await onServerRunning($0)
        }
        try await service.run()
    }

    private func answer(to request: Request, on channel: any Channel) async throws -> Response {
        let context = Responder.Context(source: .init(channel: channel, logger: logger))
        do {
            return try await responder.respond(to: request, context: context)
        } catch let error as HTTPParserError {
            throw error
        } catch {
            logger.debug("a request failed", metadata: ["cause": "\(type(of: error))"])
            return Response(status: .internalServerError)
        }
    }
}

/// The time as HTTP writes it.
enum HTTPDate {
    /// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 section 5.6.7).
    static func text(_ moment: time_t) -> String {
        var moment = moment
        var parts = tm()
        gmtime_r(&moment, &parts)
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let day = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][Int(parts.tm_wday)]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let time = "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))"
        return "\(day), \(two(parts.tm_mday)) \(months[Int(parts.tm_mon)]) \(parts.tm_year + 1_900) \(time) GMT"
    }
}

/// What a browser sent could not be understood while it was being answered.
private struct BrokenWhileAnswering: Error {}
