import Foundation
import GRDB
import NIOCore
import NIOPosix
import TestSupport
import Testing

@testable import PlatformServer

@Suite("kiosk-platformd", .serialized)
struct ProgramTests {
    static var program: String { HallUnderTest.programs + "/kiosk-platformd" }

    /// Starts the program on free ports and waits until it says where it is.
    private func start(_ scratch: ScratchFolder, _ files: DevelopmentCA.Files, _ more: [String] = []) async throws
        -> (program: RunningProgram, addresses: PlatformService.Addresses)
    {
        let file = scratch.file("state/platform.json")
        try? FileManager.default.removeItem(atPath: file)
        let program = try RunningProgram(
            Self.program,
            [
                "--state", scratch.file("state"), "--port", "0", "--staff-port", "0", "--certificate", files.server,
                "--key", files.serverKey, "--client-ca", files.authority,
            ] + more, log: scratch.file("log"))
        try await eventually("the platform is up", within: .seconds(20)) {
            FileManager.default.fileExists(atPath: file)
        }
        let data = try Data(contentsOf: URL(filePath: file))
        return (program, try JSONDecoder().decode(PlatformService.Addresses.self, from: data))
    }

    @Test func `A limit below what a kiosk may send is told at the start, and only then`() async throws {
        let scratch = try ScratchFolder()
        let files = try await DevelopmentCA.make(folder: scratch.file("ca"), kiosk: "kiosk-1")
        for (limit, isTold) in [(67_108_863, true), (67_108_864, false)] {
            try scratch.write(#"{"limits": {"uploadBytes": \#(limit)}}"#.utf8, to: "configuration.json")
            let (program, _) = try await start(scratch, files, ["--configuration", scratch.file("configuration.json")])
            await program.stop()
            let log = String(decoding: try scratch.bytes(of: "log"), as: UTF8.self)
            #expect(log.contains("limits.uploadBytes is below what a kiosk may send") == isTold, "\(log)")
            try FileManager.default.removeItem(atPath: scratch.file("log"))
        }
    }

    @Test func `Killed in mid-upload, it goes on from an acknowledged offset and keeps every case`() async throws {
        let scratch = try ScratchFolder()
        let files = try await DevelopmentCA.make(folder: scratch.file("ca"), kiosk: "kiosk-1")
        var generator = SeededGenerator(seed: 7)
        let bytes = generator.bytes(4 << 20)
        let item = TestKiosk.newID().rawValue
        var (program, addresses) = try await start(scratch, files)
        var location = ""
        var kept: (case: NewCase, answer: Answer)?
        try await TestKiosk.run(name: "kiosk-1", api: addresses.api, files: files, scratch: scratch) { kiosk in
            let wanted = try await kiosk.newCase()
            kept = (wanted, try await kiosk.post("/v1/cases", json: wanted))
            location = try #require(try await kiosk.announce(bytes, item: item).headers["location"])
            let (body, feed) = AsyncStream<ByteBuffer>.makeStream()
            feed.yield(ByteBuffer(bytes: bytes[..<(3 << 20)]))
            let path = location
            let sending = Task {
                try await kiosk.call(
                    "PATCH", path,
                    headers: [
                        "Tus-Resumable": "1.0.0", "Upload-Offset": "0",
                        "Content-Type": "application/offset+octet-stream",
                    ], body: .stream(body, length: .known(Int64(bytes.count))))
            }
            let file = scratch.file("state/uploads/" + location.suffix(32))
            try await eventually("a part has arrived") {
                (try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int ?? 0) >= 2 << 20
            }
            await program.killNow()
            feed.finish()
            _ = await sending.result
        }
        (program, addresses) = try await start(scratch, files)
        try await TestKiosk.run(name: "kiosk-1", api: addresses.api, files: files, scratch: scratch) { kiosk in
            let offset = try #require(try await kiosk.offset(of: location))
            #expect(offset >= 1 << 20 && offset <= 3 << 20)
            #expect(try await kiosk.append(bytes[offset...], to: location, at: offset).status == 204)
            let file = scratch.file("state/uploads/" + location.suffix(32))
            #expect(try Array(Data(contentsOf: URL(filePath: file))) == bytes)
            let before = try #require(kept)
            let again = try await kiosk.post("/v1/cases", json: before.case)
            #expect(again.status == 200)
            #expect(again.body == before.answer.body)
        }
        await program.stop()
    }

    @Test func `Killed while it answers, every acknowledged case is there once`() async throws {
        let scratch = try ScratchFolder()
        let files = try await DevelopmentCA.make(folder: scratch.file("ca"), kiosk: "kiosk-1")
        for round in 0..<3 {
            var (program, addresses) = try await start(scratch, files)
            nonisolated(unsafe) var wanted: [NewCase] = []
            let acknowledged = Acknowledged()
            try await TestKiosk.run(name: "kiosk-1", api: addresses.api, files: files, scratch: scratch) { kiosk in
                for _ in 0..<4 { wanted.append(try await kiosk.newCase()) }
                let victim = program
                await withTaskGroup(of: Void.self) { group in
                    for one in wanted {
                        group.addTask {
                            guard let answer = try? await kiosk.post("/v1/cases", json: one), answer.status == 201
                            else { return }
                            await acknowledged.add(one.id.rawValue, answer.text("number") ?? "")
                            if await acknowledged.numbers.count == 1 + round { await victim.killNow() }
                        }
                    }
                }
                await victim.killNow()
            }
            (program, addresses) = try await start(scratch, files)
            try await TestKiosk.run(name: "kiosk-1", api: addresses.api, files: files, scratch: scratch) { kiosk in
                for one in wanted {
                    let answer = try await kiosk.post("/v1/cases", json: one)
                    #expect([200, 201].contains(answer.status))
                    if let number = await acknowledged.numbers[one.id.rawValue] {
                        #expect(answer.status == 200)
                        #expect(answer.text("number") == number)
                    }
                }
            }
            await program.stop()
        }
        let database = try PlatformDatabase(path: scratch.file("state/platform.sqlite"))
        let count = try await database.pool.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM platformCase")
        }
        #expect(count == 12)
    }

    @Test func `A taken port is one sentence and exit status 1`() async throws {
        let scratch = try ScratchFolder()
        let blocker = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(blocker.localAddress?.port)
        for arguments in [["--port", "\(port)", "--staff-port", "0"], ["--port", "0", "--staff-port", "\(port)"]] {
            let run = try await CommandRun.run("env", [Self.program, "--state", scratch.file("state")] + arguments)
            #expect(!run.succeeded)
            let lines = run.errors.split(separator: "\n").filter { !$0.contains(" warning ") }
            #expect(lines.count == 1)
            #expect(lines.first?.contains("taken") == true)
        }
        try await blocker.close()
    }

    @Test func `SIGTERM ends it cleanly, also with a request under way, and two cannot share a state folder`()
        async throws
    {
        let scratch = try ScratchFolder()
        let files = try await DevelopmentCA.make(folder: scratch.file("ca"), kiosk: "kiosk-1")
        let (program, addresses) = try await start(scratch, files)
        let second = try await CommandRun.run(
            "env", [Self.program, "--state", scratch.file("state"), "--port", "0", "--staff-port", "0"])
        #expect(!second.succeeded && second.errors.contains("Another platform server"))
        try await TestKiosk.run(name: "kiosk-1", api: addresses.api, files: files, scratch: scratch) { kiosk in
            let bytes = [UInt8](repeating: 1, count: 10_000)
            let location = try #require(
                try await kiosk.announce(bytes, item: TestKiosk.newID().rawValue).headers["location"])
            let (body, feed) = AsyncStream<ByteBuffer>.makeStream()
            feed.yield(ByteBuffer(bytes: bytes[..<4000]))
            let sending = Task {
                try await kiosk.call(
                    "PATCH", location,
                    headers: [
                        "Tus-Resumable": "1.0.0", "Upload-Offset": "0",
                        "Content-Type": "application/offset+octet-stream",
                    ], body: .stream(body, length: .known(Int64(10_000))))
            }
            let file = scratch.file("state/uploads/" + location.suffix(32))
            try await eventually("a part has arrived") { FileManager.default.contents(atPath: file)?.count == 4000 }
            program.send(SIGTERM)
            let status = await program.waitUntilEnded()
            #expect(status == 0)
            feed.finish()
            _ = await sending.result
            #expect(!FileManager.default.fileExists(atPath: scratch.file("state/platform.json")))
            let (next, addresses) = try await start(scratch, files)
            try await TestKiosk.run(name: "kiosk-1", api: addresses.api, files: files, scratch: scratch) {
                (later: TestKiosk) async throws -> Void in
                #expect(try await later.offset(of: location) == 4000)
            }
            await next.stop()
        }
    }

    @Test func `Wherever the API listens, the staff page answers on this machine's own address alone`() async throws {
        let scratch = try ScratchFolder()
        let files = try await DevelopmentCA.make(folder: scratch.file("ca"), kiosk: "kiosk-1", host: "127.0.0.2")
        let (program, addresses) = try await start(scratch, files, ["--host", "0.0.0.0"])
        let api = try #require(URL(string: addresses.api)?.port)
        let staff = try #require(URL(string: addresses.staff)?.port)
        // A listener on every address answers on this one as well.
        try await TestKiosk.run(
            name: "kiosk-1", api: "https://127.0.0.2:\(api)", files: files, scratch: scratch
        ) { (kiosk: TestKiosk) async throws -> Void in
            #expect(try await kiosk.call("GET", "/v1/health").status == 200)
            #expect(try await kiosk.call("GET", addresses.staff).status == 303)
        }
        let refusal = await #expect(throws: IOError.self) {
            try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(to: SocketAddress(ipAddress: "127.0.0.2", port: staff)).get()
        }
        #expect(refusal?.errnoCode == ECONNREFUSED)
        await program.stop()
        let help = try await CommandRun.run(Self.program, ["serve", "--help"])
        let words = String(decoding: help.output, as: UTF8.self).split(whereSeparator: \.isWhitespace)
            .joined(separator: " ")
        #expect(words.contains("stays on 127.0.0.1 whatever this is"), "\(words)")
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/net/if_inet6")))
    func `On IPv6 the written addresses are where somebody listens`() async throws {
        let scratch = try ScratchFolder()
        let files = try await DevelopmentCA.make(folder: scratch.file("ca"), kiosk: "kiosk-1")
        let (program, addresses) = try await start(scratch, files, ["--host", "::1"])
        try await TestKiosk.run(name: "kiosk-1", api: addresses.api, files: files, scratch: scratch) {
            (kiosk: TestKiosk) async throws -> Void in
            #expect(try await kiosk.call("GET", "/v1/health").status == 200)
            #expect(try await kiosk.call("GET", addresses.staff).status == 303)
        }
        await program.stop()
    }

    @Test func `Faults are announced loudly`() async throws {
        let scratch = try ScratchFolder()
        let files = try await DevelopmentCA.make(folder: scratch.file("ca"), kiosk: "kiosk-1")
        let (program, _) = try await start(scratch, files, ["--development-faults"])
        await program.stop()
        #expect(try String(contentsOfFile: scratch.file("log"), encoding: .utf8).contains("DEVELOPMENT FAULTS ARE ON"))
    }
}

private actor Acknowledged {
    private(set) var numbers: [String: String] = [:]
    func add(_ id: String, _ number: String) { numbers[id] = number }
}
