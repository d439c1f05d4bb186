import GuidedFlow
import HallModel
import KioskScreens
import Synchronization

/// The real flow behind the screen: touches go in, screens come out.
final class FlowSource: ScreenSource {
    private struct State {
        var kiosk: RealKiosk
        var listeners: [Int: AsyncStream<Screen>.Continuation] = [:]
        var nextListener = 0
    }
    private let state: Mutex<State>

    init(_ kiosk: RealKiosk) { state = Mutex(State(kiosk: kiosk)) }

    var screen: Screen { state.withLock { $0.kiosk.screen } }
    var effects: [FlowEffect] { state.withLock { $0.kiosk.effects } }
    var hasSubmitted: Bool { effects.contains { if case .submit = $0 { true } else { false } } }

    func change(_ way: (inout RealKiosk) -> Void) {
        state.withLock { state in
            way(&state.kiosk)
            for listener in state.listeners.values { listener.yield(state.kiosk.screen) }
        }
    }

    func currentScreen() async -> Screen { screen }

    func screens() -> AsyncStream<Screen> {
        let (stream, continuation) = AsyncStream<Screen>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let id = state.withLock { state in
            state.nextListener += 1
            state.listeners[state.nextListener] = continuation
            continuation.yield(state.kiosk.screen)
            return state.nextListener
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { $0.listeners[id] = nil }
        }
        return stream
    }

    func act(_ action: ResidentAction, revision: Int) async {
        change { $0.send(.action(action, revision: revision)) }
    }

    func activity() async { change { $0.send(.activity) } }
    func previewJPEG(_ page: PageID) async -> [UInt8]? { FixturePage.jpeg }
}
