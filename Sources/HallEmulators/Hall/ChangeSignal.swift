import Foundation
import Synchronization

/// Tells any number of listeners that something changed; changes that come faster than a listener looks merge.
final class ChangeSignal: Sendable {
    private let listeners = Mutex<[UUID: AsyncStream<Void>.Continuation]>([:])

    /// A stream that yields at once and after each change.
    func changes() -> AsyncStream<Void> {
        let id = UUID()
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        continuation.onTermination = { [weak self] _ in self?.forget(id) }
        listeners.withLock { $0[id] = continuation }
        continuation.yield()
        return stream
    }

    func notify() {
        for listener in listeners.withLock({ Array($0.values) }) { listener.yield() }
    }

    private func forget(_ id: UUID) { _ = listeners.withLock { $0.removeValue(forKey: id) } }
}
