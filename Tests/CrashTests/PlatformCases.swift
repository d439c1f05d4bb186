import AsyncHTTPClient
import Foundation
import NIOCore
import TestSupport

/// The cases that the platform has, asked as a member of its staff would: over HTTP, never from its files.
actor PlatformCases {
    struct Case: Sendable, Equatable {
        var number: String
        var acceptanceCode: String
        /// What the resident typed on the digit pad.
        var phone: String
        /// Pages of each material.
        var pages: [Int]
    }

    private let hall: HallUnderTest
    private var origin = ""
    private var cookie = ""

    init(of hall: HallUnderTest) { self.hall = hall }

    func all() async throws -> [Case] {
        var numbers: [(String, String)] = []
        var page = 1
        while true {
            let list = try JSONDecoder().decode(List.self, from: try await get("/cases.json?page=\(page)"))
            numbers += list.cases.map { ($0.number, $0.acceptanceCode) }
            page += 1
            if numbers.count >= list.total || list.cases.isEmpty { break }
        }
        var cases: [Case] = []
        for (number, code) in numbers {
            let one = try JSONDecoder().decode(One.self, from: try await get("/cases/\(number).json"))
            cases.append(
                Case(
                    number: number, acceptanceCode: code,
                    phone: one.answers.first { $0["question"] == "phone" }?["value"] ?? "",
                    pages: one.materials.map(\.pages)))
        }
        return cases
    }

    /// The opened PDF of a case's first material.
    func document(of number: String) async throws -> Data { try await get("/cases/\(number)/materials/1.pdf") }

    private struct List: Decodable {
        struct Entry: Decodable { var number, acceptanceCode: String }
        var total: Int
        var cases: [Entry]
    }

    private struct One: Decodable {
        struct Material: Decodable { var pages: Int }
        var answers: [[String: String]]
        var materials: [Material]
    }

    private func get(_ path: String) async throws -> Data {
        if origin.isEmpty { try await enter() }
        var request = HTTPClientRequest(url: origin + path)
        request.headers.add(name: "cookie", value: cookie)
        let response = try await HTTPClient.withoutRedirects.execute(request, timeout: .seconds(20))
        let body = try await response.body.collect(upTo: 32 << 20)
        guard response.status == .ok else { throw TestFailure("the platform's \(path): HTTP \(response.status.code)") }
        return Data(body.readableBytesView)
    }

    private func enter() async throws {
        let address = try await hall.newestStaffURL()
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
