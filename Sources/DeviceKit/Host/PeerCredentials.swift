import NIOCore

#if canImport(Glibc)
    import Glibc
#endif

/// Who is at the other end of a Unix socket, as the kernel says (`SO_PEERCRED`, unix(7)).
struct PeerCredentials: Sendable, Equatable {
    // The layout of the kernel's `struct ucred`.
    var processID: Int32
    var user: UInt32
    var group: UInt32

    /// `nil` when the kernel does not tell.
    static func of(_ channel: any Channel) async -> PeerCredentials? {
        guard let socket = channel as? any SocketOptionProvider else { return nil }
        return try? await socket.unsafeGetSocketOption(level: .socket, name: NIOBSDSocket.Option(rawValue: SO_PEERCRED))
            .get()
    }

    /// Only our own user, and root, may be a worker of ours.
    var mayBeWorker: Bool { user == 0 || user == geteuid() }
}
