import AsyncHTTPClient
import HallModel
import NIOCore

import struct Foundation.Data
import class Foundation.JSONDecoder

/// Asks a running `kioskd` over its control socket (HTTP on a Unix socket that only the daemon's own user and root
/// may open).
public struct ControlClient: Sendable {
    /// Why there is no answer; each says what to do.
    public enum Failure: Error, Equatable, CustomStringConvertible {
        case notRunning(socket: String)
        case notUnderstood(String)

        public var description: String {
            switch self {
            case .notRunning(let socket):
                "kioskd does not answer on \(socket): check that it runs (systemctl status kioskd) "
                    + "or name its folder with --runtime"
            case .notUnderstood(let what): "kioskd answered something else (\(what)): is it of the same version?"
            }
        }
    }

    /// Largest answer that is read.
    static let maximumBytes = 4 << 20
    public let socketPath: String

    public init(runtimeFolder: String) { socketPath = ControlSocket.path(in: runtimeFolder) }

    public func status() async throws -> StatusReport { try await get("/v1/status") }
    public func devices() async throws -> [DeviceReport] { try await get("/v1/devices") }
    public func outbox() async throws -> OutboxReport { try await get("/v1/outbox") }

    private func get<Answer: Decodable>(_ path: String) async throws -> Answer {
        let allowed = "-._~"
        let encoded = socketPath.utf8.map { byte -> String in
            let isPlain =
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || allowed.utf8.contains(byte)
            return isPlain ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
        let request = HTTPClientRequest(url: "http+unix://\(encoded)\(path)")
        let response: HTTPClientResponse
        do {
            response = try await HTTPClient.shared.execute(request, timeout: .seconds(2))
        } catch {
            throw Failure.notRunning(socket: socketPath)
        }
        guard response.status == .ok else { throw Failure.notUnderstood("HTTP \(response.status.code)") }
        let body = try await response.body.collect(upTo: Self.maximumBytes)
        do {
            return try JSONDecoder().decode(Answer.self, from: Data(body.readableBytesView))
        } catch {
            throw Failure.notUnderstood("\(type(of: error))")
        }
    }
}

/// Where the control socket lies.
public enum ControlSocket {
    /// In the runtime folder given to `kioskd --runtime`.
    public static func path(in runtimeFolder: String) -> String { runtimeFolder + "/control.sock" }
}
