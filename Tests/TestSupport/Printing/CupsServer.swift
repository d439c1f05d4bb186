import Foundation
import Glibc
import Synchronization

/// A real `cupsd` of the test's own: its own folders, a free port, an unprivileged user, Debian's own policy.
public final class CupsServer: Sendable {
    /// Its configuration, spool and socket.
    public let folder: ScratchFolder
    /// On loopback; the same after a new start.
    public let port: Int
    private let keepsJobs: Bool
    private let program = ProgramSlot()
    /// Filters and backends of a server that was killed: they live on.
    private let orphans = Mutex<[pid_t: String]>([:])

    /// The socket that this machine's own CUPS would have.
    public var socketPath: String { folder.file("cups.sock") }

    /// Starts one.
    /// - Parameter keepsJobs: it begins anew with its jobs after a new start, as one without the kiosk's drop-in does.
    /// - Throws: when it is not up within the time of `eventually`.
    public init(keepsJobs: Bool = false) async throws {
        self.keepsJobs = keepsJobs
        folder = try ScratchFolder()
        port = try HallUnderTest.freePort()
        try await start()
    }

    /// Starts it again in its folder, with the queues that are there.
    public func start() async throws {
        program.set(
            try RunningProgram(
                Repository.folder + "/scripts/cupsd.sh", [folder.path, "\(port)", "debug"],
                log: NSTemporaryDirectory() + "cupsd-\(port).log",
                environment: [
                    "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "CUPS_KEEPS_JOBS": keepsJobs ? "1" : "0",
                ]))
        try await eventually("cupsd is up", every: .milliseconds(10)) {
            try await self.tool("lpstat", ["-r"]).contains("is running")
        }
    }

    /// Ends it as the service manager does. Nothing where it does not run.
    public func stop() async {
        await program.take()?.stop()
        for (pid, began) in orphans.withLock(\.self) where Self.process(pid)?.began == began {
            Glibc.kill(pid, SIGKILL)
        }
        try? FileManager.default.removeItem(atPath: NSTemporaryDirectory() + "cupsd-\(port).log")
    }

    /// Ends it as a power cut does.
    public func kill() async {
        guard let server = program.take() else { return }
        for entry in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
            guard let pid = pid_t(entry), let child = Self.process(pid), child.parent == server.pid else { continue }
            orphans.withLock { $0[pid] = child.began }
        }
        await server.killNow()
    }

    /// Parent and time of start: together with its number they name a process (proc(5), `stat`).
    private static func process(_ pid: pid_t) -> (parent: pid_t, began: String)? {
        guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
            let name = stat.lastIndex(of: ")")
        else { return nil }
        let fields = stat[name...].split(separator: " ")
        guard fields.count > 20, let parent = pid_t(fields[2]) else { return nil }
        return (parent, String(fields[20]))
    }

    /// A queue to a printer that speaks IPP, as a technician makes it.
    public func addQueue(_ name: String, to printerURI: String) async throws {
        try await tool("lpadmin", ["-p", name, "-E", "-v", printerURI, "-m", "everywhere"])
    }

    /// A queue to any other address, with the description that the first one got.
    public func addQueue(_ name: String, to deviceURI: String, like other: String) async throws {
        // cupsd writes it when it has asked the printer, after its answer to lpadmin.
        let description = folder.file("etc/ppd/\(other).ppd")
        try await eventually("the first queue has its description") {
            FileManager.default.fileExists(atPath: description)
        }
        try await tool("lpadmin", ["-p", name, "-E", "-v", deviceURI, "-P", description])
    }

    /// One of CUPS's own programs, as a technician types it; what it says.
    @discardableResult
    public func tool(_ command: String, _ arguments: [String]) async throws -> String {
        let run = try await CommandRun.run(command, ["-h", "localhost:\(port)"] + arguments)
        guard run.succeeded else { throw TestFailure("\(command): \(run.errors)") }
        return String(decoding: run.output, as: UTF8.self)
    }

    /// Jobs that have not ended.
    public var openJobs: [String] {
        get async throws { try await tool("lpstat", ["-o"]).split(separator: "\n").map(String.init) }
    }

    /// Documents that lie in the spool.
    public var spooledDocuments: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.file("spool"))) ?? []
        return names.filter { $0.hasPrefix("d") }
    }
}
