import Synchronization

/// A recorded device: answers as in the recording, once it was sent the same bytes.
///
/// What we send must be the recorded stream, byte for byte; how it is cut into writes does not matter. What the
/// device said becomes readable as soon as everything was sent that the recording has before it.
public final class ReplayTransport: ByteTransport {
    private struct State {
        /// All bytes ever sent in the recording.
        var expected: [UInt8] = []
        var sent = 0
        /// What the device said, with the number of bytes that were sent before.
        var replies: [(after: Int, bytes: [UInt8])] = []
        var isOpen = false
    }

    /// As given to `init`, for evidence.
    public let name: String
    private let clock: DeviceClock
    private let state: Mutex<State>

    /// - Throws: `.unusable` when the recording withholds bytes.
    public init(_ recording: Recording, name: String = "recording", clock: DeviceClock) throws(TransportError) {
        self.name = name
        self.clock = clock
        var state = State()
        for entry in recording.entries {
            switch entry.event {
            case .open, .close: continue
            case .toDevice(let bytes): state.expected += bytes
            case .fromDevice(let bytes): state.replies.append((state.expected.count, bytes))
            case .withheld: throw .unusable("\(name) was recorded without its bytes")
            }
        }
        self.state = Mutex(state)
    }

    /// True when all of the recording was sent and read.
    public var isFinished: Bool { state.withLock { $0.sent == $0.expected.count && $0.replies.isEmpty } }

    /// Begins, or goes on where the recording stands: closing and opening take nothing back.
    /// - Throws: `.missing` when all of the recording was sent and read.
    public func open() async throws(TransportError) {
        guard !isFinished else { throw .missing("\(name) is at its end") }
        state.withLock { $0.isOpen = true }
    }

    /// From now on `read` and `write` throw `.gone`, until it is opened again.
    public func close() async { state.withLock { $0.isOpen = false } }

    /// Compares with the recorded stream; does not wait.
    /// - Throws: `.unusable`, with both as hexadecimal, for bytes other than those recorded next; `.gone` when closed,
    ///   or for more bytes than the recording has left.
    public func write(_ bytes: [UInt8], within timeout: Duration) async throws(TransportError) {
        let failure = state.withLock { state -> TransportError? in
            guard state.isOpen else { return .gone("\(name) is closed") }
            let left = state.expected.count - state.sent
            guard left >= bytes.count else { return .gone("\(name) is at its end") }
            let next = state.expected[state.sent..<state.sent + bytes.count]
            guard next.elementsEqual(bytes) else {
                return .unusable(
                    "\(name), sent byte \(state.sent): recorded \(Recording.hexadecimal(next.prefix(16))), "
                        + "now \(Recording.hexadecimal(bytes.prefix(16)))")
            }
            state.sent += bytes.count
            return nil
        }
        if let failure { throw failure }
    }

    /// What the recorded device said once it had been sent as much as now; never more than one entry at once.
    /// - Throws: `.timedOut` after the whole time on the recording's clock; `.gone` when closed or at the end of the
    ///   recording; `.cancelled`.
    public func read(upTo limit: Int, within timeout: Duration) async throws(TransportError) -> [UInt8] {
        if let bytes = try takeReply(limit) { return bytes }
        if isFinished { throw .gone("\(name) is at its end") }
        do { try await clock.sleep(timeout) } catch { throw .cancelled }
        if let bytes = try takeReply(limit) { return bytes }
        throw .timedOut("nothing came from \(name) within \(timeout.inWords)")
    }

    /// Always 0: a recorded answer is never late.
    public func discardArrived() async -> Int { 0 }

    private func takeReply(_ limit: Int) throws(TransportError) -> [UInt8]? {
        let result = state.withLock { state -> Result<[UInt8]?, TransportError> in
            guard state.isOpen else { return .failure(.gone("\(name) is closed")) }
            guard let first = state.replies.first, first.after <= state.sent else { return .success(nil) }
            let taken = Array(first.bytes.prefix(limit))
            state.replies[0].bytes.removeFirst(taken.count)
            if state.replies[0].bytes.isEmpty { state.replies.removeFirst() }
            return .success(taken)
        }
        return try result.get()
    }
}
