import Glibc

/// Where the control socket lies, and why it does not answer.
public enum ControlSocket {
    /// In the runtime folder given to `kioskd --runtime`.
    public static func path(in runtimeFolder: String) -> String { runtimeFolder + "/control.sock" }

    /// Longest path of a Unix socket in bytes (`sun_path`, without its end).
    static let longestPath = 107

    /// What stands in the way of an answer, by asking the system. To be called after a request came to nothing.
    static func failure(at path: String) -> ControlClient.Failure {
        guard path.utf8.count <= longestPath else { return .pathTooLong(socket: path, bytes: path.utf8.count) }
        guard !path.utf8.contains(0) else { return .notRunning(socket: path) }
        var status = stat()
        if stat(path, &status) != 0 {
            switch errno {
            case EACCES, EPERM: return .notPermitted(socket: path)
            case ENOTDIR: return .noFolder(socket: path)
            default: return .notRunning(socket: path)
            }
        }
        switch connectError(path) {
        case EACCES, EPERM: return .notPermitted(socket: path)
        // It takes connections, or has so many waiting that it takes no more.
        case 0, EAGAIN: return .hangs(socket: path)
        // A file of another kind, or the socket of a daemon that was killed.
        default: return .notRunning(socket: path)
        }
    }

    /// 0 when somebody listens.
    private static func connectError(_ path: String) -> Int32 {
        let descriptor = socket(
            AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { return errno }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        return result == 0 ? 0 : errno
    }
}
