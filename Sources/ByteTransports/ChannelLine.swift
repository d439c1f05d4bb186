import NIOCore

#if canImport(Glibc)
    import Glibc
#endif

/// An open line on an event loop: what serial and TCP have in common.
struct ChannelLine: Sendable {
    let channel: any Channel
    let received: ReceivedBytes
    let name: String

    func write(_ bytes: [UInt8], within timeout: Duration) async throws(TransportError) {
        let loop = channel.eventLoop
        let done = loop.makePromise(of: Void.self)
        channel.writeAndFlush(ByteBuffer(bytes: bytes)).whenComplete { [channel, name] result in
            switch result {
            case .success: done.succeed()
            // When the write failed the reading side knows why; a channel's own words say less.
            case .failure(let error) where channel.isActive: done.fail(TransportError(error, on: name))
            case .failure: done.fail(TransportError.gone("\(name) went away while it was written to"))
            }
        }
        let timer = loop.scheduleTask(in: TimeAmount(timeout)) { [name] in
            done.fail(TransportError.timedOut("\(name) took no data for \(timeout.inWords)"))
        }
        defer { timer.cancel() }
        do {
            try await done.futureResult.get()
        } catch {
            await close()
            throw (error as? TransportError) ?? TransportError(error, on: name)
        }
    }

    func read(upTo limit: Int, within timeout: Duration) async throws(TransportError) -> [UInt8] {
        let ticket = received.makeTicket()
        let late = TransportError.timedOut("nothing came from \(name) within \(timeout.inWords)")
        let timer = channel.eventLoop.scheduleTask(in: TimeAmount(timeout)) { [received] in
            received.expire(ticket, late)
        }
        defer { timer.cancel() }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { received.wait(max(1, limit), ticket: ticket, $0) }
        } onCancel: {
            received.expire(ticket, .cancelled)
        }
        if received.shallResume() { channel.read() }
        return try result.get()
    }

    func discardArrived() -> Int {
        defer { if received.shallResume() { channel.read() } }
        return received.discard()
    }

    func close() async {
        received.finish(.gone("\(name) is closed"))
        // A closed TCP connection would go on sending what the kernel still holds: reset it instead.
        if let socket = channel as? any SocketOptionProvider {
            try? await socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        }
        try? await channel.close().get()
    }
}

/// Moves bytes from the channel to `ReceivedBytes`, no faster than they are taken from there.
final class ChannelLineHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let received: ReceivedBytes
    private let name: String
    private var failure: TransportError?

    init(_ received: ReceivedBytes, name: String) {
        self.received = received
        self.name = name
    }

    func channelActive(context: ChannelHandlerContext) { context.read() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if received.append(unwrapInboundIn(data).readableBytesView) { context.read() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        failure = failure ?? TransportError(error, on: name)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        received.finish(failure ?? .gone("\(name) ended the line"))
    }
}

extension TimeAmount {
    init(_ duration: Duration) {
        self = .nanoseconds(Int64(clamping: max(0, Int(min(duration, .seconds(86_400)) / .nanoseconds(1)))))
    }
}

extension Duration {
    /// `1000 ms`, for evidence.
    public var inWords: String { "\(Int(self / .milliseconds(1))) ms" }
}
