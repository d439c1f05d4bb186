import GuidedFlow
import Synchronization

/// Hands the newest screen to every browser. A slow one misses what came in between, never the latest.
final class ScreenBroadcast: Sendable {
    private struct State {
        var latest: Screen?
        var subscribers: [Int: AsyncStream<Screen>.Continuation] = [:]
        var nextID = 0
    }

    private let state = Mutex(State())

    var latest: Screen? { state.withLock { $0.latest } }

    /// Tells everybody, unless nothing changed.
    func publish(_ screen: Screen) {
        state.withLock { state in
            guard state.latest != screen else { return }
            state.latest = screen
            for subscriber in state.subscribers.values { subscriber.yield(screen) }
        }
    }

    /// The latest screen first, then every change.
    func subscribe() -> AsyncStream<Screen> {
        let (stream, continuation) = AsyncStream<Screen>.makeStream(bufferingPolicy: .bufferingNewest(1))
        state.withLock { state in
            let id = state.nextID
            state.nextID += 1
            state.subscribers[id] = continuation
            continuation.onTermination = { [weak self] _ in self?.forget(id) }
            if let latest = state.latest { continuation.yield(latest) }
        }
        return stream
    }

    private func forget(_ id: Int) { state.withLock { _ = $0.subscribers.removeValue(forKey: id) } }
}
