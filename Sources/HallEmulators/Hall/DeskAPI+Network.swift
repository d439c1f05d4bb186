import Hummingbird

extension DeskAPI {
    func addNetwork(to api: RouterGroup<BasicRequestContext>) {
        api.get("network") { _, _ in JSONReply(try network().snapshot) }
        api.post("network") { request, context in
            struct Wish: Decodable {
                var mode: String
                var bytes: Int?
                var direction: NetworkMode.Direction?
                var bytesPerSecond: Int?
            }
            let wish = try await request.decode(as: Wish.self, context: context)
            let mode: NetworkMode
            switch wish.mode {
            case "ok": mode = .ok
            case "cut": mode = .cut
            case "blackhole": mode = .blackhole
            case "slow": mode = .slow(bytesPerSecond: max(20, min(wish.bytesPerSecond ?? 4_000, 1 << 30)))
            case "cutAfterBytes": mode = .cutAfterBytes(max(0, wish.bytes ?? 0), wish.direction ?? .up)
            default:
                throw HTTPError(.badRequest, message: "A network can be ok, cut, cutAfterBytes, slow or blackhole.")
            }
            let network = try network()
            try await network.setMode(mode)
            return JSONReply(network.snapshot)
        }
    }

    private func network() throws -> FlakyProxy {
        guard let network = hall.network else {
            throw HTTPError(.notFound, message: "This hall has no network: start it with --platform HOST:PORT.")
        }
        return network
    }
}
