import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#endif

extension TransportError {
    /// An `errno` of opening or using `name`, in words.
    public init(errno code: Int32, on name: String) {
        let evidence = "\(Self.symbol(code)) \(name)"
        switch code {
        case ENOENT, ENXIO, ENODEV: self = .missing("\(evidence): there is no such device")
        case ECONNREFUSED: self = .missing("\(evidence): nothing listens there")
        case EHOSTUNREACH, ENETUNREACH, EHOSTDOWN: self = .missing("\(evidence): the network does not lead there")
        case EBUSY, EWOULDBLOCK: self = .busy("\(evidence): another process holds it")
        case EACCES, EPERM: self = .forbidden("\(evidence): \(Self.whoMay(name))")
        case EIO, EPIPE, ECONNRESET, ESHUTDOWN, EBADF: self = .gone("\(evidence): the device went away")
        case ETIMEDOUT: self = .gone("\(evidence): the other side does not answer any more")
        case ENOTTY, EINVAL, ENOTDIR, EISDIR, ELOOP: self = .unusable("\(evidence): this is no such line")
        default: self = .gone(evidence)
        }
    }

    /// Any error of the network library.
    init(_ error: any Error, on name: String) {
        switch error {
        case let known as TransportError: self = known
        case let known as IOError: self.init(errno: known.errnoCode, on: name)
        case let many as NIOConnectionError:
            if let first = many.connectionErrors.first {
                self.init(first.error, on: name)
            } else {
                self = .missing("\(name): the host name is not known")
            }
        case ChannelError.connectTimeout(let time):
            self = .timedOut("\(name) did not accept a connection within \(time.nanoseconds / 1_000_000) ms")
        case is ChannelError: self = .gone("\(name) is closed")
        default: self = .gone("\(name): \(error)")
        }
    }

    private static func symbol(_ code: Int32) -> String {
        let names: [Int32: String] = [
            ENOENT: "ENOENT", ENXIO: "ENXIO", ENODEV: "ENODEV", ECONNREFUSED: "ECONNREFUSED",
            EHOSTUNREACH: "EHOSTUNREACH", ENETUNREACH: "ENETUNREACH", EBUSY: "EBUSY", EWOULDBLOCK: "EWOULDBLOCK",
            EACCES: "EACCES", EPERM: "EPERM", EIO: "EIO", EPIPE: "EPIPE", ECONNRESET: "ECONNRESET",
            ETIMEDOUT: "ETIMEDOUT", ENOTTY: "ENOTTY", EINVAL: "EINVAL", EBADF: "EBADF", ELOOP: "ELOOP",
        ]
        return names[code] ?? "errno \(code)"
    }

    /// Who may open a device node, for the sentence that tells how to be allowed.
    private static func whoMay(_ path: String) -> String {
        var found = stat()
        guard stat(path, &found) == 0 else { return "this user may not open it; a udev rule must allow it" }
        var entry = group()
        var result: UnsafeMutablePointer<group>?
        var buffer = [CChar](repeating: 0, count: 4_096)
        guard getgrgid_r(found.st_gid, &entry, &buffer, buffer.count, &result) == 0, result != nil,
            let name = entry.gr_name
        else { return "group \(found.st_gid) may; add this user to it or let a udev rule set the group" }
        return "group \(String(cString: name)) may; add this user to it or let a udev rule set the group"
    }
}
