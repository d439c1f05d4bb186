import GRDB

/// Why the journal did not do what it was asked. Nothing of the call has happened then.
public enum CaseJournalError: Error, Sendable, Equatable {
    /// The disk or the quota is full.
    case diskFull
    /// SQLite would acknowledge before the data is on the disk; the kiosk must not start like this.
    case notDurable(synchronous: Int, journalMode: String)
    /// The session has ended, or was never begun.
    case sessionEnded
    /// A material that the case names is not stored (any more).
    case materialGone
    /// Another case of this kiosk has the same acceptance code; make another one.
    case acceptanceCodeTaken
    /// No case of this id was ever taken in.
    case unknownCase
    /// No print of this number is under way: it was never begun, or has its outcome.
    case unknownPrint
    /// The calling task was cancelled before the commit.
    case cancelled
    /// Any other failure of SQLite: its extended result code and its words, which contain no values.
    case database(code: Int32, words: String)
    /// The state folder cannot be used.
    case folder(path: String, words: String)

    init(_ error: any Error) {
        switch error {
        case let error as CaseJournalError: self = error
        case is CancellationError: self = .cancelled
        case let error as DatabaseError where error.resultCode == .SQLITE_FULL: self = .diskFull
        case let error as DatabaseError:
            self = .database(code: error.extendedResultCode.rawValue, words: error.message ?? "")
        default: self = .database(code: -1, words: "\(type(of: error))")
        }
    }
}

extension CaseJournalError: CustomStringConvertible {
    /// One sentence for a technician, without personal data.
    public var description: String {
        switch self {
        case .diskFull: "The disk is full."
        case .notDurable(let synchronous, let mode):
            "The journal would not survive a power cut (synchronous \(synchronous) instead of 2, journal mode \(mode))."
        case .sessionEnded: "The session has ended."
        case .materialGone: "A material of the case is not stored."
        case .acceptanceCodeTaken: "The acceptance code is taken."
        case .unknownCase: "The journal has no such case waiting."
        case .unknownPrint: "The journal has no such print under way."
        case .cancelled: "The call was cancelled."
        case .database(let code, let words): "SQLite error \(code): \(words)."
        case .folder(let path, let words): "The folder \(path): \(words)."
        }
    }
}
