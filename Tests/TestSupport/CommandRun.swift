import Foundation
import Subprocess
import SystemPackage

/// A finished command of a test: an independent peer such as `age`, `openssl` or `qpdf`.
public struct CommandRun: Sendable {
    /// It ended by itself with exit status 0.
    public var succeeded: Bool
    /// Standard output, at most 64 MiB.
    public var output: [UInt8]
    /// Standard error, at most 1 MiB, read as UTF-8.
    public var errors: String

    /// Runs to the end, a path or a name found in PATH, with at most 64 MiB of output.
    public static func run(_ command: String, _ arguments: [String]) async throws -> CommandRun {
        let result = try await Subprocess.run(
            command.contains("/") ? .path(FilePath(command)) : .name(command), arguments: Arguments(arguments),
            output: .bytes(limit: 64 << 20),
            error: .string(limit: 1 << 20))
        return CommandRun(
            succeeded: result.terminationStatus.isSuccess, output: result.standardOutput,
            errors: result.standardError)
    }

    /// Is this command installed? Without it a test says loudly that it did not run.
    public static func isInstalled(_ command: String) -> Bool {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/\(command)")
        }
    }
}
