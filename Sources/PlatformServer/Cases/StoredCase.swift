import Foundation
import GRDB

/// A committed case.
struct StoredCase: Sendable, FetchableRecord {
    var id: String
    var sequence: Int64
    var number: String
    var kiosk: String
    var item: String
    /// Official name of the item when the case was made.
    var itemTitle: PlatformText
    var acceptedAt: Timestamp
    var acceptanceCode: String
    var status: String
    /// The words of the status when it was given; `nil` in a case that is older than these words.
    var statusTitle: PlatformText?
    /// What staff wrote for the person.
    var detail: PlatformText?
    var requestDigest: String
    var kioskKey: Data
    /// This kiosk signed earlier cases with another key.
    var keyChanged: Bool
    var receivedAt: Timestamp
    var confirmation: Data
    var signature: Data

    init(row: Row) throws {
        id = row["id"]
        sequence = row["sequence"]
        number = row["number"]
        kiosk = row["kiosk"]
        item = row["item"]
        itemTitle = PlatformText(row["itemTitle"] as String, try StoredText.translations(row["itemTitles"]))
        acceptedAt = Timestamp(unixSeconds: row["acceptedAt"])
        acceptanceCode = row["acceptanceCode"]
        status = row["status"]
        statusTitle = try StoredText.text(row["statusTitles"])
        detail = try StoredText.detail(row)
        requestDigest = row["requestDigest"]
        kioskKey = row["kioskKey"]
        keyChanged = row["keyChanged"]
        receivedAt = Timestamp(unixSeconds: row["receivedAt"])
        confirmation = row["confirmation"]
        signature = row["signature"]
    }
}

/// A sealed file of a case.
struct CaseFile: Sendable, FetchableRecord {
    /// 0 is the answers, 1 the first material.
    var position: Int
    var upload: String
    var material: String?
    var name: String?
    var digest: String
    var pages: Int?

    init(row: Row) throws {
        position = row["position"]
        upload = row["upload"]
        material = row["material"]
        name = row["name"]
        digest = row["digest"]
        pages = row["pages"]
    }
}

/// One step in the history of a case.
struct StatusChange: Sendable, FetchableRecord {
    var at: Timestamp
    var status: String
    var statusTitle: PlatformText?
    var detail: PlatformText?

    init(row: Row) throws {
        at = Timestamp(unixSeconds: row["at"])
        status = row["status"]
        statusTitle = try StoredText.text(row["statusTitles"])
        detail = try StoredText.detail(row)
    }
}

/// Words in several languages as a row has them: JSON objects by language tag.
enum StoredText {
    static func text(_ json: String?) throws -> PlatformText? {
        try json.map { try JSONDecoder().decode(PlatformText.self, from: Data($0.utf8)) }
    }

    static func translations(_ json: String?) throws -> [String: String] { try text(json)?.translations ?? [:] }

    static func detail(_ row: Row) throws -> PlatformText? {
        guard let original: String = row["detail"] else { return nil }
        return PlatformText(original, try translations(row["details"]))
    }

    static func json(_ text: PlatformText?) -> String? {
        text.map { String(decoding: PlatformJSON.encode($0.byLanguage), as: UTF8.self) }
    }
}

/// `Case` of the API description.
struct CaseAnswer: Encodable {
    var id: String
    var number: String
    var item: String
    var itemTitle: String
    var status: String
    var detail: String?
    var acceptedOn: String
    var receivedDigests: [String]
    var confirmation: String
    var signature: String

    init(_ stored: StoredCase, digests: [String], words: CaseWords) {
        id = stored.id
        number = stored.number
        item = stored.item
        itemTitle = words.itemTitle.simplifiedChinese
        status = words.status.simplifiedChinese
        detail = words.detail?.simplifiedChinese
        acceptedOn = stored.acceptedAt.chinaDay
        receivedDigests = digests
        confirmation = stored.confirmation.base64EncodedString()
        signature = stored.signature.base64EncodedString()
    }
}

/// `CaseSummary` of the API description.
struct CaseSummaryAnswer: Encodable {
    var number: String
    var itemTitle: String
    var status: String
    var acceptedOn: String
    var detail: String?
    var translations: [String: [String: String]]?

    init(_ stored: StoredCase, words: CaseWords) {
        number = stored.number
        itemTitle = words.itemTitle.simplifiedChinese
        status = words.status.simplifiedChinese
        acceptedOn = stored.acceptedAt.chinaDay
        detail = words.detail?.simplifiedChinese
        translations = Translations.of([
            "itemTitle": words.itemTitle, "status": words.status, "detail": words.detail,
        ])
    }
}

/// What a case says to people, in every language there is.
struct CaseWords: Sendable, Equatable {
    var itemTitle: PlatformText
    var status: PlatformText
    /// What staff wrote, else the note that the status has for everybody.
    var detail: PlatformText?

    init(_ stored: StoredCase, _ configuration: PlatformConfiguration) {
        itemTitle = stored.itemTitle
        // Cases that are older than their translations take those of today, if the item still has the same name.
        if let title = configuration.item(stored.item)?.title, itemTitle.translations.isEmpty,
            title.simplifiedChinese == itemTitle.simplifiedChinese
        {
            itemTitle = title
        }
        status = Self.status(stored.status, stored.statusTitle, configuration)
        detail = stored.detail ?? configuration.status(stored.status)?.note
    }

    /// The words of a status: today's, else those with which it was given, else its id.
    static func status(
        _ id: String, _ given: PlatformText?, _ configuration: PlatformConfiguration
    ) -> PlatformText {
        configuration.status(id)?.title ?? given ?? PlatformText(id)
    }
}
