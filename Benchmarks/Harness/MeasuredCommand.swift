import Foundation
import TestSupport

#if canImport(Glibc)
    import Glibc
#endif

/// A program that ran to its end, with what it cost.
struct MeasuredCommand: Sendable {
    var wall: Duration
    /// Processor time of it and of what it started and waited for.
    var cpuSeconds: Double
    /// Only where it was asked for: the most memory that it had, seen every millisecond. (`ru_maxrss` of a process that was
    /// spawned is at least what its parent has.)
    var peakBytes = 0.0

    /// Runs a program found in PATH or given by its path; anything but status 0 is an error.
    /// - Parameters:
    ///   - output: the file that its standard output goes to.
    static func run(
        _ command: String, _ arguments: [String], output: String = "/dev/null", environment: [String: String] = [:],
        watchesMemory: Bool = false
    ) async throws -> MeasuredCommand {
        let path = command.contains("/") ? command : try Peer.path(of: command)
        return try await onThread {
            try spawn(path, arguments, output: output, environment: environment, watchesMemory: watchesMemory)
        }
    }

    private static func spawn(
        _ path: String, _ arguments: [String], output: String, environment: [String: String], watchesMemory: Bool
    ) throws -> MeasuredCommand {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        let merged = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        var argv = ([path] + arguments).map { strdup($0) } + [nil]
        var envp = merged.map { strdup("\($0)=\($1)") } + [nil]
        defer {
            argv.forEach { free($0) }
            envp.forEach { free($0) }
        }
        var child = pid_t()
        let begin = ContinuousClock.now
        guard posix_spawn(&child, path, &actions, nil, &argv, &envp) == 0 else {
            throw CannotMeasure("\(path) cannot be started")
        }
        var peak = 0.0
        while watchesMemory, let now = ProcessFigures.peakBytes(of: child), now > 0 {
            peak = max(peak, now)
            usleep(1_000)
        }
        var status: Int32 = 0
        var usage = rusage()
        while wait4(child, &status, 0, &usage) < 0 && errno == EINTR {}
        let wall = ContinuousClock.now - begin
        guard status == 0 else {
            throw CannotMeasure("\(path) \(arguments.joined(separator: " ")) ended with wait status \(status)")
        }
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return MeasuredCommand(
            wall: wall, cpuSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime),
            peakBytes: peak)
    }
}

/// The programs that ours are held against.
enum Peer {
    static func path(of command: String) throws -> String {
        for folder in (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        where FileManager.default.isExecutableFile(atPath: "\(folder)/\(command)") {
            return "\(folder)/\(command)"
        }
        throw CannotMeasure("\(command) is not installed; scripts/install-packages.sh test installs it")
    }

    /// A program of the Python environment that scripts/python-tools.sh makes.
    static func python(_ program: String) throws -> String {
        let path = "\(Repository.folder)/.cache/venv/bin/\(program)"
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw CannotMeasure("\(path) is missing; scripts/python-tools.sh makes it")
        }
        return path
    }

    static func script(_ name: String) -> String { "\(Repository.folder)/Benchmarks/Peers/\(name)" }
}
