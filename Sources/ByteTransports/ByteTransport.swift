/// A line of bytes to one device: serial port, TCP connection, recording.
///
/// One owner a line: at most one `read` waits at a time, and only the owner writes. A line has no memory across
/// `close`: bytes that were not yet sent are dropped, bytes that were not yet read are forgotten. What a closed line
/// still held belongs to a resident who has left.
///
/// Nothing here blocks a thread of the cooperative pool.
public protocol ByteTransport: Sendable {
    /// The device's address, for evidence: `/dev/ttyUSB0`, `127.0.0.1:9100`.
    var name: String { get }

    /// Opens the line; an open line is closed first.
    func open() async throws(TransportError)

    /// Closes the line and drops what it still holds. Harmless on a closed line.
    func close() async

    /// Hands `bytes` to the operating system, all of them or an error.
    ///
    /// Success means no more than that. When the time passes with bytes unsent, the line is closed: half a message
    /// may be out, and the rest must not follow later.
    func write(_ bytes: [UInt8], within timeout: Duration) async throws(TransportError)

    /// What has arrived, at least one byte and at most `limit`.
    /// - Throws: `.timedOut` when nothing arrived in time; `.cancelled`; `.gone` when the device ended the line.
    func read(upTo limit: Int, within timeout: Duration) async throws(TransportError) -> [UInt8]

    /// Forgets what has arrived and was not read, and says how many bytes that were. Does not wait.
    func discardArrived() async -> Int

    /// Sets the speed in bits per second where the line has one; elsewhere nothing happens.
    func setSpeed(_ bitsPerSecond: Int) async throws(TransportError)
}

extension ByteTransport {
    /// Does nothing: most lines have no speed.
    public func setSpeed(_ bitsPerSecond: Int) async throws(TransportError) {}
}

/// Why a line cannot be used, with the cause in words for a technician. Never holds what was on the line.
public enum TransportError: Error, Hashable, Sendable, CustomStringConvertible {
    /// There is no such device, or nothing listens there.
    case missing(String)
    /// Somebody else has it.
    case busy(String)
    /// We may not: says which group or rule would allow it.
    case forbidden(String)
    /// It was there and went away: unplugged, power cut, connection lost.
    case gone(String)
    /// It took too long: to connect, to take bytes, or to send any. Only after a `read` is the line still open.
    case timedOut(String)
    /// The address or a setting cannot be used.
    case unusable(String)
    /// The task that waited was cancelled.
    case cancelled

    /// The cause as it was given, which names the address; `cancelled` for `.cancelled`.
    public var description: String {
        switch self {
        case .missing(let cause), .busy(let cause), .forbidden(let cause), .gone(let cause), .timedOut(let cause),
            .unusable(let cause):
            cause
        case .cancelled: "cancelled"
        }
    }
}
