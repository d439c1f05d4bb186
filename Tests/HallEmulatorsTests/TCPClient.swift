import NIOCore
import NIOPosix
import Synchronization

/// A TCP connection for tests: sends bytes and collects what comes back.
final class TCPClient: Sendable {
    private struct State {
        var received: [UInt8] = []
        var isEnded = false
    }

    private let channel: any Channel
    private let state: Box

    private final class Box: Sendable {
        let value = Mutex(State())
    }

    init(port: Int) async throws {
        let box = Box()
        state = box
        channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(.seconds(2))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Collector(box: box))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
    }

    deinit { channel.close(promise: nil) }

    func send(_ bytes: [UInt8]) async throws { try await channel.writeAndFlush(ByteBuffer(bytes: bytes)) }

    func close() async { try? await channel.close() }

    /// Waits for so many bytes and takes them; fewer when the time is over or the connection ended.
    func receive(_ count: Int, seconds: Double = 20) async -> [UInt8] {
        _ = await becomes(seconds: seconds) {
            self.state.value.withLock { $0.received.count >= count || $0.isEnded }
        }
        return state.value.withLock { state in
            let taken = Array(state.received.prefix(count))
            state.received.removeFirst(taken.count)
            return taken
        }
    }

    func isEnded(seconds: Double = 20) async -> Bool {
        await becomes(seconds: seconds) { self.state.value.withLock { $0.isEnded } }
    }

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        let box: Box
        init(box: Box) { self.box = box }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = Array(buffer: unwrapInboundIn(data))
            box.value.withLock { $0.received += bytes }
        }

        func channelInactive(context: ChannelHandlerContext) { box.value.withLock { $0.isEnded = true } }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
