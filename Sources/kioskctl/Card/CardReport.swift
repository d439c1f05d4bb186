import Foundation
import HallModel

/// Every field of a card as text; a field that the card does not have is `null`.
struct CardReport: Encodable {
    private let document: IdentityDocument

    init(_ document: IdentityDocument) { self.document = document }

    private enum Key: String, CodingKey {
        case kind, name, englishName, sex, ethnicityCode, birth, address, number, issuer, validFrom, validTo
        case newestAddress, passNumber, issueCount, nationality, version, authorityCode, renewals, previousNumber
        case rawText, flags, isExpired, isCheckDigitWrong, isLongTerm, photo
    }

    /// Name and value in the order in which a person reads a card.
    private var fields: [(Key, String?)] {
        [
            (.kind, document.kind.rawValue), (.name, document.name), (.englishName, document.englishName),
            (.sex, sex), (.ethnicityCode, document.ethnicityCode), (.birth, document.birth?.iso),
            (.address, document.address), (.number, document.number), (.issuer, document.issuer),
            (.validFrom, document.validity.from?.iso),
            (.validTo, document.validity.isLongTerm ? "长期" : document.validity.to?.iso),
            (.newestAddress, document.newestAddress), (.passNumber, document.passNumber),
            (.issueCount, document.issueCount), (.nationality, document.nationality), (.version, document.version),
            (.authorityCode, document.authorityCode), (.renewals, document.renewals),
            (.previousNumber, document.previousNumber), (.rawText, document.rawText),
        ]
    }

    private var sex: String {
        switch document.sex {
        case .unknown: "unknown"
        case .male: "male"
        case .female: "female"
        case .notStated: "not stated"
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        for (key, value) in fields { try container.encode(value, forKey: key) }
        try container.encode(document.flags.sorted().map(\.rawValue), forKey: .flags)
        try container.encode(document.flags.contains(.expired), forKey: .isExpired)
        try container.encode(document.flags.contains(.checkDigitWrong), forKey: .isCheckDigitWrong)
        try container.encode(document.validity.isLongTerm, forKey: .isLongTerm)
        try container.encode(Data(document.photo).base64EncodedString(), forKey: .photo)
    }

    /// For a person: one line a field that the card has.
    func show() {
        var rows = fields.compactMap { key, value in value.map { [key.rawValue, $0] } }
        rows.append([
            "flags",
            document.flags.isEmpty ? "none" : document.flags.sorted().map(PlainWords.of).joined(separator: ", "),
        ])
        rows.append(["photo", document.photo.isEmpty ? "none" : "\(document.photo.count) bytes (--json prints them)"])
        for line in TextTable.lines(rows) { Terminal.show(line) }
    }
}
