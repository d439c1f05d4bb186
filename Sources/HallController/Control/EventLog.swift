import HallModel
import KioskControl
import Synchronization

import struct Foundation.Date

/// The newest events of this run, and those who follow them. Memory is bounded, and noting an event never waits: who does not read
/// is dropped.
final class EventLog: Sendable {
    struct Limits: Sendable {
        /// Events that are kept.
        var kept = 500
        /// Who may follow at once.
        var followers = 8
        /// How many events a follower may be behind.
        var behind = 256
    }

    private struct State {
        var number = 0
        var recent: [KioskEvent] = []
        var followers: [Int: AsyncStream<KioskEvent>.Continuation] = [:]
        var nextFollower = 0
    }

    private let limits: Limits
    private let clock: @Sendable () -> Date
    private let state = Mutex(State())

    init(limits: Limits = Limits(), clock: @escaping @Sendable () -> Date = { Date() }) {
        self.limits = limits
        self.clock = clock
    }

    /// Numbers and keeps an event, and tells it to all who follow.
    func note(_ type: KioskEvent.Kind, _ fill: (inout KioskEvent) -> Void = { _ in }) {
        let time = time()
        let slow = state.withLock { state -> [AsyncStream<KioskEvent>.Continuation] in
            state.number += 1
            var event = KioskEvent(number: state.number, time: time, type: type)
            fill(&event)
            if state.recent.count >= limits.kept { state.recent.removeFirst(state.recent.count - limits.kept + 1) }
            state.recent.append(event)
            var slow: [AsyncStream<KioskEvent>.Continuation] = []
            for (id, follower) in state.followers {
                guard case .dropped = follower.yield(event) else { continue }
                state.followers[id] = nil
                slow.append(follower)
            }
            return slow
        }
        // Outside of the lock: ending a stream calls back into it.
        for follower in slow { follower.finish() }
    }

    /// The newest, oldest first; at most `count`.
    func recent(_ count: Int) -> [KioskEvent] { state.withLock { Array($0.recent.suffix(max(0, count))) } }

    /// The newest `count`, and everything after them without a gap. The stream ends when its reader falls too far behind.
    /// - Returns: `nil` when as many follow as may.
    func follow(recent count: Int) -> (recent: [KioskEvent], stream: AsyncStream<KioskEvent>)? {
        let (stream, continuation) = AsyncStream<KioskEvent>.makeStream(
            bufferingPolicy: .bufferingOldest(limits.behind))
        return state.withLock { state in
            guard state.followers.count < limits.followers else { return nil }
            let id = state.nextFollower
            state.nextFollower += 1
            state.followers[id] = continuation
            continuation.onTermination = { [weak self] _ in self?.forget(id) }
            return (Array(state.recent.suffix(max(0, count))), stream)
        }
    }

    /// The last line for a reader that fell behind.
    func dropped() -> KioskEvent { KioskEvent(number: 0, time: time(), type: .dropped) }

    private func time() -> String {
        clock().formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }

    private func forget(_ id: Int) { state.withLock { _ = $0.followers.removeValue(forKey: id) } }
}
