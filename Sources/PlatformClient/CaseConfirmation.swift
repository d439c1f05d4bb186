import Crypto
import Foundation
import HallModel

/// The platform's signed word that it has a case: the only thing on which a kiosk erases its own copies.
struct CaseConfirmation: Sendable, Equatable {
    var number: String
    /// The exact bytes that are signed.
    var bytes: [UInt8]
    var signature: [UInt8]

    /// Checks signature, case, digests and number; anything that does not fit is an error, and nothing is erased.
    init(_ answer: PlatformCase, of sent: OutgoingCase, signingKey: [UInt8]) throws(PlatformError) {
        guard answer.confirmation.utf8.count <= 1 << 20, let bytes = Data(base64Encoded: answer.confirmation),
            let signature = Data(base64Encoded: answer.signature)
        else { throw .confirmationWrong(words: "not base64") }
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: signingKey),
            key.isValidSignature(signature, for: bytes)
        else { throw .confirmationWrong(words: "signature") }
        guard let content = try? JSONDecoder().decode(Confirmation.self, from: bytes),
            content.type == Confirmation.type
        else { throw .confirmationWrong(words: "content") }
        guard content.id == sent.id, answer.id == sent.id else { throw .confirmationWrong(words: "another case") }
        guard content.digests == sent.files.map(\.sha256) else { throw .confirmationWrong(words: "other digests") }
        guard content.number == answer.number, (1...32).contains(content.number.utf8.count),
            content.number.utf8.allSatisfy({ (48...57).contains($0) })
        else { throw .confirmationWrong(words: "number") }
        number = content.number
        self.bytes = Array(bytes)
        self.signature = Array(signature)
    }
}
