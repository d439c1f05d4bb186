/// Where a device is, as written in the configuration: `serial:PATH[?speed]` or `tcp:HOST:PORT`.
public enum DeviceAddress: Sendable, Hashable {
    /// `speed` in bits per second, `nil` for the profile's.
    case serial(path: String, speed: Int?)
    case tcp(host: String, port: Int)

    /// - Throws: `.unusable` with a sentence that names the address.
    public init(_ text: String) throws(TransportError) {
        guard let colon = text.firstIndex(of: ":") else { throw Self.refusal(text) }
        let rest = text[text.index(after: colon)...]
        switch text[..<colon] {
        case "serial":
            let parts = rest.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
            guard let path = parts.first, path.hasPrefix("/"), !path.utf8.contains(0) else { throw Self.refusal(text) }
            guard parts.count == 2 else {
                self = .serial(path: String(path), speed: nil)
                return
            }
            guard let speed = Int(parts[1]), SerialSpeed(bitsPerSecond: speed) != nil else { throw Self.refusal(text) }
            self = .serial(path: String(path), speed: speed)
        case "tcp":
            guard let split = rest.lastIndex(of: ":"), let port = Int(rest[rest.index(after: split)...]),
                (1...65_535).contains(port)
            else { throw Self.refusal(text) }
            var host = String(rest[..<split])
            if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
            guard !host.isEmpty, host.utf8.count <= 253 else { throw Self.refusal(text) }
            self = .tcp(host: host, port: port)
        default: throw Self.refusal(text)
        }
    }

    /// A line to this address, not yet open.
    /// - Parameter defaultSpeed: for serial lines whose address names none.
    public func makeTransport(defaultSpeed: Int) -> any ByteTransport {
        switch self {
        case .serial(let path, let speed): SerialTransport(path: path, bitsPerSecond: speed ?? defaultSpeed)
        case .tcp(let host, let port): TCPTransport(host: host, port: port)
        }
    }

    private static func refusal(_ text: String) -> TransportError {
        .unusable("\"\(text.prefix(200))\" is no address: expected serial:/dev/PATH[?SPEED] or tcp:HOST:PORT")
    }
}
