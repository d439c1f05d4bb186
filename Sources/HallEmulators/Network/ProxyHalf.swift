import Glibc
import NIOCore

struct NetworkModeChanged: Sendable {}

/// One direction of a connection: reads a piece, lets it pass as the network allows, then reads the next.
final class ProxyHalf: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let proxy: FlakyProxy
    private let peer: any Channel
    private let direction: NetworkMode.Direction
    /// Pieces on their way, with the time at which each arrives.
    private var underWay = CircularBuffer<(due: NIODeadline, bytes: ByteBuffer)>()
    private var bytesUnderWay = 0
    private var isWriting = false
    private var isEnded = false
    /// The first piece has drawn its lot already.
    private var isJudged = false

    /// With latency, so much may be on its way in one direction.
    private static let mostUnderWay = 1 << 20

    init(proxy: FlakyProxy, peer: any Channel, direction: NetworkMode.Direction) {
        self.proxy = proxy
        self.peer = peer
        self.direction = direction
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let piece = unwrapInboundIn(data)
        bytesUnderWay += piece.readableBytes
        underWay.append((.now() + proxy.delay, piece))
        forward(context)
        if proxy.readsAhead, bytesUnderWay < Self.mostUnderWay { context.read() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is NetworkModeChanged { forward(context) } else { context.fireUserInboundEventTriggered(event) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        isEnded = true
        if underWay.isEmpty, !isWriting { peer.close(promise: nil) }
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func forward(_ context: ChannelHandlerContext) {
        guard !isWriting, let (due, piece) = underWay.first else { return }
        guard due <= .now() else { return waitUntil(due, context) }
        let verdict = isJudged ? .pass(upTo: piece.readableBytes) : proxy.judge(piece.readableBytes, direction)
        switch verdict {
        case .wait: return
        case .stall(let time):
            isJudged = true
            waitUntil(.now() + time, context)
        case .reset:
            drop()
            Self.reset(context.channel)
            Self.reset(peer)
        case .cut(let count):
            drop()
            let proxy = proxy
            guard let last = piece.getSlice(at: piece.readerIndex, length: min(count, piece.readableBytes)),
                last.readableBytes > 0
            else { return proxy.cutEverything() }
            peer.writeAndFlush(last).whenComplete { _ in proxy.cutEverything() }
        case .pass(let count): pass(count, context)
        }
    }

    private func pass(_ count: Int, _ context: ChannelHandlerContext) {
        isJudged = false
        var (due, bytes) = underWay.removeFirst()
        guard let slice = bytes.readSlice(length: min(count, bytes.readableBytes)) else { return }
        if bytes.readableBytes > 0 { underWay.prepend((due, bytes)) }
        bytesUnderWay -= slice.readableBytes
        isWriting = true
        proxy.count(slice.readableBytes, direction)
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let loop = context.eventLoop
        let pause = proxy.pauseBetweenSlices
        peer.writeAndFlush(proxy.spoil(slice)).whenComplete { _ in
            guard let pause else { return bound.value.0.goOn(bound.value.1) }
            loop.scheduleTask(in: pause) { bound.value.0.goOn(bound.value.1) }
        }
    }

    private func waitUntil(_ time: NIODeadline, _ context: ChannelHandlerContext) {
        isWriting = true
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(deadline: time) { bound.value.0.goOn(bound.value.1) }
    }

    private func drop() {
        underWay.removeAll()
        bytesUnderWay = 0
    }

    /// Ends a connection with a reset instead of a goodbye.
    private static func reset(_ channel: any Channel) {
        guard let socket = channel as? any SocketOptionProvider else { return channel.close(promise: nil) }
        socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in channel.close(promise: nil) }
    }

    private func goOn(_ context: ChannelHandlerContext) {
        isWriting = false
        if !underWay.isEmpty {
            forward(context)
        } else if isEnded {
            peer.close(promise: nil)
        } else {
            context.read()
        }
    }
}
