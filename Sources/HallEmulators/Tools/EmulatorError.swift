import Glibc

/// What can go wrong when an emulated device is set up, in a sentence for a person.
public enum EmulatorError: Error, CustomStringConvertible {
    case system(String, CInt)
    case portTaken(Int)
    case invalid(String)

    public var description: String {
        switch self {
        case .system(let act, let code): "Cannot \(act): \(String(cString: strerror(code)))."
        case .portTaken(let port): "Port \(port) is taken by another program; choose another one."
        case .invalid(let sentence): sentence
        }
    }
}
