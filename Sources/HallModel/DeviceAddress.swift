/// Where a device is found: a serial line, a host and port, an eSCL service, or a name of SANE's.
///
/// Written as `serial:/dev/ttyUSB0`, `serial:/dev/ttyS0?9600`, `tcp:192.168.1.50:9100`, `escl:http://192.168.1.60:80/eSCL`, `sane:test:0`,
/// `ipp://192.168.1.70:631/ipp/print`, `cups:hall_a4`, `cups:hall_a4@localhost:6632`.
public struct DeviceAddress: Sendable, Hashable, CustomStringConvertible {
    /// The address taken apart; what every part may be is checked when the text is read.
    public enum Place: Sendable, Hashable {
        /// Absolute path of a serial device, and the speed in bit/s to try first when one is written behind `?`.
        case serial(path: String, speed: Int?)
        /// A name, an IPv4 or an IPv6 address without brackets; port 1…65,535.
        case tcp(host: String, port: Int)
        /// `http://` address of an eSCL service, without a slash at its end. What is not plain does not pass: the text is
        /// written into SANE's configuration.
        case escl(url: String)
        /// A device name as SANE lists it, `BACKEND:NAME`. Plain for the same reason.
        case sane(name: String)
        /// `ipp://` address of a printer that speaks IPP itself. Port 631 where none is written.
        case ipp(url: String)
        /// A queue of CUPS by its name; on this machine's own server (its Unix socket) where no host is written.
        case cups(queue: String, host: String?, port: Int)
    }

    /// Speeds that a serial line can be set to, in bit/s.
    public static let serialSpeeds = [
        1_200, 2_400, 4_800, 9_600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800, 921_600,
    ]

    /// The address taken apart.
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
            guard parts.count == 1 || speed.map(Self.serialSpeeds.contains) == true else { return nil }
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
            guard rest.hasPrefix("http://"), WebAddress(rest, secure: false) != nil, Self.isPlain(rest) else {
                return nil
            }
            place = .escl(url: rest.hasSuffix("/") ? String(rest.dropLast()) : rest)
        case "sane":
            guard let end = rest.firstIndex(of: ":"), end != rest.startIndex, Self.isPlain(rest) else { return nil }
            place = .sane(name: rest)
        case "ipp":
            guard rest.hasPrefix("//"), WebAddress("http:" + rest, secure: false) != nil, Self.isPlain(rest) else {
                return nil
            }
            place = .ipp(url: text)
        case "cups":
            guard let queue = Self.cupsQueue(rest) else { return nil }
            place = queue
        default: return nil
        }
        self.text = text
    }

    /// The address as written.
    public var description: String { text }

    /// `QUEUE` or `QUEUE@HOST[:PORT]`; a queue's name is at most 127 plain characters.
    private static func cupsQueue(_ text: String) -> Place? {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard let queue = parts.first, (1...127).contains(queue.utf8.count),
            queue.utf8.allSatisfy({
                (97...122).contains($0) || (65...90).contains($0) || (48...57).contains($0) || $0 == 45 || $0 == 95
            })
        else { return nil }
        guard parts.count > 1 else { return .cups(queue: String(queue), host: nil, port: 631) }
        guard parts.count == 2 else { return nil }
        var host = parts[1]
        var port = 631
        if let colon = host.lastIndex(of: ":"), !host.hasSuffix("]") {
            guard let written = WebAddress.port(host[host.index(after: colon)...]) else { return nil }
            port = written
            host = host[..<colon]
        }
        guard WebAddress.isHost(String(host)) else { return nil }
        return .cups(queue: String(queue), host: String(host), port: port)
    }

    private static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy {
            (97...122).contains($0) || (65...90).contains($0) || (45...58).contains($0) || $0 == UInt8(ascii: "_")
                || $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "]")
        }
    }

    /// What an address looks like, for a sentence that refuses one.
    public static let forms =
        "serial:/dev/…, tcp:HOST:PORT, escl:http://HOST:PORT/eSCL, sane:BACKEND:NAME, ipp://HOST:PORT/PATH, cups:QUEUE "
        + "or cups:QUEUE@HOST:PORT"
}
