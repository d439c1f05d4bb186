import NIOCore
import NIOPosix
import Synchronization

/// A TCP connection to one configured address, as network printers take them (port 9100).
///
/// At most 16 KiB wait in the kernel for a device that takes nothing; closing drops them.
public final class TCPTransport: ByteTransport {
    private let host: String
    private let port: Int
    private let connectTimeout: Duration
    private let current = Mutex<ChannelLine?>(nil)

    /// A connection that is not yet open.
    /// - Parameters:
    ///   - host: a name or an address; IPv6 without brackets.
    ///   - connectTimeout: for each opening.
    public init(host: String, port: Int, connectTimeout: Duration = .seconds(3)) {
        self.host = host
        self.port = port
        self.connectTimeout = connectTimeout
    }

    /// `HOST:PORT`; an IPv6 address stands in brackets.
    public var name: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// Connects.
    /// - Throws: `.missing` when nothing listens there or the name is not known, `.timedOut` when nobody answers.
    public func open() async throws(TransportError) {
        await close()
        let received = ReceivedBytes()
        let name = name
        do {
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connectTimeout(TimeAmount(connectTimeout))
                .channelOption(ChannelOptions.autoRead, value: false)
                .channelOption(ChannelOptions.maxMessagesPerRead, value: 1)
                .channelOption(
                    ChannelOptions.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 4_096)
                )
                .channelOption(ChannelOptions.tcpOption(.tcp_nodelay), value: 1)
                .channelOption(ChannelOptions.socketOption(.so_keepalive), value: 1)
                .channelOption(ChannelOptions.socketOption(.so_sndbuf), value: 16 << 10)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(ChannelLineHandler(received, name: name))
                    }
                }
                .connect(host: host, port: port).get()
            current.withLock { $0 = ChannelLine(channel: channel, received: received, name: name) }
        } catch {
            throw TransportError(error, on: name)
        }
    }

    /// Resets the connection instead of ending it, so that the kernel sends nothing of what it still holds.
    public func close() async {
        let line = current.withLock { current -> ChannelLine? in
            defer { current = nil }
            return current
        }
        await line?.close()
    }

    /// As ``ByteTransport/write(_:within:)``; `.gone` when closed or cut by the other side.
    public func write(_ bytes: [UInt8], within timeout: Duration) async throws(TransportError) {
        try await line().write(bytes, within: timeout)
    }

    /// As ``ByteTransport/read(upTo:within:)``; also `.gone` when closed, `.busy` for a second reader.
    public func read(upTo limit: Int, within timeout: Duration) async throws(TransportError) -> [UInt8] {
        try await line().read(upTo: limit, within: timeout)
    }

    /// What had arrived in this process; what is still in the kernel is not counted.
    public func discardArrived() async -> Int { current.withLock { $0 }?.discardArrived() ?? 0 }

    private func line() throws(TransportError) -> ChannelLine {
        guard let line = current.withLock({ $0 }) else { throw .gone("\(name) is closed") }
        return line
    }
}
