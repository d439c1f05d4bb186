import Crypto
import Foundation
import HallEmulators
import HallModel
import Logging
import Materials
import TestSupport
import Testing

@testable import PlatformClient

/// Our uploads against `tuspyserver`, a tus server by other people (`scripts/python-tools.sh`).
@Suite("tus, against tuspyserver", .serialized)
struct TusConformanceTests {
    static let python = ".cache/venv/bin/python"

    @Test(
        "a file arrives as it is", .enabled(if: FileManager.default.isExecutableFile(atPath: python), "no .cache/venv"),
        arguments: [0, 1, 700_000])
    func arrives(length: Int) async throws {
        try await withServer { server in
            let file = try server.file(length)
            let location = try await server.api.upload(file)
            #expect(try server.received(location) == server.sent(file))
        }
    }

    @Test(
        "the connection is cut in the middle, twice: the upload goes on and the file arrives as it is",
        .enabled(if: FileManager.default.isExecutableFile(atPath: python), "no .cache/venv"))
    func cut() async throws {
        try await withServer { server in
            let file = try server.file(6_000_000)
            try await server.proxy.setMode(.cutAfterBytes(2_000_000, .up))
            let cutter = Task {
                try await eventually("the first cut", every: .milliseconds(2)) { server.proxy.snapshot.mode == "ok" }
                try await server.proxy.setMode(.cutAfterBytes(1_500_000, .up))
            }
            let location = try await server.api.upload(file)
            try await cutter.value
            #expect(try server.received(location) == server.sent(file))
            #expect(server.proxy.snapshot.bytesUp < 8_000_000, "resumed, not begun again")
        }
    }

    @Test(
        "an upload that was begun before a restart goes on where it was",
        .enabled(if: FileManager.default.isExecutableFile(atPath: python), "no .cache/venv"))
    func resumed() async throws {
        try await withServer { server in
            let file = try server.file(4_000_000)
            try await server.proxy.setMode(.slow(bytesPerSecond: 1_000_000))
            let (locations, sink) = AsyncStream.makeStream(of: String.self)
            let first = Task { try await server.api.upload(file) { sink.yield($0) } }
            try await eventually("some of it is on its way", every: .milliseconds(10)) {
                server.proxy.snapshot.bytesUp > 1_000_000
            }
            try await server.proxy.setMode(.cut)
            await #expect(throws: PlatformError.self) { try await first.value }
            sink.finish()
            var begun: String?
            for await location in locations { begun = location }
            try await server.proxy.setMode(.ok)
            let known: String = try #require(begun)
            // It reads an upload's body under a lock that blocks all of it, so it must have seen the cut first.
            try await eventually("tuspyserver has written down what arrived") { try server.offset(known) > 0 }
            let location = try await server.api.upload(file, location: known)
            #expect(location == known)
            #expect(server.proxy.snapshot.bytesUp < 6_000_000, "resumed, not begun again")
            #expect(try server.received(location) == server.sent(file))
        }
    }

    @Test(
        "an upload that the server has lost is created anew",
        .enabled(if: FileManager.default.isExecutableFile(atPath: python), "no .cache/venv"))
    func lost() async throws {
        try await withServer { server in
            let file = try server.file(100_000)
            let gone = "http://127.0.0.1:\(server.proxy.port)/v1/uploads/\(String(repeating: "0", count: 32))"
            let location = try await server.api.upload(file, location: gone)
            #expect(location != gone)
            #expect(try server.received(location) == server.sent(file))
        }
    }

    // MARK: - The peer

    struct Server: Sendable {
        let scratch: ScratchFolder
        let proxy: FlakyProxy
        let api: PlatformAPI

        func file(_ length: Int) throws -> PlatformAPI.FileToSend {
            let bytes = AgeConformanceTests.content(length)
            try scratch.write(bytes, to: "sealed")
            var generator = SystemRandomNumberGenerator()
            return .init(
                path: scratch.file("sealed"), bytes: length, sha256: Hexadecimal.text(SHA256.hash(data: bytes)),
                item: ItemID(unixMilliseconds: UInt64(Date().timeIntervalSince1970 * 1000), using: &generator))
        }

        func sent(_ file: PlatformAPI.FileToSend) throws -> [UInt8] { try scratch.bytes(of: "sealed") }

        /// The offset in the peer's own notes.
        func offset(_ location: String) throws -> Int {
            struct Notes: Decodable { var offset: Int }
            let bytes = try scratch.bytes(of: "received/\(location.split(separator: "/").last ?? "").info")
            return try JSONDecoder().decode(Notes.self, from: Data(bytes)).offset
        }

        func received(_ location: String) throws -> [UInt8] {
            try scratch.bytes(of: "received/\(location.split(separator: "/").last ?? "")")
        }
    }

    private static let program = """
        import socket, sys, uvicorn
        from fastapi import FastAPI
        from tuspyserver import create_tus_router
        app = FastAPI()
        app.include_router(create_tus_router(prefix="v1/uploads", files_dir=sys.argv[1]))
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        open(sys.argv[2], "w").write(str(listener.getsockname()[1]) + "\\n")
        uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[listener])
        """

    private func withServer(_ body: (Server) async throws -> Void) async throws {
        let scratch = try ScratchFolder()
        try FileManager.default.createDirectory(
            atPath: scratch.file("received"), withIntermediateDirectories: false)
        try scratch.write(Array(Self.program.utf8), to: "server.py")
        let program = try RunningProgram(
            Self.python, [scratch.file("server.py"), scratch.file("received"), scratch.file("port")],
            log: scratch.file("server.log"))
        do {
            try await eventually("tuspyserver has a port", within: .seconds(30)) {
                try scratch.bytes(of: "port").last == UInt8(ascii: "\n")
            }
            let text = String(decoding: try scratch.bytes(of: "port"), as: UTF8.self)
            let port = try #require(Int(text.trimmingCharacters(in: .whitespacesAndNewlines)))
            let proxy = try FlakyProxy(targetHost: "127.0.0.1", targetPort: port)
            try await proxy.start()
            let api = try PlatformAPI(
                url: "http://127.0.0.1:\(proxy.port)", tls: nil, timeouts: .init(),
                logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
            do { try await body(Server(scratch: scratch, proxy: proxy, api: api)) } catch {
                Issue.record(error, "\(String(decoding: (try? scratch.bytes(of: "server.log")) ?? [], as: UTF8.self))")
            }
            try await api.shutdown()
            await proxy.stop()
        } catch { Issue.record(error) }
        await program.stop()
    }
}
