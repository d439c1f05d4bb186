import Foundation
import TestSupport

/// The cases that the platform has, asked as a member of its staff would: over HTTP, never from its files.
struct PlatformCases {
    struct Case: Sendable, Equatable {
        var number: String
        var acceptanceCode: String
        /// What the resident typed on the digit pad.
        var phone: String
        /// Pages of each material.
        var pages: [Int]
    }

    private let desk: StaffDesk

    init(of hall: HallUnderTest) { desk = StaffDesk { try await hall.newestStaffURL() } }

    func all() async throws -> [Case] {
        var numbers: [(String, String)] = []
        var page = 1
        while true {
            let list = try JSONDecoder().decode(List.self, from: try await desk.get("/cases.json?page=\(page)"))
            numbers += list.cases.map { ($0.number, $0.acceptanceCode) }
            page += 1
            if numbers.count >= list.total || list.cases.isEmpty { break }
        }
        var cases: [Case] = []
        for (number, code) in numbers {
            let one = try JSONDecoder().decode(One.self, from: try await desk.get("/cases/\(number).json"))
            cases.append(
                Case(
                    number: number, acceptanceCode: code,
                    phone: one.answers.first { $0["question"] == "phone" }?["value"] ?? "",
                    pages: one.materials.map(\.pages)))
        }
        return cases
    }

    /// The opened PDF of a case's first material.
    func document(of number: String) async throws -> Data { try await desk.get("/cases/\(number)/materials/1.pdf") }

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
}
