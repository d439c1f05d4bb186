import Foundation
import HallEmulators

/// What of a person must not stand before the next one: whole, in pieces, or with stars in it. Pure.
struct Traces: Sendable {
    /// Found wherever they stand, between whichever spaces.
    private(set) var pieces: Set<String> = []
    /// Too short to mean anybody inside of something longer: found only where they stand by themselves.
    private(set) var words: Set<String> = []

    /// - Parameters:
    ///   - phone: what the person typed, if anything.
    ///   - numbers: of the person's cases: case numbers and acceptance codes.
    ///   - next: the cards of those who come after. What is written on them as well is no trace.
    init(
        of card: SyntheticCard?, phone: String? = nil, numbers: some Sequence<String> = [String](),
        next: [SyntheticCard]
    ) {
        if let card { add(card) }
        if let phone { add(phone: phone) }
        pieces.formUnion(numbers)
        var others = Traces()
        for card in next { others.add(card) }
        pieces.subtract(others.pieces)
        words.subtract(others.words)
    }

    private init() {}

    /// Everything of the person that is found in these texts of one screen.
    func found(in texts: [String]) -> [String] {
        texts.flatMap { text -> [String] in
            let closed = Self.closed(text)
            let alone = Set(text.split { !Self.isPart($0) }.map { String($0) })
            return pieces.filter(closed.contains) + words.filter(alone.contains)
        }.sorted()
    }

    // MARK: - What is looked for

    private mutating func add(_ card: SyntheticCard) {
        add(name: card.name, isChinese: card.kind == .resident || card.kind == .hongKongMacaoTaiwan)
        add(number: card.number)
        add(birth: card.birth)
        for address in Self.addresses(of: card) { add(address: address) }
        // Names in Latin letters, and what else a foreigner's card says in them.
        let latin = Self.text(card.text).split { !($0.isASCII && $0.isLetter) }.filter { $0.count >= 5 }
        words.formUnion(latin.map { String($0) })
    }

    private mutating func add(name: String, isChinese: Bool) {
        let name = Self.closed(name)
        guard name.count >= 2, let first = name.first else { return }
        pieces.insert(name)
        for kept in 1..<name.count { pieces.formUnion(["\(name.prefix(kept))*", "*\(name.suffix(kept))"]) }
        guard isChinese else { return }
        pieces.formUnion(["奶奶", "爷爷", "女士", "先生"].map { "\(first)\($0)" })
        words.formUnion(["\(first)"])
    }

    private mutating func add(number: String) {
        guard number.count >= 8 else { return }
        let tail = number.suffix(4)
        pieces.formUnion([number, String(number.dropLast(4)), String(number.suffix(8)), "尾号\(tail)", "endingin\(tail)"])
        pieces.insert("*\(tail)")
        words.insert(String(tail))
    }

    /// `YYYYMMDD`, as people, programs and screens write it.
    private mutating func add(birth: String) {
        guard birth.count == 8 else { return }
        let (year, month, day) = (birth.prefix(4), birth.dropFirst(4).prefix(2), birth.suffix(2))
        let (plainMonth, plainDay) = (month.drop { $0 == "0" }, day.drop { $0 == "0" })
        pieces.formUnion([
            birth, "\(year)-\(month)-\(day)", "\(year).\(month).\(day)", "\(year)/\(month)/\(day)",
            "\(year)年\(month)月\(day)日", "\(year)年\(plainMonth)月\(plainDay)日",
        ])
    }

    /// Six characters in a row: a street with its number.
    private mutating func add(address: String) {
        let characters = Array(Self.closed(address))
        for start in characters.indices where start + 6 <= characters.count {
            pieces.insert(String(characters[start..<(start + 6)]))
        }
    }

    private mutating func add(phone: String) {
        guard phone.count >= 8 else { return }
        pieces.formUnion([phone, "*\(phone.suffix(4))", "\(phone.prefix(3))*"])
        words.insert(String(phone.suffix(8)))
    }

    private static func addresses(of card: SyntheticCard) -> [String] {
        guard card.kind == .resident || card.kind == .hongKongMacaoTaiwan else { return [] }
        return ([card.addressBytes] + card.additionalAddresses).map(Self.text)
    }

    private static func text(_ bytes: [UInt8]) -> String {
        String(
            decoding: stride(from: 0, to: bytes.count - 1, by: 2).map {
                UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8
            },
            as: UTF16.self)
    }

    private static func closed(_ text: String) -> String { text.filter { !$0.isWhitespace } }

    private static func isPart(_ character: Character) -> Bool { character.isLetter || character.isNumber }
}

extension SyntheticCard {
    /// The field of the address, where residents' cards have it.
    fileprivate var addressBytes: [UInt8] { Array(text[52..<122]) }
}
