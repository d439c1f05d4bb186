import Foundation
import GuidedFlow
import HallModel
import KioskScreens
import Logging
import Synchronization

/// The repository's own kiosk folder.
enum TestKiosk {
    static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static let folder = repository.appending(path: "Kiosk")

    static func renderer(
        texts: (any TextSource)? = nil, missing: MissingNames = MissingNames()
    ) throws -> ScreenRenderer {
        try ScreenRenderer(
            kioskFolder: folder, panel: .portrait215, texts: texts ?? KioskContents.shared.get().texts,
            logger: Logger(label: "screens"),
            onMissingText: { key, _ in missing.add(key) }, onMissingPicture: { missing.add("picture " + $0) })
    }
}

/// Collects what a renderer did not find.
final class MissingNames: Sendable {
    private let list = Mutex<[String]>([])
    func add(_ name: String) { list.withLock { $0.append(name) } }
    var names: [String] { list.withLock { $0 } }
}

/// A source that shows what a test tells it to, and remembers what was done.
final class TestSource: ScreenSource {
    struct Act: Equatable {
        var action: ResidentAction
        var revision: Int
    }
    private struct State {
        var screen: Screen
        var acts: [Act] = []
        var activities = 0
        var listeners: [Int: AsyncStream<Screen>.Continuation] = [:]
        var nextListener = 0
    }
    private let state: Mutex<State>
    let pages: [PageID: [UInt8]]

    init(_ screen: Screen, pages: [PageID: [UInt8]] = [:]) {
        state = Mutex(State(screen: screen))
        self.pages = pages
    }

    func show(_ screen: Screen) {
        state.withLock { state in
            state.screen = screen
            for listener in state.listeners.values { listener.yield(screen) }
        }
    }

    /// The screen now shown, changed and with the next revision.
    func change(_ edit: (inout Screen) -> Void) {
        var screen = state.withLock { $0.screen }
        edit(&screen)
        screen.revision += 1
        show(screen)
    }

    var acts: [Act] { state.withLock { $0.acts } }
    var activities: Int { state.withLock { $0.activities } }
    var listenerCount: Int { state.withLock { $0.listeners.count } }

    func currentScreen() async -> Screen { state.withLock { $0.screen } }

    func screens() -> AsyncStream<Screen> {
        let (stream, continuation) = AsyncStream<Screen>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let id = state.withLock { state in
            state.nextListener += 1
            state.listeners[state.nextListener] = continuation
            continuation.yield(state.screen)
            return state.nextListener
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { $0.listeners[id] = nil }
        }
        return stream
    }

    func act(_ action: ResidentAction, revision: Int) async {
        state.withLock { $0.acts.append(Act(action: action, revision: revision)) }
    }

    func activity() async { state.withLock { $0.activities += 1 } }
    func previewJPEG(_ page: PageID) async -> [UInt8]? { pages[page] }
}
