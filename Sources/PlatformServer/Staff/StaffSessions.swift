import Crypto
import Foundation
import HallModel
import NIOConcurrencyHelpers

/// Who may see the staff page: whoever opens the printed address once, until the server ends or the session is idle
/// for too long. Each address is good for one browser; a new one is written as soon as it has been used.
final class StaffSessions: Sendable {
    private struct State {
        var token = StaffSessions.secret()
        var lastSeen: [String: ContinuousClock.Instant] = [:]
    }

    private let state = NIOLockedValueBox(State())
    static let idleLimit: Duration = .seconds(8 * 3600)
    static let sessionLimit = 64

    /// The token of the next browser.
    var token: String { state.withLockedValue { $0.token } }

    /// Exchanges the token for a session.
    ///
    /// - Returns: the value of the session's cookie, or `nil` for a wrong or used token.
    func exchange(_ offered: String) -> String? {
        state.withLockedValue { state in
            guard Self.same(offered, state.token) else { return nil }
            state.token = Self.secret()
            if state.lastSeen.count >= Self.sessionLimit,
                let oldest = state.lastSeen.min(by: { $0.value < $1.value })
            {
                state.lastSeen[oldest.key] = nil
            }
            let session = Self.secret()
            state.lastSeen[session] = .now
            return session
        }
    }

    func isOpen(_ session: String) -> Bool {
        state.withLockedValue { state in
            guard let seen = state.lastSeen[session] else { return false }
            guard ContinuousClock.now - seen < Self.idleLimit else {
                state.lastSeen[session] = nil
                return false
            }
            state.lastSeen[session] = .now
            return true
        }
    }

    private static func secret() -> String {
        SymmetricKey(size: .bits256).withUnsafeBytes { Hexadecimal.text($0) }
    }

    /// Compares in a time that does not depend on where the two differ.
    private static func same(_ one: String, _ other: String) -> Bool {
        let (left, right) = (Array(one.utf8), Array(other.utf8))
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
