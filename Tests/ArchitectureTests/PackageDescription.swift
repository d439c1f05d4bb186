import Foundation
import TestSupport

/// What `swift package dump-package` says of the targets.
struct PackageDescription: Decodable {
    struct Target: Decodable {
        let name: String
        let type: String
        let dependencies: [Dependency]
    }

    /// `{"byName": ["HallModel", null]}` or `{"product": ["GRDB", "GRDB.swift", null, null]}`.
    struct Dependency: Decodable {
        let name: String
        let isProduct: Bool

        private enum Key: String, CodingKey { case byName, product, target }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            guard let key = container.allKeys.first else {
                throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "unknown dependency"))
            }
            var parts = try container.nestedUnkeyedContainer(forKey: key)
            name = try parts.decode(String.self)
            isProduct = key == .product
        }
    }

    let targets: [Target]

    /// Asks SwiftPM. A build folder of its own keeps it from waiting for the `swift test` that runs this test.
    static func load() async throws -> PackageDescription {
        let scratch = try ScratchFolder()
        let run = try await CommandRun.run(
            "swift",
            ["package", "--package-path", SourceTree.root, "--scratch-path", scratch.path, "dump-package"])
        guard run.succeeded else { throw Failure(errors: run.errors) }
        return try JSONDecoder().decode(PackageDescription.self, from: Data(run.output))
    }

    struct Failure: Error { let errors: String }

    /// Everything that a target reaches inside the package, itself included.
    func reach(of name: String) -> Set<String> {
        var found: Set<String> = []
        var open = [name]
        while let next = open.popLast() {
            guard found.insert(next).inserted, let target = targets.first(where: { $0.name == next }) else { continue }
            open += target.dependencies.filter { !$0.isProduct }.map(\.name)
        }
        return found
    }
}
