import GRDB

/// The kiosk's journal, read from outside while the kiosk uses it.
public struct KioskJournal {
    public struct Case: Sendable, Equatable {
        public var id: String
        public var item: String
        public var acceptanceCode: String
        public var number: String?

        public init(id: String, item: String, acceptanceCode: String, number: String?) {
            (self.id, self.item, self.acceptanceCode, self.number) = (id, item, acceptanceCode, number)
        }
    }

    public struct Print: Sendable, Equatable {
        public var number: Int
        /// The case, or the document.
        public var of: String
        public var isSecondCopy: Bool
        public var state: String
        public var rung: String?

        public init(number: Int, of owner: String, isSecondCopy: Bool, state: String, rung: String?) {
            (self.number, of, self.isSecondCopy) = (number, owner, isSecondCopy)
            (self.state, self.rung) = (state, rung)
        }
    }

    private let database: DatabaseQueue

    public init(folder: String) throws {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        database = try DatabaseQueue(path: "\(folder)/journal.sqlite", configuration: configuration)
    }

    /// In the order in which they were accepted.
    public func cases() throws -> [Case] {
        try database.read { db in
            try Row.fetchAll(db, sql: "SELECT id, item, acceptanceCode, number FROM cases ORDER BY acceptedAt, rowid")
                .map {
                    Case(id: $0["id"], item: $0["item"], acceptanceCode: $0["acceptanceCode"], number: $0["number"])
                }
        }
    }

    public func receipts() throws -> [Print] { try prints("prints", "caseID") }
    public func documents() throws -> [Print] { try prints("documentPrints", "document") }

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
    public func pagesOfLastDocument() throws -> Int? {
        try database.read { try Int.fetchOne($0, sql: "SELECT pages FROM documentPrints ORDER BY number DESC LIMIT 1") }
    }

    /// Cases that the platform has not confirmed.
    public func waiting() throws -> Int {
        try database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM cases WHERE state != 'confirmed'") ?? 0 }
    }

    /// Sessions that have begun and not ended.
    public func openSessions() throws -> Int {
        try database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM sessions") ?? 0 }
    }
}
