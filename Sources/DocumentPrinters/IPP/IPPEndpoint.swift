import HallModel

/// Where a printer or a queue is asked.
struct IPPEndpoint: Sendable, Hashable {
    /// A host's name or address, or the absolute path of a Unix socket.
    var host: String
    var port: Int
    /// Begins with a slash: `/ipp/print`, `/printers/hall_a4`.
    var resource: String

    /// For the operation attribute `printer-uri`.
    var uri: String {
        if isUnixSocket { return "ipp://localhost\(resource)" }
        return "ipp://\(host.contains(":") ? "[\(host)]" : host):\(port)\(resource)"
    }

    /// For evidence.
    var name: String {
        isUnixSocket ? "\(host)\(resource)" : "\(host.contains(":") ? "[\(host)]" : host):\(port)\(resource)"
    }

    var isUnixSocket: Bool { host.hasPrefix("/") }

    /// On this very machine.
    var isLocal: Bool {
        isUnixSocket || host == "localhost" || host == "::1" || host.hasPrefix("127.") || host.hasSuffix(".localhost")
    }

    /// CUPS listens there on Debian; connecting starts it where systemd holds the socket.
    static let cupsSocket = "/run/cups/cups.sock"

    init(host: String, port: Int, resource: String) {
        self.host = host
        self.port = port
        self.resource = resource
    }

    /// `nil` for addresses of other kinds of devices.
    /// - Parameter cupsSocket: where this machine's own CUPS listens.
    init?(_ address: DeviceAddress, cupsSocket: String = cupsSocket) {
        switch address.place {
        case .ipp(let url): self.init(uri: url)
        case .cups(let queue, let host?, let port):
            self.init(host: Self.withoutBrackets(host), port: port, resource: "/printers/\(queue)")
        case .cups(let queue, nil, let port):
            self.init(host: cupsSocket, port: port, resource: "/printers/\(queue)")
        case .serial, .tcp, .escl, .sane: return nil
        }
    }

    /// Reads `ipp://HOST[:PORT][/PATH]`, as printers and queues name it. `nil` for other schemes, for what carries a user's
    /// name, and for what is no such address; whatever stands behind a `?` is for CUPS alone.
    init?(uri: String) {
        guard uri.utf8.count <= 1_023, uri.utf8.allSatisfy({ (33...126).contains($0) }),
            uri.lowercased().hasPrefix("ipp://")
        else { return nil }
        let rest = uri.dropFirst("ipp://".count).prefix { $0 != "?" && $0 != "#" }
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let authority = rest[..<slash]
        guard !authority.contains("@") else { return nil }
        let bracket = authority.lastIndex(of: "]") ?? authority.startIndex
        if let colon = authority[bracket...].lastIndex(of: ":") {
            guard let written = Int(authority[authority.index(after: colon)...]), (1...65_535).contains(written)
            else { return nil }
            (host, port) = (Self.withoutBrackets(String(authority[..<colon])), written)
        } else {
            (host, port) = (Self.withoutBrackets(String(authority)), 631)
        }
        guard !host.isEmpty, !host.hasPrefix("/") else { return nil }
        resource = slash == rest.endIndex ? "/" : String(rest[slash...])
    }

    private static func withoutBrackets(_ host: String) -> String {
        host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
    }
}
