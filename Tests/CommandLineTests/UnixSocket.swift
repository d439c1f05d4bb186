import Foundation
import TestSupport

/// Sockets with a path, as a test opens them by hand.
enum UnixSocket {
    /// Somebody listens there.
    static func listening(at path: String) throws -> Int32 {
        try open(path) { bind($0, $1, $2) == 0 && listen($0, 4) == 0 }
    }

    /// A line to whoever listens there.
    static func connected(to path: String) throws -> Int32 { try open(path) { connect($0, $1, $2) == 0 } }

    private static func open(
        _ path: String, _ use: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Bool
    ) throws -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let isOpen = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                use(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard isOpen else {
            let cause = String(cString: strerror(errno))
            close(descriptor)
            throw TestFailure("\(path): \(cause)")
        }
        return descriptor
    }
}
