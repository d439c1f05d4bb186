import Glibc

/// What can go wrong when an emulated device is set up, in a sentence for a person.
public enum EmulatorError: Error, CustomStringConvertible {
    /// The system refused: what was to be done ("open a socket"), and `errno`.
    case system(String, CInt)
    /// Another program listens at this port.
    case portTaken(Int)
    /// What was asked for cannot be: a whole sentence.
    case invalid(String)

    /// One sentence, and what to do where there is a choice.
    public var description: String {
        switch self {
        case .system(let act, let code): "Cannot \(act): \(String(cString: strerror(code)))."
        case .portTaken(let port): "Port \(port) is taken by another program; choose another one."
        case .invalid(let sentence): sentence
        }
    }
}
