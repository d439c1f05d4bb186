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
    private let symbolicLink: String?
    let timeScale: Double
    /// A pipe: what is written to one end ends the wait at the other.
    private let wakeUp: (reading: CInt, writing: CInt)
    private let onChange: @Sendable () -> Void
    private let ended = DispatchSemaphore(value: 0)

    /// - Parameters:
    ///   - symbolicLink: a path that always leads to the present device node and is absent while unplugged.
    ///   - timeScale: 1 is the time a real reader takes, 0 is at once.
    ///   - onChange: called on any thread after something visible changed.
    public init(symbolicLink: String? = nil, timeScale: Double = 1, onChange: @escaping @Sendable () -> Void = {}) {
        self.symbolicLink = symbolicLink
        self.timeScale = timeScale
        self.onChange = onChange
        var ends: [CInt] = [-1, -1]
        pipe(&ends)
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        wakeUp = (ends[0], ends[1])
    }

    deinit {
        close(wakeUp.reading)
        close(wakeUp.writing)
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
        wake()
        _ = ended.wait(timeout: .now() + 2)
    }

    /// The path for a driver: the symbolic link when there is one, else `/dev/pts/N`.
    public var devicePath: String { symbolicLink ?? state.withLock { $0.devicePath ?? "" } }

    /// Lays a card on the reader, in place of one that lies there.
    public func place(_ card: SyntheticCard) { change { $0.module.place(card) } }

    /// Takes the card away.
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
        wake()
    }

    /// No card, no fault, as after power-on.
    public func reset() {
        change { state in
            state.misbehaviour = .none
            state.remaining = nil
            state.module = SAMVModule()
            state.needsPowerCycle = true
        }
        wake()
    }

    public var snapshot: CardReaderSnapshot {
        state.withLock { state in
            CardReaderSnapshot(
                device: state.devicePath == nil ? nil : (symbolicLink ?? state.devicePath),
                card: state.module.card?.id, phase: state.module.card.map { _ in state.module.phase.rawValue },
                misbehaviour: state.misbehaviour, remaining: state.remaining, requests: state.requests)
        }
    }

    // MARK: For the line

    func publish(_ slavePath: String) throws {
        if let symbolicLink {
            let fresh = symbolicLink + ".new"
            unlink(fresh)
            guard symlink(slavePath, fresh) == 0, rename(fresh, symbolicLink) == 0 else {
                throw EmulatorError.system("make \(symbolicLink)", errno)
            }
        }
        change { $0.devicePath = slavePath }
    }

    func unpublish() {
        if let symbolicLink { unlink(symbolicLink) }
        change { $0.devicePath = nil }
    }

    var wakeUpDescriptor: CInt { wakeUp.reading }

    func withState<Result>(_ body: (inout sending State) -> sending Result) -> Result { state.withLock(body) }

    func changed() { onChange() }

    private func change(_ body: (inout State) -> Void) {
        state.withLock { body(&$0) }
        onChange()
    }

    private func wake() {
        var byte: UInt8 = 1
        _ = Glibc.write(wakeUp.writing, &byte, 1)
    }
}
