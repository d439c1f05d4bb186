import ByteTransports
import NIOCore
import NIOPosix
import Synchronization
import TestSupport
import Testing

/// A device on TCP: takes connections, may be told not to read.
private final class Listener: Sendable {
    let channel: any Channel
    var port: Int { channel.localAddress?.port ?? 0 }

    init(reads: Bool = true) async throws {
        final class Box: Sendable { let children = Mutex<[any Channel]>([]) }
        let box = Box()
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(ChannelOptions.autoRead, value: reads)
            .childChannelOption(ChannelOptions.socketOption(.so_rcvbuf), value: 8_192)
            .childChannelInitializer { child in
                box.children.withLock { $0.append(child) }
                return child.eventLoop.makeSucceededVoidFuture()
            }
            .bind(host: "127.0.0.1", port: 0).get()
        takeChildren = { box.children.withLock { $0 } }
    }

    let takeChildren: @Sendable () -> [any Channel]

    func close() async {
        try? await channel.close().get()
        for child in takeChildren() { try? await child.close().get() }
    }
}

@Suite(.timeLimit(.minutes(1))) struct TCPTransportTests {
    @Test func nothingListening() async throws {
        let listener = try await Listener()
        let port = listener.port
        await listener.close()
        let line = TCPTransport(host: "127.0.0.1", port: port)
        let error = await #expect(throws: TransportError.self) { try await line.open() }
        #expect(error == .missing("ECONNREFUSED 127.0.0.1:\(port): nothing listens there"))
    }

    @Test func theOtherSideGoesAway() async throws {
        let listener = try await Listener()
        let line = TCPTransport(host: "127.0.0.1", port: listener.port)
        try await line.open()
        #expect(await eventually { listener.takeChildren().count == 1 })
        await listener.close()
        let error = await #expect(throws: TransportError.self) { try await line.read(upTo: 1, within: .seconds(5)) }
        guard case .gone = error else {
            Issue.record("expected .gone, got \(String(describing: error))")
            return
        }
        await line.close()
    }

    @Test func aDeviceThatTakesNothingEndsTheLine() async throws {
        let listener = try await Listener(reads: false)
        let line = TCPTransport(host: "127.0.0.1", port: listener.port)
        try await line.open()
        let error = await #expect(throws: TransportError.self) {
            try await line.write([UInt8](repeating: 0, count: 8 << 20), within: .milliseconds(200))
        }
        guard case .timedOut = error else {
            Issue.record("expected .timedOut, got \(String(describing: error))")
            return
        }
        await #expect(throws: TransportError.self) { try await line.write([1], within: .milliseconds(200)) }
        await line.close()
        await listener.close()
    }

    @Test func endlessNoiseWaitsInTheKernel() async throws {
        let listener = try await Listener()
        let line = TCPTransport(host: "127.0.0.1", port: listener.port)
        try await line.open()
        #expect(await eventually { listener.takeChildren().count == 1 })
        let child = try #require(listener.takeChildren().first)
        let noise = ByteBuffer(repeating: 0x55, count: 64 << 20)
        let isSent = Mutex(false)
        child.writeAndFlush(noise).whenSuccess { isSent.withLock { $0 = true } }
        // What we hold is bounded, so that most of the noise stays with its sender.
        var held = 0
        _ = await eventually(within: .seconds(2)) {
            held = max(held, await line.discardArrived())
            return held >= 64 << 10
        }
        #expect(held > 0)
        #expect(held <= 80 << 10)
        #expect(isSent.withLock { $0 } == false)
        await line.close()
        await listener.close()
    }
}
