import Foundation
import NIOCore
import NIOPosix
import Testing

@testable import HallEmulators

@Suite("The network can be cut, slow or a black hole", .serialized)
struct FlakyProxyTests {
    /// An echo server, a proxy before it, and a way to send and receive.
    private func withNetwork(_ body: (FlakyProxy) async throws -> Void) async throws {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Echo()) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let proxy = try FlakyProxy(targetHost: "127.0.0.1", targetPort: server.localAddress?.port ?? 0)
        try await proxy.start()
        do { try await body(proxy) } catch {
            await proxy.stop()
            throw error
        }
        await proxy.stop()
        try await server.close()
    }

    private func client(_ proxy: FlakyProxy) async throws -> TCPClient { try await TCPClient(port: proxy.port) }

    @Test("ok: what goes in comes back, also much of it")
    func ok() async throws {
        try await withNetwork { proxy in
            let client = try await client(proxy)
            var noise = DeterministicNoise(seed: "network")
            let bytes = noise.bytes(300_000)
            try await client.send(bytes)
            #expect(await client.receive(bytes.count) == bytes)
            #expect(proxy.snapshot.bytesUp == 300_000 && proxy.snapshot.bytesDown == 300_000)
        }
    }

    @Test("cut: connections end, new ones are refused, and later it works again on the same port")
    func cut() async throws {
        try await withNetwork { proxy in
            let before = try await client(proxy)
            try await before.send([1])
            #expect(await before.receive(1) == [1])
            try await proxy.setMode(.cut)
            #expect(await before.isEnded())
            await #expect(throws: (any Error).self) { try await client(proxy) }
            try await proxy.setMode(.ok)
            let after = try await client(proxy)
            try await after.send([2])
            #expect(await after.receive(1) == [2])
        }
    }

    @Test("cut after some bytes, once")
    func cutAfterBytes() async throws {
        try await withNetwork { proxy in
            try await proxy.setMode(.cutAfterBytes(1_000, .up))
            let first = try await client(proxy)
            try await first.send([UInt8](repeating: 7, count: 5_000))
            #expect(await first.isEnded())
            #expect(proxy.snapshot.mode == "ok" && proxy.snapshot.bytesUp <= 1_000)
            let second = try await client(proxy)
            try await second.send([9])
            #expect(await second.receive(1) == [9])
        }
    }

    @Test("the answer is lost: what was sent arrives, nothing comes back")
    func answerLost() async throws {
        try await withNetwork { proxy in
            try await proxy.setMode(.cutAfterBytes(0, .down))
            let first = try await client(proxy)
            try await first.send([1, 2, 3])
            #expect(await first.isEnded())
            #expect(await first.receive(1) == [])
            #expect(proxy.snapshot.bytesUp == 3)
        }
    }

    @Test("slow: 2,000 bytes at 10,000 bytes a second take about 0.2 s")
    func slow() async throws {
        try await withNetwork { proxy in
            try await proxy.setMode(.slow(bytesPerSecond: 10_000))
            let client = try await client(proxy)
            let time = try await ContinuousClock().measure {
                try await client.send([UInt8](repeating: 1, count: 2_000))
                #expect(await client.receive(2_000).count == 2_000)
            }
            #expect(time > .milliseconds(140))
        }
    }

    @Test("black hole: accepts and passes nothing, and lets it through when the network is back")
    func blackhole() async throws {
        try await withNetwork { proxy in
            try await proxy.setMode(.blackhole)
            let client = try await client(proxy)
            try await client.send([5])
            #expect(await client.receive(1, seconds: 0.2) == [])
            try await proxy.setMode(.ok)
            #expect(await client.receive(1) == [5])
        }
    }

    @Test("latency: an answer takes twice as long as one way, and much data is not slowed for it")
    func latency() async throws {
        try await withNetwork { proxy in
            try await proxy.setMode(.latency(milliseconds: 150, jitterMilliseconds: 20))
            let client = try await client(proxy)
            let time = try await ContinuousClock().measure {
                try await client.send([1])
                #expect(await client.receive(1) == [1])
            }
            #expect(time > .milliseconds(250))
            var noise = DeterministicNoise(seed: "latency")
            let bytes = noise.bytes(400_000)
            try await client.send(bytes)
            #expect(await client.receive(bytes.count, seconds: 10) == bytes)
        }
    }

    @Test("lossy: pieces are stuck and come later, connections are reset; the same seed draws the same lots")
    func lossy() async throws {
        try await withNetwork { proxy in
            try await proxy.setMode(.lossy(seed: 7, stallsPerHundred: 100, resetsPerHundred: 0))
            let stuck = try await client(proxy)
            let time = try await ContinuousClock().measure {
                try await stuck.send([3])
                #expect(await stuck.receive(1, seconds: 10) == [3])
            }
            #expect(time > .milliseconds(1_000))
            try await proxy.setMode(.lossy(seed: 7, stallsPerHundred: 0, resetsPerHundred: 100))
            let reset = try await client(proxy)
            try? await reset.send([4])
            #expect(await reset.isEnded())
            #expect(await reset.receive(1) == [])
            try await proxy.setMode(.ok)
        }
        func lots() async throws -> [Bool] {
            let proxy = try FlakyProxy(targetHost: "127.0.0.1", targetPort: 1)
            try await proxy.setMode(.lossy(seed: 42, stallsPerHundred: 30, resetsPerHundred: 30))
            let drawn = (0..<100).map { _ in if case .pass = proxy.judge(10, .up) { true } else { false } }
            await proxy.stop()
            return drawn
        }
        let first = try await lots()
        #expect(try await lots() == first)
        #expect(first.contains(true) && first.contains(false))
    }

    @Test("garbled: as many bytes, other ones")
    func garbled() async throws {
        try await withNetwork { proxy in
            try await proxy.setMode(.garbled)
            let client = try await client(proxy)
            let bytes = [UInt8](repeating: 0, count: 5_000)
            try await client.send(bytes)
            let back = await client.receive(5_000)
            #expect(back.count == 5_000 && back.count { $0 != 0 } > 50)
        }
    }

    @Test("a taken port is said in a sentence")
    func takenPort() async throws {
        try await withNetwork { proxy in
            let error = #expect(throws: EmulatorError.self) {
                try FlakyProxy(port: proxy.port, targetHost: "127.0.0.1", targetPort: 1)
            }
            #expect(error?.description == "Port \(proxy.port) is taken by another program; choose another one.")
        }
    }
}

private final class Echo: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        context.writeAndFlush(data, promise: nil)
    }
}
