import Foundation

/// The sources of the repository this test was built from.
struct SourceTree {
    struct File {
        /// Below `Sources`: `HallModel/Case.swift`.
        let path: String
        let module: String
        let text: String

        /// Names of imported modules, each once, in order.
        var imports: [String] {
            var names: [String] = []
            for line in text.split(separator: "\n") {
                guard let match = line.firstMatch(of: Self.importLine) else { continue }
                let name = String(match.1)
                if !names.contains(name) { names.append(name) }
            }
            return names
        }

        /// `@preconcurrency public import struct Foundation.Data` gives `Foundation`.
        private static var importLine: Regex<(Substring, Substring)> {
            #/^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+(?:(?:struct|class|enum|protocol|typealias|func|let|var)\s+)?(\w+)/#
        }
    }

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    /// Every Swift file in `Sources`.
    static func files() throws -> [File] {
        let folder = "\(root)/Sources"
        let paths = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return try paths.filter { $0.hasSuffix(".swift") }.sorted().map { path in
            File(
                path: path, module: String(path.prefix { $0 != "/" }),
                text: try String(contentsOf: URL(filePath: "\(folder)/\(path)"), encoding: .utf8))
        }
    }

    /// Names of the folders in `Sources`.
    static func modules() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(root)/Sources").filter { !$0.hasPrefix(".") }.sorted()
    }
}
