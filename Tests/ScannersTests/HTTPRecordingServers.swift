import Hummingbird
import NIOCore
import NIOHTTP1
import Synchronization

@testable import HallEmulators
@testable import Scanners

/// Stands between a driver and a scanner, passes everything on and writes it down.
final class RecordingProxy: Sendable {
    private let target: ESCLEndpoint
    private let recorded = Mutex<[HTTPRecording.Exchange]>([])
    private let server = Mutex<LoopbackHTTPServer?>(nil)

    init(to target: ESCLEndpoint) { self.target = target }

    /// Returns the port.
    func start() async throws -> Int { try await serve(in: server) { [self] in try await pass(on: $0, $1) } }

    func stop() async { await server.withLock { $0 }?.stop() }

    /// A state that is told again as it was is written once.
    var exchanges: [HTTPRecording.Exchange] {
        var kept: [HTTPRecording.Exchange] = []
        for exchange in recorded.withLock({ $0 }) {
            if exchange.isQuestion, kept.last(where: { $0.path == exchange.path }) == exchange { continue }
            kept.append(exchange)
        }
        return kept
    }

    private func pass(on request: Request, _ body: [UInt8]) async throws -> HTTPRecording.Exchange {
        var client = ESCLClient(endpoint: target)
        client.timeout = .seconds(30)
        var exchange = HTTPRecording.Exchange(
            method: request.method.rawValue, path: request.uri.path,
            requestType: request.headers[.contentType] ?? "", request: body)
        let answer = try await client.request(
            HTTPMethod(rawValue: exchange.method), String(exchange.path.dropFirst(target.path.count + 1)), body: body,
            type: request.headers[.contentType], limit: 64 << 20)
        exchange.status = Int(answer.status)
        exchange.type = answer.headers["content-type"] ?? ""
        exchange.location = answer.headers["location"].map(Self.path) ?? ""
        exchange.answer = answer.body
        recorded.withLock { $0.append(exchange) }
        return exchange
    }

    private static func path(of location: String) -> String {
        guard let scheme = location.range(of: "://") else { return location }
        return String(location[scheme.upperBound...].drop { $0 != "/" })
    }
}

/// A scanner that says what a recording says.
///
/// What is done (jobs, pages) must be done as recorded, in order and to the byte. What is merely asked is answered with
/// what the scanner had last said by then.
final class ReplayScanner: Sendable {
    private let exchanges: [HTTPRecording.Exchange]
    /// How many of the things done have been done.
    private let done = Mutex(0)
    private let wrong = Mutex<[String]>([])
    private let server = Mutex<LoopbackHTTPServer?>(nil)

    init(_ recording: HTTPRecording) { exchanges = recording.exchanges }

    func start() async throws -> Int { try await serve(in: server) { [self] in answer(to: $0, $1) } }

    func stop() async { await server.withLock { $0 }?.stop() }

    /// What was said to it against the recording.
    var mistakes: [String] { wrong.withLock { $0 } }
    /// Everything that was done when it was recorded has been done again.
    var isAtItsEnd: Bool { done.withLock { $0 } == exchanges.count { !$0.isQuestion } }

    private func answer(to request: Request, _ body: [UInt8]) -> HTTPRecording.Exchange {
        let asked = HTTPRecording.Exchange(
            method: request.method.rawValue, path: request.uri.path, requestType: request.headers[.contentType] ?? "",
            request: body)
        return done.withLock { done in
            if asked.isQuestion {
                var last: HTTPRecording.Exchange?
                var before = 0
                for exchange in exchanges {
                    if !exchange.isQuestion {
                        before += 1
                    } else if exchange.path == asked.path, before <= done || last == nil {
                        last = exchange
                    }
                }
                if let last { return last }
            } else {
                let next = exchanges.filter { !$0.isQuestion }.dropFirst(done).first
                if let next, next.method == asked.method, next.path == asked.path, next.request == asked.request {
                    done += 1
                    return next
                }
            }
            let words = "\(asked.method) \(asked.path), \(body.count) bytes, after \(done) exchanges"
            wrong.withLock { $0.append(words) }
            var refusal = asked
            refusal.status = 500
            return refusal
        }
    }
}

private func serve(
    in place: borrowing Mutex<LoopbackHTTPServer?>,
    _ answer: @escaping @Sendable (Request, [UInt8]) async throws -> HTTPRecording.Exchange
) async throws -> Int {
    let router = Router()
    for method in [HTTPRequest.Method.get, .post, .delete] {
        router.on("**", method: method) { request, _ in
            let body = try await request.body.collect(upTo: 1 << 20)
            let exchange = try await answer(request, Array(buffer: body))
            var headers = HTTPFields()
            if !exchange.type.isEmpty { headers[.contentType] = exchange.type }
            if !exchange.location.isEmpty {
                headers[.location] = "http://\(request.head.authority ?? "127.0.0.1")\(exchange.location)"
            }
            return Response(
                status: .init(code: exchange.status), headers: headers,
                body: .init(byteBuffer: ByteBuffer(bytes: exchange.answer)))
        }
    }
    let server = LoopbackHTTPServer(router: router)
    place.withLock { $0 = server }
    return try await server.start(port: 0)
}
