import Foundation
import HallModel
import Logging
import NIOCore
import TestSupport
import Testing

@testable import DeviceKit

#if canImport(Glibc)
    import Glibc
#endif

/// A plain client of the workers' socket, which says what a test wants.
private final class RawClient {
    private let descriptor: CInt

    init(_ path: String) throws {
        descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else { throw TestFailure("connect: errno \(errno)") }
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }

    deinit { close(descriptor) }

    func send(_ buffer: ByteBuffer) {
        let bytes = Array(buffer: buffer)
        _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    func send(_ frame: WorkerFrame) throws {
        var buffer = ByteBuffer()
        try frame.write(into: &buffer)
        send(buffer)
    }

    /// The host has closed it.
    var isClosed: Bool {
        var bytes = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = read(descriptor, &bytes, bytes.count)
            if count == 0 { return true }
            if count < 0 { return errno != EAGAIN && errno != EINTR }
        }
    }
}

@Suite("Who may speak to the core on the workers' socket, and for how long", .serialized)
struct ConnectionTests {
    private func withHost(
        _ patience: WorkerPatience = WorkerPatience(), programs: String? = nil,
        _ body: @escaping @Sendable (WorkerHost, String) async throws -> Void
    ) async throws {
        let path = "/tmp/hk-\(UUID().uuidString.prefix(8)).sock"
        let host = WorkerHost(
            socketPath: path, workers: [WorkerSpecification(kind: .usb, instance: "usb", devices: [])],
            programFolder: programs, patience: patience,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await host.run() }
            group.addTask {
                // It gives the socket its rights once it listens.
                try await eventually("the host listens") {
                    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600
                }
                try await body(host, path)
                throw CancellationError()
            }
            do { while let _: Void = try await group.next() {} } catch is CancellationError { group.cancelAll() }
        }
    }

    private static let hello = WorkerFrame(.hello(WorkerHello(kind: .usb, instance: "usb", processID: getpid())))

    @Test("a connection that announces a large frame before it has said who it is, is closed at once")
    func largeFrame() async throws {
        try await withHost { host, path in
            let client = try RawClient(path)
            client.send(ByteBuffer(integer: UInt32(90 << 20)))
            try await eventually("it is closed", within: .seconds(3)) { client.isClosed }
        }
    }

    @Test("a connection that says nothing is closed")
    func silent() async throws {
        var patience = WorkerPatience()
        patience.hello = .milliseconds(300)
        try await withHost(patience) { host, path in
            let client = try RawClient(path)
            try await eventually("it is closed", within: .seconds(3)) { client.isClosed }
            // One that said hello stays.
            let worker = try RawClient(path)
            try worker.send(Self.hello)
            try await Task.sleep(for: .milliseconds(600))
            #expect(!worker.isClosed)
            #expect(await host.isConnected("usb"))
        }
    }

    @Test("only so many connections are held at once")
    func many() async throws {
        try await withHost { host, path in
            let clients = try (0..<30).map { _ in try RawClient(path) }
            try await eventually("most are closed", within: .seconds(3)) { clients.count { $0.isClosed } >= 24 }
            #expect(clients.count { !$0.isClosed } <= 6)
        }
    }

    @Test("another user's process is turned away, whatever the rights of the socket are")
    func otherUser() async throws {
        #expect(PeerCredentials(processID: 7, user: geteuid(), group: 0).mayBeWorker)
        #expect(PeerCredentials(processID: 7, user: 0, group: 0).mayBeWorker)
        #expect(!PeerCredentials(processID: 7, user: geteuid() + 65_534, group: 0).mayBeWorker)
        // Only root can become somebody else; a client without rights has nobody to be.
        guard geteuid() == 0 else { return }
        try await withHost { host, path in
            chmod(path, 0o666)
            let program = """
                socket(my $line, PF_UNIX, SOCK_STREAM, 0); connect($line, sockaddr_un($ARGV[0])) or die $!;
                alarm 3; print sysread($line, my $byte, 1) ? "heard" : "closed";
                """
            let run = try await CommandRun.run(
                "setpriv",
                [
                    "--reuid", "65534", "--regid", "65534", "--clear-groups", "/usr/bin/perl", "-MSocket", "-e",
                    program,
                    path,
                ])
            #expect(String(decoding: run.output, as: UTF8.self) == "closed", "\(run.errors)")
        }
    }

    @Test("a worker that does not answer pings is dropped; one that is busy is not")
    func pings() async throws {
        var patience = WorkerPatience()
        patience.ping = .milliseconds(100)
        patience.silence = .milliseconds(400)
        try await withHost(patience) { host, path in
            let mute = try RawClient(path)
            try mute.send(Self.hello)
            try await eventually("it is connected") { await host.isConnected("usb") }
            try await eventually("it is dropped", within: .seconds(3)) { await !host.isConnected("usb") }
            #expect(mute.isClosed)
            let arguments = try #require(
                WorkerProgram.Arguments(["w", "--socket", path, "--instance", "usb"], kind: .usb))
            let worker = Task { try await WorkerProgram.serve(.usb, arguments) { _, _ in Busy() } }
            defer { worker.cancel() }
            try await eventually("it is connected") { await host.isConnected("usb") }
            await #expect(throws: WorkerFailure.deadlinePassed) {
                _ = try await host.perform(.endSession(device: "x"), on: "usb", deadline: .milliseconds(1_200))
            }
            #expect(await host.isConnected("usb"))
        }
    }

    /// Takes long over everything, also over its devices.
    private struct Busy: WorkerHandler {
        func assign(_ devices: [DeviceAssignment]) async { try? await Task.sleep(for: .milliseconds(700)) }
        func run() async {}
        func perform(
            _ command: WorkerCommand, attachments: [ByteBuffer]
        ) async throws(WorkerFailure) -> (WorkerReply, [ByteBuffer]) {
            while !Task.isCancelled { try? await Task.sleep(for: .seconds(60)) }
            throw .cancelled
        }
    }

    @Test("a worker process that hangs is ended and started again")
    func stopped() async throws {
        var patience = WorkerPatience()
        patience.ping = .milliseconds(200)
        patience.silence = .seconds(1)
        try await withHost(patience, programs: HallUnderTest.programs) { host, _ in
            try await eventually("the worker is there", within: .seconds(20)) { await host.isConnected("usb") }
            let first = try #require(await host.processIDs["usb"])
            kill(first, SIGSTOP)
            try await eventually("another one is there", within: .seconds(20)) {
                guard let now = await host.processIDs["usb"] else { return false }
                return now != first
            }
            #expect(kill(first, 0) != 0)
        }
    }

    @Test("a command that has ended is not kept")
    func ended() async throws {
        let running = RunningCommands()
        for id in 0..<100 as Range<UInt64> { running.start(id) {} }
        running.start(1_000) { while !Task.isCancelled { try? await Task.sleep(for: .seconds(60)) } }
        try await eventually("the ended ones are forgotten") { running.count == 1 }
        running.cancel(1_000)
        try await eventually("the cancelled one too") { running.count == 0 }
    }

    @Test("what must not run twice is not repeated when its worker is lost")
    func once() async throws {
        try await withHost { host, path in
            let worker = try RawClient(path)
            try worker.send(Self.hello)
            try await eventually("it is connected") { await host.isConnected("usb") }
            let scan = Task { try await host.performOnce(.scanPage(device: "x"), on: "usb", deadline: .seconds(20)) }
            try await Task.sleep(for: .milliseconds(200))
            let next = try RawClient(path)
            try next.send(Self.hello)
            await #expect(throws: WorkerFailure.workerLost) { _ = try await scan.value }
        }
    }
}
