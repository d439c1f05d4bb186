/// Where a scanner is. No other address is ever spoken to.
public enum ScannerAddress: Sendable, Equatable {
    /// eSCL (Mopria) over plain HTTP, through SANE's airscan backend.
    case escl(ESCLEndpoint)
    /// A device of another SANE backend by its full name: `test:0`.
    case sane(device: String)

    /// Reads `escl:http://HOST:PORT/PATH` or `sane:BACKEND:NAME`.
    ///
    /// Only letters, digits and `-._:/[]` pass: the text is written into SANE's configuration.
    public init?(_ text: String) {
        guard text.utf8.count <= 200, text.utf8.allSatisfy(Self.isPlain) else { return nil }
        if let rest = text.removing(prefix: "escl:http://") {
            guard let endpoint = ESCLEndpoint(rest) else { return nil }
            self = .escl(endpoint)
        } else if let device = text.removing(prefix: "sane:"), let colon = device.firstIndex(of: ":"),
            colon != device.startIndex
        {
            self = .sane(device: device)
        } else {
            return nil
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-")...UInt8(ascii: "/"), UInt8(ascii: ":"),
            UInt8(ascii: "_"), UInt8(ascii: "["), UInt8(ascii: "]"):
            true
        default: false
        }
    }

    /// The backend that serves it, the only one in `dll.conf`.
    var backend: String {
        switch self {
        case .escl: "airscan"
        case .sane(let device): String(device.prefix { $0 != ":" })
        }
    }

    /// The name for `sane_open`: fixed, so that nothing has to be listed or discovered.
    var deviceName: String {
        switch self {
        case .escl: "airscan:e0:\(Self.configuredName)"
        case .sane(let device): device
        }
    }

    /// What the scanner is called in `airscan.conf`.
    static let configuredName = "scanner"
}

/// The root of an eSCL service.
public struct ESCLEndpoint: Sendable, Equatable {
    /// As written in the address: a name, or an IP address, IPv6 in brackets. Never empty.
    public let host: String
    /// 1 … 65,535.
    public let port: Int
    /// Begins with a slash, does not end with one.
    public let path: String

    /// Reads `HOST[:PORT][/PATH]`; the port is 80 and the path `/eSCL` where they are missing.
    init?(_ text: String) {
        let slash = text.firstIndex(of: "/") ?? text.endIndex
        var path = String(text[slash...])
        while path.hasSuffix("/") { path.removeLast() }
        self.path = path.isEmpty ? "/eSCL" : path
        let authority = text[..<slash]
        let bracket = authority.lastIndex(of: "]") ?? authority.startIndex
        if let colon = authority[bracket...].lastIndex(of: ":") {
            guard let port = Int(authority[authority.index(after: colon)...]), (1...65_535).contains(port) else {
                return nil
            }
            self.port = port
            host = String(authority[..<colon])
        } else {
            port = 80
            host = String(authority)
        }
        guard !host.isEmpty else { return nil }
    }

    var url: String { "http://\(host):\(port)\(path)" }
    /// Without the brackets of an IPv6 address.
    var connectHost: String { host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host }
}

extension String {
    fileprivate func removing(prefix: String) -> String? { hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil }
}
