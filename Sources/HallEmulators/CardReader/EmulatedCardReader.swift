import Dispatch
import Foundation
import Glibc
import Synchronization

/// A SAM_V card reader on a pseudo-terminal at 115200 bits per second.
///
/// Use it in tests of drivers and as the reader of the emulated hall. It runs on a thread of its own; every call
/// returns at once. `start()` before use and `stop()` afterwards.
public final class EmulatedCardReader: Sendable {
    struct State {
        var module = SAMVModule()
        var misbehaviour = CardReaderMisbehaviour.none
        var remaining: Int?
        var requests = 0
        var devicePath: String?
        var isStopping = false
        /// Becomes true when the module shall be as after power-on.
        var needsPowerCycle = false
    }

    private let state = Mutex(State())
    private let link: DeviceLink?
    let timeScale: Double
    let bell = WakeUpBell()
    private let onChange: @Sendable () -> Void
    private let ended = DispatchSemaphore(value: 0)

    /// - Parameters:
    ///   - symbolicLink: a path that always leads to the present device node and is absent while unplugged.
    ///   - timeScale: 1 is the time a real reader takes, 0 is at once.
    ///   - onChange: called on any thread after something visible changed.
    public init(symbolicLink: String? = nil, timeScale: Double = 1, onChange: @escaping @Sendable () -> Void = {}) {
        link = symbolicLink.map { DeviceLink(path: $0) }
        self.timeScale = timeScale
        self.onChange = onChange
    }

    /// Plugs the reader in. Throws when no pseudo-terminal can be had.
    public func start() throws {
        let terminal = try PseudoTerminal()
        try publish(terminal.slavePath)
        let line = CardReaderLine(reader: self, terminal: terminal)
        let thread = Thread { [ended] in
            line.run()
            ended.signal()
        }
        thread.name = "card-reader"
        thread.start()
    }

    /// Ends the thread, closes the pseudo-terminal and removes the symbolic link.
    public func stop() {
        let wasRunning = state.withLock { state in
            defer { state.isStopping = true }
            return !state.isStopping
        }
        guard wasRunning else { return }
        unpublish()
        bell.ring()
        _ = ended.wait(timeout: .now() + 2)
    }

    /// The path for a driver: the symbolic link when there is one, else `/dev/pts/N`.
    public var devicePath: String { link?.path ?? state.withLock { $0.devicePath ?? "" } }

    /// Lays a card on the reader, in place of one that lies there.
    public func place(_ card: SyntheticCard) { change { $0.module.place(card) } }

    /// Lays a second card on the reader, beside the one that lies there.
    public func add(_ card: SyntheticCard) { change { $0.module.add(card) } }

    /// What the reader makes of two cards at once.
    public func setCollision(_ collision: CardCollision) { change { $0.module.collision = collision } }

    /// Lets a hand take the card away at a moment, once; `nil` calls it off.
    public func pull(at moment: CardPullMoment?) { change { $0.module.pullMoment = moment } }

    /// Takes away whatever lies there.
    public func removeCard() { change { $0.module.remove() } }

    /// Makes the reader go wrong, for `count` replies or until told otherwise.
    public func misbehave(_ mode: CardReaderMisbehaviour, count: Int? = nil) {
        change { state in
            state.misbehaviour = mode
            state.remaining = count ?? mode.defaultCount
            state.module.isAuthorised = mode != .notAuthorised
            state.module.failsNextRead = false
            state.module.findPayload = [0, 0, 0, 0]
        }
        bell.ring()
    }

    /// No card, no fault, as after power-on.
    public func reset() {
        change { state in
            state.misbehaviour = .none
            state.remaining = nil
            state.module = SAMVModule()
            state.needsPowerCycle = true
        }
        bell.ring()
    }

    /// What lies on it and how it does, at this moment.
    public var snapshot: CardReaderSnapshot {
        state.withLock { state in
            CardReaderSnapshot(
                device: state.devicePath == nil ? nil : (link?.path ?? state.devicePath),
                card: state.module.card?.id, second: state.module.second?.id, collision: state.module.collision,
                pullMoment: state.module.pullMoment, phase: state.module.card.map { _ in state.module.phase.rawValue },
                misbehaviour: state.misbehaviour, remaining: state.remaining, requests: state.requests)
        }
    }

    // MARK: For the line

    func publish(_ slavePath: String) throws {
        try link?.lead(to: slavePath)
        change { $0.devicePath = slavePath }
    }

    func unpublish() {
        link?.remove()
        change { $0.devicePath = nil }
    }

    func withState<Result>(_ body: (inout sending State) -> sending Result) -> Result { state.withLock(body) }

    func changed() { onChange() }

    private func change(_ body: (inout State) -> Void) {
        state.withLock { body(&$0) }
        onChange()
    }
}
