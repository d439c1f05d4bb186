import GRDB

/// The kiosk's journal, read from outside while the kiosk uses it.
struct KioskJournal {
    struct Case: Sendable, Equatable {
        var id: String
        var item: String
        var acceptanceCode: String
        var number: String?
    }

    struct Print: Sendable, Equatable {
        var number: Int
        /// The case, or the document.
        var of: String
        var isSecondCopy: Bool
        var state: String
        var rung: String?
    }

    private let database: DatabaseQueue

    init(folder: String) throws {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        database = try DatabaseQueue(path: "\(folder)/journal.sqlite", configuration: configuration)
    }

    /// In the order in which they were accepted.
    func cases() throws -> [Case] {
        try database.read { db in
            try Row.fetchAll(db, sql: "SELECT id, item, acceptanceCode, number FROM cases ORDER BY acceptedAt, rowid")
                .map {
                    Case(id: $0["id"], item: $0["item"], acceptanceCode: $0["acceptanceCode"], number: $0["number"])
                }
        }
    }

    func receipts() throws -> [Print] { try prints("prints", "caseID") }
    func documents() throws -> [Print] { try prints("documentPrints", "document") }

    private func prints(_ table: String, _ owner: String) throws -> [Print] {
        try database.read { db in
            try Row.fetchAll(
                db, sql: "SELECT number, \(owner) AS owner, isSecondCopy, state, rung FROM \(table) ORDER BY number"
            ).map {
                Print(
                    number: $0["number"], of: $0["owner"], isSecondCopy: $0["isSecondCopy"], state: $0["state"],
                    rung: $0["rung"])
            }
        }
    }

    /// Pages of the document that was printed last.
    func pagesOfLastDocument() throws -> Int? {
        try database.read { try Int.fetchOne($0, sql: "SELECT pages FROM documentPrints ORDER BY number DESC LIMIT 1") }
    }

    /// Cases that the platform has not confirmed.
    func waiting() throws -> Int {
        try database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM cases WHERE state != 'confirmed'") ?? 0 }
    }

    /// Sessions that have begun and not ended.
    func openSessions() throws -> Int {
        try database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM sessions") ?? 0 }
    }
}
