/// The large drawings that the flow names; each is a file of that name in `Kiosk/pictures`. Problems and items name
/// further ones of their own.
public enum ScreenPicture: String, Sendable, CaseIterable {
    case placeCard = "place-card"
    case readingCard = "reading-card"
    case takeCard = "take-card"
    case otherCard = "other-card"
    case window
    case placePage = "place-page"
    case scanning
    case stored
    case sending
    case receipt
    case takeThings = "take-things"
    case lookingUp = "looking-up"
    case fault
}

/// The small signs beside words.
public enum ScreenPictogram: String, Sendable, CaseIterable {
    case card, page, slip, help
}
