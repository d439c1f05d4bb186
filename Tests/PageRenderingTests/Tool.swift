import Foundation
import NIOCore
import Subprocess

/// Runs an independent program on bytes of ours, in a folder that is gone afterwards.
enum Tool {
    struct Answer {
        var succeeded: Bool
        var output: String
        var complaints: String
        /// Files the program made, by name.
        var files: [String: Data]
    }

    /// `arguments` name the input file as `input`, which lies in the working folder.
    static func run(_ name: String, _ arguments: [String], on input: ByteBuffer) async throws -> Answer {
        let folder = FileManager.default.temporaryDirectory.appending(path: "page-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(input.readableBytesView).write(to: folder.appending(path: "input"))
        let result = try await Subprocess.run(
            .name(name), arguments: Arguments(arguments), workingDirectory: .init(folder.path),
            output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
        var files: [String: Data] = [:]
        for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) where file != "input" {
            files[file] = try Data(contentsOf: folder.appending(path: file))
        }
        return Answer(
            succeeded: result.terminationStatus.isSuccess,
            output: result.standardOutput,
            complaints: result.standardError, files: files)
    }
}
