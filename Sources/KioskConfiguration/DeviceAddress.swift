/// Where a device is found: a serial line, a host and port, an eSCL service, or a name of SANE's.
///
/// Written as `serial:/dev/ttyUSB0`, `serial:/dev/ttyS0?9600`, `tcp:192.168.1.50:9100`, `escl:http://192.168.1.60:80/eSCL`, `sane:test:0`.
public struct DeviceAddress: Sendable, Hashable, CustomStringConvertible {
    public enum Place: Sendable, Hashable {
        /// Absolute path of a serial device, and the speed in bit/s to try first when one is written behind `?`.
        case serial(path: String, speed: Int?)
        case tcp(host: String, port: Int)
        /// `http://` or `https://` address of an eSCL service, without a slash at its end.
        case escl(url: String)
        /// A device name as SANE lists it.
        case sane(name: String)
    }

    /// Speeds that a serial line can be set to.
    static let speeds = [1_200, 2_400, 4_800, 9_600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800, 921_600]

    public let place: Place
    /// As written.
    public let text: String

    /// Reads an address of at most 200 bytes of printable ASCII; `nil` for anything else.
    public init?(_ text: String) {
        guard (1...200).contains(text.utf8.count), text.utf8.allSatisfy({ (33...126).contains($0) }),
            let colon = text.firstIndex(of: ":")
        else { return nil }
        let rest = String(text[text.index(after: colon)...])
        switch text[..<colon] {
        case "serial":
            let parts = rest.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
            guard let path = parts.first, path.hasPrefix("/"), path.utf8.count > 1 else { return nil }
            let speed = parts.count == 2 ? Int(parts[1]) : nil
            guard parts.count == 1 || speed.map(Self.speeds.contains) == true else { return nil }
            place = .serial(path: String(path), speed: speed)
        case "tcp":
            guard let last = rest.lastIndex(of: ":"), let port = WebAddress.port(rest[rest.index(after: last)...])
            else {
                return nil
            }
            var host = String(rest[..<last])
            if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
            guard WebAddress.isHost(host) else { return nil }
            place = .tcp(host: host, port: port)
        case "escl":
            guard WebAddress(rest, secure: false) != nil else { return nil }
            place = .escl(url: rest.hasSuffix("/") ? String(rest.dropLast()) : rest)
        case "sane":
            guard !rest.isEmpty else { return nil }
            place = .sane(name: rest)
        default: return nil
        }
        self.text = text
    }

    public var description: String { text }

    /// What to write instead of a text that is no address.
    static func refusal(of text: String) -> String {
        "\(quoted(text)) is not a device address; write serial:/dev/…, tcp:HOST:PORT, escl:http://HOST:PORT/eSCL or sane:NAME"
    }
}

/// The little that has to be known of an HTTP address before it is used.
struct WebAddress {
    let host: String

    /// `nil` unless `text` is `scheme://host[:port][/path]` in printable ASCII without user name.
    init?(_ text: String, secure: Bool) {
        let schemes = secure ? ["https://"] : ["https://", "http://"]
        guard text.utf8.count <= 300, text.utf8.allSatisfy({ (33...126).contains($0) }),
            let scheme = schemes.first(where: { text.hasPrefix($0) })
        else { return nil }
        let authority = text.dropFirst(scheme.count).prefix { !"/?#".contains($0) }
        var name = authority
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            let rest = authority[authority.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") && Self.port(rest.dropFirst()) != nil else { return nil }
            name = authority[authority.index(after: authority.startIndex)..<end]
        } else if let colon = authority.firstIndex(of: ":") {
            guard Self.port(authority[authority.index(after: colon)...]) != nil else { return nil }
            name = authority[..<colon]
        }
        guard Self.isHost(String(name)) else { return nil }
        host = String(name)
    }

    /// A name, an IPv4 or an IPv6 address; not resolved here.
    static func isHost(_ text: String) -> Bool {
        (1...253).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (97...122).contains($0) || (65...90).contains($0) || (48...58).contains($0) || $0 == 45 || $0 == 46
            }
    }

    static func port(_ text: some StringProtocol) -> Int? {
        guard text.utf8.count <= 5, text.utf8.allSatisfy({ (48...57).contains($0) }), let port = Int(text),
            (1...65_535).contains(port)
        else { return nil }
        return port
    }
}
