import Foundation
import TestSupport

#if canImport(Glibc)
    import Glibc
#endif

/// What the figures were measured on.
struct Machine: Sendable {
    var table: Table

    static func look() async -> Machine {
        let cpu = file("/proc/cpuinfo").split(separator: "\n").first { $0.hasPrefix("model name") }
            .map { $0.drop { $0 != ":" }.dropFirst().trimmingCharacters(in: .whitespaces) }
        let memory = file("/proc/meminfo").split(separator: "\n").first { $0.hasPrefix("MemTotal") }
            .flatMap { $0.split(whereSeparator: \.isWhitespace).dropFirst().first }.flatMap { Double($0) }
        let load = file("/proc/loadavg").split(separator: " ").first.map(String.init)
        let system = file("/etc/os-release").split(separator: "\n").first { $0.hasPrefix("PRETTY_NAME=") }
            .map { $0.dropFirst(12).trimmingCharacters(in: CharacterSet(charactersIn: "\"")) }
        let date = ISO8601DateFormatter().string(from: Date())
        var build = "release"
        #if DEBUG
            build = "debug: no figure of it means anything"
        #endif
        return Machine(
            table: Table(
                columns: ["", "measured on"],
                rows: [
                    ["date", date],
                    ["commit", await git()],
                    ["build", build],
                    ["processor", cpu ?? "unknown"],
                    ["cores", "\(sysconf(Int32(_SC_NPROCESSORS_ONLN)))"],
                    ["memory", memory.map { Figure.megabytes($0 * 1024) } ?? "unknown"],
                    ["system", "\(system ?? "unknown"), Linux \(file("/proc/sys/kernel/osrelease").trimmed)"],
                    ["file system of the state", await fileSystem(of: Scratch.parent)],
                    ["load at the start", load ?? "unknown"],
                ]))
    }

    private static func file(_ path: String) -> String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }

    private static func git() async -> String {
        let root = Repository.folder
        guard let head = try? await CommandRun.run("git", ["-C", root, "rev-parse", "--short", "HEAD"]), head.succeeded,
            let changes = try? await CommandRun.run("git", ["-C", root, "status", "--porcelain", "--", "Sources"])
        else { return "unknown" }
        let isChanged = !changes.output.isEmpty
        return String(decoding: head.output, as: UTF8.self).trimmed + (isChanged ? " with changes" : "")
    }

    private static func fileSystem(of folder: String) async -> String {
        let run = try? await CommandRun.run("stat", ["-f", "-c", "%T", folder])
        return run.map { String(decoding: $0.output, as: UTF8.self).trimmed } ?? "unknown"
    }
}

extension String {
    var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}

/// A folder for one benchmark, on a disk and not in memory: gone at its end.
enum Scratch {
    static let parent = "/var/tmp"

    static func use<Value>(_ body: (String) async throws -> Value) async throws -> Value {
        let path = "\(parent)/kiosk-bench-\(UUID().uuidString.prefix(8).lowercased())"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try await body(path)
    }
}
