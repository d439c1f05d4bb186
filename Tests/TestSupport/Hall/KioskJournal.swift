import GRDB

/// The kiosk's journal, read from outside while the kiosk uses it.
public struct KioskJournal {
    /// A row of an accepted case.
    public struct Case: Sendable, Equatable {
        /// UUIDv7.
        public var id: String
        /// Id of the service item.
        public var item: String
        /// Eight characters.
        public var acceptanceCode: String
        /// The platform's; `nil` until it has confirmed.
        public var number: String?

        /// Takes the values as they are.
        public init(id: String, item: String, acceptanceCode: String, number: String?) {
            (self.id, self.item, self.acceptanceCode, self.number) = (id, item, acceptanceCode, number)
        }
    }

    /// A row of a slip or of an A4 document.
    public struct Print: Sendable, Equatable {
        /// The job's, from 1.
        public var number: Int
        /// The case, or the document.
        public var of: String
        /// 补打.
        public var isSecondCopy: Bool
        /// `started` until the outcome is known.
        public var state: String
        /// The evidence; `nil` until the outcome is known.
        public var rung: String?

        /// Takes the values as they are.
        public init(number: Int, of owner: String, isSecondCopy: Bool, state: String, rung: String?) {
            (self.number, of, self.isSecondCopy) = (number, owner, isSecondCopy)
            (self.state, self.rung) = (state, rung)
        }
    }

    private let database: DatabaseQueue

    /// Opens it for reading.
    /// - Throws: when there is none in the folder.
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

    /// In the order of their numbers.
    public func receipts() throws -> [Print] { try prints("prints", "caseID") }
    /// In the order of their numbers, which are counted apart from the slips'.
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

    /// Takes a table away under the kiosk's hands while `body` runs: what it asks of its journal then fails.
    /// - Parameter folder: the kiosk's state folder.
    public static func unreadable<Value>(in folder: String, _ body: () async throws -> Value) async throws -> Value {
        func rename(_ from: String, _ to: String) throws {
            var configuration = Configuration()
            configuration.busyMode = .timeout(5)
            let database = try DatabaseQueue(path: "\(folder)/journal.sqlite", configuration: configuration)
            try database.writeWithoutTransaction { try $0.execute(sql: "ALTER TABLE \(from) RENAME TO \(to)") }
        }
        try rename("caseFiles", "hidden")
        let result: Result<Value, any Error>
        do { result = .success(try await body()) } catch { result = .failure(error) }
        try rename("hidden", "caseFiles")
        return try result.get()
    }

    /// Sessions that have begun and not ended.
    public func openSessions() throws -> Int {
        try database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM sessions") ?? 0 }
    }
}
