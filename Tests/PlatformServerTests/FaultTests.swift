import AsyncHTTPClient
import Foundation
import NIOCore
import TestSupport
import Testing

@testable import PlatformServer

/// The faults that tests order do what docs/integrator.md says of them: a campaign rests on it.
@Suite("ordered faults", .serialized)
struct FaultTests {
    private func run(_ body: (PlatformUnderTest, TestKiosk) async throws -> Void) async throws {
        try await PlatformUnderTest.run(faults: true, body)
    }

    @Test(arguments: [
        #"{"route":"nowhere","kind":"delay","ms":1}"#, #"{"route":"any","kind":"explode"}"#,
        #"{"route":"any","kind":"status"}"#, #"{"route":"any","kind":"status","code":200}"#,
        #"{"route":"any","kind":"delay"}"#, #"{"route":"any","kind":"cut"}"#, #"{"route":"any","kind":"cutAnswer"}"#,
        #"{"route":"any","kind":"garbage","bytes":-1}"#, #"{"route":"any","kind":"wrongContentType"}"#,
        #"{"route":"any","kind":"twice","times":-1}"#, #"{"kind":"twice"}"#, "[]",
    ])
    func `Nonsense is refused`(json: String) async throws {
        try await run { (platform: PlatformUnderTest, kiosk: TestKiosk) async throws in
            await #expect(throws: TestFailure.self) { try await platform.order(json, by: kiosk) }
            #expect(try await kiosk.call("GET", "/v1/health").status == 200)
        }
    }

    @Test func `Down for all until it is cleared; listed, cleared one by one and all at once`() async throws {
        try await run { (platform: PlatformUnderTest, kiosk: TestKiosk) async throws in
            let base = platform.addresses.staff.components(separatedBy: "/?")[0] + "/development/faults"
            try await platform.order(#"{"route":"any","kind":"status","code":503,"times":0}"#, by: kiosk)
            for _ in 0..<5 {
                #expect(try await kiosk.call("GET", "/v1/health").status == 503)
                #expect(try await kiosk.announce([1], item: TestKiosk.newID().rawValue).status == 503)
            }
            try await platform.order(#"{"route":"getHealth","kind":"status","code":401}"#, by: kiosk)
            let listed = try await kiosk.call("GET", base)
            let faults = try #require(try JSONSerialization.jsonObject(with: listed.body) as? [[String: Any]])
            #expect(faults.map { $0["kind"] as? String } == ["status", "status"])
            let first = try #require(faults.first?["id"] as? Int)
            #expect(try await kiosk.call("DELETE", "\(base)?id=\(first)").status == 204)
            #expect(try await kiosk.call("DELETE", "\(base)?id=\(first)").status == 404)
            #expect(try await kiosk.call("GET", "/v1/health").status == 401)
            #expect(try await kiosk.call("GET", "/v1/health").status == 200)
            try await platform.order(#"{"route":"any","kind":"status","code":500,"times":0}"#, by: kiosk)
            #expect(try await kiosk.call("GET", "/v1/items").status == 500)
            #expect(try await kiosk.call("DELETE", base).status == 204)
            #expect(try await kiosk.call("GET", "/v1/items").status == 200)
        }
    }

    @Test func `A full disk is told as a full disk, and nothing is done`() async throws {
        try await run { (platform: PlatformUnderTest, kiosk: TestKiosk) async throws in
            try await platform.order(#"{"route":"createUpload","kind":"status","code":507,"times":2}"#, by: kiosk)
            for _ in 0..<2 {
                let full = try await kiosk.announce([1], item: TestKiosk.newID().rawValue)
                #expect(full.status == 507 && full.problem == "disk-full" && full.headers["retry-after"] != nil)
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: platform.state + "/uploads").isEmpty)
        }
    }

    @Test func `An answer is cut in mid-body, nonsense, endless or of another type`() async throws {
        try await run { (platform: PlatformUnderTest, kiosk: TestKiosk) async throws in
            try await platform.order(#"{"route":"listItems","kind":"cutAnswer","bytes":10}"#, by: kiosk)
            await #expect(throws: (any Error).self) { try await kiosk.call("GET", "/v1/items") }
            try await platform.order(#"{"route":"listItems","kind":"garbage","bytes":1000}"#, by: kiosk)
            let garbage = try await kiosk.call("GET", "/v1/items")
            #expect(garbage.status == 200 && garbage.body.count == 1000 && garbage.json.isEmpty)
            #expect(garbage.headers["content-type"] == "application/json")
            try await platform.order(#"{"route":"listItems","kind":"endless"}"#, by: kiosk)
            // The test's client gives up at 64 MiB.
            await #expect(throws: (any Error).self) { try await kiosk.call("GET", "/v1/items") }
            try await platform.order(
                #"{"route":"listItems","kind":"wrongContentType","contentType":"text/html"}"#, by: kiosk)
            #expect(try await kiosk.call("GET", "/v1/items").headers["content-type"] == "text/html")
            #expect(try await kiosk.call("GET", "/v1/items").headers["content-type"] == "application/json")
        }
    }

    @Test func `An earlier answer is repeated, and the work is done all the same`() async throws {
        try await run { (platform: PlatformUnderTest, kiosk: TestKiosk) async throws in
            let first = try await kiosk.announce([1], item: TestKiosk.newID().rawValue)
            try await platform.order(#"{"route":"createUpload","kind":"earlierAnswer"}"#, by: kiosk)
            let item = TestKiosk.newID().rawValue
            let second = try await kiosk.announce([1, 2], item: item)
            #expect(second.headers["location"] == first.headers["location"])
            #expect(try FileManager.default.contentsOfDirectory(atPath: platform.state + "/uploads").count == 2)
            let third = try await kiosk.announce([1, 2], item: item)
            #expect(third.headers["location"] != first.headers["location"])
        }
    }

    @Test func `An answer comes twice on the connection`() async throws {
        try await run { (platform: PlatformUnderTest, kiosk: TestKiosk) async throws in
            try await platform.order(#"{"route":"getHealth","kind":"twice"}"#, by: kiosk)
            // Seen by a client that shows what is on the wire.
            let files = platform.files
            let request = "GET /v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n"
            try platform.scratch.write(request.utf8, to: "request")
            let address = platform.addresses.api.replacingOccurrences(of: "https://", with: "")
            let run = try await CommandRun.run(
                "bash",
                [
                    "-c",
                    "(cat '\(platform.scratch.file("request"))'; sleep 2) | timeout 10 openssl s_client -quiet "
                        + "-connect \(address) -CAfile '\(files.authority)' -cert '\(files.kiosk)' -key '\(files.kioskKey)' "
                        + "2>/dev/null",
                ])
            let text = String(decoding: run.output, as: UTF8.self)
            #expect(text.components(separatedBy: "HTTP/1.1 200").count - 1 == 2, "\(text)")
            #expect(text.components(separatedBy: #""status":"ok""#).count - 1 == 2)
        }
    }

    @Test func `Slow, lost and cut requests, as before`() async throws {
        try await run { (platform: PlatformUnderTest, kiosk: TestKiosk) async throws in
            try await platform.order(#"{"route":"getHealth","kind":"delay","ms":400}"#, by: kiosk)
            let began = ContinuousClock.now
            #expect(try await kiosk.call("GET", "/v1/health").status == 200)
            #expect(.now - began >= .milliseconds(400))
            let wanted = try await kiosk.newCase()
            try await platform.order(#"{"route":"createCase","kind":"loseAnswer"}"#, by: kiosk)
            await #expect(throws: (any Error).self) { try await kiosk.post("/v1/cases", json: wanted) }
            #expect(try await kiosk.post("/v1/cases", json: wanted).status == 200)
            let bytes = [UInt8](repeating: 1, count: 300_000)
            let location = try #require(
                try await kiosk.announce(bytes, item: TestKiosk.newID().rawValue).headers["location"])
            try await platform.order(#"{"route":"appendToUpload","kind":"cut","bytes":100000}"#, by: kiosk)
            await #expect(throws: (any Error).self) { try await kiosk.append(bytes, to: location, at: 0) }
            #expect(try await kiosk.offset(of: location) == 100_000)
        }
    }
}
