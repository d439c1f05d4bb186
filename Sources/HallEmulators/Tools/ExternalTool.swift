import Foundation
import Subprocess

/// A program of the system that looks at what emulated devices made, so that the look is independent of our own code:
/// `zbarimg` for codes, `pdftoppm` for pages. Bytes in, bytes out, bounded in time and size.
enum ExternalTool {
    enum Failure: Error, CustomStringConvertible, Equatable {
        case notInstalled(String, package: String)
        /// It ran and refused what it was given; its exit status.
        case refused(String, Int)
        case tookTooLong(String)

        var description: String {
            switch self {
            case .notInstalled(let tool, let package): "\(tool) is not installed (Debian package \(package))."
            case .refused(let tool, let status): "\(tool) refused its input (exit status \(status))."
            case .tookTooLong(let tool): "\(tool) took too long."
            }
        }
    }

    /// Runs a tool found in PATH. Throws `Failure`.
    static func run(
        _ tool: String, package: String, _ arguments: [String], input: [UInt8], outputLimit: Int,
        timeout: Duration = .seconds(30)
    ) async throws -> [UInt8] {
        guard isInstalled(tool) else { throw Failure.notInstalled(tool, package: package) }
        return try await withThrowingTaskGroup(of: [UInt8].self) { group in
            group.addTask {
                do {
                    let result = try await Subprocess.run(
                        .name(tool), arguments: Arguments(arguments), input: .array(input),
                        output: .bytes(limit: outputLimit), error: .discarded)
                    guard case .exited(let status) = result.terminationStatus else { throw Failure.refused(tool, -1) }
                    guard status == 0 else { throw Failure.refused(tool, Int(status)) }
                    return result.standardOutput
                } catch let error as SubprocessError where error.code != .executableNotFound {
                    // It stopped reading, or said more than the limit.
                    throw Failure.refused(tool, -1)
                }
            }
            group.addTask {
                try await Task.sleep(for: timeout)
                throw Failure.tookTooLong(tool)
            }
            defer { group.cancelAll() }
            return try await group.next() ?? []
        }
    }

    static func isInstalled(_ tool: String) -> Bool {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/\(tool)")
        }
    }
}
