import Dispatch
import Foundation
import Synchronization

/// A serial reader of two-dimensional codes on a pseudo-terminal: 9600 bits per second, 8N1. It sends what it reads and its
/// ending, nothing else, and takes no commands.
///
/// It runs on a thread of its own; every call returns at once. `start()` before use and `stop()` afterwards.
public final class EmulatedCodeReader: Sendable {
    struct State {
        var core = CodeReaderCore()
        var devicePath: String?
        var isOpened = false
        var bytesReceived = 0
        var isStopping = false
    }

    private let state = Mutex(State())
    private let link: DeviceLink?
    let timeScale: Double
    let bell = WakeUpBell()
    private let onChange: @Sendable () -> Void
    private let ended = DispatchSemaphore(value: 0)

    /// - Parameters:
    ///   - symbolicLink: a path that always leads to the present device node and is absent while the reader is gone.
    ///   - timeScale: 1 is the time that 9600 bits per second take, 0 is at once.
    ///   - onChange: called on any thread after something visible changed.
    public init(symbolicLink: String? = nil, timeScale: Double = 1, onChange: @escaping @Sendable () -> Void = {}) {
        link = symbolicLink.map { DeviceLink(path: $0) }
        self.timeScale = timeScale
        self.onChange = onChange
    }

    /// Plugs the reader in. Throws when no pseudo-terminal can be had.
    public func start() throws {
        let terminal = try CodeReaderLine.terminal()
        try publish(terminal.slavePath)
        let line = CodeReaderLine(reader: self, terminal: terminal)
        let thread = Thread { [ended] in
            line.run()
            ended.signal()
        }
        thread.name = "code-reader"
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

    /// Holds a code under the reader: it is read once, or each 300 ms while it stays there. Throws when no code can hold so
    /// many bytes.
    public func hold(_ code: [UInt8], stays: Bool = false) throws {
        guard (1...CodeReaderCore.longestCode).contains(code.count) else {
            throw EmulatorError.invalid("A code holds 1 to \(CodeReaderCore.longestCode) bytes.")
        }
        change { $0.core.hold(code, stays: stays, now: CodeReaderLine.seconds) }
    }

    /// Takes the code away.
    public func remove() { change { $0.core.remove() } }

    /// Sets the reader up; in force from the next reading on.
    public func configure(_ settings: CodeReaderSettings) { change { $0.core.settings = settings } }

    /// Makes the reader go wrong, for `count` readings or until told otherwise.
    public func setFault(_ fault: CodeReaderFault, count: Int? = nil) {
        change { state in
            state.core.fault = fault
            state.core.remaining = count
        }
    }

    /// No code, no fault, set up as delivered.
    public func reset() { change { $0.core = CodeReaderCore() } }

    /// What lies under it and how it does, at this moment.
    public var snapshot: CodeReaderSnapshot {
        state.withLock { state in
            CodeReaderSnapshot(
                device: state.devicePath == nil ? nil : (link?.path ?? state.devicePath),
                held: state.core.held.map { String(decoding: $0, as: UTF8.self) }, staysThere: state.core.staysThere,
                settings: state.core.settings, fault: state.core.fault, remaining: state.core.remaining,
                isOpened: state.isOpened, readings: state.core.readings, bytesReceived: state.bytesReceived)
        }
    }

    // MARK: For the line

    func publish(_ slavePath: String) throws {
        try link?.lead(to: slavePath)
        change { $0.devicePath = slavePath }
    }

    func unpublish() {
        link?.remove()
        change {
            $0.devicePath = nil
            $0.isOpened = false
        }
    }

    func withState<Result>(_ body: (inout sending State) -> sending Result) -> Result { state.withLock(body) }

    func changed() { onChange() }

    private func change(_ body: (inout State) -> Void) {
        state.withLock { body(&$0) }
        bell.ring()
        onChange()
    }
}
