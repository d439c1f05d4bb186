/// Why a recipient, an identity or a sealed file was refused. Nothing in it comes from the plain text.
public enum AgeError: Error, Sendable, Equatable {
    /// Not an `age1…` recipient or `AGE-SECRET-KEY-1…` identity. The reason is a clause: "its check characters are wrong".
    case badKey(reason: String)
    /// A file needs at least one recipient.
    case noRecipients
    /// More recipients than ``AgeSealer/maximumRecipients``.
    case tooManyRecipients
    /// The header breaks a rule of the format.
    case headerMalformed(reason: String)
    /// The header is longer than ``AgeOpener/maximumHeaderBytes``.
    case headerTooLarge
    /// The file is not sealed to any of the identities.
    case notForThisIdentity
    /// The header was changed after sealing.
    case headerChanged
    /// The payload was changed, cut, or continued after its end.
    case payloadChanged
    /// The file ends too early.
    case cutShort
    /// The plain text is longer than the caller allowed.
    case plainTooLarge
    /// The cryptographic library refused; does not happen with valid parameters.
    case cryptographyFailed
}

extension AgeError: CustomStringConvertible {
    /// One sentence; what to do where the person before the command line can do something.
    public var description: String {
        switch self {
        case .badKey(let reason): "This is not a valid age key: \(reason). Copy it again from where it was made."
        case .noRecipients: "At least one recipient is needed; name one."
        case .tooManyRecipients:
            "There are more than \(AgeSealer.maximumRecipients) recipients; name fewer, or seal the file several times."
        case .headerMalformed(let reason): "This is not a valid age file: \(reason)."
        case .headerTooLarge: "The header of the age file is longer than \(AgeOpener.maximumHeaderBytes) bytes."
        case .notForThisIdentity: "The file is not sealed to this key."
        case .headerChanged: "The header of the file was changed after sealing."
        case .payloadChanged: "The content of the file was changed after sealing."
        case .cutShort: "The file ends too early."
        case .plainTooLarge: "The content of the file is larger than allowed."
        case .cryptographyFailed: "The cryptographic library refused an operation."
        }
    }
}
