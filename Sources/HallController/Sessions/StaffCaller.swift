import AsyncHTTPClient
import HallModel
import Logging
import NIOCore

import struct Foundation.Data
import struct Foundation.Date
import class Foundation.ISO8601DateFormatter
import class Foundation.JSONEncoder
import struct Foundation.URL

/// Calls staff (F16) by webhook: kiosk and step, never a person.
struct StaffCaller: Sendable {
    /// The body of the call.
    struct Call: Codable, Sendable, Equatable {
        var kiosk: String
        var step: String
        var at: String
    }

    /// A resident waits in front of the screen: a route that has not answered by then has failed.
    static let timeout = TimeAmount.seconds(3)

    var kiosk: String
    var webhooks: [String]
    var http: HTTPClient
    var logger: Logger

    /// Tries all routes at once; true as soon as one has taken the call.
    func call(step: String) async -> Bool {
        guard
            let body = try? JSONEncoder().encode(
                Call(kiosk: kiosk, step: step, at: ISO8601DateFormatter().string(from: Date())))
        else { return false }
        return await withTaskGroup(of: Bool.self) { group in
            for webhook in webhooks { group.addTask { await post(body, to: webhook) } }
            for await delivered in group where delivered {
                group.cancelAll()
                return true
            }
            return false
        }
    }

    /// The rest of such an address is often a secret.
    private func host(of webhook: String) -> String { URL(string: webhook)?.host() ?? "?" }

    private func post(_ body: Data, to webhook: String) async -> Bool {
        var request = HTTPClientRequest(url: webhook)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.body = .bytes(ByteBuffer(bytes: body))
        do {
            let response = try await http.execute(request, timeout: Self.timeout)
            return (200..<300).contains(Int(response.status.code))
        } catch {
            logger.warning(
                "a staff call did not arrive", metadata: ["route": "\(host(of: webhook))", "cause": "\(error)"])
            return false
        }
    }
}
