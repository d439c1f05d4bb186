import NIOCore
import NIOPosix
import Synchronization

/// What a network does to those who use it.
public enum NetworkMode: Sendable, Equatable {
    /// Seen from the kiosk: `up` towards the target, `down` from it.
    public enum Direction: String, Sendable, Codable { case up, down }

    /// Everything passes at once.
    case ok
    /// Connections are closed, new ones refused.
    case cut
    /// Once so many bytes have passed in this direction (up: towards the target), all connections are closed; then
    /// the network is ok again.
    case cutAfterBytes(Int, Direction)
    /// At most so many bytes a second, each way, for each connection.
    case slow(bytesPerSecond: Int)
    /// Connections are accepted and nothing passes.
    case blackhole
    /// Everything arrives later, each way, give or take the jitter.
    case latency(milliseconds: Int, jitterMilliseconds: Int)
    /// Of a hundred pieces so many are stuck for 0.5 to 3 s, as when packets are lost, and so many end their connection
    /// with a reset. The same seed draws the same lots.
    case lossy(seed: UInt64, stallsPerHundred: Int, resetsPerHundred: Int)
    /// One byte in fifty has another bit. TLS notices; plain protocols do not.
    case garbled

    var name: String {
        switch self {
        case .ok: "ok"
        case .cut: "cut"
        case .cutAfterBytes: "cutAfterBytes"
        case .slow: "slow"
        case .blackhole: "blackhole"
        case .latency: "latency"
        case .lossy: "lossy"
        case .garbled: "garbled"
        }
    }
}

/// What the flaky network looks like from outside.
public struct NetworkSnapshot: Sendable, Codable, Equatable {
    /// The mode's name, without its numbers: `cutAfterBytes`.
    public var mode: String
    /// `HOST:PORT` to which it leads.
    public var target: String
    /// Pairs of connections, to the proxy and on to the target; at most 64.
    public var connections: Int
    /// Bytes that passed towards the target since the start.
    public var bytesUp: Int
    /// Bytes that passed from the target since the start.
    public var bytesDown: Int
}

/// A TCP proxy on 127.0.0.1 that stands for the network between a kiosk and its platform, and can fail.
public final class FlakyProxy: Sendable {
    struct State {
        var mode = NetworkMode.ok
        var connections: [ObjectIdentifier: any Channel] = [:]
        var bytesUp = 0
        var bytesDown = 0
        var bytesLeft = 0
        var lots = DeterministicNoise(seed: "network")
    }

    static let connectionLimit = 64
    private let listener: LoopbackListener
    private let target: (host: String, port: Int)
    private let state = Mutex(State())
    private let onChange: @Sendable () -> Void

    /// Reserves the port (0: any free one). Throws `EmulatorError.portTaken`.
    public init(
        port: Int = 0, targetHost: String, targetPort: Int, onChange: @escaping @Sendable () -> Void = {}
    ) throws {
        listener = try LoopbackListener(port: port)
        target = (targetHost, targetPort)
        self.onChange = onChange
    }

    /// On 127.0.0.1; kept while the network is cut.
    public var port: Int { listener.port }

    /// Begins to accept connections.
    /// - Throws: `EmulatorError.portTaken` when another program listens there; NIO's error when it cannot listen for
    ///   another reason.
    public func start() async throws { try await open() }

    /// Refuses new connections and ends those that are open.
    public func stop() async {
        await listener.close()
        closeConnections()
    }

    /// Changes what the network does, also to connections that are open.
    public func setMode(_ mode: NetworkMode) async throws {
        state.withLock { state in
            state.mode = mode
            if case .cutAfterBytes(let count, _) = mode { state.bytesLeft = count }
            if case .lossy(let seed, _, _) = mode { state.lots = DeterministicNoise(seed: "lots \(seed)") }
        }
        if mode == .cut {
            await listener.close()
            closeConnections()
        } else {
            try await open()
            for channel in state.withLock({ Array($0.connections.values) }) {
                channel.pipeline.fireUserInboundEventTriggered(NetworkModeChanged())
            }
        }
        onChange()
    }

    /// What the network does and has passed, at this moment.
    public var snapshot: NetworkSnapshot {
        state.withLock { state in
            NetworkSnapshot(
                mode: state.mode.name, target: "\(target.host):\(target.port)",
                connections: state.connections.count / 2,
                bytesUp: state.bytesUp, bytesDown: state.bytesDown)
        }
    }

    // MARK: Connections

    private func open() async throws {
        try await listener.open { [weak self] client in
            guard let self else { return client.close() }
            return client.setOption(.autoRead, value: false).map { self.connect(client) }
        }
    }

    private func connect(_ client: any Channel) {
        guard state.withLock({ $0.connections.count < Self.connectionLimit * 2 }) else {
            return client.close(promise: nil)
        }
        ClientBootstrap(group: listener.eventLoop)
            .channelOption(.autoRead, value: false)
            .connectTimeout(.seconds(5))
            .connect(host: target.host, port: target.port)
            .whenComplete { [weak self] result in
                guard let self, case .success(let server) = result else { return client.close(promise: nil) }
                self.join(client, server)
            }
    }

    private func join(_ client: any Channel, _ server: any Channel) {
        do {
            try client.pipeline.syncOperations.addHandler(ProxyHalf(proxy: self, peer: server, direction: .up))
            try server.pipeline.syncOperations.addHandler(ProxyHalf(proxy: self, peer: client, direction: .down))
        } catch {
            client.close(promise: nil)
            return server.close(promise: nil)
        }
        for channel in [client, server] {
            state.withLock { $0.connections[ObjectIdentifier(channel)] = channel }
            channel.closeFuture.whenComplete { [weak self] _ in
                self?.state.withLock { _ = $0.connections.removeValue(forKey: ObjectIdentifier(channel)) }
                self?.onChange()
            }
            channel.read()
        }
        onChange()
    }

    private func closeConnections() {
        let channels = state.withLock { Array($0.connections.values) }
        for channel in channels { channel.close(promise: nil) }
    }

    // MARK: For the halves

    enum Verdict {
        case pass(upTo: Int)
        case wait
        /// Passes, but only after this time.
        case stall(TimeAmount)
        case reset
        case cut(after: Int)
    }

    /// What becomes of `count` bytes that want to pass.
    func judge(_ count: Int, _ direction: NetworkMode.Direction) -> Verdict {
        state.withLock { state in
            switch state.mode {
            case .ok, .latency, .garbled: return .pass(upTo: count)
            case .lossy(_, let stalls, let resets):
                let lot = Int(state.lots.next() % 100)
                if lot < resets { return .reset }
                guard lot < resets + stalls else { return .pass(upTo: count) }
                return .stall(.milliseconds(500 + Int64(state.lots.next() % 2_500)))
            case .slow(let bytesPerSecond): return .pass(upTo: max(1, bytesPerSecond / 20))
            case .blackhole, .cut: return .wait
            case .cutAfterBytes(_, let watched):
                guard watched == direction else { return .pass(upTo: count) }
                if count < state.bytesLeft {
                    state.bytesLeft -= count
                    return .pass(upTo: count)
                }
                state.mode = .ok
                return .cut(after: state.bytesLeft)
            }
        }
    }

    var pauseBetweenSlices: TimeAmount? {
        state.withLock { if case .slow = $0.mode { .milliseconds(50) } else { nil } }
    }

    /// How much later the next piece arrives.
    var delay: TimeAmount {
        state.withLock { state in
            guard case .latency(let milliseconds, let jitter) = state.mode else { return .zero }
            let shift = jitter > 0 ? Int64(state.lots.next() % UInt64(2 * jitter + 1)) - Int64(jitter) : 0
            return .milliseconds(max(0, Int64(milliseconds) + shift))
        }
    }

    /// Whether pieces may be read while earlier ones are still on their way.
    var readsAhead: Bool { state.withLock { if case .latency = $0.mode { true } else { false } } }

    /// Spoils what passes, when the network does.
    func spoil(_ bytes: ByteBuffer) -> ByteBuffer {
        state.withLock { state in
            guard state.mode == .garbled else { return bytes }
            return ByteBuffer(bytes: state.lots.garble(Array(buffer: bytes), oneIn: 50))
        }
    }

    func count(_ bytes: Int, _ direction: NetworkMode.Direction) {
        state.withLock { state in
            if direction == .up { state.bytesUp += bytes } else { state.bytesDown += bytes }
        }
    }

    func cutEverything() {
        closeConnections()
        onChange()
    }
}
