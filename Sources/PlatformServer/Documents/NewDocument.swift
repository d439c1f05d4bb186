import Foundation
import HallModel

/// The body of `createDocument`.
struct NewDocument: Decodable, Sendable {
    struct Answer: Codable, Sendable, Equatable {
        /// Id of the question.
        var question: String
        /// Id of the choice, or the digits.
        var value: String
        /// The value in words, as the resident saw it.
        var text: String?
    }

    var id: ItemID
    var item: String
    var idNumber: Sensitive<String>
    /// As on the identity document; a platform compares it with its own records.
    var name: Sensitive<String>?
    /// The person says that an earlier one did not come out: it is marked 补打.
    var secondCopy: Bool?
    var answers: [Answer]

    /// - Throws: ``APIProblem`` `malformed-body` that names the member.
    func checked() throws -> NewDocument {
        func wrong(_ member: String, _ expectation: String) -> APIProblem {
            APIProblem(.malformedBody, "Member `\(member)` must be \(expectation).")
        }
        guard id.isVersion7 else { throw wrong("id", "a lower-case UUIDv7") }
        guard (1...64).contains(item.unicodeScalars.count) else { throw wrong("item", "1 to 64 characters") }
        guard IdentityNumber.isValid(idNumber.exposed) else {
            throw wrong("idNumber", "8 to 18 digits and capital letters")
        }
        if let name, !(1...60).contains(name.exposed.unicodeScalars.count) { throw wrong("name", "1 to 60 characters") }
        guard answers.count <= 32 else { throw wrong("answers", "at most 32 answers") }
        for (index, answer) in answers.enumerated() {
            guard (1...64).contains(answer.question.unicodeScalars.count) else {
                throw wrong("answers[\(index)].question", "1 to 64 characters")
            }
            guard answer.value.unicodeScalars.count <= 200, (answer.text ?? "").unicodeScalars.count <= 200 else {
                throw wrong("answers[\(index)]", "at most 200 characters long")
            }
        }
        return self
    }

    func answer(to question: String) -> Answer? { answers.first { $0.question == question } }

    /// The same request again has the same.
    func key(_ keys: PlatformKeys) -> String {
        struct Content: Encodable {
            var item: String
            var idNumber: String
            var name: String?
            var secondCopy: Bool?
            var answers: [Answer]
        }
        let content = Content(
            item: item, idNumber: idNumber.exposed, name: name?.exposed, secondCopy: secondCopy, answers: answers)
        // Keyed: an identity number has too few digits for a plain digest to hide it.
        return keys.personKey(Sensitive(String(decoding: PlatformJSON.encode(content), as: UTF8.self)))
    }
}

/// `Document` of the API description.
struct DocumentAnswer: Encodable, Sendable, Equatable {
    var id: String
    var number: String
    var title: String
    var pages: Int
    var bytes: Int
    var sha256: String
    var madeAt: String
    var translations: [String: [String: String]]?
}

/// `DocumentCheck` of the API description: what anyone who has the paper may know.
struct DocumentCheckAnswer: Encodable, Sendable, Equatable {
    var number: String
    var title: String
    var item: String
    var madeOn: String
    var office: String
    /// "张*".
    var name: String
    var translations: [String: [String: String]]?
}

/// Twelve characters of the acceptance codes' alphabet, drawn at random: nobody finds one by counting up.
enum DocumentNumber {
    static func random() -> String {
        var generator = SystemRandomNumberGenerator()
        let alphabet = Array(AcceptanceCode.alphabet)
        return String((0..<12).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] })
    }

    static func isValid(_ text: String) -> Bool {
        text.utf8.count == 12 && text.allSatisfy { AcceptanceCode.alphabet.contains($0) }
    }
}
