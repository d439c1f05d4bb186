import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// A real `cupsd` of the test's own: its own folders, a free port, an unprivileged user, Debian's own policy.
public final class CupsServer: Sendable {
    public let folder: ScratchFolder
    public let port: Int
    private let program = ProgramSlot()

    /// The socket that this machine's own CUPS would have.
    public var socketPath: String { folder.file("cups.sock") }

    public init() async throws {
        folder = try ScratchFolder()
        port = try HallUnderTest.freePort()
        for name in ["etc", "spool", "cache", "state", "tmp"] {
            try FileManager.default.createDirectory(atPath: folder.file(name), withIntermediateDirectories: false)
        }
        try folder.write(try configuration().utf8, to: "etc/cupsd.conf")
        try folder.write(
            """
            ServerRoot \(folder.file("etc"))
            RequestRoot \(folder.file("spool"))
            CacheDir \(folder.file("cache"))
            StateDir \(folder.file("state"))
            TempDir \(folder.file("tmp"))
            AccessLog \(folder.file("access"))
            ErrorLog \(folder.file("errors"))
            PageLog \(folder.file("pages"))
            User nobody
            Group nogroup

            """.utf8, to: "etc/cups-files.conf")
        if getuid() == 0 {
            let run = try await CommandRun.run("chown", ["-R", "nobody:nogroup", folder.path])
            guard run.succeeded else { throw TestFailure("chown: \(run.errors)") }
        }
        try await start()
    }

    public func start() async throws {
        let command = [
            "cupsd", "-f", "-c", folder.file("etc/cupsd.conf"), "-s", folder.file("etc/cups-files.conf"),
        ]
        let asNobody =
            getuid() == 0 ? ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] + command : command
        program.set(
            try RunningProgram(
                "/usr/bin/env", asNobody, log: NSTemporaryDirectory() + "cupsd-\(port).log",
                environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]))
        try await eventually("cupsd is up", every: .milliseconds(10)) {
            try await self.tool("lpstat", ["-r"]).contains("is running")
        }
    }

    public func stop() async {
        await program.take()?.stop()
        try? FileManager.default.removeItem(atPath: NSTemporaryDirectory() + "cupsd-\(port).log")
    }

    public func kill() async { await program.take()?.killNow() }

    /// Debian's own policies; only what a test changes is changed. Queues are made by the test without a password.
    private func configuration() throws -> String {
        let debian = try String(contentsOfFile: "/usr/share/cups/cupsd.conf.default", encoding: .utf8)
        return
            debian
            .replacing("Listen localhost:631", with: "Listen 127.0.0.1:\(port)")
            .replacing("Listen /run/cups/cups.sock", with: "Listen \(socketPath)")
            .replacing("Browsing Yes", with: "Browsing No")
            .replacing("WebInterface Yes", with: "WebInterface No")
            .replacing(
                "ErrorPolicy retry-job",
                with: "ErrorPolicy abort-job\nPreserveJobFiles No\nMaxJobTime 180\nDirtyCleanInterval 0"
            )
            .replacing("LogLevel warn", with: "LogLevel debug")
            .replacing("    AuthType Default\n    Require user @SYSTEM\n", with: "")
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
