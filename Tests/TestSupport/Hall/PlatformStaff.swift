import AsyncHTTPClient
import Foundation
import NIOCore

/// What the staff of the platform sees, asked as a person's browser would.
public struct PlatformStaff: Sendable {
    private let hall: HallUnderTest

    /// The platform of this hall.
    public init(hall: HallUnderTest) { self.hall = hall }

    /// A case as the list shows it.
    public struct Entry: Sendable, Decodable {
        /// UUIDv7, made by the kiosk.
        public var id: String
        /// The platform's number.
        public var number: String
        /// Id of the service item.
        public var item: String
        /// Eight characters, made by the kiosk.
        public var acceptanceCode: String
    }

    /// A case with what was sealed in it.
    public struct Opened: Sendable, Decodable {
        /// One material of the case.
        public struct Material: Sendable, Decodable {
            /// UUIDv7, made by the kiosk.
            public var id: String
            /// Id of the material in the service item.
            public var name: String?
            /// As the kiosk said.
            public var pages: Int
            /// Where the opened PDF is, as a path on the staff port.
            public var pdf: String
        }
        /// `person` of the sealed answers, by its members' names.
        public var person: [String: String]
        /// What the kiosk noticed about the card.
        public var flags: [String]
        /// `answers` of the sealed answers, each by its members' names.
        public var answers: [[String: String]]
        /// In the item's order.
        public var materials: [Material]
    }

    /// All cases, of all pages of the list.
    public func cases() async throws -> [Entry] {
        struct List: Decodable {
            var total: Int
            var cases: [Entry]
        }
        var cases: [Entry] = []
        for page in 1... {
            let list = try JSONDecoder().decode(
                List.self, from: Data(try await self.page("/cases.json?page=\(page)")))
            let known = Set(cases.map(\.id))
            let fresh = list.cases.filter { !known.contains($0.id) }
            cases += fresh
            if cases.count >= list.total { return cases }
            guard !fresh.isEmpty else { throw TestFailure("\(list.total) cases, and the list shows \(cases.count)") }
        }
        return cases
    }

    /// One case, opened with the platform's key.
    public func open(_ number: String) async throws -> Opened {
        try JSONDecoder().decode(Opened.self, from: Data(try await page("/cases/\(number).json")))
    }

    /// What the staff port answers at this path.
    public func page(_ path: String) async throws -> [UInt8] {
        let address = await hall.staffURL
        guard let url = URL(string: address), let host = url.host(), let port = url.port else {
            throw TestFailure("no staff address: \(address)")
        }
        return try await StaffCookie.shared.page("http://\(host):\(port)", entry: address, path: path)
    }
}

/// The one-time token of a staff page works once: the cookie it became is kept for later pages.
private actor StaffCookie {
    static let shared = StaffCookie()
    private var cookies: [String: String] = [:]

    func page(_ origin: String, entry: String, path: String) async throws -> [UInt8] {
        if cookies[entry] == nil {
            let response = try await HTTPClient.withoutRedirects.execute(
                HTTPClientRequest(url: entry), timeout: .seconds(10))
            _ = try await response.body.collect(upTo: 1 << 20)
            cookies[entry] = response.headers["set-cookie"].first?.split(separator: ";").first.map(String.init)
        }
        var request = HTTPClientRequest(url: origin + path)
        request.headers.add(name: "cookie", value: cookies[entry] ?? "")
        let response = try await HTTPClient.withoutRedirects.execute(request, timeout: .seconds(20))
        let body = try await response.body.collect(upTo: 32 << 20)
        guard response.status == .ok else { throw TestFailure("\(path): HTTP \(response.status.code)") }
        return Array(body.readableBytesView)
    }
}
