import Foundation
import HallModel

/// `POST /v1/cases` (docs/api/platform.yaml, `NewCase`).
public struct NewCase: Sendable, Equatable, Codable {
    /// The sealed answers: age v1 of `SealedAnswers`.
    public struct Answers: Sendable, Equatable, Codable {
        /// Id of their complete upload: 32 lower-case hexadecimal digits, the last part of its address.
        public var upload: String
        /// Of the sealed file, 64 lower-case hexadecimal digits.
        public var sha256: String
    }

    /// A sealed material: age v1 of one PDF.
    public struct Material: Sendable, Equatable, Codable {
        /// UUIDv7; the manifest has the same.
        public var id: ItemID
        /// Id of the material in the service item, such as `household-register`.
        public var name: String?
        /// Id of its complete upload.
        public var upload: String
        /// Of the sealed file, 64 lower-case hexadecimal digits.
        public var sha256: String
        /// Of the PDF, 1 … 500.
        public var pages: Int
    }

    /// UUIDv7, made when the case was taken in: the platform makes one case of it, however often it is sent.
    public var id: ItemID
    /// Id of the service item, 1 … 64 characters.
    public var item: String
    /// RFC 3339.
    public var acceptedAt: String
    /// Eight characters, as on the receipt.
    public var acceptanceCode: String
    /// Base64 of the exact bytes that were signed.
    public var manifest: String
    /// Base64 of the Ed25519 signature over the manifest's bytes.
    public var manifestSignature: String
    /// Base64 of the kiosk's Ed25519 public key.
    public var kioskKey: String
    /// Person and answers, sealed.
    public var answers: Answers
    /// In the item's order, at most 64; none for an item without materials.
    public var materials: [Material]
}

/// A case as the platform has it (`Case`).
public struct PlatformCase: Sendable, Equatable, Codable {
    /// That of the ``NewCase``.
    public var id: ItemID
    /// Eight to twelve digits, the last one a check digit (ISO/IEC 7064 MOD 11,10).
    public var number: String
    /// Id of the service item.
    public var item: String
    /// Official name of the item, in 简体中文.
    public var itemTitle: String
    /// The platform's word for its state, in 简体中文.
    public var status: String
    /// What the person should know or do, where the status alone does not say it, in 简体中文.
    public var detail: String?
    /// The day of ``NewCase/acceptedAt`` in China Standard Time, `2026-03-02`.
    public var acceptedOn: String
    /// SHA-256 as the platform computed them, the answers first. For people and tools: those in `confirmation` are
    /// signed.
    public var receivedDigests: [String]
    /// Base64 of the exact bytes that the platform signed: `Confirmation` as JSON.
    public var confirmation: String
    /// Base64 of the Ed25519 signature over them, by the key of `/v1/signing-key`.
    public var signature: String
}

/// What the platform signs (`Confirmation`).
struct Confirmation: Sendable, Equatable, Codable {
    static let type = "case-confirmation-v1"

    var digests: [String]
    var id: ItemID
    var number: String
    var time: String
    var type: String
}

/// A service item that the platform accepts (`ServiceItem`).
public struct PlatformItem: Sendable, Equatable {
    /// A material that the item asks for.
    public struct Material: Sendable, Equatable {
        /// Its id, such as `household-register`.
        public var id: String
        /// What it is called.
        public var title: LocalizedText
    }
    /// 1 … 64 small letters, digits and hyphens.
    public var id: String
    /// Official name.
    public var title: LocalizedText
    /// Part of it must be done at a window.
    public var needsWindow: Bool
    /// The window that does the same by hand.
    public var window: LocalizedText?
    /// In the item's order; none where nothing is asked for.
    public var materials: [Material]
}

/// `ServiceItem` as it travels.
struct WireItem: Decodable {
    struct Words: Decodable {
        var title: String?
        var window: String?
    }
    struct Material: Decodable {
        var id: String
        var title: String
        var translations: [String: Words]?
    }
    var id: String
    var title: String
    var needsWindow: Bool
    var window: String?
    var materials: [Material]
    var translations: [String: Words]?

    var item: PlatformItem {
        PlatformItem(
            id: id, title: WireText.localized(title, translations?.compactMapValues(\.title)), needsWindow: needsWindow,
            window: window.map { WireText.localized($0, translations?.compactMapValues(\.window)) },
            materials: materials.map {
                .init(id: $0.id, title: WireText.localized($0.title, $0.translations?.compactMapValues(\.title)))
            })
    }
}

/// What the platform says of itself (`Health`).
public struct PlatformHealth: Sendable, Equatable, Codable {
    /// `ok`.
    public var status: String
    /// The platform's clock, RFC 3339.
    public var time: String
    /// Of the platform's software.
    public var version: String
}

struct ItemList: Decodable { var items: [WireItem] }
struct RecipientList: Codable { var recipients: [String] }
struct SigningKey: Codable {
    var algorithm: String
    var publicKey: String
}
/// A person's cases, or the one of a receipt: exactly one of the two is set.
struct CaseQuery: Encodable {
    var idNumber: String?
    var receiptCode: String?
}
struct CaseList: Codable { var cases: [WireCaseSummary] }

/// `CaseSummary` as it travels: 简体中文 in its members, other languages beside them.
struct WireCaseSummary: Codable {
    struct Words: Codable {
        var itemTitle: String?
        var status: String?
        var detail: String?
    }

    var number: String
    var itemTitle: String
    var status: String
    var acceptedOn: String
    var detail: String?
    /// By BCP 47 tag. Languages that the screens do not have are read over.
    var translations: [String: Words]?

    var summary: CaseSummary {
        CaseSummary(
            number: number.count > WireText.longestNumber ? number.prefix(WireText.longestNumber) + "…" : number,
            itemTitle: words(itemTitle, \.itemTitle),
            status: words(status, \.status),
            acceptedOn: CalendarDate(compact: acceptedOn.replacing("-", with: "")),
            detail: detail.map { words($0, \.detail) })
    }

    private func words(_ original: String, _ member: KeyPath<Words, String?>) -> LocalizedText {
        WireText.localized(original, translations?.compactMapValues { $0[keyPath: member] })
    }
}

/// A text of the platform in the languages of the screens.
enum WireText {
    /// Longer texts are cut: no official word or sentence needs more, and a screen has an end.
    static let longest = 500
    /// The API's bound on a case number is 12; a longer one shall not fill the page, and is shown to be cut.
    static let longestNumber = 40

    static func localized(_ original: String, _ translations: [String: String]?) -> LocalizedText {
        var text = LocalizedText(String(original.prefix(longest)))
        for (tag, words) in translations ?? [:] {
            guard let language = Language(rawValue: tag), language != .simplifiedChinese, !words.isEmpty else {
                continue
            }
            text.byLanguage[language] = String(words.prefix(longest))
        }
        return text
    }
}

/// `application/problem+json` (RFC 9457), as far as a program decides by it.
struct ProblemAnswer: Codable {
    var type: String

    /// The stable last part of the URN; `nil` when it is none of this API.
    var shortType: String? {
        let prefix = "urn:hallkiosk:problem:"
        guard type.hasPrefix(prefix), type.utf8.count <= 100 else { return nil }
        let name = type.dropFirst(prefix.count)
        let isName = name.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
        return isName ? String(name) : nil
    }
}
