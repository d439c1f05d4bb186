import CCUPS

#if canImport(Glibc)
    import Glibc
#endif

/// Why a connection cannot be made, as the system says it: libcups calls every cause "host is down" (EHOSTDOWN), and a person
/// needs to know whether nobody listens, the path is missing, or a sandbox forbids it.
enum ConnectDiagnosis {
    private static let patienceMilliseconds: Int32 = 1_000

    /// The `errno` of the last of the endpoint's addresses. Blocks for at most a second for each of them.
    static func cause(_ endpoint: IPPEndpoint) -> Int32 {
        guard let list = httpAddrGetList(endpoint.host, AF_UNSPEC, "\(endpoint.port)") else { return EHOSTUNREACH }
        defer { httpAddrFreeList(list) }
        var cause = ETIMEDOUT
        var next: UnsafeMutablePointer<http_addrlist_t>? = list
        while let entry = next {
            next = entry.pointee.next
            withUnsafeMutablePointer(to: &entry.pointee.addr) { address in
                let found = attempt(address)
                // "No IPv6 here" says nothing where IPv4 was refused.
                if cause == ETIMEDOUT || ![EADDRNOTAVAIL, EAFNOSUPPORT, ENETUNREACH].contains(found) { cause = found }
            }
        }
        return cause
    }

    /// 0 would mean that it has come up meanwhile: the next question will find it.
    private static func attempt(_ address: UnsafeMutablePointer<http_addr_t>) -> Int32 {
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(httpAddrFamily(address), kind, 0)
        guard descriptor >= 0 else { return errno }
        defer { close(descriptor) }
        let length = socklen_t(httpAddrLength(address))
        let failed = UnsafeRawPointer(address).withMemoryRebound(to: sockaddr.self, capacity: 1) {
            connect(descriptor, $0, length) != 0
        }
        guard failed else { return ETIMEDOUT }
        guard errno == EINPROGRESS || errno == EAGAIN else { return errno }
        var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        guard poll(&wait, 1, patienceMilliseconds) == 1 else { return ETIMEDOUT }
        var code: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size) == 0, code != 0 else { return ETIMEDOUT }
        return code
    }
}
