import AsyncHTTPClient
import Crypto
import Foundation
import HallModel
import Logging
import NIOCore
import NIOSSL
import ServiceLifecycle
import Synchronization
import TestSupport

@testable import PlatformServer

/// A platform in this process, on free ports, with a kiosk in front of it.
final class PlatformUnderTest: Sendable {
    let scratch: ScratchFolder
    let files: DevelopmentCA.Files
    let addresses: PlatformService.Addresses
    let clock: TestClock
    private let group: ServiceGroup
    private let running: Task<Void, any Error>

    var state: String { scratch.file("state") }

    /// Starts a platform, hands it to the test and ends it.
    static func run(
        configuration: PlatformConfiguration = .standard, faults: Bool = false, scratch: ScratchFolder? = nil,
        clock: TestClock = TestClock(), freeBytes: @escaping @Sendable (String) -> Int64? = { _ in 1 << 40 },
        age: String = "age",
        _ body: (PlatformUnderTest, TestKiosk) async throws -> Void
    ) async throws {
        let platform = try await PlatformUnderTest(
            configuration: configuration, faults: faults, scratch: try scratch ?? ScratchFolder(), clock: clock,
            freeBytes: freeBytes, age: age)
        do {
            try await platform.kiosk { try await body(platform, $0) }
        } catch {
            await platform.stop()
            throw error
        }
        await platform.stop()
    }

    init(
        configuration: PlatformConfiguration, faults: Bool, scratch: ScratchFolder, clock: TestClock,
        freeBytes: @escaping @Sendable (String) -> Int64?, age: String
    ) async throws {
        self.scratch = scratch
        self.clock = clock
        files = try await DevelopmentCA.make(folder: scratch.file("ca"), kiosk: "kiosk-1")
        let up = AsyncStream<PlatformService.Addresses>.makeStream()
        var logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        logger.logLevel = .critical
        var options = PlatformService.Options(
            state: scratch.file("state"), port: 0, staffPort: 0, certificate: files.server, key: files.serverKey,
            clientCA: files.authority, identity: files.ageIdentity, configuration: configuration,
            developmentFaults: faults)
        options.clock = clock.clock
        options.age = age
        options.freeBytes = freeBytes
        let service = try await PlatformService(
            options: options,
            logger: logger, whenUp: { up.continuation.yield($0) })
        let group = ServiceGroup(configuration: .init(services: [.init(service: service)], logger: logger))
        self.group = group
        running = Task {
            defer { up.continuation.finish() }
            try await group.run()
        }
        guard let addresses = await up.stream.first(where: { _ in true }) else {
            try await running.value
            throw TestFailure("The platform ended at once.")
        }
        self.addresses = addresses
    }

    func stop() async {
        await group.triggerGracefulShutdown()
        _ = await running.result
    }

    /// A kiosk with a certificate of this platform's CA.
    func kiosk(_ name: String = "kiosk-1", _ body: (TestKiosk) async throws -> Void) async throws {
        let files = try await DevelopmentCA.make(folder: scratch.file("ca"), kiosk: name)
        try await TestKiosk.run(name: name, api: addresses.api, files: files, scratch: scratch, body)
    }

    /// A browser of the staff, logged in by the address that stands in `platform.json` now.
    func staffCookie(_ client: HTTPClient) async throws -> (base: String, cookie: String) {
        let bytes = try Data(contentsOf: URL(filePath: state + "/platform.json"))
        let now = try JSONDecoder().decode(PlatformService.Addresses.self, from: bytes)
        let answer = try await client.execute(HTTPClientRequest(url: now.staff), timeout: .seconds(10))
        let cookie = answer.headers.first(name: "set-cookie")?.split(separator: ";").first.map(String.init)
        guard let cookie, let base = now.staff.components(separatedBy: "/?").first else {
            throw TestFailure("The staff address did not give a cookie.")
        }
        return (base, cookie)
    }
}

/// The platform's time, in the hands of a test: it begins with the machine's and goes on with it.
final class TestClock: Sendable {
    private let ahead = Mutex<Int64>(0)

    var clock: PlatformClock {
        PlatformClock { [self] in Timestamp(unixSeconds: Timestamp.now.unixSeconds + ahead.withLock { $0 }) }
    }

    func advance(by duration: Duration) { ahead.withLock { $0 += duration.components.seconds } }
}

/// What a test reads of an answer.
struct Answer: Sendable {
    var status: Int
    var headers: [String: String]
    var body: Data

    var json: [String: Any] { (try? JSONSerialization.jsonObject(with: body)) as? [String: Any] ?? [:] }
    /// The last word of a problem's type.
    var problem: String? { (json["type"] as? String)?.components(separatedBy: ":").last }
    func text(_ key: String) -> String? { json[key] as? String }
    /// The body as text.
    var page: String { String(decoding: body, as: UTF8.self) }
}

/// The other side of the API, written from its description.
struct TestKiosk: Sendable {
    let name: String
    let api: String
    let client: HTTPClient
    let recipient: String
    let scratch: ScratchFolder
    let key = Curve25519.Signing.PrivateKey()

    static func run(
        name: String, api: String, files: DevelopmentCA.Files?, trust: String? = nil, scratch: ScratchFolder,
        _ body: (TestKiosk) async throws -> Void
    ) async throws {
        var tls = TLSConfiguration.makeClientConfiguration()
        if let trust = trust ?? files?.authority { tls.trustRoots = .file(trust) }
        if let files {
            tls.certificateChain = try NIOSSLCertificate.fromPEMFile(files.kiosk).map { .certificate($0) }
            tls.privateKey = .privateKey(try NIOSSLPrivateKey(file: files.kioskKey, format: .pem))
        }
        var configuration = HTTPClient.Configuration(tlsConfiguration: tls)
        configuration.redirectConfiguration = .disallow
        let client = HTTPClient(configuration: configuration)
        let recipient = try files.map { try String(contentsOfFile: $0.ageRecipients, encoding: .utf8) } ?? ""
        do {
            try await body(
                TestKiosk(
                    name: name, api: api, client: client,
                    recipient: recipient.trimmingCharacters(in: .whitespacesAndNewlines), scratch: scratch))
        } catch {
            try? await client.shutdown()
            throw error
        }
        try await client.shutdown()
    }

    // MARK: requests

    func call(
        _ method: String, _ path: String, headers: [String: String] = [:], body: HTTPClientRequest.Body? = nil,
        timeout: Int64 = 30
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: path.hasPrefix("http") ? path : api + path)
        request.method = .init(rawValue: method)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        request.body = body
        let response = try await client.execute(request, timeout: .seconds(timeout))
        let collected = try await response.body.collect(upTo: 64 << 20)
        var found: [String: String] = [:]
        for header in response.headers { found[header.name.lowercased()] = header.value }
        return Answer(status: Int(response.status.code), headers: found, body: Data(buffer: collected))
    }

    func post(_ path: String, json: some Encodable) async throws -> Answer {
        try await call(
            "POST", path, headers: ["Content-Type": "application/json"], body: .bytes(try JSONEncoder().encode(json)))
    }

    static func metadata(item: String, digest: String) -> String {
        "item \(Data(item.utf8).base64EncodedString()),digest \(Data(digest.utf8).base64EncodedString())"
    }

    func announce(_ bytes: [UInt8], item: String, digest: String? = nil) async throws -> Answer {
        try await call(
            "POST", "/v1/uploads",
            headers: [
                "Tus-Resumable": "1.0.0", "Upload-Length": "\(bytes.count)",
                "Upload-Metadata": Self.metadata(item: item, digest: digest ?? Digest256.of(bytes)),
            ])
    }

    func append(
        _ bytes: some Collection<UInt8> & Sendable, to location: String, at offset: Int,
        headers: [String: String] = [:]
    ) async throws -> Answer {
        let standard = [
            "Tus-Resumable": "1.0.0", "Upload-Offset": "\(offset)", "Content-Type": "application/offset+octet-stream",
        ]
        return try await call(
            "PATCH", location, headers: standard.merging(headers) { $1 }, body: .bytes(ByteBuffer(bytes: bytes)))
    }

    /// `nil` where there is none. An upload in somebody else's hands is asked for again, as a kiosk does.
    func offset(of location: String) async throws -> Int? {
        var answer = try await call("HEAD", location, headers: ["Tus-Resumable": "1.0.0"])
        // To HEAD there is no body that would name the problem.
        for _ in 0..<15 where answer.status == 409 {
            try await Task.sleep(for: .seconds(2))
            answer = try await call("HEAD", location, headers: ["Tus-Resumable": "1.0.0"])
        }
        return answer.headers["upload-offset"].flatMap { Int($0) }
    }

    /// Uploads a file whole.
    func upload(_ bytes: [UInt8], item: String, digest: String? = nil) async throws -> NewCase.SealedFile {
        let announced = try await announce(bytes, item: item, digest: digest)
        guard announced.status == 201, let location = announced.headers["location"] else {
            throw TestFailure("not announced: \(announced.status) \(announced.problem ?? "")")
        }
        if !bytes.isEmpty {
            let sent = try await append(bytes, to: location, at: 0)
            guard sent.status == 204 else { throw TestFailure("not uploaded: \(sent.status)") }
        }
        return .init(upload: String(location.suffix(32)), sha256: digest ?? Digest256.of(bytes))
    }

    // MARK: cases

    static func newID() -> ItemID {
        var generator = SystemRandomNumberGenerator()
        return ItemID(unixMilliseconds: UInt64(Date().timeIntervalSince1970 * 1000), using: &generator)
    }

    /// Seals with the `age` program.
    func seal(_ plain: [UInt8], to other: String? = nil) async throws -> [UInt8] {
        let name = UUID().uuidString
        try scratch.write(plain, to: name)
        let run = try await CommandRun.run("age", ["-r", other ?? recipient, scratch.file(name)])
        try FileManager.default.removeItem(atPath: scratch.file(name))
        guard run.succeeded else { throw TestFailure("age: \(run.errors)") }
        return run.output
    }

    static func answers(number: String = "999999194703120021", item: String = "senior-card") -> [UInt8] {
        Array(
            """
            {"person":{"name":"张桂兰","number":"\(number)","sex":"2","birth":"1947-03-12","address":"测试省样例市"},\
            "answers":[{"question":"pickup","label":"领取地点","value":"service-centre","text":"政务服务大厅 <b>"}],"item":"\(item)","kiosk":"k"}
            """.utf8)
    }

    /// One page, big enough to be drawn.
    static let pdf = Array(
        """
        %PDF-1.4
        1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
        2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
        3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<>>>>endobj
        4 0 obj<</Length 37>>stream
        0.1 0.2 0.3 rg 100 400 300 200 re f  
        endstream endobj
        trailer<</Root 1 0 R/Size 5>>
        %%EOF
        """.utf8)

    /// A signed request for a case with one material; files are uploaded.
    ///
    /// - Parameter sealing: the answers, where they are not the standard ones.
    func newCase(
        number: String = "999999194703120021", sealedTo other: String? = nil, code: String = "K7M2XQ4D",
        item: String = "senior-card", sealing: [UInt8]? = nil
    ) async throws -> NewCase {
        let id = Self.newID()
        let material = Self.newID()
        let answers = try await upload(
            try await seal(sealing ?? Self.answers(number: number, item: item), to: other), item: id.rawValue)
        let file = try await upload(try await seal(Self.pdf, to: other), item: material.rawValue)
        return try signed(
            NewCase(
                id: id, item: item, acceptedAt: "2026-03-02T09:15:00+08:00", acceptanceCode: code, manifest: "",
                manifestSignature: "", kioskKey: "", answers: answers,
                materials: [
                    .init(
                        id: material, name: "household-register", upload: file.upload, sha256: file.sha256, pages: 1)
                ]))
    }

    /// The same with a manifest that fits.
    func signed(_ wanted: NewCase) throws -> NewCase {
        struct Manifest: Encodable {
            struct File: Encodable { var id: String, sha256: String }
            var type = "case-manifest-v1"
            var kiosk: String
            var id: String
            var item: String
            var acceptanceCode: String
            var files: [File]
        }
        var files = [Manifest.File(id: wanted.id.rawValue, sha256: wanted.answers.sha256)]
        files += wanted.materials.map { .init(id: $0.id.rawValue, sha256: $0.sha256) }
        let manifest = try JSONEncoder().encode(
            Manifest(
                kiosk: name, id: wanted.id.rawValue, item: wanted.item, acceptanceCode: wanted.acceptanceCode,
                files: files))
        var signed = wanted
        signed.manifest = manifest.base64EncodedString()
        signed.manifestSignature = try key.signature(for: manifest).base64EncodedString()
        signed.kioskKey = key.publicKey.rawRepresentation.base64EncodedString()
        return signed
    }
}
