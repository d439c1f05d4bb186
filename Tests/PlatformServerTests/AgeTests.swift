import Foundation
import NIOCore
import TestSupport
import Testing

@testable import PlatformServer

/// What follows when `age`, its identity or a file is not what it was: a kiosk must not hear of a damaged case that is none.
@Suite("sealed files that do not open", .serialized)
struct AgeTests {
    @Test func `Where age is broken the case may come again, and is taken once age works`() async throws {
        let scratch = try ScratchFolder()
        let age = try await StandIn(scratch)
        try await PlatformUnderTest.run(scratch: scratch, age: age.path) {
            (platform: PlatformUnderTest, kiosk: TestKiosk) async throws in
            let identity = platform.files.ageIdentity
            let wanted = try await kiosk.newCase()
            func isPutOff(_ what: String) async throws {
                let answer = try await kiosk.post("/v1/cases", json: wanted)
                #expect(answer.status == 503 && answer.problem == "unavailable", "\(what): \(answer.page)")
                #expect(answer.headers["retry-after"] == "30", "\(what)")
            }
            for script in ["kill -KILL $$", "read line; kill -SEGV $$", "exit 2", "exit 127", "exit 1"] {
                try age.does(script)
                try await isPutOff(script)
            }
            try age.does("")
            try age.mayRun(false)
            try await isPutOff("age may not be run")
            try age.mayRun(true)

            let kept = scratch.file("kept")
            try FileManager.default.moveItem(atPath: identity, toPath: kept)
            try await isPutOff("the identity is gone")
            try scratch.write("not a key".utf8, to: "ca/age-identity.txt")
            try await isPutOff("the identity is none")
            try FileManager.default.removeItem(atPath: identity)
            #expect(try await CommandRun.run("age-keygen", ["-o", identity]).succeeded)
            try await isPutOff("the identity is another one")
            try FileManager.default.removeItem(atPath: identity)
            try FileManager.default.moveItem(atPath: kept, toPath: identity)

            #expect(try await platform.caseCount() == 0)
            #expect(try await kiosk.post("/v1/cases", json: wanted).status == 201)
            #expect(try await platform.caseCount() == 1)
        }
    }

    @Test func `A damaged file is told as one, also a long one of which age reads no more than the beginning`()
        async throws
    {
        try await PlatformUnderTest.run { (_: PlatformUnderTest, kiosk: TestKiosk) async throws in
            var generator = SeededGenerator(seed: 11)
            let long = generator.bytes(3 << 20)
            var cut = try await kiosk.seal(long)
            cut.removeLast(100_000)
            var changed = try await kiosk.seal(long)
            changed[200_000] ^= 1
            for damaged in [long, cut, changed, []] {
                var wanted = try await kiosk.newCase()
                wanted.answers = try await kiosk.upload(damaged, item: wanted.id.rawValue)
                let refused = try await kiosk.post("/v1/cases", json: try kiosk.signed(wanted))
                #expect(refused.status == 422 && refused.problem == "cannot-open", "\(refused.page)")
                #expect(refused.files.map { $0["role"] } == ["answers"])
            }
        }
    }

    @Test func `With one of two keys lost, what was sealed to it is not called damaged`() async throws {
        let scratch = try ScratchFolder()
        var keys: [String] = []
        for name in ["first", "second"] {
            #expect(try await CommandRun.run("age-keygen", ["-o", scratch.file(name)]).succeeded)
            keys.append(try String(contentsOfFile: scratch.file(name), encoding: .utf8))
        }
        try scratch.write(keys.joined().utf8, to: "identity")
        let unsealer = try await AgeUnsealer(identityFile: scratch.file("identity"), limit: 1 << 20)
        try #require(unsealer.recipients.count == 2)
        try scratch.write("plain".utf8, to: "plain")
        let sealing = try await CommandRun.run(
            "age", ["--recipient", unsealer.recipients[0], "--output", scratch.file("sealed"), scratch.file("plain")])
        try #require(sealing.succeeded)
        let sealed = try scratch.bytes(of: "sealed")
        #expect(try await unsealer.open { sealed }.exposed == Array("plain".utf8))
        try scratch.write(keys[1].utf8, to: "identity")
        await #expect(throws: UnsealFailure.unavailable(.identityChanged(path: scratch.file("identity")))) {
            try await unsealer.open { sealed }
        }
        try scratch.write(keys.joined().utf8, to: "identity")
        await #expect(throws: UnsealFailure.cannotOpen) { try await unsealer.open { Array(sealed.dropLast()) } }
    }

    @Test func `Whoever goes before it is open leaves no trouble behind: nothing is called unreadable or broken`()
        async throws
    {
        let scratch = try ScratchFolder()
        let age = try await StandIn(scratch)
        #expect(try await CommandRun.run("age-keygen", ["-o", scratch.file("identity")]).succeeded)
        let unsealer = try await AgeUnsealer(
            identityFile: scratch.file("identity"), limit: 1 << 20, program: age.path)
        try age.does("touch \(scratch.file("began")); sleep 20")
        let opening = Task { try await unsealer.open { [1, 2, 3] } }
        try await eventually("age runs") { FileManager.default.fileExists(atPath: scratch.file("began")) }
        opening.cancel()
        await #expect(throws: UnsealFailure.unavailable(.givenUp)) { try await opening.value }
    }

    @Test func `Without a working age the platform does not start, and says why`() async throws {
        let scratch = try ScratchFolder()
        let age = try await StandIn(scratch)
        func sentence() async throws -> String {
            do {
                try await PlatformUnderTest.run(scratch: scratch, age: age.path) { _, _ in }
                return "started"
            } catch let failure as PlatformFailure { return failure.description }
        }
        try age.does("exit 1")
        #expect(try await sentence().contains("cannot seal to the keys of the age identity"))
        try age.does("kill -KILL $$")
        #expect(try await sentence().contains("was ended by signal 9"))
        try age.mayRun(false)
        #expect(try await sentence().contains("apt-get install age"))
    }

    @Test func `Staff are told what cannot be opened just now, with the reason, and what another key has sealed`()
        async throws
    {
        let scratch = try ScratchFolder()
        let age = try await StandIn(scratch)
        nonisolated(unsafe) var number = ""
        try await PlatformUnderTest.run(scratch: scratch, age: age.path) {
            (platform: PlatformUnderTest, kiosk: TestKiosk) async throws in
            let wanted = try await kiosk.newCase()
            number = try #require(try await kiosk.post("/v1/cases", json: wanted).text("number"))
            let (base, cookie) = try await platform.staffCookie(kiosk.client)
            func says(_ words: String, _ what: String) async throws {
                let page = try await kiosk.call("GET", base + "/cases/\(number)", headers: ["Cookie": cookie])
                #expect(page.status == 200 && page.page.contains("申请内容现在打不开：" + words), "\(what): \(page.page)")
                #expect(!page.page.contains("封装时用的不一致") && !page.page.contains("张桂兰"), "\(what)")
                let json = try await kiosk.call("GET", base + "/cases/\(number).json", headers: ["Cookie": cookie])
                #expect(json.status == 503 && json.page.contains(words), "\(what): \(json.page)")
                let paper = try await kiosk.call(
                    "GET", base + "/cases/\(number)/materials/1.pdf", headers: ["Cookie": cookie])
                #expect(paper.status == 503 && paper.page.contains("这份材料现在打不开："), "\(what): \(paper.page)")
            }
            try age.does("kill -KILL $$")
            try await says("age 程序中途被系统结束了", "killed")
            try age.does("exit 3")
            try await says("age 程序没有正常做完", "a strange end")
            try age.does("")
            try age.mayRun(false)
            try await says("平台上没有 age 程序", "not installed")
            try age.mayRun(true)
            let (identity, kept) = (platform.files.ageIdentity, scratch.file("kept"))
            try FileManager.default.moveItem(atPath: identity, toPath: kept)
            try await says("平台的 age 密钥文件读不出来", "no identity")
            #expect(try await CommandRun.run("age-keygen", ["-o", identity]).succeeded)
            try await says("平台的 age 密钥文件与平台启动时的不一样了", "another identity while it runs")
            try FileManager.default.removeItem(atPath: identity)
            try FileManager.default.moveItem(atPath: kept, toPath: identity)
            let files = [wanted.answers.upload, wanted.materials[0].upload].map { platform.state + "/uploads/" + $0 }
            for file in files { try FileManager.default.moveItem(atPath: file, toPath: file + ".away") }
            try await says("密封的文件不在平台的磁盘上", "no file")
            for file in files { try FileManager.default.moveItem(atPath: file + ".away", toPath: file) }
            let page = try await kiosk.call("GET", base + "/cases/\(number)", headers: ["Cookie": cookie])
            #expect(page.page.contains("张桂兰"))
            try FileManager.default.removeItem(atPath: identity)
            #expect(try await CommandRun.run("age-keygen", ["-o", identity]).succeeded)
        }
        // From here on the platform knows the other key only.
        try await PlatformUnderTest.run(scratch: scratch, age: age.path) {
            (platform: PlatformUnderTest, kiosk: TestKiosk) async throws in
            let (base, cookie) = try await platform.staffCookie(kiosk.client)
            for (path, status) in [("", 200), (".json", 422), ("/materials/1.pdf", 422)] {
                let answer = try await kiosk.call("GET", base + "/cases/\(number)\(path)", headers: ["Cookie": cookie])
                #expect(answer.status == status && answer.page.contains("封装时用的不一致"), "\(path): \(answer.page)")
                #expect(!answer.page.contains("现在打不开"), "\(path)")
            }
        }
    }
}

/// An `age` that does what a test wants before it becomes the real one.
private struct StandIn: Sendable {
    let path: String

    init(_ scratch: ScratchFolder) async throws {
        path = scratch.file("age")
        try scratch.write("#!/bin/sh\n. \"$0.first\"\nexec age \"$@\"\n".utf8, to: "age.source")
        // Another process writes it: a child that this one starts meanwhile would hold it open, and it could not be run.
        let made = try await CommandRun.run("install", ["-m", "755", path + ".source", path])
        guard made.succeeded else { throw TestFailure("install: \(made.errors)") }
        try does("")
    }

    /// Lines of a shell, run first.
    func does(_ script: String) throws {
        try (script + "\n").write(toFile: path + ".first", atomically: true, encoding: .utf8)
    }

    func mayRun(_ may: Bool) throws {
        try FileManager.default.setAttributes([.posixPermissions: may ? 0o755 : 0o644], ofItemAtPath: path)
    }
}
