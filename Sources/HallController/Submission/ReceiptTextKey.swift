/// The keys of `Kiosk/texts` that the slip uses; a test holds both files to this list.
public enum ReceiptTextKey: String, CaseIterable {
    case title = "receipt.title"
    case caseNumber = "receipt.caseNumber"
    case code = "receipt.code"
    case codeLater = "receipt.codeLater"
    case item = "receipt.item"
    case person = "receipt.person"
    case tail = "receipt.tail"
    case time = "receipt.time"
    case progress = "receipt.progress"
    case progressByCode = "receipt.progressByCode"
}
