import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// What the kernel knows of a running process.
struct ProcessFigures: Sendable {
    var cpuSeconds: Double
    /// How often each living thread, by its number, has stopped waiting: `voluntary_ctxt_switches`.
    var wakeUps: [String: Int]
    /// Its own memory and its share of what it shares, in bytes.
    var proportionalBytes: Double
    /// The most memory it ever had, in bytes.
    var peakBytes: Double
    var threads: Int { wakeUps.count }

    init?(of process: pid_t) {
        let root = "/proc/\(process)"
        guard let stat = Self.text("\(root)/stat"), let end = stat.lastIndex(of: ")") else { return nil }
        // Fields 14 and 15 (proc(5)); the name before them may hold spaces.
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return nil }
        cpuSeconds = (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
        let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "\(root)/task")) ?? []
        wakeUps = tasks.reduce(into: [:]) { all, task in
            all[task] = Self.value("voluntary_ctxt_switches", in: "\(root)/task/\(task)/status").map { Int($0) }
        }
        proportionalBytes = (Self.value("Pss", in: "\(root)/smaps_rollup") ?? 0) * 1024
        peakBytes = Self.peakBytes(of: process) ?? 0
    }

    /// Wake-ups since an earlier look. Those of a thread that has ended in between are not counted: look often enough.
    func wakeUps(since earlier: ProcessFigures) -> Int {
        wakeUps.reduce(0) { sum, thread in sum + thread.value - (earlier.wakeUps[thread.key] ?? 0) }
    }

    /// The most memory it ever had; `nil` when it has ended.
    static func peakBytes(of process: pid_t) -> Double? {
        value("VmHWM", in: "/proc/\(process)/status").map { $0 * 1024 }
    }

    private static func text(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }

    private static func value(_ name: String, in path: String) -> Double? {
        text(path)?.split(separator: "\n").first { $0.hasPrefix(name + ":") }?
            .split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Double($0) }
    }
}
