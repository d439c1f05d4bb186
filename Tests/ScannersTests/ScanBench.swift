import DeviceKit
import Foundation
import HallModel
import Logging
import NIOCore
import Synchronization
import TestSupport
import Testing

/// The real `kiosk-worker-scan` with one scanner, driven as the core drives it.
final class ScanBench: Sendable {
    static let device = "window-scanner"

    /// The worker's own, for its socket and its temporary files.
    let folder: ScratchFolder
    private let host: WorkerHost
    private let heard = Mutex<[WorkerHostEvent]>([])

    private init(_ host: WorkerHost, in folder: ScratchFolder) { (self.host, self.folder) = (host, folder) }

    /// Starts the worker, runs `body`, ends the worker.
    static func run(
        _ address: String, _ settings: ScannerSettings, _ body: @escaping @Sendable (ScanBench) async throws -> Void
    ) async throws {
        let folder = try ScratchFolder()
        let assignment = DeviceAssignment(
            name: device,
            profile: DeviceProfile(id: "test", role: .scanner, title: "Test", driver: .sane(settings)), address: address
        )
        let host = WorkerHost(
            socketPath: folder.file("workers.sock"),
            workers: [WorkerSpecification(kind: .scan, instance: "scan-1", devices: [assignment])],
            programFolder: HallUnderTest.programs, logger: Logger(label: "test"))
        let bench = ScanBench(host, in: folder)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await host.run() }
            group.addTask { for await event in host.events { bench.heard.withLock { $0.append(event) } } }
            defer { group.cancelAll() }
            try await eventually("the worker connects", within: .seconds(20)) { await host.isConnected("scan-1") }
            try await body(bench)
        }
    }

    var processID: Int32? { get async { await host.processIDs["scan-1"] } }
    var events: [WorkerHostEvent] { heard.withLock { $0 } }

    /// The statuses in the order in which they were told.
    var statuses: [DeviceStatus] {
        events.compactMap { event in
            if case .event(_, .status(_, let status)) = event { status } else { nil }
        }
    }

    func startedCount() -> Int {
        events.count { event in
            if case .event(_, .scanStarted) = event { true } else { false }
        }
    }

    /// Waits until the last status told is such.
    func status(_ what: String, within limit: Duration = .seconds(10), _ such: (DeviceStatus) -> Bool) async throws {
        do {
            try await eventually(what, within: limit, every: .milliseconds(20)) {
                self.statuses.last.map(such) ?? false
            }
        } catch { throw TestFailure("\(error); told: \(statuses)") }
    }

    @discardableResult
    func scan(
        within deadline: Duration = .seconds(30)
    ) async throws(WorkerFailure) -> (page: ScannedPage, jpeg: ByteBuffer) {
        let (reply, attachments) = try await host.perform(
            .scanPage(device: Self.device), on: "scan-1", deadline: deadline)
        guard case .scanned(let page) = reply, let jpeg = attachments.first else {
            throw .notUnderstood("\(reply)")
        }
        return (page, jpeg)
    }

    func perform(_ command: WorkerCommand) async throws(WorkerFailure) -> WorkerReply {
        try await host.perform(command, on: "scan-1", deadline: .seconds(10)).0
    }

    /// The problem that a scan ends with; `nil` when it ends otherwise. A worker that is lost is asked again once it is
    /// back, as a person does.
    func scanProblem(within deadline: Duration = .seconds(30)) async -> Problem? {
        do throws(WorkerFailure) {
            _ = try await host.performAgainIfLost(.scanPage(device: Self.device), on: "scan-1", deadline: deadline)
            return nil
        } catch {
            guard case .problem(let problem) = error else { return nil }
            return problem
        }
    }
}
