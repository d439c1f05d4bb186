/// The little that has to be known of an HTTP address before it is used.
public struct WebAddress: Sendable {
    /// A name, an IPv4 address, or an IPv6 address without its brackets; as written, not resolved.
    public let host: String

    /// `nil` unless `text` is `scheme://host[:port][/path]` in printable ASCII without user name.
    /// - Parameter secure: only `https://` passes.
    public init?(_ text: String, secure: Bool) {
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
    public static func isHost(_ text: String) -> Bool {
        (1...253).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (97...122).contains($0) || (65...90).contains($0) || (48...58).contains($0) || $0 == 45 || $0 == 46
            }
    }

    /// 1 … 65535, in digits.
    public static func port(_ text: some StringProtocol) -> Int? {
        guard text.utf8.count <= 5, text.utf8.allSatisfy({ (48...57).contains($0) }), let port = Int(text),
            (1...65_535).contains(port)
        else { return nil }
        return port
    }
}
