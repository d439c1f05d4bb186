import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// The shipped units at work: every program under its unit's own sandbox (Tests/systemd/run-unit.py), as units of their own
/// that meet at the socket, and a resident who does the whole item.
@Suite("the units' sandboxes", .serialized)
struct UnitSandboxTests {
    @Test(
        "a resident's whole item works under them, and a worker that is killed comes back",
        .enabled(if: getuid() == 0 || ProcessInfo.processInfo.environment["CI"] == "true", "mounts need root"))
    func wholeItem() async throws {
        var options = HallUnderTest.Options()
        options.startsKiosk = false
        options.workersStartedBy = "system"
        let hall = try HallUnderTest(options)
        let units = UnitsUnderTest(hall: hall)
        do {
            try await hall.start()
            try await units.start()
            try await resident(in: hall, units)
        } catch {
            let log = await hall.log().suffix(3000)
            await units.stop()
            await hall.stop()
            throw TestFailure("\(error)\n\(log)")
        }
        await units.stop()
        await hall.stop()
    }

    private func resident(in hall: HallUnderTest, _ units: UnitsUnderTest) async throws {
        try await eventually("all workers are connected, all devices online", within: .seconds(30)) {
            try await units.isWell()
        }
        #expect(try await units.workersSee("run") == ["workers.sock"])
        #expect(try await units.workersSee("state").isEmpty)
        let screen = try await ScreenOverHTTP(entering: hall.screenURL())
        _ = try await screen.sees("start")
        try await hall.desk("reader/place", #"{"card":"zhang"}"#)
        _ = try await screen.sees("items")
        try await screen.touches("item:senior-card", until: "intro")
        try await screen.touches("begin", until: "choice")
        try await screen.touches("answer:pickup:service-centre", until: "choice")
        try await screen.touches("answer:notify:none", until: "scan")
        for page in 1...2 {
            try await hall.desk("scanner/tray", #"{"document":"household-register-\#(page)"}"#)
            let preview = try await screen.touches("scan", until: "preview", within: .seconds(40))
            #expect(preview.text.contains("字很清楚"), "\(preview.text)")
            if page == 1 {
                try await units.kill("kiosk-worker-render.service")
                try await eventually("the render worker is back", within: .seconds(15)) { try await units.isWell() }
            }
            try await screen.touches("keep-page", until: page == 1 ? "scan" : "stored", within: .seconds(40))
        }
        try await screen.touches("next", until: "check")
        try await screen.touches("submit", until: "done", within: .seconds(40))
        try await eventually("the receipt is printed", within: .seconds(40)) {
            try await screen.page().text.contains("凭条打好了")
        }
        // What a sandbox forbids shows in the log, also where the program goes on without.
        let log = await hall.log()
        for word in ["Operation not permitted", "Permission denied", "Read-only file system"] {
            #expect(!log.contains(word), "\(log.suffix(3000))")
        }
    }
}

/// All units of `systemd/`, run as systemd runs them: started again when they end.
private actor UnitsUnderTest {
    private let hall: HallUnderTest
    private var running: [String: RunningProgram] = [:]
    private var supervisors: [Task<Void, Never>] = []
    private var isStopping = false

    init(hall: HallUnderTest) { self.hall = hall }

    /// As a technician enables them: no print worker without an A4 printer.
    private var names: [String] {
        get throws {
            let configuration = try String(contentsOfFile: hall.configurationFile, encoding: .utf8)
            return SystemdUnit.names.filter {
                $0 != "kiosk-worker-print.service" || configuration.contains("document-printer")
            }
        }
    }

    func start() async throws {
        try FileManager.default.createDirectory(
            atPath: hall.folder + "/etc", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o750])
        try FileManager.default.copyItem(atPath: hall.configurationFile, toPath: hall.folder + "/etc/kiosk.yaml")
        for name in try names {
            try launch(name)
            supervisors.append(Task { await self.keepRunning(name) })
            if name == "kioskd.service" {
                try await Self.becomesUp(hall.folder + "/run/screen.json")
            }
        }
    }

    private static func becomesUp(_ file: String) async throws {
        try await eventually("kioskd is up", within: .seconds(20)) { FileManager.default.fileExists(atPath: file) }
    }

    func stop() async {
        isStopping = true
        for program in running.values { await program.stop() }
        for supervisor in supervisors { await supervisor.value }
    }

    func kill(_ name: String) async throws { await running[name]?.killNow() }

    /// What `kioskctl` says.
    func isWell() async throws -> Bool {
        let status = try await ask("status")
        let devices = try await ask("devices")
        return status.matches(of: #/"isConnected"\s*:\s*true/#).count == 4
            && devices.matches(of: #/"state"\s*:\s*"online"/#).count == 5
    }

    /// What a folder of the kiosk holds in the eyes of the workers.
    func workersSee(_ name: String) throws -> Set<String> {
        var seen: Set<String> = []
        for (unit, program) in running where unit.hasPrefix("kiosk-worker-") {
            let folder = "/proc/\(program.pid)/root\(hall.folder)/\(name)"
            guard FileManager.default.fileExists(atPath: folder) else { continue }
            seen.formUnion(try FileManager.default.contentsOfDirectory(atPath: folder))
        }
        return seen
    }

    private func ask(_ command: String) async throws -> String {
        let run = try await CommandRun.run(
            HallUnderTest.programs + "/kioskctl", [command, "--json", "--runtime", hall.folder + "/run"])
        return String(decoding: run.output, as: UTF8.self)
    }

    private func launch(_ name: String) throws {
        let unit = try SystemdUnit(name)
        let folder = hall.folder
        let visible =
            unit.isWorker
            // What stands for hardware; the programs and their libraries.
            ? [folder + "/hall", HallUnderTest.programs]
            : [folder + "/etc", folder + "/ca", HallUnderTest.programs, Repository.folder]
        running[name] = try RunningProgram(
            "/usr/bin/env",
            [
                "python3", Repository.folder + "/Tests/systemd/run-unit.py", unit.path, "--instance", "scanner",
                "--path", "/usr/lib/hallkiosk=" + HallUnderTest.programs, "--path", "/run/hallkiosk=\(folder)/run",
                "--path", "/var/lib/hallkiosk=\(folder)/state", "--path", "/etc/hallkiosk=\(folder)/etc",
            ] + visible.flatMap { ["--visible", $0] },
            log: folder + "/log")
    }

    private func keepRunning(_ name: String) async {
        while !isStopping {
            await running[name]?.waitUntilEnded()
            guard !isStopping else { return }
            try? await Task.sleep(for: .milliseconds(200))
            guard !isStopping else { return }
            try? launch(name)
        }
    }
}
