import Foundation
import Synchronization

/// A call for staff, as a kiosk posts it: which kiosk, at which step, and nothing about the person.
public struct StaffCall: Sendable, Codable, Equatable {
    /// Id of the kiosk that calls.
    public var kiosk: String
    /// Name of the screen at which help was called.
    public var step: String
    /// When it was made, as the kiosk says in ISO 8601; when it came in, where the kiosk says nothing.
    public var at: String
}

/// The last calls for staff, newest last.
final class StaffCallLog: Sendable {
    static let capacity = 100
    private let calls = Mutex<[StaffCall]>([])

    var all: [StaffCall] { calls.withLock { $0 } }

    func add(_ call: StaffCall) {
        calls.withLock { calls in
            calls.append(call)
            if calls.count > Self.capacity { calls.removeFirst() }
        }
    }

    func clear() { calls.withLock { $0.removeAll() } }
}
