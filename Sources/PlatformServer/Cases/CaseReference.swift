/// What the QR code of a receipt says: `HK1:N:<case number>` or `HK1:A:<acceptance code>`.
enum CaseReference: Equatable, Sendable {
    case number(String)
    case acceptanceCode(String)

    /// `nil` for anything else.
    init?(_ text: String) {
        guard text.utf8.count <= 64 else { return nil }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "HK1" else { return nil }
        let code = String(parts[2])
        switch parts[1] {
        case "N" where CaseNumber.isValid(code): self = .number(code)
        case "A" where AcceptanceCode.isValid(code): self = .acceptanceCode(code)
        default: return nil
        }
    }
}
