import Crypto
import Foundation
import GRDB
import HallModel
import Logging
import Materials
import Synchronization
import TestSupport

@testable import PlatformClient

/// Kills the platform at random moments under the load of many kiosks and of its staff, and holds it to everything that it
/// has said.
struct PlatformCampaign: Sendable {
    let seed: UInt64
    let rounds: Int
    static let kiosks = 8

    struct Figures: Sendable {
        var cases = 0
        var files = 0
        var documents = 0
        var documentsFetched = 0
        var documentsGone = 0
        var terminated = 0
        var expired = 0
        var staffChanges = 0
        /// Times that the disk was looked at between a death under load and the next request.
        var inspections = 0
        var slowestStart = Duration.zero
        var lasted = Duration.zero
    }

    private let scratch: ScratchFolder
    private let port: Int
    private let staffPort: Int
    private let inspectionPort: Int

    init(seed: UInt64, rounds: Int) throws {
        self.seed = seed
        self.rounds = rounds
        scratch = try ScratchFolder()
        port = try HallUnderTest.freePort()
        staffPort = try HallUnderTest.freePort()
        inspectionPort = try HallUnderTest.freePort()
    }

    /// Throws a sentence with everything that is needed to look into a failure.
    func run() async throws -> Figures {
        do { return try await carryOut() } catch {
            let log = (try? scratch.bytes(of: "log")).map { String(decoding: $0.suffix(4000), as: UTF8.self) } ?? ""
            throw TestFailure("seed \(seed): \(error)\nthe log ends with\n\(log)")
        }
    }

    // MARK: - The campaign

    private func carryOut() async throws -> Figures {
        let began = ContinuousClock.now
        try await makeCertificates()
        try FileManager.default.createDirectory(atPath: scratch.file("kiosks"), withIntermediateDirectories: true)
        let platform = Current(try start())
        do {
            try await isUp()
            let clients = try (1...Self.kiosks).map { try client($0) }
            do {
                let figures = try await carryOut(platform, clients)
                for client in clients { try await client.shutdown() }
                await platform.program.stop()
                var all = figures
                all.lasted = .now - began
                return all
            } catch {
                for client in clients { try? await client.shutdown() }
                throw error
            }
        } catch {
            await platform.program.killNow()
            throw error
        }
    }

    private func carryOut(_ platform: Current, _ clients: [PlatformAPI]) async throws -> Figures {
        let promises = PlatformPromises()
        let end = CampaignEnd()
        var figures = Figures()
        let recipient = try await clients[0].recipients()[0]
        let desk = StaffDesk { try await self.staffAddress() }
        // Whatever ends this, nobody goes on.
        defer { end.comes() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (place, api) in clients.enumerated() {
                let kiosk = CampaignKiosk(
                    index: place + 1, api: api, recipient: recipient,
                    key: try await KioskSigningKey.loadOrCreate(at: scratch.file("key-\(place + 1)")),
                    folder: scratch.file("kiosks"), promises: promises)
                group.addTask { await kiosk.run(seed: seed, until: end) }
            }
            group.addTask { await work(at: desk, promises, until: end) }
            for (round, delay) in PlatformKillPlan(seed: seed, rounds: rounds).delaysMilliseconds.enumerated() {
                try await Task.sleep(for: .milliseconds(delay))
                await platform.program.killNow()
                // In the middle of everything: what recovery alone makes of the disk, away from the kiosks.
                if round % 3 == 0 {
                    platform.set(try start(port: inspectionPort))
                    try await isUp()
                    await platform.program.stop()
                    _ = try checkFiles()
                    figures.inspections += 1
                }
                let killed = ContinuousClock.now
                platform.set(try start())
                // A tenth of the moments are so early that it is killed while it recovers.
                if delay > 60 || round == rounds - 1 {
                    try await isUp()
                    figures.slowestStart = max(figures.slowestStart, .now - killed)
                }
            }
            try await isUp()
            end.comes()
            try await group.waitForAll()
        }
        try await check(promises, clients, desk, &figures)
        // Everything is in order on the disk too, after a last death.
        await platform.program.killNow()
        platform.set(try start())
        try await isUp()
        await platform.program.stop()
        try await checkDisk(promises, &figures)
        // And what nobody wants any more still expires.
        try ageUnfinished()
        platform.set(try start())
        try await isUp()
        try await checkExpiry(promises, clients, &figures)
        return figures
    }

    /// Staff who change the status of one case after the other.
    private func work(at desk: StaffDesk, _ promises: PlatformPromises, until end: CampaignEnd) async {
        var count = 0
        while !end.hasCome, !Task.isCancelled {
            guard let number = await promises.numbers.randomElement() else {
                try? await Task.sleep(for: .milliseconds(20))
                continue
            }
            count += 1
            let words = "words-\(count)"
            await promises.staffTries(words, on: number)
            let status = try? await desk.post(
                "/cases/\(number)/status", form: "status=\(count % 2 == 0 ? "reviewing" : "supplement")&detail=\(words)"
            )
            switch status {
            case 303: await promises.staffSucceeded(on: number)
            // 401: another process than the one that let us in, after a kill.
            case 401, nil: break
            case let status?: await promises.fails("the staff page answered \(status) for case \(number)")
            }
            try? await Task.sleep(for: .milliseconds(10))
        }
    }

    // MARK: - What was said, asked again

    private func check(
        _ promises: PlatformPromises, _ clients: [PlatformAPI], _ desk: StaffDesk, _ figures: inout Figures
    ) async throws {
        try await nothingIsBroken(promises)
        let cases = await promises.cases
        var numbers: Set<String> = []
        for (id, submitted) in cases {
            guard let answer = submitted.answer else { throw TestFailure("case \(id) was never answered") }
            guard numbers.insert(answer.number).inserted else { throw TestFailure("number \(answer.number) twice") }
            let again = try await clients[submitted.kiosk - 1].createCase(submitted.request)
            guard again.number == answer.number, again.confirmation == answer.confirmation,
                again.signature == answer.signature, again.receivedDigests == submitted.files.map(\.sha256)
            else { throw TestFailure("case \(answer.number) is another when it is sent again: \(again)") }
            let one = try JSONDecoder().decode(One.self, from: try await desk.get("/cases/\(answer.number).json"))
            guard one.case.id == id.rawValue else {
                throw TestFailure("number \(answer.number) is case \(one.case.id)")
            }
            let allowed = await promises.allowedDetails(of: answer.number)
            guard allowed.contains(one.detail) else {
                throw TestFailure("case \(answer.number) says \(one.detail ?? "nothing"), not one of \(allowed)")
            }
        }
        let list = try JSONDecoder().decode(List.self, from: try await desk.get("/cases.json"))
        guard list.total == cases.count else {
            throw TestFailure("the platform has \(list.total) cases, and \(cases.count) were sent")
        }
        for document in await promises.documents.values {
            let (response, _) = try await clients[0].exchange(
                clients[0].request(.GET, "/v1/document-checks/\(document.number)"), within: .seconds(10))
            guard response.status == .ok else {
                throw TestFailure("document \(document.number) is not genuine any more")
            }
        }
        try await nothingIsBroken(promises)
        figures.cases = cases.count
        figures.documents = await promises.documents.count
        figures.documentsFetched = await promises.documentsFetched
        figures.documentsGone = await promises.documentsGone
        figures.staffChanges = await promises.changes.values.reduce(0) { $0 + $1.count { $0.isAcknowledged } }
    }

    private func nothingIsBroken(_ promises: PlatformPromises) async throws {
        let broken = await promises.broken
        guard broken.isEmpty else { throw TestFailure(broken.joined(separator: "\n")) }
    }

    private struct One: Decodable {
        struct Entry: Decodable { var id: String }
        var `case`: Entry
        var detail: String?
    }

    private struct List: Decodable { var total: Int }

    // MARK: - The disk

    private var uploads: String { scratch.file("state/uploads") }
    private var database: String { scratch.file("state/platform.sqlite") }

    private struct UploadRow: Sendable {
        var state: String
        var offset: Int
        var received: String?
    }

    private func rows() throws -> [String: UploadRow] {
        try DatabaseQueue(path: database).read { db in
            var rows: [String: UploadRow] = [:]
            for row in try Row.fetchAll(db, sql: "SELECT id, state, offset, received FROM upload") {
                rows[row["id"]] = UploadRow(state: row["state"], offset: row["offset"], received: row["received"])
            }
            return rows
        }
    }

    /// Each file has its row and each row its file, of the acknowledged length.
    private func checkFiles() throws -> (rows: [String: UploadRow], names: Set<String>) {
        let rows = try rows()
        let names = Set(try FileManager.default.contentsOfDirectory(atPath: uploads))
        let living = Set(rows.filter { $0.value.state != "gone" }.keys)
        guard names == living else {
            throw TestFailure(
                "files without a row: \(names.subtracting(living)); rows without a file: \(living.subtracting(names))")
        }
        for name in names {
            let size = try FileManager.default.attributesOfItem(atPath: "\(uploads)/\(name)")[.size] as? Int
            guard size == rows[name]?.offset else {
                throw TestFailure("\(name) has \(size ?? -1) bytes, \(rows[name]?.offset ?? -1) were acknowledged")
            }
        }
        return (rows, names)
    }

    /// Also, each file of a case has its bytes, and nothing that was given up is there.
    private func checkDisk(_ promises: PlatformPromises, _ figures: inout Figures) async throws {
        let (rows, names) = try checkFiles()
        for submitted in await promises.cases.values {
            for file in submitted.files {
                let bytes = try Data(contentsOf: URL(filePath: "\(uploads)/\(file.upload)"))
                guard Hexadecimal.text(SHA256.hash(data: bytes)) == file.sha256, rows[file.upload]?.state == "claimed"
                else { throw TestFailure("\(file.upload) of case \(submitted.request.id) is not what was sent") }
                figures.files += 1
            }
        }
        for (_, location) in await promises.terminated where names.contains(String(location.suffix(32))) {
            throw TestFailure("\(location) was given up, and is on the disk")
        }
        figures.terminated = await promises.terminated.count
    }

    /// Makes what has no case ten days older.
    private func ageUnfinished() throws {
        try DatabaseQueue(path: database).write { db in
            try db.execute(
                sql: "UPDATE upload SET touched = touched - 864000 WHERE state IN ('open', 'complete')")
        }
    }

    private func checkExpiry(
        _ promises: PlatformPromises, _ clients: [PlatformAPI], _ figures: inout Figures
    ) async throws {
        let abandoned = await promises.abandoned
        let claimed = Set(await promises.cases.values.flatMap { $0.files.map(\.upload) })
        try await eventually("only files of cases are left") {
            Set(try FileManager.default.contentsOfDirectory(atPath: uploads)) == claimed
        }
        for (kiosk, location) in abandoned {
            var request = clients[kiosk - 1].request(.HEAD, "/v1/uploads/\(location.suffix(32))")
            request.headers.add(name: "Tus-Resumable", value: "1.0.0")
            let (response, _) = try await clients[kiosk - 1].exchange(request, within: .seconds(10))
            guard response.status == .gone else { throw TestFailure("\(location) has not expired: \(response.status)") }
        }
        figures.expired = abandoned.count
    }

    // MARK: - The platform

    private func makeCertificates() async throws {
        for index in 1...Self.kiosks {
            let run = try await CommandRun.run(
                "env",
                [
                    "\(HallUnderTest.programs)/kiosk-platformd", "make-development-ca", scratch.file("ca"), "--kiosk",
                    CampaignKiosk.name(index),
                ])
            guard run.succeeded else { throw TestFailure("make-development-ca: \(run.errors)") }
        }
        // Kiosks that never rest ask more than kiosks do.
        let configuration = """
            {"limits": {"requestsPerMinute": 1000000, "lookupsPerMinute": 1000000, "openUploadsPerKiosk": 100000},
             "documents": {"openPerKiosk": 1000, "memoryBytes": 2000000000}}
            """
        try scratch.write(configuration.utf8, to: "configuration.json")
    }

    private func client(_ index: Int) throws -> PlatformAPI {
        let kiosk = scratch.file("ca/kiosks/\(CampaignKiosk.name(index))")
        return try PlatformAPI(
            url: "https://localhost:\(port)", certificateFile: "\(kiosk).pem", keyFile: "\(kiosk)-key.pem",
            trustFile: scratch.file("ca/ca.pem"), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// - Parameter other: another port than that which the kiosks know.
    private func start(port other: Int? = nil) throws -> RunningProgram {
        try? FileManager.default.removeItem(atPath: scratch.file("state/platform.json"))
        return try RunningProgram(
            "\(HallUnderTest.programs)/kiosk-platformd",
            [
                "--state", scratch.file("state"), "--port", "\(other ?? port)", "--staff-port", "\(staffPort)",
                "--certificate",
                scratch.file("ca/server.pem"), "--key", scratch.file("ca/server-key.pem"), "--client-ca",
                scratch.file("ca/ca.pem"), "--identity", scratch.file("ca/age-identity.txt"), "--configuration",
                scratch.file("configuration.json"),
            ], log: scratch.file("log"))
    }

    private func isUp() async throws {
        let file = scratch.file("state/platform.json")
        try await eventually("the platform is up", within: .seconds(30), every: .milliseconds(20)) {
            FileManager.default.contents(atPath: file).map { !$0.isEmpty } ?? false
        }
    }

    private func staffAddress() async throws -> String {
        struct Addresses: Decodable { var staff: String }
        let bytes = try Data(contentsOf: URL(filePath: scratch.file("state/platform.json")))
        return try JSONDecoder().decode(Addresses.self, from: bytes).staff
    }

    /// The platform's present process.
    private final class Current: Sendable {
        private let value: Mutex<RunningProgram>
        init(_ program: RunningProgram) { value = Mutex(program) }
        var program: RunningProgram { value.withLock { $0 } }
        func set(_ program: RunningProgram) { value.withLock { $0 = program } }
    }
}

/// Tells everybody when to begin nothing new.
final class CampaignEnd: Sendable {
    private let value = Mutex(false)
    var hasCome: Bool { value.withLock { $0 } }
    func comes() { value.withLock { $0 = true } }
}
