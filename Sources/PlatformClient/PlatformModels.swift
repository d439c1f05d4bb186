import Foundation
import HallModel

/// `POST /v1/cases` (docs/api/platform.yaml, `NewCase`).
public struct NewCase: Sendable, Equatable, Codable {
    public struct Answers: Sendable, Equatable, Codable {
        public var upload: String
        public var sha256: String
    }

    public struct Material: Sendable, Equatable, Codable {
        public var id: ItemID
        public var name: String?
        public var upload: String
        public var sha256: String
        public var pages: Int
    }

    public var id: ItemID
    public var item: String
    /// RFC 3339.
    public var acceptedAt: String
    public var acceptanceCode: String
    /// Base64 of the exact bytes that were signed.
    public var manifest: String
    public var manifestSignature: String
    public var kioskKey: String
    public var answers: Answers
    public var materials: [Material]
}

/// A case as the platform has it (`Case`).
public struct PlatformCase: Sendable, Equatable, Codable {
    public var id: ItemID
    public var number: String
    public var item: String
    public var itemTitle: String
    public var status: String
    public var detail: String?
    public var acceptedOn: String
    public var receivedDigests: [String]
    public var confirmation: String
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
    public struct Material: Sendable, Equatable {
        public var id: String
        public var title: LocalizedText
    }
    public var id: String
    public var title: LocalizedText
    public var needsWindow: Bool
    public var window: LocalizedText?
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

public struct PlatformHealth: Sendable, Equatable, Codable {
    public var status: String
    public var time: String
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
            number: number, itemTitle: words(itemTitle, \.itemTitle), status: words(status, \.status),
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
