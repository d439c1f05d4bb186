import DeviceKit
import Foundation
import HallModel
import Logging
import NIOCore
import Synchronization
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// The real worker program with an A4 printer, as the core has it.
@Suite("the print worker", .timeLimit(.minutes(1)))
struct PrintWorkerTests {
    /// - Parameter programs: where the worker program lies; `nil` when the test starts it.
    private func withHost(
        _ address: String, socket: String = "/tmp/hk-print-\(UUID().uuidString.prefix(8)).sock",
        programs: String? = HallUnderTest.programs, settings: DocumentPrinterSettings = .quick,
        _ body: @escaping @Sendable (WorkerHost, HeardFromWorker) async throws -> Void
    ) async throws {
        let profile = DeviceProfile(id: "test", role: .documentPrinter, title: "Test", driver: .ipp(settings))
        let host = WorkerHost(
            socketPath: socket,
            workers: [
                WorkerSpecification(
                    kind: .print, instance: "print",
                    devices: [DeviceAssignment(name: "a4", profile: profile, address: address)])
            ], programFolder: programs, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let heard = HeardFromWorker()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await host.run() }
            group.addTask { for await event in host.events { heard.take(event) } }
            defer { group.cancelAll() }
            try await body(host, heard)
        }
    }

    private func print(
        _ job: DocumentJob, on host: WorkerHost, _ pdf: ByteBuffer? = nil
    ) async throws -> WorkerReply {
        try await host.perform(
            .printDocument(device: "a4", job), on: "print", attachments: [pdf ?? DrawnPDF.pages(job.pages)],
            deadline: .seconds(40)
        ).0
    }

    @Test("a document goes through the program to paper")
    func printed() async throws {
        let eve = try await EvePrinter()
        try await withHost("ipp://localhost:\(eve.port)/ipp/print") { host, heard in
            try await eventually("the printer is online") { heard.last?.state == .online }
            let reply = try await print(.next(pages: 3), on: host)
            #expect(reply == .printed(PrintOutcome(.printed, rung: .impressions)))
        }
        #expect(eve.pagesOut == 3)
        await eve.stop()
    }

    @Test("a worker that is killed in mid-job is the core's to call unknown; the next one ends its job")
    func killed() async throws {
        let eve = try await EvePrinter(plan: "page 1; hold; exit 0")
        try await withHost("ipp://localhost:\(eve.port)/ipp/print") { host, heard in
            try await eventually("the printer is online") { heard.last?.state == .online }
            let printing = Task { try await print(.next(pages: 3), on: host) }
            try await eventually("one page is out") { eve.pagesOut == 1 }
            let pid = try #require(await host.processIDs["print"])
            kill(pid, SIGKILL)
            await #expect(throws: WorkerFailure.workerLost) { try await printing.value }
            try await eventually("the next worker ends the job") { eve.wasAsked("Cancel-Job") }
            try eve.release()
            try eve.write(plan: "pages 2")
            try await eventually("the printer is online again") { heard.last?.state == .online }
            #expect(try await print(.next(pages: 2), on: host) == .printed(PrintOutcome(.printed, rung: .impressions)))
            #expect(eve.pagesOut == 3)
        }
        await eve.stop()
    }

    @Test("a document whose deadline has passed is ended")
    func deadline() async throws {
        let eve = try await EvePrinter(plan: "page 1; hold; exit 0")
        try await withHost("ipp://localhost:\(eve.port)/ipp/print") { host, heard in
            try await eventually("the printer is online") { heard.last?.state == .online }
            await #expect(throws: WorkerFailure.deadlinePassed) {
                _ = try await host.perform(
                    .printDocument(device: "a4", .next(pages: 3)), on: "print", attachments: [DrawnPDF.pages(3)],
                    deadline: .seconds(4))
            }
            try await eventually("the job is ended") { eve.wasAsked("Cancel-Job") }
            try eve.release()
        }
        await eve.stop()
    }

    @Test("what is no document and no printer of this worker is turned away")
    func notUnderstood() async throws {
        let eve = try await EvePrinter()
        try await withHost("ipp://localhost:\(eve.port)/ipp/print") { host, heard in
            try await eventually("the printer is online") { heard.last?.state == .online }
            let job = DocumentJob.next(pages: 1)
            let wrong: [(WorkerCommand, [ByteBuffer])] = [
                (.printDocument(device: "b5", job), [DrawnPDF.pages(1)]), (.printDocument(device: "a4", job), []),
                (.printDocument(device: "a4", job), [ByteBuffer()]),
                (.printDocument(device: "a4", .next(pages: 0)), [DrawnPDF.pages(1)]),
                (.scanPage(device: "a4"), []),
            ]
            for (command, attachments) in wrong {
                do {
                    _ = try await host.perform(command, on: "print", attachments: attachments, deadline: .seconds(5))
                    Issue.record("\(command) was carried out")
                } catch {
                    guard case WorkerFailure.notUnderstood = error else {
                        Issue.record("\(error)")
                        continue
                    }
                }
            }
        }
        #expect(eve.pagesOut == 0)
        await eve.stop()
    }

    @Test("an address that is no printer's is missing and says why", arguments: ["tcp:localhost:9100", "nowhere"])
    func noPrinter(_ address: String) async throws {
        try await withHost(address) { _, heard in
            try await eventually("the worker says so") { heard.last?.problem != nil }
            #expect(heard.last?.state == .noDevice)
            #expect(heard.last?.problem?.code == .documentPrinterMissing)
        }
    }

    @Test("memory is flat in the number of documents")
    func memory() async throws {
        let last = Mutex("")
        let server = try await ScriptedIPPServer { request in
            switch request.operation {
            case 0x0B:
                return .ipp(
                    status: 0,
                    [.printer([IPPBytes.enumeration("printer-state", 3), IPPBytes.integer("printer-up-time", 500)])])
            case 0x02:
                last.withLock { $0 = request.text("job-name") ?? "" }
                return .ipp(status: 0, [.job([IPPBytes.integer("job-id", 7)])])
            case 0x09:
                return .ipp(
                    status: 0,
                    [
                        .job([
                            IPPBytes.integer("job-id", 7), IPPBytes.name("job-name", last.withLock { $0 }),
                            IPPBytes.enumeration("job-state", 9), IPPBytes.integer("job-impressions-completed", 3),
                        ])
                    ])
            default: return .ipp(status: 0, [])
            }
        }
        try await withHost("ipp://127.0.0.1:\(server.port)/ipp/print") { host, heard in
            try await eventually("the printer is online") { heard.last?.state == .online }
            let pid = try #require(await host.processIDs["print"])
            let pdf = ByteBuffer(repeating: 0x25, count: 1 << 20)
            var afterTwenty = 0
            for number in 1...80 {
                let reply = try await print(.next(pages: 3), on: host, pdf)
                #expect(reply == .printed(PrintOutcome(.printed, rung: .impressions)))
                if number == 20 { afterTwenty = try residentKilobytes(of: pid) }
            }
            let grown = try residentKilobytes(of: pid) - afterTwenty
            Swift.print("print worker: \(afterTwenty) kB after 20 documents, \(grown) kB more after 80")
            #expect(grown < 3_000)
        }
        await server.stop()
    }

    private func residentKilobytes(of pid: Int32) throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
        let line = try #require(status.firstMatch(of: #/VmRSS:\s+(\d+) kB/#))
        return try #require(Int(line.1))
    }

    @Test(
        "under its unit's sandbox it prints to a printer and through this machine's CUPS",
        .enabled(if: getuid() == 0 || ProcessInfo.processInfo.environment["CI"] == "true", "mounts need root"))
    func sandbox() async throws {
        let eve = try await EvePrinter()
        let cups = try await CupsServer()
        try await cups.addQueue("hall_a4", to: eve)
        let folder = try ScratchFolder()
        for name in ["run", "state", "etc"] {
            try FileManager.default.createDirectory(
                atPath: folder.file(name), withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        }
        for address in ["ipp://localhost:\(eve.port)/ipp/print", "cups:hall_a4@localhost:\(cups.port)"] {
            try await withHost(address, socket: folder.file("run/workers.sock"), programs: nil) { host, heard in
                try await eventually("the socket is there") {
                    FileManager.default.fileExists(atPath: folder.file("run/workers.sock"))
                }
                let worker = try RunningProgram(
                    "/usr/bin/env",
                    [
                        "python3", Repository.folder + "/Tests/systemd/run-unit.py",
                        Repository.folder + "/systemd/kiosk-worker-print.service",
                        "--path", "/usr/lib/hallkiosk=" + HallUnderTest.programs,
                        "--path", "/run/hallkiosk=" + folder.file("run"),
                        "--path", "/var/lib/hallkiosk=" + folder.file("state"),
                        "--path", "/etc/hallkiosk=" + folder.file("etc"), "--visible", HallUnderTest.programs,
                    ], log: folder.file("log"))
                do {
                    try await eventually("the printer is online", within: .seconds(20)) { heard.last?.state == .online }
                    let reply = try await print(.next(pages: 3), on: host)
                    #expect(reply == .printed(PrintOutcome(.printed, rung: .impressions)))
                    let seen = try FileManager.default.contentsOfDirectory(
                        atPath: "/proc/\(worker.pid)/root\(folder.file("run"))")
                    #expect(seen == ["workers.sock"])
                } catch {
                    await worker.stop()
                    throw TestFailure(
                        "\(error): \(String(decoding: (try? folder.bytes(of: "log")) ?? [], as: UTF8.self))")
                }
                await worker.stop()
            }
        }
        let log = String(decoding: try folder.bytes(of: "log"), as: UTF8.self)
        for word in ["Operation not permitted", "Permission denied", "Read-only file system"] {
            #expect(!log.contains(word), "\(log)")
        }
        #expect(eve.pagesOut == 6)
        await cups.stop()
        await eve.stop()
    }
}

/// What the core heard of the printer.
final class HeardFromWorker: Sendable {
    private let status = Mutex<DeviceStatus?>(nil)
    var last: DeviceStatus? { status.withLock { $0 } }

    func take(_ event: WorkerHostEvent) {
        switch event {
        case .event(_, .status(_, let told)): status.withLock { $0 = told }
        case .lost: status.withLock { $0 = nil }
        default: return
        }
    }
}
