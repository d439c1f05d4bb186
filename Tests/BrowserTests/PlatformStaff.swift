import AsyncHTTPClient
import Foundation
import NIOCore
import TestSupport

/// What the staff of the platform sees, asked as a person's browser would.
struct PlatformStaff {
    let hall: HallUnderTest

    /// A case as the list shows it.
    struct Entry: Decodable {
        var id: String
        var number: String
        var item: String
        var acceptanceCode: String
    }

    /// A case with what was sealed in it.
    struct Opened: Decodable {
        struct Material: Decodable {
            var id: String
            var name: String?
            var pages: Int
            var pdf: String
        }
        var person: [String: String]
        var answers: [[String: String]]
        var materials: [Material]
    }

    func cases() async throws -> [Entry] {
        struct List: Decodable {
            var total: Int
            var cases: [Entry]
        }
        let list = try JSONDecoder().decode(List.self, from: Data(try await page("/cases.json")))
        guard list.total == list.cases.count else { throw TestFailure("more cases than one page: \(list.total)") }
        return list.cases
    }

    func open(_ number: String) async throws -> Opened {
        try JSONDecoder().decode(Opened.self, from: Data(try await page("/cases/\(number).json")))
    }

    /// What the staff port answers at this path.
    func page(_ path: String) async throws -> [UInt8] {
        let address = await hall.staffURL
        guard let url = URL(string: address), let host = url.host(), let port = url.port else {
            throw TestFailure("no staff address: \(address)")
        }
        return try await StaffCookie.shared.page("http://\(host):\(port)", entry: address, path: path)
    }
}

/// The one-time token of a staff page works once: the cookie it became is kept for later pages.
actor StaffCookie {
    static let shared = StaffCookie()
    private var cookies: [String: String] = [:]

    func page(_ origin: String, entry: String, path: String) async throws -> [UInt8] {
        if cookies[origin] == nil {
            var configuration = HTTPClient.Configuration()
            configuration.redirectConfiguration = .disallow
            let client = HTTPClient(configuration: configuration)
            let response = try await client.execute(HTTPClientRequest(url: entry), timeout: .seconds(10))
            try await client.shutdown()
            cookies[origin] = response.headers["set-cookie"].first?.split(separator: ";").first.map(String.init)
        }
        var request = HTTPClientRequest(url: origin + path)
        request.headers.add(name: "cookie", value: cookies[origin] ?? "")
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(20))
        let body = try await response.body.collect(upTo: 32 << 20)
        guard response.status == .ok else { throw TestFailure("\(path): HTTP \(response.status.code)") }
        return Array(body.readableBytesView)
    }
}
