import NIOCore
import Synchronization

/// What the cable between a networked device and the kiosk does.
public enum CableFault: String, Sendable, Codable, CaseIterable {
    case none
    /// 2,000 bytes a second to the device, and each answer 300 ms late.
    case slow
    /// One byte in fifty has another bit, both ways.
    case garbled
    /// Connections are accepted and nothing passes.
    case silent
    /// Connections end and new ones are refused.
    case gone
}

/// The cable of a device that serves its connections itself: shared by all of them.
final class Cable: Sendable {
    private struct State {
        var fault = CableFault.none
        var noise = DeterministicNoise(seed: "cable")
    }

    private let state = Mutex(State())

    var fault: CableFault {
        get { state.withLock { $0.fault } }
        set { state.withLock { $0.fault = newValue } }
    }

    func garble(_ bytes: ByteBuffer) -> ByteBuffer {
        state.withLock { ByteBuffer(bytes: $0.noise.garble(Array(buffer: bytes), oneIn: 50)) }
    }
}

struct CableChanged: Sendable {}

/// The cable of one connection: stands before whatever serves it.
final class CableHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private static let bytesPerSlice = 100
    private static let slicePause = TimeAmount.milliseconds(50)
    private static let answerDelay = TimeAmount.milliseconds(300)

    private let cable: Cable
    private var held = ByteBuffer()
    private var isPausing = false
    private var wantsToRead = false

    init(cable: Cable) { self.cable = cable }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        held.writeBuffer(&bytes)
        pass(context)
    }

    /// While something is held, nothing more is taken from the socket: the sender feels it.
    func read(context: ChannelHandlerContext) {
        if held.readableBytes == 0, cable.fault != .silent { context.read() } else { wantsToRead = true }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is CableChanged { pass(context) } else { context.fireUserInboundEventTriggered(event) }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let bytes = unwrapOutboundIn(data)
        switch cable.fault {
        case .silent, .gone: promise?.succeed()
        case .garbled: context.write(wrapOutboundOut(cable.garble(bytes)), promise: promise)
        case .slow:
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            context.eventLoop.scheduleTask(in: Self.answerDelay) {
                bound.value.writeAndFlush(NIOAny(bytes), promise: promise)
            }
        case .none: context.write(data, promise: promise)
        }
    }

    private func pass(_ context: ChannelHandlerContext) {
        guard !isPausing else { return }
        let fault = cable.fault
        guard fault != .silent, fault != .gone else { return }
        if held.readableBytes > 0 {
            let length = fault == .slow ? min(Self.bytesPerSlice, held.readableBytes) : held.readableBytes
            guard let slice = held.readSlice(length: length) else { return }
            context.fireChannelRead(wrapInboundOut(fault == .garbled ? cable.garble(slice) : slice))
            if held.readableBytes == 0 { context.fireChannelReadComplete() }
        }
        guard held.readableBytes > 0 else {
            held.clear()
            if wantsToRead {
                wantsToRead = false
                context.read()
            }
            return
        }
        isPausing = true
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: Self.slicePause) {
            bound.value.0.isPausing = false
            bound.value.0.pass(bound.value.1)
        }
    }
}
