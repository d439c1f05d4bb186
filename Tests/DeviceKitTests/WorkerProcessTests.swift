import Foundation
import TestSupport
import Testing

@testable import DeviceKit

@Suite("A worker's process")
struct WorkerProcessTests {
    private func shell(_ script: String, environment: [String: String] = [:]) throws -> WorkerProcess {
        try WorkerProcess(path: "/bin/sh", arguments: ["-c", script], environment: environment)
    }

    @Test("a program that is not there is said by its path")
    func notThere() {
        #expect(throws: WorkerProcess.NotStarted.self) {
            try WorkerProcess(path: "/nowhere/worker", arguments: [], environment: [:])
        }
    }

    @Test("its end is told: a status, or the signal that killed it")
    func end() async throws {
        #expect(try await shell("exit 70").waitUntilEnded() == .exited(70))
        #expect(try await shell("kill -9 $$").waitUntilEnded() == .killed(signal: 9))
    }

    @Test("it has no open file of its starter but standard error, and no signal that its starter ignores")
    func nothingInherited() async throws {
        let folder = try ScratchFolder()
        try folder.write([1], to: "open")
        let descriptor = open(folder.file("open"), O_RDONLY)
        defer { close(descriptor) }
        // A number that no shell takes for itself, without close-on-exec.
        #expect(dup2(descriptor, 200) == 200)
        defer { close(200) }
        #expect(
            try await shell("[ -e /proc/$$/fd/2 ] && [ ! -e /proc/$$/fd/200 ] && exit 7").waitUntilEnded() == .exited(7)
        )
        #expect(try await shell("kill -PIPE $$; exit 1").waitUntilEnded() == .killed(signal: SIGPIPE))
    }

    @Test("its environment is its starter's, with what is given in its place")
    func environment() async throws {
        let script = #"[ "$HOME" = elsewhere ] && [ -n "$PATH" ] && exit 7"#
        #expect(try await shell(script, environment: ["HOME": "elsewhere"]).waitUntilEnded() == .exited(7))
    }

    @Test("cancelling asks it to end; one that does not listen is killed")
    func cancelled() async throws {
        for (script, end) in [
            ("sleep 60 & wait", WorkerProcess.End.killed(signal: SIGTERM)),
            ("trap '' TERM; while :; do sleep 0.05; done", .killed(signal: SIGKILL)),
        ] {
            let process = try shell(script)
            let waiting = Task { await process.waitUntilEnded() }
            try await eventually("the shell runs") { kill(process.processID, 0) == 0 }
            // The trap of the second must be set.
            try await eventually("the script runs", within: .seconds(5)) {
                let children = try String(
                    contentsOfFile: "/proc/\(process.processID)/task/\(process.processID)/children", encoding: .utf8)
                return !children.isEmpty
            }
            waiting.cancel()
            #expect(await waiting.value == end)
        }
    }
}
