import Foundation
import HallModel

/// `POST /v1/documents` (docs/api/platform.yaml, `NewDocument`): a paper that the platform makes and this kiosk prints.
public struct NewDocument: Sendable, Equatable {
    /// An answer of the resident.
    public struct Answer: Sendable, Equatable, Codable {
        /// Id of the question in the service item.
        public var question: String
        /// Id of the choice, or the digits.
        public var value: String
        /// The value in words, as the resident saw it.
        public var text: String?

        /// One answer; nothing is checked here.
        public init(question: String, value: String, text: String? = nil) {
            self.question = question
            self.value = value
            self.text = text
        }
    }

    /// UUIDv7, made once for this errand: the platform gives the same document for it again.
    public var id: ItemID
    /// Id of the service item.
    public var item: String
    /// Number of the identity document that was just read.
    public var idNumber: Sensitive<String>
    /// Name on it, for the platform to compare with its records; `nil` where a platform needs none.
    public var name: Sensitive<String>?
    /// The person says that an earlier one did not come out: the paper is marked 补打.
    public var isSecondCopy: Bool
    /// In the item's order; none for an item that asks nothing.
    public var answers: [Answer]

    /// A wish; nothing is checked before the platform does.
    public init(
        id: ItemID, item: String, idNumber: Sensitive<String>, name: Sensitive<String>? = nil,
        isSecondCopy: Bool = false, answers: [Answer] = []
    ) {
        self.isSecondCopy = isSecondCopy
        self.id = id
        self.item = item
        self.idNumber = idNumber
        self.name = name
        self.answers = answers
    }
}

/// A document that the platform has made, ready to be fetched and printed.
public struct PlatformDocument: Sendable, Equatable {
    /// That of the ``NewDocument``.
    public var id: ItemID
    /// Under which anybody can check the paper.
    public var number: String
    /// For the screen, in the languages of the screens.
    public var title: LocalizedText
    /// 1 …
    public var pages: Int
    /// Size of the PDF; at most ``PlatformAPI/largestDocument``.
    public var bytes: Int
    /// Of the PDF: 64 lower-case hexadecimal digits.
    public var sha256: String
    /// RFC 3339.
    public var madeAt: String

    /// A document as the platform describes it.
    public init(
        id: ItemID, number: String, title: LocalizedText, pages: Int, bytes: Int, sha256: String, madeAt: String
    ) {
        self.id = id
        self.number = number
        self.title = title
        self.pages = pages
        self.bytes = bytes
        self.sha256 = sha256
        self.madeAt = madeAt
    }
}

/// `NewDocument` as it travels.
struct WireNewDocument: Encodable {
    var id: ItemID
    var item: String
    var idNumber: String
    var name: String?
    var secondCopy: Bool?
    var answers: [NewDocument.Answer]

    init(_ wanted: NewDocument) {
        id = wanted.id
        item = wanted.item
        idNumber = wanted.idNumber.exposed
        name = wanted.name?.exposed
        secondCopy = wanted.isSecondCopy ? true : nil
        answers = wanted.answers
    }
}

/// `Document` as it travels.
struct WireDocument: Decodable {
    struct Words: Decodable { var title: String? }

    var id: ItemID
    var number: String
    var title: String
    var pages: Int
    var bytes: Int
    var sha256: String
    var madeAt: String
    var translations: [String: Words]?

    /// - Throws: `notUnderstood` unless it is about the document that was asked for, within bounds.
    func document(for id: ItemID) throws(PlatformError) -> PlatformDocument {
        guard self.id == id else { throw .notUnderstood(words: "another document") }
        guard (1...32).contains(number.utf8.count), number.utf8.allSatisfy({ $0 > 32 && $0 < 127 }),
            (1...500).contains(pages), (1...PlatformAPI.largestDocument).contains(bytes),
            sha256.utf8.count == 64, madeAt.utf8.count <= 40
        else { throw .notUnderstood(words: "document out of bounds") }
        return PlatformDocument(
            id: id, number: number, title: WireText.localized(title, translations?.compactMapValues(\.title)),
            pages: pages, bytes: bytes, sha256: sha256, madeAt: madeAt)
    }
}
