import Synchronization

/// A running program that can be taken away.
public final class ProgramSlot: Sendable {
    private let program = Mutex<RunningProgram?>(nil)
    /// Empty.
    public init() {}
    /// Puts a program in; what was there before is not ended.
    public func set(_ running: RunningProgram) { program.withLock { $0 = running } }
    /// What is in it, which is then empty.
    public func take() -> RunningProgram? {
        program.withLock { program in
            defer { program = nil }
            return program
        }
    }
}
