/// The keys of `Kiosk/texts` that the slip uses; a test holds both files to this list.
public enum ReceiptTextKey: String, CaseIterable {
    case title = "receipt.title"
    case caseNumber = "receipt.caseNumber"
    /// 受理号: stands before the acceptance code, while there is no case number.
    case code = "receipt.code"
    /// That a case number will follow.
    case codeLater = "receipt.codeLater"
    case item = "receipt.item"
    case person = "receipt.person"
    /// Stands before the last characters of the identity document's number.
    case tail = "receipt.tail"
    case time = "receipt.time"
    /// How progress is asked for, at a kiosk without a code reader.
    case progress = "receipt.progress"
    /// The same at a kiosk that reads the receipt's code.
    case progressByCode = "receipt.progressByCode"
    /// Before the hall's own address.
    case address = "receipt.address"
    /// Before the hours at which it is open.
    case hours = "receipt.hours"
    /// Before the number to call.
    case phone = "receipt.phone"
}
