import Hummingbird

extension DeskAPI {
    func addNetwork(to api: RouterGroup<BasicRequestContext>) {
        api.get("network") { _, _ in JSONReply(try network().snapshot) }
        api.post("network") { request, context in
            let wish = try await request.decode(as: NetworkWish.self, context: context)
            guard let mode = wish.networkMode else {
                throw HTTPError(
                    .badRequest,
                    message: """
                        A network can be ok, cut, cutAfterBytes, slow, blackhole, latency, lossy or garbled.
                        """)
            }
            let network = try network()
            try await network.setMode(mode)
            hall.faultTimer.set("network", seconds: mode == .ok ? nil : wish.boundedSeconds) {
                try await network.setMode(.ok)
            }
            return JSONReply(network.snapshot)
        }
        api.post("network/name") { request, context in
            struct Wish: Decodable {
                var resolves: Bool
                var seconds: Double?
            }
            let wish = try await request.decode(as: Wish.self, context: context)
            guard let names = hall.names else {
                throw HTTPError(
                    .notFound, message: "The platform has no name here: start the hall with --platform-name.")
            }
            try names.setResolves(wish.resolves)
            let signal = hall.signal
            hall.faultTimer.set("name", seconds: wish.resolves ? nil : FaultWish<CableFault>.bounded(wish.seconds)) {
                try names.setResolves(true)
                signal.notify()
            }
            signal.notify()
            return JSONReply(NameEntry(names))
        }
    }

    private func network() throws -> FlakyProxy {
        guard let network = hall.network else {
            throw HTTPError(.notFound, message: "This hall has no network: start it with --platform HOST:PORT.")
        }
        return network
    }
}

/// The platform's name as the desk shows it.
struct NameEntry: Encodable, Sendable {
    let name: String
    let resolves: Bool

    init(_ names: PrivateNames) {
        name = names.name
        resolves = names.resolves
    }
}

/// A network mode with its numbers, as a request words it.
struct NetworkWish: Decodable {
    var mode: String
    var seconds: Double?
    var bytes: Int?
    var direction: NetworkMode.Direction?
    var bytesPerSecond: Int?
    var milliseconds: Int?
    var jitterMilliseconds: Int?
    var seed: UInt64?
    var stallsPerHundred: Int?
    var resetsPerHundred: Int?

    var boundedSeconds: Double? { FaultWish<CableFault>.bounded(seconds) }

    /// `nil` for a mode that there is not.
    var networkMode: NetworkMode? {
        switch mode {
        case "ok": .ok
        case "cut": .cut
        case "blackhole": .blackhole
        case "garbled": .garbled
        case "slow": .slow(bytesPerSecond: max(20, min(bytesPerSecond ?? 4_000, 1 << 30)))
        case "cutAfterBytes": .cutAfterBytes(max(0, bytes ?? 0), direction ?? .up)
        case "latency":
            .latency(
                milliseconds: max(0, min(milliseconds ?? 600, 60_000)),
                jitterMilliseconds: max(0, min(jitterMilliseconds ?? 0, 60_000)))
        case "lossy":
            .lossy(
                seed: seed ?? 1, stallsPerHundred: max(0, min(stallsPerHundred ?? 8, 100)),
                resetsPerHundred: max(0, min(resetsPerHundred ?? 2, 100)))
        default: nil
        }
    }
}
