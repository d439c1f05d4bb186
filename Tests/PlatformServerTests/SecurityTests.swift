import AsyncHTTPClient
import Crypto
import Foundation
import NIOCore
import TestSupport
import Testing

@testable import PlatformServer

@Suite("who may connect", .serialized)
struct SecurityTests {
    @Test func `Without a certificate, or with one of another CA, nobody gets in`() async throws {
        try await PlatformUnderTest.run { platform, kiosk in
            #expect(try await kiosk.call("GET", "/v1/health").status == 200)
            try await TestKiosk.run(
                name: "nobody", api: platform.addresses.api, files: nil, trust: platform.files.authority,
                scratch: platform.scratch
            ) { nobody in
                await #expect(throws: (any Error).self) { try await nobody.call("GET", "/v1/health") }
            }
            let foreign = try await DevelopmentCA.make(folder: platform.scratch.file("foreign"), kiosk: "kiosk-1")
            try await TestKiosk.run(
                name: "kiosk-1", api: platform.addresses.api, files: foreign, trust: platform.files.authority,
                scratch: platform.scratch
            ) { stranger in
                await #expect(throws: (any Error).self) { try await stranger.call("GET", "/v1/health") }
            }
            // The server's own certificate is for servers only.
            var server = platform.files
            server.kiosk = server.server
            server.kioskKey = server.serverKey
            try await TestKiosk.run(
                name: "server", api: platform.addresses.api, files: server, scratch: platform.scratch
            ) { impostor in
                await #expect(throws: (any Error).self) { try await impostor.call("GET", "/v1/health") }
            }
        }
    }

    @Test func `A development CA is completed, not made anew`() async throws {
        let scratch = try ScratchFolder()
        let first = try await DevelopmentCA.make(folder: scratch.file("ca"), kiosk: "one", host: "platform.test")
        func content(_ files: DevelopmentCA.Files) throws -> [Data] {
            try [
                files.authority, files.authorityKey, files.server, files.serverKey, files.ageIdentity,
                files.ageRecipients,
            ].map { try Data(contentsOf: URL(filePath: $0)) }
        }
        let before = try content(first)
        let kiosk = try Data(contentsOf: URL(filePath: first.kiosk))
        let second = try await DevelopmentCA.make(folder: scratch.file("ca"), kiosk: "two", host: "platform.test")
        #expect(try content(second) == before)
        #expect(second.kiosk != first.kiosk)
        #expect(try Data(contentsOf: URL(filePath: first.kiosk)) == kiosk)
        for path in [first.authorityKey, first.serverKey, first.kioskKey, first.ageIdentity] {
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
        // A damaged key makes a new pair, of the same CA.
        try Data("x".utf8).write(to: URL(filePath: first.kioskKey))
        let third = try await DevelopmentCA.make(folder: scratch.file("ca"), kiosk: "one", host: "platform.test")
        #expect(try Data(contentsOf: URL(filePath: third.kiosk)) != kiosk)
        let verified = try await CommandRun.run("openssl", ["verify", "-CAfile", third.authority, third.kiosk])
        #expect(verified.succeeded)
        await #expect(throws: PlatformFailure.self) {
            try await DevelopmentCA.make(folder: scratch.file("ca"), kiosk: "../x")
        }
    }

    @Test func `Any header text gives a value or a problem, never a trap`() throws {
        var generator = SeededGenerator(printedAs: #function)
        let alphabet = Array("item digest,=+/ MDE5\u{0}\u{7F}é张".unicodeScalars)
        for _ in 0..<20_000 {
            var text = ""
            for _ in 0..<Int.random(in: 0...60, using: &generator) {
                text.unicodeScalars.append(alphabet[Int.random(in: 0..<alphabet.count, using: &generator)])
            }
            #expect(throws: APIProblem.self) { try TusHeaders.metadata(text) }
            _ = TusHeaders.byteCount(text)
            _ = Timestamp(text)
            _ = Form.fields(text)
            _ = APIRoute.find(method: .get, path: "/v1/" + text, methodOverride: text)
        }
        #expect(TusHeaders.byteCount("1099511627776") == 1 << 40)
        #expect(TusHeaders.byteCount("99999999999999999999") == .max)
        #expect(TusHeaders.byteCount(String(repeating: "9", count: 65)) == nil)
        #expect(TusHeaders.byteCount("0") == 0 && TusHeaders.byteCount("00") == nil)
        #expect(TusHeaders.byteCount("+1") == nil)
        #expect(TusHeaders.byteCount("") == nil)
    }

    @Test func `A body that never ends is cut, and the platform goes on`() async throws {
        var configuration = PlatformConfiguration.standard
        configuration.limits.idleSeconds = 4
        try await PlatformUnderTest.run(configuration: configuration) { _, kiosk in
            let bytes = [UInt8](repeating: 7, count: 9000)
            let item = TestKiosk.newID().rawValue
            let location = try #require(try await kiosk.announce(bytes, item: item).headers["location"])
            let (silent, feed) = AsyncStream<ByteBuffer>.makeStream()
            feed.yield(ByteBuffer(bytes: bytes[..<4000]))
            // The platform closes the connection after four seconds of silence; the client need not do anything.
            await #expect(throws: (any Error).self) {
                try await kiosk.call(
                    "PATCH", location,
                    headers: [
                        "Tus-Resumable": "1.0.0", "Upload-Offset": "0",
                        "Content-Type": "application/offset+octet-stream",
                    ], body: .stream(silent, length: .known(Int64(9000))), timeout: 20)
            }
            feed.finish()
            #expect(try await kiosk.offset(of: location) == 4000)
        }
    }
}
