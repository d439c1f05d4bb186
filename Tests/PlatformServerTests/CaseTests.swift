import Crypto
import Foundation
import GRDB
import HallModel
import NIOCore
import TestSupport
import Testing

@testable import PlatformServer

@Suite("cases", .serialized)
struct CaseTests {
    @Test func `A case is committed and confirmed with a signature over its digests`() async throws {
        try await PlatformUnderTest.run { _, kiosk in
            let wanted = try await kiosk.newCase()
            let answer = try await kiosk.post("/v1/cases", json: wanted)
            #expect(answer.status == 201)
            #expect(answer.headers["location"] == "/v1/cases/\(wanted.id)")
            let number = try #require(answer.text("number"))
            #expect(CaseNumber.isValid(number))
            #expect(answer.text("status") == "已收件")
            #expect(answer.text("acceptedOn") == "2026-03-02")
            let digests = [wanted.answers.sha256, wanted.materials[0].sha256]
            #expect(answer.json["receivedDigests"] as? [String] == digests)

            let published = try await kiosk.call("GET", "/v1/signing-key")
            let key = try Curve25519.Signing.PublicKey(
                rawRepresentation: try #require(Data(base64Encoded: published.text("publicKey") ?? "")))
            let bytes = try #require(Data(base64Encoded: answer.text("confirmation") ?? ""))
            let signature = try #require(Data(base64Encoded: answer.text("signature") ?? ""))
            #expect(key.isValidSignature(signature, for: bytes))
            #expect(!key.isValidSignature(signature, for: bytes + [32]))
            let confirmation = try JSONDecoder().decode(Confirmation.self, from: bytes)
            #expect(confirmation.id == wanted.id.rawValue)
            #expect(confirmation.number == number)
            #expect(confirmation.digests == digests)
            #expect(String(decoding: bytes, as: UTF8.self).hasPrefix(#"{"digests":["#))
        }
    }

    @Test func `The same request gives the same answer; the same id with other content is refused`() async throws {
        try await PlatformUnderTest.run { platform, kiosk in
            let wanted = try await kiosk.newCase()
            let first = try await kiosk.post("/v1/cases", json: wanted)
            let again = try await kiosk.post("/v1/cases", json: wanted)
            #expect(first.status == 201)
            #expect(again.status == 200)
            #expect(again.body == first.body)
            #expect(try await kiosk.call("GET", "/v1/cases/\(wanted.id)").body == first.body)
            var other = wanted
            other.acceptedAt = "2026-03-02T09:15:01+08:00"
            #expect(try await kiosk.post("/v1/cases", json: other).problem == "case-differs")
            try await platform.kiosk("kiosk-2") { (second: TestKiosk) async throws -> Void in
                #expect(try await second.post("/v1/cases", json: wanted).problem == "case-differs")
                #expect(try await second.call("GET", "/v1/cases/\(wanted.id)").status == 404)
            }
            #expect(try await platform.caseCount() == 1)
        }
    }

    @Test func `Ten at once make one case`() async throws {
        try await PlatformUnderTest.run { platform, kiosk in
            for round in 1...8 {
                let wanted = try await kiosk.newCase()
                let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
                    for _ in 0..<10 { group.addTask { try await kiosk.post("/v1/cases", json: wanted) } }
                    return try await group.reduce(into: [Answer]()) { $0.append($1) }
                }
                #expect(answers.map(\.status).sorted() == [200, 200, 200, 200, 200, 200, 200, 200, 200, 201])
                #expect(Set(answers.map(\.body)).count == 1)
                #expect(try await platform.caseCount() == round)
            }
        }
    }

    @Test func `An answer lost after the commit does not make a second case`() async throws {
        try await PlatformUnderTest.run(faults: true) { platform, kiosk in
            let wanted = try await kiosk.newCase()
            try await platform.order(#"{"route":"createCase","kind":"loseAnswer","times":2}"#, by: kiosk)
            for _ in 0..<2 {
                await #expect(throws: (any Error).self) { try await kiosk.post("/v1/cases", json: wanted) }
            }
            #expect(try await platform.caseCount() == 1)
            let answer = try await kiosk.post("/v1/cases", json: wanted)
            #expect(answer.status == 200)
            #expect(try await platform.caseCount() == 1)
        }
    }

    @Test func `Files that are missing, half there or different are named`() async throws {
        try await PlatformUnderTest.run { platform, kiosk in
            let good = try await kiosk.newCase()

            var missing = good
            missing.materials[0].upload = String(repeating: "a", count: 32)
            let notReady = try await kiosk.post("/v1/cases", json: try kiosk.signed(missing))
            #expect(notReady.status == 422)
            #expect(notReady.problem == "upload-not-ready")
            #expect(notReady.files.map { $0["upload"] } == [missing.materials[0].upload])

            var half = good
            let bytes = try await kiosk.seal(TestKiosk.pdf)
            let location = try #require(
                try await kiosk.announce(bytes, item: good.materials[0].id.rawValue).headers["location"])
            _ = try await kiosk.append(bytes.dropLast(), to: location, at: 0)
            half.materials[0].upload = String(location.suffix(32))
            half.materials[0].sha256 = Digest256.of(bytes)
            #expect(try await kiosk.post("/v1/cases", json: try kiosk.signed(half)).problem == "upload-not-ready")

            var different = good
            let damaged = try await kiosk.upload(
                bytes, item: TestKiosk.newID().rawValue, digest: String(repeating: "0", count: 64))
            different.materials[0].upload = damaged.upload
            different.materials[0].sha256 = damaged.sha256
            let mismatch = try await kiosk.post("/v1/cases", json: try kiosk.signed(different))
            #expect(mismatch.status == 422)
            #expect(mismatch.problem == "digest-mismatch")
            #expect(mismatch.files.first?["received"] == Digest256.of(bytes))
            #expect(mismatch.files.first?["material"] == good.materials[0].id.rawValue)

            var twice = good
            twice.materials[0].upload = good.answers.upload
            #expect(try await kiosk.post("/v1/cases", json: try kiosk.signed(twice)).problem == "duplicate-upload")
            #expect(try await platform.caseCount() == 0)
            #expect(try await kiosk.post("/v1/cases", json: good).status == 201)

            // What one case holds is not there for another, and cannot be terminated.
            var second = good
            second.id = TestKiosk.newID()
            #expect(try await kiosk.post("/v1/cases", json: try kiosk.signed(second)).problem == "upload-not-ready")
            let kept = try await kiosk.call(
                "DELETE", "/v1/uploads/\(good.answers.upload)", headers: ["Tus-Resumable": "1.0.0"])
            #expect(kept.problem == "upload-in-case")
        }
    }

    @Test func `Nothing is confirmed that the platform cannot open`() async throws {
        try await PlatformUnderTest.run { platform, kiosk in
            let stranger = try await CommandRun.run("age-keygen", ["-o", kiosk.scratch.file("stranger")])
            #expect(stranger.succeeded)
            let derived = try await CommandRun.run("age-keygen", ["-y", kiosk.scratch.file("stranger")])
            let recipient = String(decoding: derived.output, as: UTF8.self).trimmingCharacters(in: .newlines)
            let closed = try await kiosk.post("/v1/cases", json: try await kiosk.newCase(sealedTo: recipient))
            #expect(closed.status == 422)
            #expect(closed.problem == "cannot-open")
            #expect(closed.files.count == 2)
            #expect(try await platform.caseCount() == 0)
        }
    }

    @Test func `A wrong signature or manifest is refused`() async throws {
        try await PlatformUnderTest.run { _, kiosk in
            let good = try await kiosk.newCase()
            var unsigned = good
            unsigned.manifestSignature = Data(count: 64).base64EncodedString()
            #expect(try await kiosk.post("/v1/cases", json: unsigned).problem == "wrong-signature")
            var other = good
            other.id = TestKiosk.newID()
            #expect(try await kiosk.post("/v1/cases", json: other).problem == "wrong-manifest")
            var unknown = good
            unknown.item = "no-such-item"
            #expect(try await kiosk.post("/v1/cases", json: try kiosk.signed(unknown)).problem == "unknown-item")
            var malformed = good
            malformed.acceptanceCode = "0OIL0OIL"
            #expect(try await kiosk.post("/v1/cases", json: malformed).status == 400)
        }
    }

    @Test func `A case is found by acceptance code and by the person's number, and by nobody else's`() async throws {
        try await PlatformUnderTest.run { platform, kiosk in
            let wanted = try await kiosk.newCase(number: "99999919470312002X", code: "QRSTVWXY")
            #expect(try await kiosk.call("GET", "/v1/acceptance-codes/QRSTVWXY").status == 404)
            let number = try await kiosk.post("/v1/cases", json: wanted).text("number")
            let byCode = try await kiosk.call("GET", "/v1/acceptance-codes/QRSTVWXY")
            #expect(byCode.text("number") == number)
            let mine = try await kiosk.post("/v1/case-queries", json: ["idNumber": "99999919470312002X"])
            #expect((mine.json["cases"] as? [[String: Any]])?.first?["number"] as? String == number)
            #expect(mine.headers["cache-control"] == "no-store")
            let other = try await kiosk.post("/v1/case-queries", json: ["idNumber": "999999194703120021"])
            #expect((other.json["cases"] as? [Any])?.isEmpty == true)
            #expect(try await kiosk.post("/v1/case-queries", json: ["idNumber": "张"]).status == 400)
            // The number is nowhere in the state folder.
            for file in FileManager.default.enumerator(atPath: platform.state)?.allObjects as? [String] ?? [] {
                let data = FileManager.default.contents(atPath: platform.state + "/" + file) ?? Data()
                #expect(data.range(of: Data("99999919470312002X".utf8)) == nil, "\(file)")
                #expect(data.range(of: Data("张桂兰".utf8)) == nil, "\(file)")
            }
        }
    }

    @Test func `Bodies are bounded and have one type`() async throws {
        try await PlatformUnderTest.run { _, kiosk in
            let large = try await kiosk.call(
                "POST", "/v1/cases", headers: ["Content-Type": "application/json"],
                body: .bytes(ByteBuffer(repeating: 32, count: 300_000)))
            #expect(large.status == 413)
            let plain = try await kiosk.call(
                "POST", "/v1/cases", headers: ["Content-Type": "text/plain"], body: .bytes(ByteBuffer(string: "{}")))
            #expect(plain.status == 415)
            let empty = try await kiosk.post("/v1/cases", json: [String: String]())
            #expect(empty.text("detail")?.contains("is missing") == true)
            #expect(try await kiosk.call("PUT", "/v1/cases").headers["allow"] == "POST")
            #expect(try await kiosk.call("GET", "/v2/cases").status == 404)
        }
    }

    @Test func `Numbers have a check digit that finds wrong digits`() {
        for sequence in CaseNumber.first..<CaseNumber.first + 300 {
            let number = CaseNumber.text(sequence: sequence)
            #expect(number.count == 8 && CaseNumber.isValid(number))
            for (index, digit) in number.enumerated() {
                for other in "0123456789" where other != digit {
                    var changed = Array(number)
                    changed[index] = other
                    #expect(!CaseNumber.isValid(String(changed)))
                }
            }
        }
        #expect("99000123".inGroupsOfFour == "9900 0123")
        #expect("990000-2026-0123".inGroupsOfFour == "990000-2026-0123")
        // The worked example of ISO/IEC 7064 for MOD 11,10.
        #expect(CaseNumber.checkDigit("0794") == 5)
    }

    @Test func `Times are read and written as RFC 3339 says`() {
        #expect(Timestamp("2026-03-02T09:15:00+08:00")?.text == "2026-03-02T01:15:00Z")
        #expect(Timestamp("1970-01-01T00:00:00Z")?.unixSeconds == 0)
        #expect(Timestamp("2024-02-29T23:59:59.999z")?.chinaDay == "2024-03-01")
        #expect(Timestamp("1969-12-31T23:59:59Z")?.unixSeconds == -1)
        #expect(Timestamp(unixSeconds: 784_111_777).httpDate == "Sun, 06 Nov 1994 08:49:37 GMT")
        for wrong in ["2026-02-29T00:00:00Z", "2026-03-02", "2026-03-02T09:15:00", "2026-03-02T24:00:00Z", ""] {
            #expect(Timestamp(wrong) == nil)
        }
    }

    @Test func `The database keeps what it has acknowledged through a power cut`() throws {
        let scratch = try ScratchFolder()
        let database = try PlatformDatabase(path: scratch.file("db"))
        #expect(try database.synchronousLevel() == 2)
    }
}

extension Answer {
    var files: [[String: String]] {
        (json["files"] as? [[String: Any]] ?? []).map { $0.compactMapValues { $0 as? String } }
    }
}

extension PlatformUnderTest {
    func caseCount() async throws -> Int {
        let database = try PlatformDatabase(path: state + "/platform.sqlite")
        return try await database.pool.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM platformCase") ?? -1
        }
    }
}
