import HallModel

/// The data of a good answer to *read*: text, photo and, when asked for, fingerprints.
///
/// `01 00 04 00` are the lengths of text and photo, a third of fingerprints follows when they were asked for.
struct CardContent: Sendable, Equatable {
    static let longestPhoto = 1_024

    let text: [UInt8]
    /// WLT, passed through undecoded.
    let photo: [UInt8]

    /// `nil` when the inner lengths do not add up to the payload, or are not a card's.
    init?(_ payload: [UInt8], withFingerprints: Bool) {
        let header = withFingerprints ? 6 : 4
        guard payload.count >= header else { return nil }
        func length(at offset: Int) -> Int { Int(payload[offset]) << 8 | Int(payload[offset + 1]) }
        let (text, photo, fingerprints) = (length(at: 0), length(at: 2), withFingerprints ? length(at: 4) : 0)
        guard text == CardTextLayout.textBytes, photo <= Self.longestPhoto,
            header + text + photo + fingerprints == payload.count
        else { return nil }
        self.text = Array(payload[header..<header + text])
        self.photo = Array(payload[header + text..<header + text + photo])
    }
}

extension IdentityDocument {
    /// Reads the 256 bytes of text of a card.
    /// - Parameter today: the day against which the validity is held.
    /// - Returns: `nil` when `text` has another length; a card of a kind unknown to us has `rawText` only.
    public init?(cardText text: [UInt8], photo: [UInt8], today: CalendarDate) {
        guard text.count == CardTextLayout.textBytes else { return nil }
        guard let layout = CardTextLayout.named(by: text) else {
            let raw = CardText(text)
            self.init(kind: .unknown, name: "", number: "", photo: photo, flags: raw.isDamaged ? [.textDamaged] : [])
            rawText = raw.text
            return
        }
        var damaged = false
        func read(_ names: CardTextField.Name...) -> String? {
            let fields = names.compactMap { layout[$0] }
            guard !fields.isEmpty else { return nil }
            let value = CardText(fields.flatMap { text[$0.offset..<$0.offset + $0.length] })
            damaged = damaged || value.isDamaged
            return value.text
        }
        func readFilled(_ name: CardTextField.Name) -> String? {
            let value = read(name)
            return value?.isEmpty == true ? nil : value
        }

        let english = read(.englishName, .englishNameContinued)
        let own = read(.name) ?? ""
        let number = read(.number) ?? ""
        let birth = CalendarDate(compact: read(.birth) ?? "")
        let from = CalendarDate(compact: read(.validFrom) ?? "")
        let end = read(.validTo) ?? ""
        let to = CalendarDate(compact: end)
        let isLongTerm = end == "长期"
        self.init(
            kind: layout.kind, name: own.isEmpty ? english ?? "" : own,
            sex: Sex(rawValue: read(.sex) ?? "") ?? .unknown,
            birth: birth, number: number, validity: Validity(from: from, to: to, isLongTerm: isLongTerm), photo: photo)
        englishName = english
        ethnicityCode = readFilled(.ethnicity)
        address = readFilled(.address)
        issuer = readFilled(.issuer)
        newestAddress = readFilled(.newestAddress)
        passNumber = readFilled(.passNumber)
        issueCount = readFilled(.issueCount)
        nationality = readFilled(.nationality)
        version = readFilled(.version)
        authorityCode = readFilled(.authority)
        renewals = readFilled(.renewals)
        previousNumber = readFilled(.previousNumber)

        if isLongTerm { flags.insert(.longTerm) }
        if let to, to < today { flags.insert(.expired) }
        if let from, from > today { flags.insert(.notYetValid) }
        if birth == nil || from == nil || (to == nil && !isLongTerm) { flags.insert(.dateUnreadable) }
        // Numbers of 2017 foreigners' cards have 15 characters and another check: nothing is said of those.
        if kind != .foreigner2017, !CitizenNumber.hasRightCheckCharacter(number) { flags.insert(.checkDigitWrong) }
        if damaged { flags.insert(.textDamaged) }
    }

    /// 最新住址 as a reader reports it apart from the card's text: up to four of 70 bytes each, the last one counts.
    static func newestAddress(inAddition payload: [UInt8]) -> CardText? {
        stride(from: 0, to: min(payload.count, 280), by: 70)
            .map { CardText(payload[$0..<min($0 + 70, payload.count)]) }
            .last { !$0.text.isEmpty }
    }
}
