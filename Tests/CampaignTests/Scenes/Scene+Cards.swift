extension Scene {
    private static let short: [ErrandKind] = [.progressByCard, .socialCard]

    private static func pull(_ moment: String) -> Order { .desk("reader/pull-at", body("moment", moment)) }

    /// Two cards lie there; the resident's comes last.
    private static func two(_ collision: String) -> [Order] {
        [.desk("reader/collision", body("collision", collision)), .desk("reader/add", body("card", "relative"))]
    }

    private static let told: [Sentence] = [
        .problem("card-removed-too-soon"), .problem("card-unreadable"), .text("otherCard.heading"),
        .text("otherCard.remove"),
    ]

    private static func twoCards(_ id: String, _ collision: String) -> Scene {
        Scene(id, .cards, short, .arrival, two(collision)) {
            $0.isSaid([[.problem("card-unreadable")]], mendedBy: [.desk("reader/remove", "{}")], atLeastSeconds: 1)
        }
    }

    private static func pulled(_ id: String, _ moment: String) -> Scene {
        Scene(id, .cards, short, .arrival, [pull(moment)]) { $0.says = [[.problem("card-removed-too-soon")]] }
    }

    /// What people do with their cards: two at once, and away at every moment. With
    /// `Interlude.liftsCard` also on every screen.
    static let cards: [Scene] = [
        Scene("two cards at once", .cards, everyCard, .arrival, two("cardRefuses")) {
            $0.isSaid([[.problem("card-unreadable")]], mendedBy: [.desk("reader/remove", "{}")], atLeastSeconds: 1)
        },
        // The reader sees nothing at all: the start screen goes on asking for a card.
        Scene("two cards at once, and none is found", .cards, short, .arrival, two("findFails")) {
            $0.isUnseen(told)
            $0.says = [[.text("start.heading")]]
            $0.mending = [.desk("reader/remove", "{}")]
            $0.lifting = .after(seconds: 2)
        },
        twoCards("two cards at once, and none is selected", "selectFails"),
        twoCards("two cards at once, and the reader refuses", "moduleRefuses"),
        twoCards("two cards at once, read together", "dataCheckFails"),
        Scene(
            "a second card beside the first in a session", .cards, [.socialCard, .certificate], .shown("choice"),
            [
                .desk("reader/collision", body("collision", "cardRefuses")),
                .desk("reader/add", body("card", "relative")),
            ]
        ) {
            $0.isUnseen(told)
            $0.mending = [.desk("reader/remove", "{}")]
            $0.lifting = .after(seconds: 2)
        },
        Scene(
            "card taken away before it is found", .cards, short, .arrival,
            [
                .desk("reader/fault", body("fault", "gone", seconds: 1)),
                .desk("reader/add", body("card", "relative")), .desk("reader/remove", "{}"),
            ]
        ) { $0.isUnseen(told + readerSound) },
        pulled("card taken away when it was found", "afterFind"),
        pulled("card taken away when it was selected", "afterSelect"),
        Scene("card taken away too soon", .cards, everyCard, .arrival, [pull("midRead")]) {
            $0.says = [[.problem("card-removed-too-soon")]]
        },
        // The reader has it whole: that is soon enough.
        Scene("card taken away while the reply comes", .cards, short, .arrival, [pull("midReply")]) {
            $0.isUnseen(told)
        },
        Scene(
            "card taken away while the name shows", .cards, everyCard, .shown("items"), [.desk("reader/remove", "{}")]
        ) {
            $0.isUnseen(told + [.text("start.sessionLost")])
        },
    ]
}
