import AsyncHTTPClient
import HallModel
import NIOCore

import struct Foundation.Data
import class Foundation.JSONDecoder
import class Foundation.JSONEncoder

/// Asks a running `kioskd` over its control socket (HTTP on a Unix socket that only the daemon's own user and root
/// may open).
public struct ControlClient: Sendable {
    /// Why there is no answer; each says what to do.
    public enum Failure: Error, Equatable, CustomStringConvertible {
        /// Nobody listens there.
        case notRunning(socket: String)
        /// The socket is another user's.
        case notPermitted(socket: String)
        /// Somebody listens and says nothing.
        case hangs(socket: String)
        /// What was named as the runtime folder is no folder.
        case noFolder(socket: String)
        /// The socket's path has more bytes than the system allows (107).
        case pathTooLong(socket: String, bytes: Int)
        /// It answered, and went away in the middle.
        case lost(socket: String)
        /// The answer is not what a daemon of this version gives; the text says in which way.
        case notUnderstood(String)

        /// One sentence: what is wrong, with which socket, and what to do.
        public var description: String {
            switch self {
            case .notRunning(let socket):
                "there is no kiosk at \(socket): check that kioskd runs (systemctl status kioskd), "
                    + "or name its folder with --runtime."
            case .notPermitted(let socket):
                "you may not open \(socket), only root and kioskd's own user may: "
                    + "put sudo before the command (sudo kioskctl …)."
            case .hangs(let socket):
                "kioskd is there on \(socket) and does not answer, it hangs: restart it (systemctl restart kioskd)."
            case .noFolder(let socket):
                "there is no kiosk at \(socket): the path leads through a file; "
                    + "name the folder that kioskd was given with --runtime."
            case .pathTooLong(let socket, let bytes):
                "\(socket) has \(bytes) bytes, and a socket's path has \(ControlSocket.longestPath) at most: "
                    + "name the folder by a shorter path with --runtime."
            case .lost(let socket):
                "kioskd stopped answering on \(socket): check that it runs (systemctl status kioskd), then ask again."
            case .notUnderstood(let what): "kioskd answered something else (\(what)): is it of the same version?"
            }
        }
    }

    /// Largest answer that is read at once.
    static let maximumBytes = 4 << 20
    /// `control.sock` in the runtime folder.
    public let socketPath: String

    /// Nothing heard for 15 s is a daemon that hangs: it gives a sign of life every 5 s.
    private static let http: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        configuration.timeout = .init(connect: .seconds(2), read: .seconds(15))
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    /// Opens nothing yet: every call connects by itself.
    /// - Parameter runtimeFolder: as given to `kioskd --runtime`.
    public init(runtimeFolder: String) { socketPath = ControlSocket.path(in: runtimeFolder) }

    /// The kiosk at a glance.
    /// - Throws: ``Failure`` when no answer comes within 5 s, or another one; `CancellationError`.
    public func status() async throws -> StatusReport { try await get("/v1/status") }
    /// Every device of the configuration, and how it is.
    /// - Throws: as ``status()``.
    public func devices() async throws -> DevicesReport { try await get("/v1/devices") }
    /// What waits for the platform, case by case.
    /// - Throws: as ``status()``.
    public func outbox() async throws -> OutboxReport { try await get("/v1/outbox") }
    /// How far somebody is, if somebody is there.
    /// - Throws: as ``status()``.
    public func session() async throws -> SessionReport { try await get("/v1/session") }

    /// Makes waiting cases due at once.
    /// - Parameter id: one case; `nil`: every one that waits.
    /// - Throws: ``ControlRefusal`` `unknownCase` when that case does not wait, `failed` when the journal does not take
    ///   it; else as ``status()``.
    public func retryOutbox(_ id: ItemID?) async throws -> RetryReport {
        try await answer(request("/v1/outbox/retry", body: RetryRequest(case: id)), within: .seconds(5))
    }

    /// Prints a slip; takes as long as the printer does. One that did not come out is no error: the report says so.
    /// - Throws: ``ControlRefusal`` when nothing was sent to the printer; ``Failure``; `CancellationError`.
    public func print(_ print: PrintRequest) async throws -> PrintReport {
        var body = try await stream(request("/v1/print", body: print))
        while let line = try await body.next(WorkLine.self) {
            if let refusal = line.refusal { throw refusal }
            if let report = line.print { return report }
        }
        throw Failure.lost(socket: socketPath)
    }

    /// The newest `recent` events, then, with `follow`, each as it happens. Once this returns none is missed.
    /// - Parameter recent: at most 500 are kept.
    /// - Throws: ``ControlRefusal`` `tooMany` when as many follow as may; ``Failure``; `CancellationError`.
    public func events(recent: Int, follow: Bool) async throws -> ControlBody {
        try await stream(request("/v1/events?recent=\(recent)&follow=\(follow)"))
    }

    /// Lines of ``WorkLine``; after one with a page its JPEG. A refusal is a line too.
    /// - Throws: ``Failure`` when no answer comes; `CancellationError`.
    public func scan(_ scan: ScanRequest) async throws -> ControlBody {
        try await stream(request("/v1/scan", body: scan))
    }

    // MARK: -

    private func get<Answer: Decodable>(_ path: String) async throws -> Answer {
        try await answer(request(path), within: .seconds(5))
    }

    private func answer<Answer: Decodable>(_ request: HTTPClientRequest, within limit: TimeAmount) async throws
        -> Answer
    {
        let response = try await execute(request, deadline: .now() + limit)
        let body: ByteBuffer
        do { body = try await response.body.collect(upTo: Self.maximumBytes) } catch {
            if Task.isCancelled { throw CancellationError() }
            if error is NIOTooManyBytesError {
                throw Failure.notUnderstood("an answer of more than \(Self.maximumBytes >> 20) MiB")
            }
            throw Failure.lost(socket: socketPath)
        }
        do {
            return try JSONDecoder().decode(Answer.self, from: Data(body.readableBytesView))
        } catch {
            throw Failure.notUnderstood("\(type(of: error))")
        }
    }

    private func stream(_ request: HTTPClientRequest) async throws -> ControlBody {
        ControlBody(try await execute(request, deadline: .distantFuture), socket: socketPath)
    }

    private func execute(_ request: HTTPClientRequest, deadline: NIODeadline) async throws -> HTTPClientResponse {
        let response: HTTPClientResponse
        do {
            response = try await Self.http.execute(request, deadline: deadline)
        } catch {
            if Task.isCancelled { throw CancellationError() }
            throw ControlSocket.failure(at: socketPath)
        }
        guard response.status == .ok else {
            let body = try? await response.body.collect(upTo: 1 << 16)
            if let body,
                let refusal = try? JSONDecoder().decode(ControlRefusal.self, from: Data(body.readableBytesView))
            {
                throw refusal
            }
            throw Failure.notUnderstood("HTTP \(response.status.code)")
        }
        return response
    }

    private func request(_ path: String) -> HTTPClientRequest {
        let allowed = "-._~"
        let encoded = socketPath.utf8.map { byte -> String in
            let isPlain =
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || allowed.utf8.contains(byte)
            return isPlain ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
        return HTTPClientRequest(url: "http+unix://\(encoded)\(path)")
    }

    private func request(_ path: String, body: some Encodable) throws -> HTTPClientRequest {
        var request = request(path)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.body = .bytes(ByteBuffer(bytes: try JSONEncoder().encode(body)))
        return request
    }
}
