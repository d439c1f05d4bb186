import AsyncHTTPClient
import Foundation
import NIOCore
import TestSupport

/// A browser of the platform's staff, for programs: it enters by the address that the platform wrote last, and again
/// whenever the platform does not know it any more.
actor StaffDesk {
    private let address: @Sendable () async throws -> String
    private var origin = ""
    private var cookie = ""

    /// - Parameter address: the newest staff address.
    init(_ address: @escaping @Sendable () async throws -> String) { self.address = address }

    func get(_ path: String) async throws -> Data {
        let (status, body) = try await ask(path, form: nil)
        guard status == 200 else { throw TestFailure("the platform's \(path): HTTP \(status)") }
        return body
    }

    /// The answer's status.
    func post(_ path: String, form: String) async throws -> Int { try await ask(path, form: form).status }

    private func ask(_ path: String, form: String?) async throws -> (status: Int, body: Data) {
        if origin.isEmpty { try await enter() }
        do {
            let answer = try await once(path, form)
            guard answer.status == 401 else { return answer }
        } catch {
            // It may answer elsewhere by now.
            origin = ""
            throw error
        }
        try await enter()
        return try await once(path, form)
    }

    private func once(_ path: String, _ form: String?) async throws -> (status: Int, body: Data) {
        var request = HTTPClientRequest(url: origin + path)
        request.headers.add(name: "cookie", value: cookie)
        if let form {
            request.method = .POST
            request.headers.add(name: "origin", value: origin)
            request.body = .bytes(ByteBuffer(string: form))
        }
        let response = try await HTTPClient.withoutRedirects.execute(request, timeout: .seconds(20))
        let body = try await response.body.collect(upTo: 32 << 20)
        return (Int(response.status.code), Data(body.readableBytesView))
    }

    private func enter() async throws {
        let address = try await address()
        guard let url = URL(string: address), let host = url.host(), let port = url.port else {
            throw TestFailure("no staff address: \(address)")
        }
        let response = try await HTTPClient.withoutRedirects.execute(
            HTTPClientRequest(url: address), timeout: .seconds(10))
        _ = try await response.body.collect(upTo: 1 << 20)
        cookie = response.headers["set-cookie"].first?.split(separator: ";").first.map(String.init) ?? ""
        origin = "http://\(host):\(port)"
    }
}
