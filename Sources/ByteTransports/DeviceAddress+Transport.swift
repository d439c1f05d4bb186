import HallModel

extension DeviceAddress {
    /// Reads the address of a device that a line of bytes leads to: `serial:PATH[?SPEED]` or `tcp:HOST:PORT`.
    /// - Throws: `.unusable` with a sentence that names the address, for anything else.
    public init(ofLine text: String) throws(TransportError) {
        guard let address = DeviceAddress(text) else { throw Self.noLine(text) }
        switch address.place {
        case .serial, .tcp: self = address
        case .escl, .sane, .ipp, .cups: throw Self.noLine(text)
        }
    }

    /// A line to this address, not yet open.
    /// - Parameter defaultSpeed: for serial lines whose address names none.
    /// - Throws: `.unusable` where no line of bytes leads.
    public func makeTransport(defaultSpeed: Int) throws(TransportError) -> any ByteTransport {
        switch place {
        case .serial(let path, let speed): SerialTransport(path: path, bitsPerSecond: speed ?? defaultSpeed)
        case .tcp(let host, let port): TCPTransport(host: host, port: port)
        case .escl, .sane, .ipp, .cups: throw Self.noLine(text)
        }
    }

    private static func noLine(_ text: String) -> TransportError {
        .unusable("\"\(text.prefix(200))\" is no address: expected serial:/dev/PATH[?SPEED] or tcp:HOST:PORT")
    }
}
