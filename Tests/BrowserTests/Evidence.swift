import AsyncHTTPClient
import Foundation
import NIOCore
import TestSupport

/// What the staff of the platform sees, asked as a person's browser would.
struct PlatformStaff {
    let hall: HallUnderTest

    /// The numbers of all cases, as the staff page lists them.
    func cases() async throws -> [String] {
        let page = try await page("/")
        return page.matches(of: /href="\/cases\/([0-9]+)"/).map { String($0.output.1) }
    }

    /// The staff page at this path.
    func page(_ path: String) async throws -> String {
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

    func page(_ origin: String, entry: String, path: String) async throws -> String {
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
        return String(buffer: try await response.body.collect(upTo: 32 << 20))
    }
}

/// The slips that came out of the emulated printer.
struct Slips: Decodable {
    var id: String

    static func all(in hall: HallUnderTest) async throws -> [Slips] {
        try JSONDecoder().decode([Slips].self, from: try await hall.deskState("printer/slips"))
    }

    /// What `zbarimg` reads in the picture of the slip.
    func codes(in hall: HallUnderTest) async throws -> [String] {
        let folder = try ScratchFolder()
        try folder.write(try await hall.deskState("printer/slips/\(id).png"), to: "slip.png")
        let run = try await CommandRun.run("zbarimg", ["--raw", "--quiet", folder.file("slip.png")])
        return String(decoding: run.output, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
