import Synchronization

/// A running program that can be taken away.
public final class ProgramSlot: Sendable {
    private let program = Mutex<RunningProgram?>(nil)
    public init() {}
    public func set(_ running: RunningProgram) { program.withLock { $0 = running } }
    public func take() -> RunningProgram? {
        program.withLock { program in
            defer { program = nil }
            return program
        }
    }
}
