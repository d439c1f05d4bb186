import NIOCore
import NIOPosix
import Synchronization

/// A serial line, 8N1, raw, opened for this process alone (`TIOCEXCL` and a lock on the node).
///
/// Reading and writing happen on an event loop; opening on a thread that may block.
public final class SerialTransport: ByteTransport {
    private struct Open {
        var line: ChannelLine
        /// Owned by the channel: to be used on its event loop only, while it is active.
        var descriptor: CInt
    }

    private let path: String
    private let speed: Mutex<Int>
    private let current = Mutex<Open?>(nil)

    /// A line that is not yet open.
    /// - Parameter bitsPerSecond: one of the usual speeds, 1,200 … 921,600; any other is refused by ``open()``.
    public init(path: String, bitsPerSecond: Int) {
        self.path = path
        speed = Mutex(bitsPerSecond)
    }

    /// The path of its node: `/dev/ttyUSB0`.
    public var name: String { path }

    /// Opens the node; what it still held is dropped.
    /// - Throws: `.missing`, `.busy`, `.forbidden`, or `.unusable` for what is no serial line and for a speed that none
    ///   has.
    public func open() async throws(TransportError) {
        await close()
        let bitsPerSecond = speed.withLock { $0 }
        let received = ReceivedBytes()
        do {
            let descriptor = try await NIOThreadPool.singleton.runIfActive { [path] in
                try SerialPort.open(path, bitsPerSecond: bitsPerSecond)
            }
            let channel = try await Self.channel(on: descriptor, received, name: path)
            let line = ChannelLine(channel: channel, received: received, name: path)
            current.withLock { $0 = Open(line: line, descriptor: descriptor) }
        } catch {
            throw TransportError(error, on: path)
        }
    }

    /// Drops what the kernel still holds in both directions, so that nothing comes out later.
    public func close() async {
        guard
            let open = current.withLock({ current -> Open? in
                defer { current = nil }
                return current
            })
        else { return }
        try? await open.line.channel.eventLoop.submit {
            if open.line.channel.isActive { SerialPort.forget(open.descriptor) }
        }.get()
        await open.line.close()
    }

    /// As ``ByteTransport/write(_:within:)``; any failure closes the line.
    /// - Throws: `.timedOut` when the device took too little in time; `.gone` when the line is closed or went away.
    public func write(_ bytes: [UInt8], within timeout: Duration) async throws(TransportError) {
        do throws(TransportError) {
            try await line().write(bytes, within: timeout)
        } catch {
            await close()
            throw error
        }
    }

    /// As ``ByteTransport/read(upTo:within:)``; also `.gone` when the line is closed, `.busy` for a second reader.
    public func read(upTo limit: Int, within timeout: Duration) async throws(TransportError) -> [UInt8] {
        try await line().read(upTo: limit, within: timeout)
    }

    /// What had arrived in this process; what is still in the kernel is not counted.
    public func discardArrived() async -> Int { current.withLock { $0 }?.line.discardArrived() ?? 0 }

    /// For now, where the line is open, and for every later opening. Drops what is on its way in the kernel.
    /// - Throws: `.unusable` for a speed that no serial line has; on a closed line only ``open()`` tells. `.gone`.
    public func setSpeed(_ bitsPerSecond: Int) async throws(TransportError) {
        speed.withLock { $0 = bitsPerSecond }
        guard let open = current.withLock({ $0 }) else { return }
        do {
            try await open.line.channel.eventLoop.submit { [path] in
                guard open.line.channel.isActive else { throw TransportError.gone("\(path) is closed") }
                try SerialPort.configure(open.descriptor, path, bitsPerSecond: bitsPerSecond)
                SerialPort.forget(open.descriptor)
            }.get()
        } catch {
            throw TransportError(error, on: path)
        }
    }

    private func line() throws(TransportError) -> ChannelLine {
        guard let open = current.withLock({ $0 }) else { throw .gone("\(path) is closed") }
        return open.line
    }

    private static func channel(
        on descriptor: CInt, _ received: ReceivedBytes, name: String
    ) async throws -> any Channel {
        do {
            return try await NIOPipeBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .channelOption(ChannelOptions.autoRead, value: false)
                .channelOption(ChannelOptions.maxMessagesPerRead, value: 1)
                .channelOption(
                    ChannelOptions.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 4_096)
                )
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(ChannelLineHandler(received, name: name))
                    }
                }
                .takingOwnershipOfDescriptor(inputOutput: descriptor).get()
        } catch {
            SerialPort.abandon(descriptor)
            throw error
        }
    }
}
