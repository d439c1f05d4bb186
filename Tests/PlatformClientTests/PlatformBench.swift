import AsyncHTTPClient
import CaseJournal
import Foundation
import HallEmulators
import HallModel
import Logging
import Materials
import NIOCore
import PlatformServer
import TestSupport

@testable import HallController
@testable import PlatformClient

/// The reference platform with mutual TLS, a network that can be cut, and a kiosk's journal before it.
final class PlatformBench: Sendable {
    let scratch: ScratchFolder
    /// The certificates of the kiosk and their authority.
    let files: DevelopmentCA.Files
    let staff: String
    let proxy: FlakyProxy
    let api: PlatformAPI
    let journal: CaseJournal
    let writer: SealedFileWriter
    let key: KioskSigningKey
    let session: ItemID
    private let service: Task<Void, any Error>

    /// Somebody of whom the platform has nothing on record.
    static let numberWithoutRecord = "999999190001010031"

    static let silent = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    static func run(_ body: (PlatformBench) async throws -> Void) async throws {
        let bench = try await PlatformBench()
        do { try await body(bench) } catch {
            await bench.end()
            throw error
        }
        await bench.end()
    }

    private init() async throws {
        scratch = try ScratchFolder()
        files = try await DevelopmentCA.make(folder: scratch.file("ca"), kiosk: "kiosk-1")
        var configuration = PlatformConfiguration.standard
        configuration.documents.numbersWithoutRecord = [Self.numberWithoutRecord]
        // However full the disk of this machine is.
        configuration.limits.minimumFreeBytes = 0
        let (up, upSink) = AsyncStream.makeStream(of: PlatformService.Addresses.self)
        let platform = try await PlatformService(
            options: .init(
                state: scratch.file("platform"), port: 0, staffPort: 0, certificate: files.server,
                key: files.serverKey, clientCA: files.authority, identity: files.ageIdentity,
                configuration: configuration, developmentFaults: true),
            logger: Self.silent, whenUp: { upSink.yield($0) })
        service = Task { try await platform.run() }
        var first: PlatformService.Addresses?
        for await addresses in up {
            first = addresses
            break
        }
        guard let first, let port = URL(string: first.api)?.port, let page = URL(string: first.staff)?.port else {
            throw TestFailure("the platform did not come up")
        }
        staff = "http://127.0.0.1:\(page)"
        proxy = try FlakyProxy(targetHost: "127.0.0.1", targetPort: port)
        try await proxy.start()
        let tls = try PlatformAPI.tls(
            certificateFile: files.kiosk, keyFile: files.kioskKey, trustFile: files.authority)
        var timeouts = PlatformAPI.Timeouts()
        // On a slow machine a cut comes late, and is one all the same.
        timeouts.blip = .seconds(20)
        api = try PlatformAPI(
            url: "https://localhost:\(proxy.port)", tls: tls, timeouts: timeouts, logger: Self.silent)
        let recipient = try String(contentsOfFile: files.ageRecipients, encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        writer = try SealedFileWriter(folder: scratch.file("sealed"), recipients: [recipient])
        key = try await KioskSigningKey.loadOrCreate(at: scratch.file("key.pem"))
        journal = try await CaseJournal.open(
            stateFolder: scratch.path, sealedFolder: scratch.file("sealed"),
            limits: .init(maximumBytes: 1 << 30, minimumFreeBytes: 0), logger: Self.silent)
        session = Self.newID()
        try await journal.beginSession(session)
    }

    private func end() async {
        try? await api.shutdown()
        await proxy.stop()
        service.cancel()
        _ = try? await service.value
        try? await journal.close()
    }

    static func newID() -> ItemID {
        var generator = SystemRandomNumberGenerator()
        return ItemID(unixMilliseconds: UInt64(Date().timeIntervalSince1970 * 1000), using: &generator)
    }

    /// An accepted case with one material of the given size.
    func accept(materialBytes: Int = 5_000, code: String = AcceptanceCode.random()) async throws -> ItemID {
        let id = Self.newID()
        let plain = """
            {"person":{"name":"张测试","number":"999999194703120021"},"answers":[],"item":"senior-card","kiosk":"kiosk-1"}
            """
        let answers = try await writer.write(Array(plain.utf8), id: id)
        var generator = SeededGenerator(seed: 1)
        let material = try await writer.write(
            Array("%PDF-1.7\n".utf8) + generator.bytes(materialBytes), id: Self.newID())
        try await journal.recordMaterial(material, material: "household-register", pages: 2, session: session)
        let manifest = Manifest(
            suite: AgeSuite().name, kiosk: "kiosk-1", id: id, item: "senior-card", acceptanceCode: code, time: Date(),
            files: [
                .init(id: id, sha256: answers.sha256, bytes: answers.bytes, pages: 0),
                .init(id: material.id, sha256: material.sha256, bytes: material.bytes, pages: 2),
            ])
        try await journal.acceptCase(
            id: id, item: "senior-card", session: session, acceptanceCode: code, manifest: manifest.signed(with: key),
            answers: answers, materials: [material.id])
        return id
    }

    /// An uploader with short waits.
    func uploader() -> CaseUploader {
        let backOff = BackOff(base: .milliseconds(100), cap: .milliseconds(400), floor: .milliseconds(50))
        return CaseUploader(
            outbox: journal, platform: api, folder: scratch.file("sealed"), logger: Self.silent, caseBackOff: backOff,
            platformBackOff: backOff)
    }

    /// Runs an uploader until every case is confirmed.
    func sendAll(within limit: Duration = .seconds(20)) async throws {
        let uploader = uploader()
        let running = Task { await uploader.run() }
        defer { running.cancel() }
        do {
            try await eventually("every case is confirmed", within: limit) {
                try await self.journal.outboxSummary().cases == 0
            }
        } catch {
            throw TestFailure("\(error); outbox: \(try await journal.outboxSummary()); network: \(proxy.snapshot)")
        }
    }

    /// Orders a fault of the reference platform.
    func order(_ fault: String) async throws {
        var request = HTTPClientRequest(url: "\(staff)/development/faults")
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        request.body = .bytes(ByteBuffer(string: fault))
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        guard response.status == .created else { throw TestFailure("the fault was not taken: \(response.status)") }
    }

    /// Takes back all that was ordered.
    func clearOrders() async throws {
        var request = HTTPClientRequest(url: "\(staff)/development/faults")
        request.method = .DELETE
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        guard response.status == .noContent else { throw TestFailure("the faults stay: \(response.status)") }
    }

    func sealedNames() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: scratch.file("sealed")).sorted()
    }

    /// The cases that the platform has of the person of ``accept(materialBytes:code:)``.
    func casesOfPerson() async throws -> [CaseSummary] {
        try await api.cases(ofIDNumber: Sensitive("999999194703120021"))
    }
}
