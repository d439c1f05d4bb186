import Foundation
import TestSupport
import Testing

@testable import PlatformServer

/// What docs say of the reference server, held against its code.
@Suite("description and page for integrators")
struct DescriptionTests {
    private func page(_ path: String) throws -> String {
        try String(contentsOfFile: Repository.folder + "/docs/" + path, encoding: .utf8)
    }

    @Test(arguments: ["api/platform.yaml", "integrator.md"])
    func `Every case number in an example has the right check digit`(path: String) throws {
        let text: String = try page(path)
        let numbers =
            text.matches(of: /\b99[0-9]{6}\b/).map { String($0.output) }
            + text.matches(of: /\b(9900) ([0-9]{4})\b/).map { "\($0.1)\($0.2)" }
        #expect(!numbers.isEmpty)
        for number in numbers { #expect(CaseNumber.isValid(number), "\(number)") }
        for code in text.matches(of: /HK1:[NA]:[0-9A-Z]+/).map({ String($0.output) }) {
            #expect(CaseReference(code) != nil, "\(code)")
        }
    }

    @Test func `The description names every problem that the API answers with`() throws {
        let text: String = try page("api/platform.yaml")
        // Those of the staff page go to nobody else.
        for kind in APIProblem.Kind.allCases where ![.statusChanged, .statusNotAllowed].contains(kind) {
            #expect(text.contains("`\(kind.rawValue)`"), "\(kind.rawValue)")
        }
        let inspect = try #require(text.range(of: "operationId: inspectUpload\n      tags"))
        let append = try #require(
            text.range(of: "operationId: appendToUpload\n      tags", range: inspect.upperBound..<text.endIndex))
        #expect(text[inspect.upperBound..<append.lowerBound].contains("\"409\":"))
    }

    @Test func `The page has the standard items and statuses and every member of the limits`() throws {
        let text: String = try page("integrator.md")
        let standard = PlatformConfiguration.standard
        for (id, title) in standard.items.map({ ($0.id, $0.title) }) + standard.statuses.map({ ($0.id, $0.title) }) {
            #expect(text.contains("`\(id)` \(title.simplifiedChinese)"), "\(id)")
        }
        for key in PlatformConfiguration.Limits.CodingKeys.allCases {
            #expect(text.contains("`limits.\(key.rawValue)`"), "\(key)")
        }
    }
}
