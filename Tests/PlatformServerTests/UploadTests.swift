import AsyncHTTPClient
import Foundation
import NIOCore
import TestSupport
import Testing

@testable import PlatformServer

@Suite("tus 1.0", .serialized)
struct UploadTests {
    private let item = TestKiosk.newID().rawValue
    private let bytes = (0..<70_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }

    @Test func `OPTIONS tells what the server can do, without Tus-Resumable`() async throws {
        try await PlatformUnderTest.run { _, kiosk in
            let answer = try await kiosk.call("OPTIONS", "/v1/uploads")
            #expect(answer.status == 204)
            #expect(answer.headers["tus-version"] == "1.0.0")
            #expect(answer.headers["tus-resumable"] == "1.0.0")
            #expect(answer.headers["tus-extension"] == "creation,termination,expiration")
            #expect(answer.headers["tus-max-size"] == "67108864")
        }
    }

    @Test func `A wrong or missing version is 412 and nothing happens`() async throws {
        try await PlatformUnderTest.run { _, kiosk in
            let location = try #require(try await kiosk.announce(bytes, item: item).headers["location"])
            for headers in [[:], ["Tus-Resumable": "0.2.2"]] {
                for method in ["HEAD", "PATCH", "DELETE"] {
                    let answer = try await kiosk.call(method, location, headers: headers)
                    #expect(answer.status == 412)
                    #expect(answer.headers["tus-version"] == "1.0.0")
                }
                #expect(try await kiosk.call("POST", "/v1/uploads", headers: headers).problem == "wrong-tus-version")
            }
            #expect(try await kiosk.offset(of: location) == 0)
        }
    }

    @Test func `A file goes up in one PATCH and its digest is known`() async throws {
        try await PlatformUnderTest.run { platform, kiosk in
            let announced = try await kiosk.announce(bytes, item: item)
            #expect(announced.status == 201)
            #expect(announced.headers["upload-expires"]?.hasSuffix(" GMT") == true)
            let location = try #require(announced.headers["location"])
            let sent = try await kiosk.append(bytes, to: location, at: 0)
            #expect(sent.status == 204)
            #expect(sent.headers["upload-offset"] == "70000")
            let head = try await kiosk.call("HEAD", location, headers: ["Tus-Resumable": "1.0.0"])
            #expect(head.status == 200)
            #expect(head.headers["upload-length"] == "70000")
            #expect(head.headers["cache-control"] == "no-store")
            let file = platform.state + "/uploads/" + location.suffix(32)
            #expect(try Array(Data(contentsOf: URL(filePath: file))) == bytes)
        }
    }

    @Test func `The same announcement gives the same upload with its offset, also when it is complete`() async throws {
        try await PlatformUnderTest.run { _, kiosk in
            let first = try await kiosk.announce(bytes, item: item)
            let location = try #require(first.headers["location"])
            #expect(try await kiosk.append(bytes[..<30_000], to: location, at: 0).status == 204)
            let again = try await kiosk.announce(bytes, item: item)
            #expect(again.status == 201)
            #expect(again.headers["location"] == location)
            #expect(again.headers["upload-offset"] == "30000")
            #expect(try await kiosk.append(bytes[30_000...], to: location, at: 30_000).status == 204)
            #expect(try await kiosk.announce(bytes, item: item).headers["upload-offset"] == "70000")
            // Another length under the same digest cannot be the same file.
            #expect(
                try await kiosk.announce(Array(bytes.dropLast()), item: item, digest: Digest256.of(bytes)).problem
                    == "length-mismatch")
        }
    }

    @Test func `Two announcements at once make one upload`() async throws {
        try await PlatformUnderTest.run { platform, kiosk in
            let locations = try await withThrowingTaskGroup(of: String?.self) { group in
                for _ in 0..<12 { group.addTask { try await kiosk.announce(bytes, item: item).headers["location"] } }
                return try await group.reduce(into: Set<String?>()) { $0.insert($1) }
            }
            #expect(locations.count == 1)
            #expect(try FileManager.default.contentsOfDirectory(atPath: platform.state + "/uploads").count == 1)
        }
    }

    @Test func `A wrong offset is 409 and tells the right one`() async throws {
        try await PlatformUnderTest.run { _, kiosk in
            let location = try #require(try await kiosk.announce(bytes, item: item).headers["location"])
            _ = try await kiosk.append(bytes[..<1000], to: location, at: 0)
            for offset in [0, 999, 1001, 70_000] {
                let answer = try await kiosk.append([1, 2, 3], to: location, at: offset)
                #expect(answer.status == 409)
                #expect(answer.problem == "offset-mismatch")
                #expect(answer.json["offset"] as? Int == 1000)
            }
        }
    }

    @Test func `Wrong headers are refused by name`() async throws {
        try await PlatformUnderTest.run { _, kiosk in
            let location = try #require(try await kiosk.announce(bytes, item: item).headers["location"])
            let media = try await kiosk.append([1], to: location, at: 0, headers: ["Content-Type": "text/plain"])
            #expect(media.status == 415)
            let offset = try await kiosk.append([1], to: location, at: 0, headers: ["Upload-Offset": "-1"])
            #expect(offset.status == 400)
            let good = TestKiosk.metadata(item: item, digest: Digest256.of(bytes))
            for headers in [
                ["Upload-Metadata": good], ["Upload-Length": "x", "Upload-Metadata": good],
                ["Upload-Length": "1", "Upload-Defer-Length": "1", "Upload-Metadata": good], ["Upload-Length": "1"],
                ["Upload-Length": "1", "Upload-Metadata": "item !!!"],
                ["Upload-Length": "1", "Upload-Metadata": good + ",item YQ=="],
                ["Upload-Length": "1", "Upload-Metadata": TestKiosk.metadata(item: "a", digest: "b")],
                // The kiosk's ids are UUIDv7.
                [
                    "Upload-Length": "1",
                    "Upload-Metadata": TestKiosk.metadata(
                        item: "0195c8a0-1f4e-4c3a-9b2d-4e5f6a7b8c9d", digest: Digest256.of(bytes)),
                ],
            ] {
                let answer = try await kiosk.call(
                    "POST", "/v1/uploads", headers: headers.merging(["Tus-Resumable": "1.0.0"]) { $1 })
                #expect(answer.status == 400)
            }
        }
    }

    @Test func `More than fits is 413, known before or found out on the way`() async throws {
        try await PlatformUnderTest.run { _, kiosk in
            for length in ["67108865", "2199023255552", "99999999999999999999"] {
                let huge = try await kiosk.call(
                    "POST", "/v1/uploads",
                    headers: [
                        "Tus-Resumable": "1.0.0", "Upload-Length": length,
                        "Upload-Metadata": TestKiosk.metadata(item: item, digest: Digest256.of(bytes)),
                    ])
                #expect(huge.status == 413)
                #expect(huge.json["limit"] as? Int == 67_108_864)
            }
            let location = try #require(try await kiosk.announce(bytes, item: item).headers["location"])
            #expect(try await kiosk.append(bytes + [0], to: location, at: 0).status == 413)
            let parts = [ByteBuffer(bytes: bytes), ByteBuffer(bytes: [0])].feed
            let streamed = try await kiosk.call(
                "PATCH", location,
                headers: [
                    "Tus-Resumable": "1.0.0", "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream",
                ],
                body: .stream(parts, length: .unknown))
            #expect(streamed.status == 413)
            #expect(try await kiosk.offset(of: location) == 0)
            #expect(try await kiosk.append(bytes, to: location, at: 0).status == 204)
        }
    }

    @Test func `What arrived before the connection was cut is kept, and sending goes on from there`() async throws {
        try await PlatformUnderTest.run(faults: true) { platform, kiosk in
            let location = try #require(try await kiosk.announce(bytes, item: item).headers["location"])
            try await platform.order(#"{"route":"appendToUpload","kind":"cut","bytes":40000}"#, by: kiosk)
            await #expect(throws: (any Error).self) { try await kiosk.append(bytes, to: location, at: 0) }
            #expect(try await kiosk.offset(of: location) == 40_000)
            #expect(try await kiosk.append(bytes[40_000...], to: location, at: 40_000).status == 204)
            let file = platform.state + "/uploads/" + location.suffix(32)
            #expect(try Array(Data(contentsOf: URL(filePath: file))) == bytes)
        }
    }

    @Test func `A newer request takes the upload over from a connection that has gone silent`() async throws {
        try await PlatformUnderTest.run { platform, kiosk in
            let location = try #require(try await kiosk.announce(bytes, item: item).headers["location"])
            let (silent, feed) = AsyncStream<ByteBuffer>.makeStream()
            feed.yield(ByteBuffer(bytes: bytes[..<20_000]))
            let old = Task {
                try await kiosk.call(
                    "PATCH", location,
                    headers: [
                        "Tus-Resumable": "1.0.0", "Upload-Offset": "0",
                        "Content-Type": "application/offset+octet-stream",
                    ], body: .stream(silent, length: .known(Int64(70_000))))
            }
            let file = platform.state + "/uploads/" + location.suffix(32)
            try await eventually("the silent request's bytes are in the file") {
                FileManager.default.contents(atPath: file)?.count == 20_000
            }
            let taken = try await kiosk.call("HEAD", location, headers: ["Tus-Resumable": "1.0.0"])
            #expect(taken.status == 200 && taken.headers["upload-offset"] == "20000")
            feed.finish()
            _ = await old.result
            #expect(try await kiosk.append(bytes[20_000...], to: location, at: 20_000).status == 204)
        }
    }

    @Test(arguments: ["HEAD", "PATCH", "DELETE"])
    func `A newer request takes the upload over at once from a peer that never answers again`(
        method: String
    ) async throws {
        try await PlatformUnderTest.run { platform, kiosk in
            var shortest = Duration.seconds(60)
            // The farewell of TLS would have been waited for five seconds long, each time; a slow disk is slow once.
            for _ in 0..<3 where shortest >= .seconds(4) {
                shortest = min(shortest, try await takeover(method, platform, kiosk))
            }
            #expect(shortest < .seconds(4))
        }
    }

    /// How long a newer request takes while an older one's peer is silent.
    private func takeover(
        _ method: String, _ platform: PlatformUnderTest, _ kiosk: TestKiosk
    ) async throws -> Duration {
        let location = try #require(
            try await kiosk.announce(bytes, item: TestKiosk.newID().rawValue).headers["location"])
        let head = """
            PATCH \(location) HTTP/1.1\r\nHost: localhost\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n\
            Content-Type: application/offset+octet-stream\r\nContent-Length: 70000\r\n\r\n
            """
        let port = try #require(URL(string: platform.addresses.api)?.port)
        let peer = try await SilentPeer.sending(Array(head.utf8) + bytes[..<20_000], to: port, files: platform.files)
        let file = platform.state + "/uploads/" + location.suffix(32)
        try await eventually("the silent request's bytes are in the file") {
            FileManager.default.contents(atPath: file)?.count == 20_000
        }
        let began = ContinuousClock.now
        let answer =
            method == "PATCH"
            ? try await kiosk.append(bytes[20_000...], to: location, at: 20_000)
            : try await kiosk.call(method, location, headers: ["Tus-Resumable": "1.0.0"])
        let took = ContinuousClock.now - began
        #expect(answer.status == (method == "HEAD" ? 200 : 204), "\(answer)")
        await peer.end()
        return took
    }

    @Test func `From the moment that Upload-Expires names, an upload is gone for every method and for a case`()
        async throws
    {
        var configuration = PlatformConfiguration.standard
        configuration.limits.uploadExpirySeconds = 600
        try await PlatformUnderTest.run(configuration: configuration) { platform, kiosk in
            let tus = ["Tus-Resumable": "1.0.0"]
            let wanted = try await kiosk.newCase()
            let location = try #require(try await kiosk.announce(bytes, item: item).headers["location"])
            platform.clock.advance(by: .seconds(500))
            #expect(try await kiosk.append(bytes[..<100], to: location, at: 0).status == 204)
            // The bytes have moved its end on; the case's files have reached theirs.
            platform.clock.advance(by: .seconds(200))
            #expect(try await kiosk.offset(of: location) == 100)
            #expect(try await kiosk.post("/v1/cases", json: wanted).problem == "upload-not-ready")
            platform.clock.advance(by: .seconds(400))
            #expect(try await kiosk.append(bytes[100...], to: location, at: 100).problem == "upload-gone")
            #expect(try await kiosk.call("HEAD", location, headers: tus).status == 410)
            #expect(try await kiosk.call("DELETE", location, headers: tus).status == 410)
            let fresh = try await kiosk.announce(bytes, item: item)
            #expect(fresh.status == 201 && fresh.headers["location"] != location)
            #expect(fresh.headers["upload-offset"] == "0")
            #expect(try await kiosk.call("HEAD", location, headers: tus).status == 410)
        }
    }

    @Test func `A terminated upload is gone, an unknown one was never there`() async throws {
        try await PlatformUnderTest.run { platform, kiosk in
            let location = try #require(try await kiosk.announce(bytes, item: item).headers["location"])
            let tus = ["Tus-Resumable": "1.0.0"]
            #expect(try await kiosk.call("DELETE", location, headers: tus).status == 204)
            #expect(try FileManager.default.contentsOfDirectory(atPath: platform.state + "/uploads").isEmpty)
            #expect(try await kiosk.call("HEAD", location, headers: tus).status == 410)
            #expect(try await kiosk.append([1], to: location, at: 0).status == 410)
            #expect(try await kiosk.call("DELETE", location, headers: tus).status == 410)
            let unknown = "/v1/uploads/" + String(repeating: "0", count: 32)
            #expect(try await kiosk.call("HEAD", unknown, headers: tus).status == 404)
            let fresh = try await kiosk.announce(bytes, item: item)
            #expect(fresh.status == 201)
            #expect(fresh.headers["location"] != location)
        }
    }

    @Test func `POST may stand in for another method, as tus says`() async throws {
        try await PlatformUnderTest.run { _, kiosk in
            let location = try #require(try await kiosk.announce(bytes, item: item).headers["location"])
            let answer = try await kiosk.call(
                "POST", location,
                headers: [
                    "Tus-Resumable": "1.0.0", "X-HTTP-Method-Override": "PATCH", "Upload-Offset": "0",
                    "Content-Type": "application/offset+octet-stream",
                ],
                body: .bytes(ByteBuffer(bytes: bytes)))
            #expect(answer.status == 204)
            #expect(try await kiosk.call("GET", location).status == 405)
        }
    }

    @Test func `Uploads without a case are bounded per kiosk and expire`() async throws {
        var configuration = PlatformConfiguration.standard
        configuration.limits.openUploadsPerKiosk = 3
        try await PlatformUnderTest.run(configuration: configuration) { platform, kiosk in
            for _ in 0..<3 {
                #expect(try await kiosk.announce(bytes, item: TestKiosk.newID().rawValue).status == 201)
            }
            let refused = try await kiosk.announce(bytes, item: item)
            #expect(refused.status == 429)
            #expect(refused.headers["retry-after"] != nil)
            #expect(try FileManager.default.contentsOfDirectory(atPath: platform.state + "/uploads").count == 3)
            platform.clock.advance(by: .seconds(configuration.limits.uploadExpirySeconds + 10))
            try await platform.store().expire()
            #expect(try FileManager.default.contentsOfDirectory(atPath: platform.state + "/uploads").isEmpty)
            #expect(try await kiosk.announce(bytes, item: item).status == 201)
        }
    }

    @Test func `Another kiosk sees nothing of it`() async throws {
        try await PlatformUnderTest.run { platform, kiosk in
            let location = try #require(try await kiosk.announce(bytes, item: item).headers["location"])
            try await platform.kiosk("kiosk-2") { (other: TestKiosk) async throws -> Void in
                let tus = ["Tus-Resumable": "1.0.0"]
                #expect(try await other.call("HEAD", location, headers: tus).status == 404)
                #expect(try await other.append(bytes, to: location, at: 0).status == 404)
                #expect(try await other.call("DELETE", location, headers: tus).status == 404)
                #expect(try await other.announce(bytes, item: item).headers["location"] != location)
            }
        }
    }

    @Test func `A file that arrives damaged can simply be announced again`() async throws {
        try await PlatformUnderTest.run { _, kiosk in
            let first = try await kiosk.announce(bytes, item: item)
            let location = try #require(first.headers["location"])
            var damaged = bytes
            damaged[5] ^= 1
            #expect(try await kiosk.append(damaged, to: location, at: 0).status == 204)
            let second = try await kiosk.announce(bytes, item: item)
            #expect(second.headers["location"] != location)
            #expect(second.headers["upload-offset"] == "0")
        }
    }
}

extension PlatformUnderTest {
    /// Orders a fault.
    func order(_ json: String, by kiosk: TestKiosk) async throws {
        let base = addresses.staff.components(separatedBy: "/?")[0]
        let answer = try await kiosk.call(
            "POST", base + "/development/faults", headers: ["Content-Type": "application/json"],
            body: .bytes(ByteBuffer(string: json)))
        guard answer.status == 201 else { throw TestFailure("fault not taken: \(answer.status)") }
    }

    /// A second view of the same uploads, for what has no request.
    func store() throws -> UploadStore {
        UploadStore(
            folder: state + "/uploads", database: try PlatformDatabase(path: state + "/platform.sqlite"),
            limits: .standard, threads: .singleton, clock: clock.clock, freeBytes: StoredFile.freeBytes,
            logger: .init(label: "test"))
    }
}

extension Sequence where Element: Sendable {
    var feed: AsyncStream<Element> {
        let elements = Array(self)
        return AsyncStream { continuation in
            for element in elements { continuation.yield(element) }
            continuation.finish()
        }
    }
}
