import Foundation
import GRDB
import HallModel

/// A print as the journal knows it.
public struct JournalledPrint: Sendable, Equatable {
    /// `started`: the first byte may have gone out, and nothing is known yet; the rest as in `PrintOutcome`.
    public enum State: String, Sendable { case started, printed, notPrinted, unknown }

    /// Ascending and never used twice; receipts and documents are counted apart.
    public var number: UInt32
    /// Marked 补打.
    public var isSecondCopy: Bool
    /// `started` until the outcome is recorded; after a restart `unknown` instead.
    public var state: State
    /// The evidence of the outcome; `nil` while the print is `started`.
    public var rung: PrintOutcome.Rung?
    /// What stopped it, where something did.
    public var problem: ProblemCode?
}

extension CaseJournal {
    /// To be called before the first byte goes to the printer: whatever happens afterwards, it is known that a slip may
    /// exist.
    /// - Returns: the number of the print.
    public func recordPrintStarted(caseID: ItemID, isSecondCopy: Bool) async throws(CaseJournalError) -> UInt32 {
        let time = JournalTime.milliseconds(now())
        return try await write { db in
            try db.execute(
                sql: "INSERT INTO prints (caseID, isSecondCopy, state, startedAt) VALUES (?, ?, 'started', ?)",
                arguments: [caseID.rawValue, isSecondCopy, time])
            return UInt32(truncatingIfNeeded: db.lastInsertedRowID)
        }
    }

    /// How it ended. Once: a print that has an outcome keeps it.
    public func recordPrintOutcome(_ number: UInt32, _ outcome: PrintOutcome) async throws(CaseJournalError) {
        try await recordOutcome(of: number, outcome, in: .receipts)
    }

    /// The prints of a case, oldest first.
    public func prints(ofCase id: ItemID) async throws(CaseJournalError) -> [JournalledPrint] {
        try await prints(where: "caseID", is: id, in: .receipts)
    }

    // MARK: - Either kind

    /// The tables of prints: alike but for what was printed.
    enum PrintTable: String { case receipts = "prints", documents = "documentPrints" }

    /// Also for a caller that was called off meanwhile, as when a resident walks away: what became of the paper is so
    /// all the same, and a row that stays `started` would be asked about after the next start.
    func recordOutcome(
        of number: UInt32, _ outcome: PrintOutcome, in table: PrintTable
    ) async throws(CaseJournalError) {
        let writing = Task { () async -> Result<Void, CaseJournalError> in
            do throws(CaseJournalError) {
                return .success(try await writeOutcome(of: number, outcome, in: table))
            } catch {
                return .failure(error)
            }
        }
        try await writing.value.get()
    }

    private func writeOutcome(
        of number: UInt32, _ outcome: PrintOutcome, in table: PrintTable
    ) async throws(CaseJournalError) {
        let time = JournalTime.milliseconds(now())
        try await write { db in
            try db.execute(
                sql: """
                    UPDATE \(table.rawValue) SET state = ?, rung = ?, problem = ?, endedAt = ?
                    WHERE number = ? AND state = 'started'
                    """,
                arguments: [
                    outcome.verdict.rawValue, outcome.rung.rawValue, outcome.problem?.code.rawValue, time,
                    Int64(number),
                ])
            guard db.changesCount == 1 else { throw CaseJournalError.unknownPrint }
        }
    }

    func prints(
        where column: String, is id: ItemID, in table: PrintTable
    ) async throws(CaseJournalError) -> [JournalledPrint] {
        try await read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM \(table.rawValue) WHERE \(column) = ? ORDER BY number",
                arguments: [id.rawValue]
            ).map { row in
                let state: String = row["state"]
                let rung: String? = row["rung"]
                let problem: String? = row["problem"]
                return JournalledPrint(
                    number: UInt32(truncatingIfNeeded: row["number"] as Int64), isSecondCopy: row["isSecondCopy"],
                    state: JournalledPrint.State(rawValue: state) ?? .unknown,
                    rung: rung.flatMap(PrintOutcome.Rung.init(rawValue:)), problem: problem.map(ProblemCode.init(_:)))
            }
        }
    }
}
