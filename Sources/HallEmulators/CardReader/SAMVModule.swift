/// The secure module of a card reader and the card in its field: a pure state machine, one request in, one reply out.
///
/// Source: the SAM_V protocol notes (commands, status words, order of find, select and read).
struct SAMVModule {
    /// Where the card stands between being laid down and being read.
    enum CardPhase: String {
        /// In the field, answers to *find*.
        case waiting
        case found, selected
        /// Text and photo were read: *find* answers 80 until the card leaves.
        case read
    }

    /// One reply: the body of the frame, how long the module works on it, and the speed it takes on afterwards.
    struct Reply: Equatable {
        var body: [UInt8]
        var work: Duration
        var isRead = false
        var isFind = false
        var speedAfterwards: Int?
    }

    private(set) var card: SyntheticCard?
    /// A second card that lies on the reader, above or below the first.
    private(set) var second: SyntheticCard?
    var collision = CardCollision.findFails
    /// When a hand takes the card away; once.
    var pullMoment: CardPullMoment?
    private(set) var phase = CardPhase.waiting
    /// Answers 66 to all but the SAM number, as a module whose licence ran out.
    var isAuthorised = true
    /// What *find* puts into its four bytes.
    var findPayload: [UInt8] = [0, 0, 0, 0]
    /// The next read answers 41.
    var failsNextRead = false

    mutating func place(_ card: SyntheticCard) {
        self.card = card
        second = nil
        phase = .waiting
    }

    /// Lays a card beside the one that lies there; on an empty reader it is the first.
    mutating func add(_ card: SyntheticCard) {
        guard self.card != nil else { return place(card) }
        second = card
        phase = .waiting
    }

    /// Takes away everything that lies there.
    mutating func remove() {
        card = nil
        second = nil
        phase = .waiting
    }

    /// Without power the module forgets what it found.
    mutating func forget() { phase = .waiting }

    /// Takes the card away if this is the moment for it.
    private mutating func pull(_ moment: CardPullMoment) -> Bool {
        guard pullMoment == moment else { return false }
        pullMoment = nil
        remove()
        return true
    }

    mutating func respond(to request: SAMVRequest) -> Reply {
        switch request {
        case .badChecksum: Reply.status(0x10)
        case .badLength: Reply.status(0x11)
        case .body(let body): respond(to: body)
        }
    }

    private mutating func respond(to body: [UInt8]) -> Reply {
        switch (body[0], body[1]) {
        case (0x10, 0xFF): return reset()
        case (0x11, 0xFF): return .status(isAuthorised ? 0x90 : 0x66)
        case (0x12, 0xFF): return Reply(body: [0, 0, 0x90] + Self.samNumber, work: .milliseconds(5))
        case (0x61, 0xFF): return .status(body.count == 3 ? 0x90 : 0x11)
        case (0x60, let speed): return changeSpeed(speed)
        case (0x20, _), (0x30, _):
            guard isAuthorised else { return .status(0x66) }
            return cardCommand(body[0], body[1])
        default: return .status(0x21)
        }
    }

    private mutating func cardCommand(_ command: UInt8, _ parameter: UInt8) -> Reply {
        switch (command, parameter) {
        case (0x20, 0x01): find()
        case (0x20, 0x02): select()
        case (0x30, 0x01): read(withFingerprints: false)
        case (0x30, 0x10): read(withFingerprints: true)
        case (0x30, 0x03): additionalAddress()
        case (0x30, 0x05): managementNumber()
        default: .status(0x21)
        }
    }

    /// Resetting the module switches the field off and on: a card that was read can be found again.
    private mutating func reset() -> Reply {
        phase = .waiting
        return .status(0x90, work: .milliseconds(50))
    }

    private mutating func find() -> Reply {
        guard card != nil, phase != .read, second == nil || collision != .findFails else {
            return .status(0x80, work: .milliseconds(20))
        }
        phase = .found
        _ = pull(.afterFind)
        return Reply(body: [0, 0, 0x9F] + findPayload, work: .milliseconds(20), isFind: true)
    }

    private mutating func select() -> Reply {
        guard card != nil, phase == .found else { return .status(0x81, work: .milliseconds(30)) }
        if second != nil, let status = collision.selectStatus {
            phase = .waiting
            return .status(status, work: .milliseconds(30))
        }
        phase = .selected
        _ = pull(.afterSelect)
        return Reply(body: [0, 0, 0x90] + [UInt8](repeating: 0, count: 8), work: .milliseconds(30))
    }

    private mutating func read(withFingerprints: Bool) -> Reply {
        guard let card, phase == .selected || phase == .read else { return .status(0x41, work: .milliseconds(40)) }
        if second != nil {
            phase = .waiting
            return .status(0x33, work: .milliseconds(200), isRead: true)
        }
        if pull(.midRead) { return .status(0x41, work: .milliseconds(200), isRead: true) }
        if failsNextRead {
            failsNextRead = false
            phase = .waiting
            return .status(0x41, work: .milliseconds(200), isRead: true)
        }
        phase = .read
        _ = pull(.midReply)
        let lengths = withFingerprints ? [card.text, card.photo, card.fingerprints] : [card.text, card.photo]
        let header: [UInt8] = lengths.flatMap { [UInt8($0.count >> 8), UInt8($0.count & 0xFF)] }
        return Reply(
            body: [0, 0, 0x90] + header + lengths.joined(), work: .milliseconds(withFingerprints ? 1_000 : 500),
            isRead: true)
    }

    private func additionalAddress() -> Reply {
        guard let card, phase == .selected || phase == .read else { return .status(0x41, work: .milliseconds(15)) }
        guard !card.additionalAddresses.isEmpty else { return .status(0x91, work: .milliseconds(15)) }
        return Reply(body: [0, 0, 0x90] + card.additionalAddresses.joined(), work: .milliseconds(15))
    }

    private func managementNumber() -> Reply {
        guard let card, phase == .selected || phase == .read else { return .status(0x41, work: .milliseconds(15)) }
        return Reply(body: [0, 0, 0x90] + card.managementNumber, work: .milliseconds(15))
    }

    private func changeSpeed(_ code: UInt8) -> Reply {
        guard code < Self.speeds.count else { return .status(0x21) }
        var reply = Reply.status(0x90)
        reply.speedAfterwards = Self.speeds[Int(code)]
        return reply
    }

    /// Bits per second by the parameter of command 60.
    static let speeds = [115_200, 57_600, 38_400, 19_200, 9_600]

    /// `05.03-20260101-0000999999-0000000001`: u16LE.u16LE-u32LE-u32LE-u32LE.
    static let samNumber: [UInt8] = [
        0x05, 0x00, 0x03, 0x00, 0x05, 0x25, 0x35, 0x01, 0x3F, 0x42, 0x0F, 0x00, 0x01, 0x00, 0x00, 0x00,
    ]
}

extension SAMVModule.Reply {
    fileprivate static func status(
        _ status: UInt8, work: Duration = .milliseconds(5), isRead: Bool = false
    ) -> SAMVModule.Reply {
        SAMVModule.Reply(body: [0, 0, status], work: work, isRead: isRead)
    }
}
