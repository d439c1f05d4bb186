import Foundation
import GRDB

/// A committed case.
struct StoredCase: Sendable, FetchableRecord {
    var id: String
    var sequence: Int64
    var number: String
    var kiosk: String
    var item: String
    var itemTitle: String
    var acceptedAt: Timestamp
    var acceptanceCode: String
    var status: String
    var detail: String?
    var requestDigest: String
    var kioskKey: Data
    var receivedAt: Timestamp
    var confirmation: Data
    var signature: Data

    init(row: Row) throws {
        id = row["id"]
        sequence = row["sequence"]
        number = row["number"]
        kiosk = row["kiosk"]
        item = row["item"]
        itemTitle = row["itemTitle"]
        acceptedAt = Timestamp(unixSeconds: row["acceptedAt"])
        acceptanceCode = row["acceptanceCode"]
        status = row["status"]
        detail = row["detail"]
        requestDigest = row["requestDigest"]
        kioskKey = row["kioskKey"]
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
    var detail: String?

    init(row: Row) throws {
        at = Timestamp(unixSeconds: row["at"])
        status = row["status"]
        detail = row["detail"]
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

    init(_ stored: StoredCase, digests: [String], statusTitle: String) {
        id = stored.id
        number = stored.number
        item = stored.item
        itemTitle = stored.itemTitle
        status = statusTitle
        detail = stored.detail
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

    init(_ stored: StoredCase, statusTitle: String) {
        number = stored.number
        itemTitle = stored.itemTitle
        status = statusTitle
        acceptedOn = stored.acceptedAt.chinaDay
        detail = stored.detail
    }
}
