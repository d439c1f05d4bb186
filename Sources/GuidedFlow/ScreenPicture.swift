/// The large drawings that the flow names; each is a file of that name in `Kiosk/pictures/stage`. Problems and items name
/// further ones of their own.
public enum ScreenPicture: String, Sendable, CaseIterable {
    case placeCard = "card-on-reader"
    case readingCard = "reading"
    case takeCard = "take-card"
    case otherCard = "other-card"
    case window
    case closed
    case placePage = "page-into-feeder"
    case scanning
    case stored
    case sending = "submitting"
    case printing
    case printingDocument = "document-printing"
    case takeDocuments = "take-documents"
    /// Are there papers?
    case lookForDocuments = "look-documents"
    case takeSlip = "take-slip"
    case takeOriginals = "take-originals"
    case takeAll = "take-all"
    case lookingUp = "looking-up"
    /// Where no drawing shows the fault itself: somebody comes and helps.
    case staff
}

/// The small signs beside words.
public enum ScreenPictogram: String, Sendable, CaseIterable {
    case card, page, slip, help, lower, raise
}
