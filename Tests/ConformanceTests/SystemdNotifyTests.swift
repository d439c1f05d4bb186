import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// `kioskd` under a systemd that is a datagram socket: `Type=notify` with a watchdog (sd_notify(3)).
@Suite("kioskd tells systemd how it is", .serialized)
struct SystemdNotifyTests {
    @Test("READY=1 when the screen is there, WATCHDOG=1 in time, STOPPING=1 at SIGTERM, status 0")
    func notified() async throws {
        var options = HallUnderTest.Options()
        options.startsKiosk = false
        let hall = try HallUnderTest(options)
        do {
            try await hall.start()
            try await run(under: hall)
        } catch {
            await hall.stop()
            throw error
        }
        await hall.stop()
    }

    private func run(under hall: HallUnderTest) async throws {
        let systemd = try NotifySocket(path: hall.folder + "/notify")
        let watchdog = Duration.seconds(2)
        let kiosk = try RunningProgram(
            HallUnderTest.programs + "/kioskd",
            [
                "--configuration", hall.configurationFile, "--state", hall.folder + "/state", "--runtime",
                hall.folder + "/run",
            ],
            log: hall.folder + "/log",
            environment: ["NOTIFY_SOCKET": systemd.path, "WATCHDOG_USEC": "\(Int(watchdog / .microseconds(1)))"])
        do {
            #expect(try await systemd.next(within: .seconds(20)) == "READY=1")
            #expect(FileManager.default.fileExists(atPath: hall.folder + "/run/screen.json"))
            #expect(FileManager.default.fileExists(atPath: hall.folder + "/run/workers.sock"))
            for _ in 0..<5 {
                // systemd would kill it after the whole of this time.
                #expect(try await systemd.next(within: watchdog) == "WATCHDOG=1")
            }
            // Stopped as with SIGSTOP, it tells nothing: what feeds the watchdog is the program's own turning.
            kiosk.send(SIGSTOP)
            while (try? await systemd.next(within: .milliseconds(100))) != nil {}
            await #expect(throws: TestFailure.self) { try await systemd.next(within: watchdog * 2) }
            kiosk.send(SIGCONT)
            #expect(try await systemd.next(within: watchdog) == "WATCHDOG=1")
            kiosk.send(SIGTERM)
            var last = "WATCHDOG=1"
            while last == "WATCHDOG=1" { last = try await systemd.next(within: .seconds(5)) }
            #expect(last == "STOPPING=1")
            #expect(await kiosk.waitUntilEnded() == 0)
        } catch {
            await kiosk.stop()
            throw TestFailure("\(error)\n\(await hall.log().suffix(2000))")
        }
    }
}

/// The socket that `NOTIFY_SOCKET` names.
private final class NotifySocket: Sendable {
    let path: String
    private let descriptor: Int32

    init(path: String) throws {
        self.path = path
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(107)) }
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard descriptor >= 0, bound == 0 else { throw TestFailure("no socket at \(path)") }
    }

    deinit { close(descriptor) }

    /// The next datagram.
    func next(within limit: Duration) async throws -> String {
        var bytes = [UInt8](repeating: 0, count: 4096)
        var count = -1
        try await eventually("systemd hears something", within: limit, every: .milliseconds(10)) {
            count = recv(descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT))
            return count >= 0
        }
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }
}
