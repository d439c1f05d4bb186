import Hummingbird

/// A card of the wallet as the desk shows it.
struct WalletEntry: Encodable, Sendable {
    let id: String
    let kind: String
    let name: String
    let number: String
    let birth: String
    let validFrom: String
    let validTo: String
    let note: String

    init(_ card: SyntheticCard) {
        id = card.id
        kind = card.kind.rawValue
        name = card.name
        number = card.number
        birth = card.birth
        validFrom = card.validFrom
        validTo = card.validTo
        note = card.note
    }
}

extension DeskAPI {
    func addCardReader(to api: RouterGroup<BasicRequestContext>) {
        api.get("wallet") { _, _ in JSONReply(Wallet.all.map(WalletEntry.init)) }
        api.get("reader") { _, _ in JSONReply(hall.cardReader.snapshot) }
        api.post("reader/place") { request, context in
            hall.cardReader.place(try await card(request, context))
            return JSONReply(hall.cardReader.snapshot)
        }
        api.post("reader/add") { request, context in
            hall.cardReader.add(try await card(request, context))
            return JSONReply(hall.cardReader.snapshot)
        }
        api.post("reader/collision") { request, context in
            struct Wish: Decodable { var collision: CardCollision }
            hall.cardReader.setCollision(try await request.decode(as: Wish.self, context: context).collision)
            return JSONReply(hall.cardReader.snapshot)
        }
        api.post("reader/pull-at") { request, context in
            struct Wish: Decodable { var moment: CardPullMoment? }
            hall.cardReader.pull(at: try await request.decode(as: Wish.self, context: context).moment)
            return JSONReply(hall.cardReader.snapshot)
        }
        api.post("reader/remove") { _, _ in
            hall.cardReader.removeCard()
            return JSONReply(hall.cardReader.snapshot)
        }
        api.post("reader/misbehave") { request, context in
            struct Misbehave: Decodable {
                var mode: CardReaderMisbehaviour
                var count: Int?
            }
            let wish = try await request.decode(as: Misbehave.self, context: context)
            hall.cardReader.misbehave(wish.mode, count: wish.count.map { max(1, min($0, 10_000)) })
            return JSONReply(hall.cardReader.snapshot)
        }
    }

    private func card(_ request: Request, _ context: BasicRequestContext) async throws -> SyntheticCard {
        struct Wish: Decodable { var card: String }
        guard let card = Wallet.card(try await request.decode(as: Wish.self, context: context).card) else {
            throw HTTPError(.notFound, message: "No card of this name is in the wallet.")
        }
        return card
    }
}
