import Dispatch
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// A line that writes down what goes over it, for a technician or for `Devices/<family>/recordings/`.
///
/// By default only directions, times and lengths are written: what a card reader or a receipt printer carries is a
/// resident's. `.bytes` is for synthetic cards and for lines without persons; **recording a real card is forbidden**.
public final class RecordingTransport: ByteTransport {
    /// What is written down of the bytes on the line.
    public enum Content: Sendable {
        /// How many they were, and in which direction. Such a recording cannot be replayed.
        case lengths
        /// The bytes themselves. Those that are discarded unread are written as a number all the same, and then it cannot be
        /// replayed either.
        case bytes
    }

    private let line: any ByteTransport
    private let content: Content
    private let clock: DeviceClock
    private let start: Duration
    private let file: RecordingFile

    /// - Parameter path: a new file, readable by its owner only; an existing one is not touched.
    public init(
        _ line: any ByteTransport, path: String, content: Content = .lengths, clock: DeviceClock = .system
    ) throws(TransportError) {
        self.line = line
        self.content = content
        self.clock = clock
        start = clock.now()
        file = try RecordingFile(path)
    }

    /// The recorded line's own.
    public var name: String { line.name }

    /// Opens the line and writes that down. An attempt that fails is not written.
    public func open() async throws(TransportError) {
        try await line.open()
        note(.open)
    }

    /// Closes the line and writes that down.
    public func close() async {
        await line.close()
        note(.close)
    }

    /// Writes down what is to be sent, then sends it: a write that fails stands in the recording too.
    public func write(_ bytes: [UInt8], within timeout: Duration) async throws(TransportError) {
        note(content == .bytes ? .toDevice(bytes) : .withheld(toDevice: true, count: bytes.count))
        try await line.write(bytes, within: timeout)
    }

    /// Reads, and writes down what came; that nothing came is not written.
    public func read(upTo limit: Int, within timeout: Duration) async throws(TransportError) -> [UInt8] {
        let bytes = try await line.read(upTo: limit, within: timeout)
        note(content == .bytes ? .fromDevice(bytes) : .withheld(toDevice: false, count: bytes.count))
        return bytes
    }

    /// As the line does it; how many bytes were discarded is written down, never the bytes.
    public func discardArrived() async -> Int {
        let count = await line.discardArrived()
        if count > 0 { note(.withheld(toDevice: false, count: count)) }
        return count
    }

    /// Passed on; not written down.
    public func setSpeed(_ bitsPerSecond: Int) async throws(TransportError) { try await line.setSpeed(bitsPerSecond) }

    /// Waits until all that was noted is in the file.
    public func finish() async { await file.finish() }

    private func note(_ event: Recording.Event) {
        let microseconds = Int((clock.now() - start) / .microseconds(1))
        file.append(Recording.line(Recording.Entry(microseconds: microseconds, event: event)) + "\n")
    }
}

/// The file of a recording, written on a queue of its own and bounded in size.
private final class RecordingFile: Sendable {
    private let queue = DispatchQueue(label: "recording")
    private let descriptor: CInt
    private let written = Mutex(0)

    init(_ path: String) throws(TransportError) {
        descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw TransportError(errno: errno, on: path) }
    }

    deinit { Glibc.close(descriptor) }

    /// What would grow the file beyond what `Recording` reads is left out.
    func append(_ line: String) {
        let bytes = Array(line.utf8)
        let fits = written.withLock { written in
            written += bytes.count
            return written <= Recording.maximumBytes
        }
        guard fits else { return }
        queue.async { [self] in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
                guard count > 0 else { return }
                rest = rest.dropFirst(count)
            }
        }
    }

    func finish() async {
        await withCheckedContinuation { continuation in queue.async { continuation.resume() } }
    }
}
