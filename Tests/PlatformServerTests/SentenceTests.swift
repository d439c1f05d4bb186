import Foundation
import NIOCore
import TestSupport
import Testing

@testable import PlatformServer

/// What a refusal says to whoever writes the other side.
@Suite("sentences of refusals", .serialized)
struct SentenceTests {
    @Test func `A body that is wrong is told with the member and with what it must be`() async throws {
        try await PlatformUnderTest.run { (_: PlatformUnderTest, kiosk: TestKiosk) async throws in
            func refusal(_ body: some Sequence<UInt8>, _ path: String = "/v1/documents") async throws -> String {
                let answer = try await kiosk.call(
                    "POST", path, headers: ["Content-Type": "application/json"],
                    body: .bytes(ByteBuffer(bytes: body)))
                #expect(answer.status == 400 && answer.problem == "malformed-body", "\(answer)")
                return answer.text("detail") ?? ""
            }
            for body in ["[]", "null", "5"] {
                #expect(try await refusal(body.utf8) == "The body must be a JSON object.", "\(body)")
            }
            #expect(try await refusal("{".utf8) == "The body is not JSON: it ends too early.")
            #expect(try await refusal([0x7B, 0xFF]) == "The body is not UTF-8: byte 2 cannot be read.")
            let id = "0195c8a0-1f4e-7c3a-9b2d-4e5f6a7b8c9d"
            func document(_ members: String) -> String {
                let answers = members.contains("answers") ? "" : #","answers":[]"#
                return #"{"id":"\#(id)","item":"x","idNumber":"999999194703120021"\#(answers)\#(members)}"#
            }
            #expect(try await refusal(document(#","answers":5"#).utf8) == "Member `answers` must be an array.")
            #expect(try await refusal(document(#","name":5"#).utf8) == "Member `name` must be a string.")
            // The description allows a string or nothing.
            #expect(try await refusal(document(#","name":null"#).utf8) == "Member `name` must be a string.")
            #expect(
                try await refusal(document(#","secondCopy":1"#).utf8) == "Member `secondCopy` must be true or false.")
            #expect(
                try await refusal(document(#","answers":[{"question":"a","value":[]}]"#).utf8)
                    == "Member `answers[0].value` must be a string.")
            // One sentence for an id, whatever is wrong with it.
            for wrong in ["", "x", "0195C8A0-1F4E-7C3A-9B2D-4E5F6A7B8C9D", "0195c8a0-1f4e-4c3a-9b2d-4e5f6a7b8c9d"] {
                #expect(
                    try await refusal(document("").replacingOccurrences(of: id, with: wrong).utf8)
                        == "Member `id` must be a lower-case UUIDv7.", "\(wrong)")
            }
            #expect(
                try await refusal(#"{"idNumber":"999999194703120021","receiptCode":null}"#.utf8, "/v1/case-queries")
                    == "Member `receiptCode` must be a string.")
        }
    }

    @Test func `A file that cannot be a case's is told with what is wrong in it, and nothing of its content`()
        async throws
    {
        try await PlatformUnderTest.run { (_: PlatformUnderTest, kiosk: TestKiosk) async throws in
            func refusal(answers: [UInt8]) async throws -> String {
                var wanted = try await kiosk.newCase()
                wanted.answers = try await kiosk.upload(answers, item: wanted.id.rawValue)
                let refused = try await kiosk.post("/v1/cases", json: try kiosk.signed(wanted))
                #expect(refused.status == 422 && refused.problem == "cannot-open")
                #expect((refused.json["files"] as? [[String: Any]])?.first?["role"] as? String == "answers")
                return refused.text("detail") ?? ""
            }
            #expect(
                try await refusal(answers: Array("plain".utf8))
                    == "`answers` is not sealed to a key of this platform, or is damaged: age cannot open it.")
            #expect(
                try await refusal(answers: try await kiosk.seal(TestKiosk.answers(item: "social-card")))
                    == "`answers` holds answers for another item than `senior-card`.")
            #expect(
                try await refusal(answers: try await kiosk.seal(Array(#"{"person":{"name":"张桂兰"}}"#.utf8)))
                    == "`answers` is not `SealedAnswers`: Member `person.number` is missing.")
            var wanted = try await kiosk.newCase()
            let file = try await kiosk.upload(
                try await kiosk.seal(Array("a picture".utf8)), item: wanted.materials[0].id.rawValue)
            wanted.materials[0].upload = file.upload
            wanted.materials[0].sha256 = file.sha256
            let refused = try await kiosk.post("/v1/cases", json: try kiosk.signed(wanted))
            #expect(
                refused.text("detail")
                    == "Material `\(wanted.materials[0].id)` is no PDF: it does not begin with %PDF-.")
        }
    }

    @Test func `Ordering a fault is answered as the API answers, and a member that no fault has is told`() async throws
    {
        try await PlatformUnderTest.run(faults: true) { (platform: PlatformUnderTest, kiosk: TestKiosk) async throws in
            let address = platform.addresses.staff.components(separatedBy: "/?")[0] + "/development/faults"
            func order(_ json: String) async throws -> Answer {
                try await kiosk.call(
                    "POST", address, headers: ["Content-Type": "application/json"],
                    body: .bytes(ByteBuffer(string: json)))
            }
            let unknown = try await order(#"{"route":"any","kind":"delay","ms":1,"typo":1}"#)
            #expect(unknown.status == 400 && unknown.problem == "malformed-body")
            #expect(unknown.headers["content-type"] == "application/problem+json")
            #expect(unknown.text("detail")?.contains("no member `typo`") == true)
            #expect(try await order("{").problem == "malformed-body")
            #expect(try await kiosk.call("PUT", address).problem == "method-not-allowed")
            #expect(try await kiosk.call("DELETE", address + "?id=x").problem == "not-found")
            #expect(try await kiosk.call("GET", address).body == Data("[]".utf8))
        }
    }
}
