import NIOCore

extension WorkerHost {
    /// Like `perform`, for commands that may safely run twice: when the worker dies, it is waited for (its supervisor starts it
    /// again in 0.2 s) and asked once more, twice at most.
    public func performAgainIfLost(
        _ command: WorkerCommand, on instance: String, attachments: [ByteBuffer] = [], deadline: Duration
    ) async throws(WorkerFailure) -> (WorkerReply, [ByteBuffer]) {
        for _ in 0..<2 {
            do throws(WorkerFailure) {
                return try await perform(command, on: instance, attachments: attachments, deadline: deadline)
            } catch {
                guard error == .workerLost else { throw error }
                guard await comesBack(instance) else { throw error }
            }
        }
        return try await perform(command, on: instance, attachments: attachments, deadline: deadline)
    }

    /// Like `perform`, for commands that must not run twice: a worker that is just being started again is waited for, but
    /// when it dies with the command, that is the end: what it had done by then nobody knows.
    public func performOnce(
        _ command: WorkerCommand, on instance: String, deadline: Duration
    ) async throws(WorkerFailure) -> (WorkerReply, [ByteBuffer]) {
        guard await comesBack(instance) else { throw .workerLost }
        return try await perform(command, on: instance, deadline: deadline)
    }

    /// Whether the worker is there, or is within the time in which a blip is not noticed.
    public func comesBack(_ instance: String) async -> Bool {
        let end = ContinuousClock.now + Blip.longest
        while ContinuousClock.now < end {
            if isConnected(instance) { return true }
            do { try await ProgramLoop.sleep(for: .milliseconds(100)) } catch { return false }
        }
        return isConnected(instance)
    }
}
