import HallModel

/// Why the platform did not do what the kiosk asked. Nothing in it is personal data: its words go into logs and the
/// journal.
public enum PlatformError: Error, Sendable, Equatable {
    /// No connection, no TLS, no answer in time, or the connection was cut.
    case unreachable(words: String)
    /// An answer that is not success. `type` is the last part of the problem's URN, such as `digest-mismatch`.
    case refused(status: Int, type: String?, retryAfter: Duration?)
    /// An answer of success that breaks the API: missing or malformed members, over its bound.
    case notUnderstood(words: String)
    /// The platform's confirmation is not one of this case, or its signature is wrong.
    case confirmationWrong(words: String)
    /// A sealed file of the kiosk is missing or not what the journal says.
    case fileDamaged(words: String)
    /// The platform has nothing on record of this person from which a document could be made.
    case nothingOnRecord
    /// The document has expired or was given up; another one can be asked for.
    case documentGone
    /// The task that asked was cancelled. What the platform made of it is not known.
    case cancelled
}

extension PlatformError {
    /// The platform as a whole is away or busy: no use in trying another case now.
    public var concernsPlatform: Bool {
        switch self {
        case .unreachable: true
        case .refused(let status, _, _): [408, 429, 502, 503, 504, 507].contains(status)
        default: false
        }
    }

    /// What this is called where a problem has to be named, to a resident and to a technician alike. What no repetition
    /// mends is `platform-refused`, what may pass by itself, or with the next question, `platform-unreachable`.
    public var problem: ProblemCode {
        switch self {
        case .unreachable, .nothingOnRecord, .documentGone, .cancelled: .platformUnreachable
        case .refused(let status, _, _): concernsPlatform || status >= 500 ? .platformUnreachable : .platformRefused
        case .notUnderstood, .confirmationWrong: .platformRefused
        case .fileDamaged: .storageFault
        }
    }

    /// What the platform said about when to come back; bounded by ``TusHeaderFields/longestRetryAfter``.
    public var retryAfter: Duration? {
        if case .refused(_, _, let retryAfter) = self { retryAfter } else { nil }
    }
}

extension PlatformError: CustomStringConvertible {
    /// A few status words: "503 unavailable", "unreachable: hall.example:443: refused (ECONNREFUSED)".
    public var description: String {
        switch self {
        case .unreachable(let words): "unreachable: \(words)"
        case .refused(let status, let type, _): type.map { "\(status) \($0)" } ?? "\(status)"
        case .notUnderstood(let words): "answer not understood: \(words)"
        case .confirmationWrong(let words): "confirmation wrong: \(words)"
        case .nothingOnRecord: "nothing on record"
        case .documentGone: "document gone"
        case .fileDamaged(let words): "sealed file damaged: \(words)"
        case .cancelled: "cancelled"
        }
    }
}
