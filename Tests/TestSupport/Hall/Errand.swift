import Foundation

/// One resident who wants a senior citizen's card, in front of the screen and the desk: does on each screen what it asks
/// for, the whole way, whatever comes in between. Looks at nothing but the screen's HTTP.
public actor Errand {
    /// What happened, by the screen's own words.
    public struct Record: Sendable {
        /// The resident's phone number, one for each errand: the platform's answers tell by it whose a case is.
        public var phone: String
        /// 收好了 was shown.
        public var saidStored = false
        /// 提交申请 was pressed.
        public var pressedSubmit = false
        /// The screen said that the case was taken in.
        public var saidAccepted = false
        /// Case numbers that a screen showed; more than one only where a case was numbered twice.
        public var numbers: Set<String> = []
        /// Acceptance codes that a screen showed.
        public var codes: Set<String> = []
        /// The kiosk began anew, and its screen said that it had stopped.
        public var saidStopped = false
        /// How it ended; `nil` while it goes on.
        public var end: End?
        /// When it ended; `nil` while it goes on.
        public var ended: ContinuousClock.Instant?

        /// An errand of which nothing has happened yet.
        public init(phone: String) { self.phone = phone }

        /// The screen has promised that there is a case.
        public var isAcknowledged: Bool { saidAccepted || !numbers.isEmpty || !codes.isEmpty }
    }

    /// How an errand can end.
    public enum End: Sendable, Equatable {
        /// Number or code was shown, and the screen went on from there.
        case done
        /// The kiosk began anew before that.
        case lost
        /// Neither within the time; the last screen's words.
        case stuck(String)
    }

    /// What the flow says when the journal has taken the case in (`submitting.accepted`).
    static let acceptedWords = "已经收下了"
    /// `start.sessionLost` and `items.sessionLost`.
    static let stoppedWords = "机器刚才停了一下"
    /// 这是您的受理号 (`done.code`): the number on the page is an acceptance code.
    static let codeWords = "受理号"

    private let client: ScreenClient
    private let hall: HallUnderTest
    private let card: String
    /// What has happened so far.
    public private(set) var record: Record
    private var connection: Int?
    /// The item was begun: a kiosk that starts anew has lost something.
    private var hasBegun = false
    private var cardLaid: ContinuousClock.Instant?
    private var sheetLaid: String?

    /// A resident who has done nothing yet.
    /// - Parameters:
    ///   - card: a card of the desk's, by its name there.
    ///   - phone: eleven digits, typed where a screen asks for them.
    public init(_ client: ScreenClient, in hall: HallUnderTest, card: String = "zhang", phone: String = "13900000000") {
        self.client = client
        self.hall = hall
        self.card = card
        record = Record(phone: phone)
    }

    /// The whole way, or as far as `isThere` says of a screen.
    @discardableResult
    public func walk(
        within limit: Duration = .seconds(90), until isThere: @Sendable (ShownScreen) -> Bool = { _ in false }
    ) async throws -> Record {
        let deadline = ContinuousClock.now + limit
        var seen = 0
        while ContinuousClock.now < deadline {
            try Task.checkCancellation()
            // Nothing new for a second: a person tries again what the screen asks for.
            let next = await client.screen(after: seen, within: .seconds(1))
            guard let screen = if let next { next } else { await client.latest } else { continue }
            seen = screen.sequence
            if let end = note(screen) {
                if end == .lost {
                    let connection = screen.connection
                    record.saidStopped =
                        await client.screen(within: .seconds(5)) {
                            $0.connection >= connection && $0.text.contains(Self.stoppedWords)
                        } != nil
                }
                return finish(end)
            }
            if isThere(screen) { return record }
            try await answer(screen)
        }
        let last = await client.latest
        return finish(.stuck("\(last?.name ?? "no screen"): \(last?.text ?? "")"))
    }

    private func finish(_ end: End) -> Record {
        record.end = end
        record.ended = .now
        return record
    }

    /// Writes down what the screen says. Returns the errand's end when this is it.
    private func note(_ screen: ShownScreen) -> End? {
        let isAnew = connection != nil && screen.connection != connection
        connection = screen.connection
        switch screen.name {
        case "stored": record.saidStored = true
        case "submitting":
            if screen.text.contains(Self.acceptedWords) { record.saidAccepted = true }
        case "done":
            if let number = screen.number {
                if screen.text.contains(Self.codeWords) {
                    record.codes.insert(number)
                } else {
                    record.numbers.insert(number)
                }
            }
        default: break
        }
        guard ["start", "reading", "items", "closed"].contains(screen.name), hasBegun else { return nil }
        if !record.numbers.isEmpty || !record.codes.isEmpty { return .done }
        return isAnew ? .lost : .stuck("the session ended by itself: \(screen.name): \(screen.text)")
    }

    // MARK: - What a person does on each screen

    private func answer(_ screen: ShownScreen) async throws {
        if screen.offers("stay") {
            await client.touch("stay", on: screen)
            return
        }
        switch screen.name {
        case "start": try await layCard()
        case "items":
            cardLaid = cardLaid ?? .now
            await press("item:senior-card", on: screen)
        case "intro":
            hasBegun = true
            await press("begin", on: screen)
        case "choice":
            hasBegun = true
            if let first = screen.actions.first(where: { $0.hasPrefix("answer:") }) { await press(first, on: screen) }
        case "digits": await typePhone(on: screen)
        case "scan", "fault":
            try await laySheet(for: screen)
            for action in ["scan", "retry"] where screen.offers(action) { await press(action, on: screen) }
        case "preview":
            let keeps = screen.offers("keep-page")
            sheetLaid = nil
            await press(keeps ? "keep-page" : "scan-again", on: screen)
        case "check":
            if screen.offers("submit") { record.pressedSubmit = true }
            await press("submit", on: screen)
        case "stored": await press("next", on: screen)
        case "done":
            for action in ["next", "have-paper", "skip-paper"] where screen.offers(action) {
                await press(action, on: screen)
                return
            }
        case "otherCard": await press("keep-first-card", on: screen)
        case "window", "progress": await press("back", on: screen)
        case "take":
            try await takeEverything()
            await press("all-taken", on: screen)
        default: break
        }
    }

    private func press(_ action: String, on screen: ShownScreen) async {
        if screen.offers(action) || action == "back" { await client.touch(action, on: screen) }
    }

    /// A card that nothing comes of is lifted and laid down again.
    private func layCard() async throws {
        if let laid = cardLaid {
            guard ContinuousClock.now - laid > .seconds(4) else { return }
            try await hall.desk("reader/remove")
        }
        try await hall.desk("reader/place", #"{"card":"\#(card)"}"#)
        cardLaid = .now
    }

    private func typePhone(on screen: ShownScreen) async {
        let phone = record.phone
        if screen.entered != phone {
            guard phone.hasPrefix(screen.entered) else { return await press("delete-digit", on: screen) }
            for digit in phone.dropFirst(screen.entered.count) { await client.touch("digit:\(digit)", on: screen) }
        }
        let complete = await client.screen(within: .seconds(1)) { $0.name != "digits" || $0.entered == phone }
        if let complete, complete.name == "digits" { await press("confirm-digits", on: complete) }
    }

    /// The page that the screen asks for lies in the tray, and nothing else.
    private func laySheet(for screen: ShownScreen) async throws {
        struct Tray: Decodable {
            struct Sheet: Decodable {}
            var tray: [Sheet]
        }
        guard screen.name == "scan" || sheetLaid != nil else { return }
        let wanted =
            screen.name == "fault" ? sheetLaid : "household-register-\(screen.text.contains("您自己的那一页") ? 2 : 1)"
        guard let wanted else { return }
        let tray = try JSONDecoder().decode(Tray.self, from: try await hall.deskState("scanner")).tray
        if tray.count == 1, sheetLaid == wanted { return }
        try await hall.desk("scanner/take-originals")
        try await hall.desk("scanner/tray", method: .DELETE)
        try await hall.desk("scanner/tray", #"{"document":"\#(wanted)"}"#)
        sheetLaid = wanted
    }

    private func takeEverything() async throws {
        try await hall.desk("reader/remove")
        try await hall.desk("scanner/tray", method: .DELETE)
        try await hall.desk("scanner/take-originals")
        try await hall.desk("printer/take-slip")
    }
}
