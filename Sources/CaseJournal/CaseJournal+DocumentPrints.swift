import Foundation
import GRDB
import HallModel

extension CaseJournal {
    /// To be called before the first byte of a document goes to the A4 printer: whatever happens afterwards, it is known
    /// that papers may exist.
    /// - Parameters:
    ///   - document: the platform's id of it.
    ///   - item: the service item, for the effect report.
    /// - Returns: the number of the print.
    public func recordDocumentPrintStarted(
        document: ItemID, item: String, pages: Int, isSecondCopy: Bool
    ) async throws(CaseJournalError) -> UInt32 {
        let time = JournalTime.milliseconds(now())
        return try await write { db in
            try db.execute(
                sql: """
                    INSERT INTO documentPrints (document, item, pages, isSecondCopy, state, startedAt)
                    VALUES (?, ?, ?, ?, 'started', ?)
                    """,
                arguments: [document.rawValue, item, pages, isSecondCopy, time])
            return UInt32(truncatingIfNeeded: db.lastInsertedRowID)
        }
    }

    /// How it ended. Once: a print that has an outcome keeps it.
    public func recordDocumentPrintOutcome(
        _ number: UInt32, _ outcome: PrintOutcome
    ) async throws(CaseJournalError) {
        try await recordOutcome(of: number, outcome, in: .documents)
    }

    /// The prints of a document, oldest first.
    public func prints(ofDocument id: ItemID) async throws(CaseJournalError) -> [JournalledPrint] {
        try await prints(where: "document", is: id, in: .documents)
    }
}
