import Crypto
import Foundation
import HallModel
import TestSupport
import Testing

@testable import PlatformClient

@Suite("the platform's signed confirmation")
struct CaseConfirmationTests {
    private let key = Curve25519.Signing.PrivateKey()
    private let id: ItemID

    init() throws { id = try #require(ItemID(rawValue: "0195c8a0-1f4e-7c3a-9b2d-4e5f6a7b8c9d")) }

    private var sent: OutgoingCase {
        func file(_ digest: String) -> OutgoingCase.File {
            .init(id: id, material: nil, name: "x.age", sha256: digest, bytes: 1, pages: 0, uploadLocation: nil)
        }
        return OutgoingCase(
            id: id, item: "senior-card", acceptedAt: Date(), acceptanceCode: "K7M2XQ4D", manifest: [],
            manifestSignature: [], kioskKey: [], files: [file("aa"), file("bb")])
    }

    private func answer(_ content: String, number: String = "99000012") throws -> PlatformCase {
        PlatformCase(
            id: id, number: number, item: "senior-card", itemTitle: "", status: "已收件", acceptedOn: "2026-03-02",
            receivedDigests: [], confirmation: Data(content.utf8).base64EncodedString(),
            signature: try key.signature(for: Data(content.utf8)).base64EncodedString())
    }

    private func content(
        id: String = "0195c8a0-1f4e-7c3a-9b2d-4e5f6a7b8c9d", digests: String = #""aa","bb""#,
        number: String = "99000012",
        type: String = "case-confirmation-v1"
    ) -> String {
        #"{"digests":[\#(digests)],"id":"\#(id)","number":"\#(number)","time":"2026-03-02T01:15:00Z","type":"\#(type)"}"#
    }

    @Test("the right one is taken")
    func right() throws {
        let confirmation = try CaseConfirmation(
            answer(content()), of: sent, signingKey: Array(key.publicKey.rawRepresentation))
        #expect(confirmation.number == "99000012" && confirmation.bytes == Array(content().utf8))
    }

    @Test("anything else is refused, so that nothing is erased")
    func wrong() throws {
        let signingKey = Array(key.publicKey.rawRepresentation)
        for bad in [
            content(id: "0195c8a0-1f4e-7c3a-9b2d-4e5f6a7b8c9e"), content(digests: #""aa""#),
            content(digests: #""bb","aa""#), content(digests: #""aa","bb","cc""#), content(number: "12345678"),
            content(type: "checkpoint"), "", "{}", "[]",
        ] {
            #expect(throws: PlatformError.self, "\(bad)") {
                try CaseConfirmation(answer(bad), of: sent, signingKey: signingKey)
            }
        }
        for number in ["", "99/00", "９９", String(repeating: "9", count: 33)] {
            #expect(throws: PlatformError.self) {
                try CaseConfirmation(
                    answer(content(number: number), number: number), of: sent, signingKey: signingKey)
            }
        }
        let foreign = Array(Curve25519.Signing.PrivateKey().publicKey.rawRepresentation)
        #expect(throws: PlatformError.confirmationWrong(words: "signature")) {
            try CaseConfirmation(answer(content()), of: sent, signingKey: foreign)
        }
        #expect(throws: PlatformError.self) { try CaseConfirmation(answer(content()), of: sent, signingKey: []) }
        var garbled = try answer(content())
        garbled.signature = "%%%"
        #expect(throws: PlatformError.confirmationWrong(words: "not base64")) {
            try CaseConfirmation(garbled, of: sent, signingKey: signingKey)
        }
    }
}
