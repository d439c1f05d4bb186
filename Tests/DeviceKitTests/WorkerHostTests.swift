import Foundation
import HallModel
import Logging
import NIOCore
import TestSupport
import Testing

@testable import DeviceKit

/// A worker in the same process: answers, hangs or fails as its device's name says.
private struct ScriptedWorker: WorkerHandler {
    let port: WorkerPort

    func assign(_ devices: [DeviceAssignment]) async {
        for device in devices { port.send(.status(device: device.name, DeviceStatus(.online))) }
        port.send(.cardRemoved(device: "not-mine"))
    }

    func perform(
        _ command: WorkerCommand, attachments: [ByteBuffer]
    ) async throws(WorkerFailure) -> (WorkerReply, [ByteBuffer]) {
        switch command {
        case .endSession: return (.sessionEnded, attachments)
        case .scanPage(let device) where device == "hangs":
            while !Task.isCancelled { try? await Task.sleep(for: .seconds(60)) }
            throw .cancelled
        default: throw .problem(Problem(.scannerJam, evidence: "scripted"))
        }
    }

    func run() async {}
}

@Suite("The core's side of workers")
struct WorkerHostTests {
    /// Runs a host and one worker in this process, and ends both.
    private func withWorker(_ body: @escaping @Sendable (WorkerHost) async throws -> Void) async throws {
        let folder = try ScratchFolder()
        let path = "/tmp/hk-\(UUID().uuidString.prefix(8)).sock"
        defer { withExtendedLifetime(folder) {} }
        let profile = DeviceProfile(id: "p", role: .scanner, title: "t", driver: .sane(ScannerSettings()))
        let host = WorkerHost(
            socketPath: path,
            workers: [
                WorkerSpecification(
                    kind: .scan, instance: "scanner",
                    devices: [DeviceAssignment(name: "hangs", profile: profile, address: "sane:test:0")])
            ], programFolder: nil, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let arguments = try #require(
            WorkerProgram.Arguments(["w", "--socket", path, "--instance", "scanner"], kind: .scan))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await host.run() }
            group.addTask {
                try await eventually("the host listens") { FileManager.default.fileExists(atPath: path) }
                try await WorkerProgram.serve(.scan, arguments) { port, _ in ScriptedWorker(port: port) }
            }
            group.addTask {
                try await eventually("the worker is connected") { await host.isConnected("scanner") }
                try await body(host)
                throw CancellationError()
            }
            do { while let _: Void = try await group.next() {} } catch is CancellationError { group.cancelAll() }
        }
    }

    @Test("a command for a worker that is not there fails at once")
    func absent() async throws {
        try await withWorker { host in
            await #expect(throws: WorkerFailure.workerLost) {
                _ = try await host.perform(.scanPage(device: "x"), on: "nobody", deadline: .seconds(1))
            }
        }
    }

    @Test("a problem of the device comes back as it is")
    func problem() async throws {
        try await withWorker { host in
            await #expect(throws: WorkerFailure.problem(Problem(.scannerJam, evidence: "scripted"))) {
                _ = try await host.perform(.scanPage(device: "x"), on: "scanner", deadline: .seconds(5))
            }
        }
    }

    @Test("a command that hangs ends at its deadline")
    func deadline() async throws {
        try await withWorker { host in
            await #expect(throws: WorkerFailure.deadlinePassed) {
                _ = try await host.perform(.scanPage(device: "hangs"), on: "scanner", deadline: .milliseconds(100))
            }
        }
    }

    @Test("a command can be cancelled")
    func cancelled() async throws {
        try await withWorker { host in
            let task = Task {
                try await host.perform(.scanPage(device: "hangs"), on: "scanner", deadline: .seconds(30))
            }
            task.cancel()
            await #expect(throws: WorkerFailure.cancelled) { _ = try await task.value }
        }
    }

    @Test("attachments arrive whole, and events only of the worker's own devices")
    func attachments() async throws {
        try await withWorker { host in
            let page = ByteBuffer(repeating: 0xAB, count: 3 << 20)
            let (reply, attached) = try await host.perform(
                .endSession(device: "x"), on: "scanner", attachments: [page, page], deadline: .seconds(10))
            #expect(reply == .sessionEnded)
            #expect(attached == [page, page])
            var iterator = host.events.makeAsyncIterator()
            #expect(await iterator.next() == .connected(instance: "scanner"))
            #expect(
                await iterator.next()
                    == .event(instance: "scanner", .status(device: "hangs", DeviceStatus(.online))))
        }
    }
}
