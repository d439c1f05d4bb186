import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Synchronization

/// The whole product with an emulated hall and the reference platform, as real processes on free ports in a folder of its
/// own. `stop()` ends everything it started.
public actor HallUnderTest {
    /// What is other than in `make run`.
    public struct Options: Sendable {
        /// 1: devices take their real time; smaller is faster.
        public var timeScale = 0.2
        /// Start `kioskd` again when it dies, as systemd does.
        public var supervisesKiosk = false
        /// The same for the platform.
        public var supervisesPlatform = false
        /// `outbox.minimumFreeMebibytes`: low, so that a full disk of the test's machine closes nothing.
        public var minimumFreeMebibytes = 1
        /// Profiles other than those of `development.yaml`, by the device's name.
        public var profiles: [String: String] = [:]
        /// Lines that are put behind a profile, by its id: the kiosk works with a copy of the devices' folder then.
        public var profileAdditions: [String: String] = [:]
        /// What is put behind `textStep` in the configuration's `screen`: "idleSeconds: 120, takeSeconds: 10".
        public var screenSettings = ""
        /// The kiosk knows the platform by a name that the hall can let vanish (docs/desk.md). Needs a mount namespace.
        public var givesPlatformAName = false
        /// The kiosk has /tmp, /var/tmp and /dev/shm for itself, see `temporaryFolders`. Needs a mount namespace.
        public var hasOwnTemporaryFolders = false
        /// False: everything but `kioskd`, which the test starts in its own way on `configurationFile`.
        public var startsKiosk = true
        /// `kioskd`, or `system` when the test starts the workers as units of their own.
        public var workersStartedBy = "kioskd"
        /// The platform's own configuration, JSON; `nil`: the standard one.
        public var platformConfiguration: String?
        /// Changes the text of the configuration before it is written.
        public var changesConfiguration: @Sendable (String) -> String = { $0 }
        /// The usual hall.
        public init() {}
    }

    /// Everything lies in it; gone with `stop()`. Short, because sockets lie in it.
    public nonisolated let folder: String
    /// What it was made with.
    public nonisolated let options: Options
    /// The desk's address with a slash at its end; empty before `start()`.
    public private(set) var deskURL = ""
    /// The staff page's address with the token of the platform's last start; empty before `start()`. See
    /// `newestStaffURL()`.
    public private(set) var staffURL = ""
    /// The platform's API, without the network between it and the kiosk.
    public var platformURL: String { "https://localhost:\(platformPort)" }
    private var hallFile: [String: String] = [:]
    private var platformPort = 0
    private var platform: RunningProgram?
    private var hall: RunningProgram?
    /// The running `kioskd`, or the last one; `nil` before it was started. One that `spawnKiosk()` started is not it.
    public private(set) var kiosk: RunningProgram?
    private var supervisors: [Task<Void, Never>] = []
    private var platformPause = restartPause
    /// As the units' RestartSec.
    private static let restartPause = Duration.milliseconds(200)
    private var isStopping = false

    /// The configuration of the kiosk, there once `start()` has returned.
    public nonisolated var configurationFile: String { "\(folder)/kiosk.yaml" }

    /// Where the built programs are.
    public static var programs: String {
        // The test bundle lies beside the programs.
        let here = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
        let root = Repository.folder
        for place in [here.path, root + "/.build/debug"]
        where FileManager.default.isExecutableFile(atPath: place + "/kioskd") {
            return place
        }
        return root + "/.build/debug"
    }

    /// Makes the folder; nothing is started.
    /// - Throws: when the folder cannot be made.
    public init(_ options: Options = Options()) throws {
        self.options = options
        folder = "/tmp/hk-\(UUID().uuidString.prefix(8).lowercased())"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    }

    /// Starts everything and returns when all of it is up.
    public func start() async throws {
        for name in ["ca", "platform", "hall", "state", "run", "tmp"] {
            try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
        }
        let maker = try program(
            "kiosk-platformd",
            ["make-development-ca", "\(folder)/ca", "--kiosk", "test-kiosk", "--host", platformName])
        guard await maker.waitUntilEnded() == 0 else { throw TestFailure("no development CA; see \(folder)/log") }
        platformPort = try Self.freePort()
        try await startPlatform()
        hall = try program(
            "kiosk-hall",
            [
                "--runtime", "\(folder)/hall", "--platform", "127.0.0.1:\(platformPort)", "--time-scale",
                "\(options.timeScale)",
            ] + (options.givesPlatformAName ? ["--platform-name", platformName] : []))
        let addresses = try await json("\(folder)/hall/hall.json", of: "kiosk-hall")
        hallFile = addresses.compactMapValues { $0 as? String }
        deskURL = hallFile["desk"] ?? ""
        try writeConfiguration()
        guard options.startsKiosk else { return }
        try await startKiosk()
        if options.supervisesKiosk { supervisors.append(Task { await self.superviseKiosk() }) }
        if options.supervisesPlatform { supervisors.append(Task { await self.supervisePlatform() }) }
    }

    /// Ends everything that it started, the kiosk first, and erases the folder.
    public func stop() async {
        isStopping = true
        for supervisor in supervisors { supervisor.cancel() }
        await kiosk?.stop()
        await hall?.stop()
        await platform?.stop()
        for supervisor in supervisors { await supervisor.value }
        try? FileManager.default.removeItem(atPath: folder)
    }

    // MARK: - Parts

    private nonisolated var platformName: String {
        options.givesPlatformAName ? "platform.hall.test" : "localhost"
    }

    /// Starts the platform on its port and returns when it answers. Its state is that of before.
    public func startPlatform() async throws {
        try? FileManager.default.removeItem(atPath: "\(folder)/platform/platform.json")
        var configuration: [String] = []
        if let json = options.platformConfiguration {
            try json.write(toFile: "\(folder)/platform.json", atomically: true, encoding: .utf8)
            configuration = ["--configuration", "\(folder)/platform.json"]
        }
        platform = try program(
            "kiosk-platformd",
            configuration + [
                "--state", "\(folder)/platform", "--port", "\(platformPort)", "--staff-port", "0",
                "--certificate", "\(folder)/ca/server.pem", "--key", "\(folder)/ca/server-key.pem", "--client-ca",
                "\(folder)/ca/ca.pem", "--identity", "\(folder)/ca/age-identity.txt", "--development-faults",
            ])
        staffURL = try await json("\(folder)/platform/platform.json", of: "kiosk-platformd")["staff"] as? String ?? ""
    }

    /// The running platform's address for staff, with a token that works once; it is another one after each use.
    public func newestStaffURL() async throws -> String {
        try await json("\(folder)/platform/platform.json", of: "kiosk-platformd")["staff"] as? String ?? ""
    }

    /// Where a part of the hall is, by its name in `hall.json`; empty when it has none.
    public func address(of part: String) -> String { hallFile[part] ?? "" }

    /// SIGKILL, and waits for the end.
    public func killPlatform() async { await platform?.killNow() }
    /// `nil` before the platform was started.
    public var platformPID: pid_t? { platform?.pid }

    /// How long the platform stays away when it has died, from now on; `nil`: as short as a service manager makes it.
    public func platformStaysAway(for duration: Duration?) { platformPause = duration ?? Self.restartPause }

    /// Starts `kioskd` and returns when it has written where its screen is.
    public func startKiosk() async throws {
        try? FileManager.default.removeItem(atPath: "\(folder)/run/screen.json")
        kiosk = try options.givesPlatformAName || options.hasOwnTemporaryFolders ? spawnKioskApart() : spawnKiosk()
        _ = try await json("\(folder)/run/screen.json", of: "kioskd")
    }

    /// Starts `kioskd` and waits for nothing; the caller ends it. `stop()` does not know it.
    public nonisolated func spawnKiosk() throws -> RunningProgram {
        try program(
            "kioskd",
            ["--configuration", configurationFile, "--state", "\(folder)/state", "--runtime", "\(folder)/run"],
            environment: ["TMPDIR": "\(folder)/tmp"])
    }

    /// What a kiosk with folders of its own sees as /tmp, /var/tmp and /dev/shm: nobody else can have written there.
    public nonisolated var temporaryFolders: [String] { ["tmp", "var-tmp", "shm"].map { "\(folder)/apart/\($0)" } }

    /// In a mount namespace: with temporary folders of its own, and names of its own for hosts, in which the platform's can
    /// be made to vanish.
    private func spawnKioskApart() throws -> RunningProgram {
        for folder in temporaryFolders {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
        // Each command gives way to the next, so the pid is the daemon's in the end. What is needed of the machine's
        // folders is put back into the kiosk's: this hall, and where the project lies there, it and its programs.
        let script = """
            set -e
            mount --make-rprivate /
            own=$1 hosts=$2 resolver=$3; shift 3
            for needed in "$(dirname "$own")" "$1" "$2"; do
                case $needed in
                    /tmp/*) back=$own/tmp${needed#/tmp} ;;
                    /var/tmp/*) back=$own/var-tmp${needed#/var/tmp} ;;
                    /dev/shm/*) back=$own/shm${needed#/dev/shm} ;;
                    *) continue ;;
                esac
                mkdir -p "$back"
                mount --bind "$needed" "$back"
            done
            shift 2
            [ ! -d /var/tmp ] || mount --rbind "$own/var-tmp" /var/tmp
            [ ! -d /dev/shm ] || mount --rbind "$own/shm" /dev/shm
            mount --rbind "$own/tmp" /tmp
            if [ -n "$hosts" ]; then mount --bind "$hosts" /etc/hosts; mount --bind "$resolver" /etc/resolv.conf; fi
            exec "$@"
            """
        return try RunningProgram(
            "/usr/bin/unshare",
            (geteuid() == 0 ? [] : ["--map-root-user"]) + [
                "--mount", "--", "/bin/sh", "-c", script, "sh", "\(folder)/apart",
                options.givesPlatformAName ? hallFile["hostsFile"] ?? "" : "", hallFile["resolverFile"] ?? "",
                Repository.folder, Self.programs, "\(Self.programs)/kioskd", "--configuration", configurationFile,
                "--state", "\(folder)/state", "--runtime", "\(folder)/run",
            ], log: "\(folder)/log", environment: ["TMPDIR": "\(folder)/tmp"])
    }

    /// SIGKILL for `kioskd` alone, and waits for the end; its workers end by themselves.
    public func killKiosk() async { await kiosk?.killNow() }

    /// Pids of the worker processes of the running kiosk, by program name.
    public func workerPIDs() -> [String: pid_t] {
        var found: [String: pid_t] = [:]
        guard let parent = kiosk?.pid else { return found }
        for entry in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
            guard let pid = pid_t(entry), let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
                let close = stat.lastIndex(of: ")"),
                stat[stat.index(close, offsetBy: 2)...].split(separator: " ").dropFirst().first == "\(parent)"
            else { continue }
            let command = (try? String(contentsOfFile: "/proc/\(pid)/cmdline", encoding: .utf8)) ?? ""
            let name = command.split(separator: "\0").first.map { URL(filePath: String($0)).lastPathComponent }
            if let name { found[name] = pid }
        }
        return found
    }

    /// A fresh address for a browser: the token in `screen.json` works once.
    public func screenURL() throws -> String {
        let data = try Data(contentsOf: URL(filePath: "\(folder)/run/screen.json"))
        guard let file = try JSONSerialization.jsonObject(with: data) as? [String: Any],
            let url = file["url"] as? String
        else { throw TestFailure("no url in screen.json") }
        return url
    }

    /// What all programs of the hall have written to standard output and error so far.
    public func log() -> String { (try? String(contentsOfFile: "\(folder)/log", encoding: .utf8)) ?? "" }

    private func superviseKiosk() async {
        while await hasEnded(kiosk, pause: { Self.restartPause }) { try? await startKiosk() }
    }

    private func supervisePlatform() async {
        while await hasEnded(platform, pause: { self.platformPause }) { try? await startPlatform() }
    }

    /// Waits for the end and for the pause after it; `false` when nothing is to be started again.
    private func hasEnded(_ program: RunningProgram?, pause: () -> Duration) async -> Bool {
        await program?.waitUntilEnded()
        guard !isStopping, !Task.isCancelled else { return false }
        try? await Task.sleep(for: pause())
        return !isStopping && !Task.isCancelled
    }

    /// Processes that have this hall's folder in their arguments: all that it started, and what those started.
    public nonisolated func processes() -> [pid_t: String] {
        var found: [pid_t: String] = [:]
        for entry in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
            guard let pid = pid_t(entry),
                let command = try? String(contentsOfFile: "/proc/\(pid)/cmdline", encoding: .utf8),
                command.contains(folder + "/")
            else { continue }
            found[pid] = command.replacing("\0", with: " ")
        }
        return found
    }

    // MARK: - The desk

    /// `POST` on the desk's API, or another method; `body` is JSON text.
    @discardableResult
    public func desk(_ path: String, _ body: String = "{}", method: HTTPMethod = .POST) async throws -> Data {
        var request = HTTPClientRequest(url: deskURL + "api/" + path)
        request.method = method
        request.headers.add(name: "content-type", value: "application/json")
        request.body = .bytes(ByteBuffer(string: body))
        return try await answer(request)
    }

    /// Lays a picture (PNG or JPEG) into the scanner's tray.
    public func layPage(_ picture: [UInt8], type: String = "image/png") async throws {
        var request = HTTPClientRequest(url: deskURL + "api/scanner/tray")
        request.method = .POST
        request.headers.add(name: "content-type", value: type)
        request.body = .bytes(ByteBuffer(bytes: picture))
        try await answer(request)
    }

    /// Takes the sheets that lie in the scanner's tray.
    public func clearTray() async throws {
        var request = HTTPClientRequest(url: deskURL + "api/scanner/tray")
        request.method = .DELETE
        try await answer(request)
    }

    /// Orders a fault of the platform (docs/integrator.md); `fault` is JSON text.
    public func orderPlatformFault(_ fault: String) async throws {
        guard let staff = URL(string: staffURL), let host = staff.host(), let port = staff.port else {
            throw TestFailure("no staff address: \(staffURL)")
        }
        var request = HTTPClientRequest(url: "http://\(host):\(port)/development/faults")
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.body = .bytes(ByteBuffer(string: fault))
        try await answer(request)
    }

    /// Calls off every fault that was ordered and has not happened yet.
    public func clearPlatformFaults() async throws {
        guard let staff = URL(string: staffURL), let host = staff.host(), let port = staff.port else { return }
        var request = HTTPClientRequest(url: "http://\(host):\(port)/development/faults")
        request.method = .DELETE
        try await answer(request)
    }

    /// What the desk answers to a `GET`.
    public func deskState(_ path: String) async throws -> Data {
        try await answer(HTTPClientRequest(url: deskURL + "api/" + path))
    }

    @discardableResult
    private func answer(_ request: HTTPClientRequest) async throws -> Data {
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(10))
        let body = try await response.body.collect(upTo: 16 << 20)
        guard (200..<300).contains(Int(response.status.code)) else {
            throw TestFailure("\(request.url): HTTP \(response.status.code) \(String(buffer: body).prefix(200))")
        }
        return Data(body.readableBytesView)
    }

    // MARK: - Pieces

    private nonisolated func program(
        _ name: String, _ arguments: [String], environment: [String: String] = [:]
    ) throws -> RunningProgram {
        try RunningProgram(
            "\(Self.programs)/\(name)", arguments, log: "\(folder)/log", environment: environment)
    }

    private func json(_ path: String, of part: String) async throws -> [String: Any] {
        do {
            try await eventually("\(part) writes \(path)", within: .seconds(20)) {
                FileManager.default.contents(atPath: path).map { !$0.isEmpty } ?? false
            }
        } catch {
            throw TestFailure("\(error)\n\(log().suffix(2000))")
        }
        let object = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: path)))
        return object as? [String: Any] ?? [:]
    }

    private func writeConfiguration() throws {
        let template = try String(contentsOfFile: Repository.folder + "/Kiosk/development.yaml", encoding: .utf8)
        let values = [
            "@ROOT@": Repository.folder, "@CA@": "\(folder)/ca", "@SCREEN@": "\(try Self.freePort())",
            "@DESK@": port(of: deskURL),
            "@PRINTER@": port(of: hallFile["printer"] ?? ""), "@SCANNER@": port(of: hallFile["scanner"] ?? ""),
            "@PAPERS@": port(of: hallFile["documentPrinter"] ?? ""),
            "@PROXY@": port(of: hallFile["platformProxy"] ?? ""), "@HALL@": "\(folder)/hall",
            "@BIN@": Self.programs, "@KIOSK@": "test-kiosk", "@FREE@": "\(options.minimumFreeMebibytes)",
        ]
        var text = template
        for (key, value) in values { text = text.replacing(key, with: value) }
        text = text.replacing("workers: {", with: "workers: {startedBy: \(options.workersStartedBy), ")
        text = text.replacing("https://localhost:", with: "https://\(platformName):")
        if !options.screenSettings.isEmpty {
            text = text.replacing("textStep: 2}", with: "textStep: 2, \(options.screenSettings)}")
        }
        for (device, profile) in options.profiles {
            let line = "name: \(device), role: "
            text = text.split(separator: "\n", omittingEmptySubsequences: false).map { row in
                row.contains(line) ? String(row.replacing(/profile: [^,]*/, with: "profile: \(profile)")) : String(row)
            }.joined(separator: "\n")
        }
        if !options.profileAdditions.isEmpty {
            try FileManager.default.copyItem(atPath: Repository.folder + "/Devices", toPath: "\(folder)/Devices")
            for (profile, lines) in options.profileAdditions {
                let file = "\(folder)/Devices/\(profile)/profile.yaml"
                try (String(contentsOfFile: file, encoding: .utf8) + lines).write(
                    toFile: file, atomically: true, encoding: .utf8)
            }
            text = text.replacing("\(Repository.folder)/Devices", with: "\(folder)/Devices")
        }
        try options.changesConfiguration(text).write(toFile: "\(folder)/kiosk.yaml", atomically: true, encoding: .utf8)
    }

    private nonisolated func port(of address: String) -> String {
        String(address.split(separator: ":").last?.prefix { $0.isNumber } ?? "")
    }

    /// A port that was free a moment ago, and that nobody else is given: not one of those that the system hands out to
    /// whoever asks for any, and not one that was handed out here before.
    public static func freePort() throws -> Int {
        for _ in 0..<500 {
            let port = Int.random(in: 20_000..<32_000)
            guard handedOut.withLock({ $0.insert(port).inserted }) else { continue }
            if isFree(port) { return port }
        }
        throw TestFailure("no free port")
    }

    private static let handedOut = Mutex<Set<Int>>([])

    private static func isFree(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
