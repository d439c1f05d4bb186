import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// A TCP port on 127.0.0.1 that can be opened and closed again and again, as when a device is switched off and on.
///
/// While closed, connecting is refused, and the port stays ours: a second socket is bound to it and never listens.
final class LoopbackListener: Sendable {
    private let guardian: CInt
    private let listening = Mutex<(any Channel)?>(nil)
    /// The port, also while closed.
    let port: Int
    /// Everything of this listener, its connections included, runs on one event loop.
    let eventLoop: any EventLoop

    /// Reserves a port; 0 takes any free one. Throws `EmulatorError.portTaken`.
    init(port wished: Int) throws {
        // A named port that another program of ours holds would be shared with it below: asked for plainly first.
        if wished != 0 { Glibc.close(try Self.bound(to: wished, [SO_REUSEADDR]).descriptor) }
        // Shared with our own listener and with nobody else: a socket that may reuse addresses would be bound beside one that
        // may, as long as neither listens. Where a port was named, connections of the run before may still linger on it.
        (guardian, port) = try Self.bound(to: wished, wished == 0 ? [SO_REUSEPORT] : [SO_REUSEPORT, SO_REUSEADDR])
        eventLoop = MultiThreadedEventLoopGroup.singleton.next()
    }

    private static func bound(
        to wished: Int, _ options: [CInt]
    ) throws -> (descriptor: CInt, port: Int) {
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw EmulatorError.system("open a socket", errno) }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        var yes: CInt = 1
        for option in options {
            setsockopt(descriptor, SOL_SOCKET, option, &yes, socklen_t(MemoryLayout<CInt>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(wished).bigEndian)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                guard bind(descriptor, generic, length) == 0 else { return errno }
                return getsockname(descriptor, generic, &length) == 0 ? 0 : errno
            }
        }
        guard code == 0 else {
            Glibc.close(descriptor)
            throw code == EADDRINUSE
                ? EmulatorError.portTaken(wished) : EmulatorError.system("take port \(wished)", code)
        }
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
    }

    deinit { Glibc.close(guardian) }

    /// Begins to accept connections; `accept` prepares each on the event loop.
    func open(_ accept: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>) async throws {
        guard listening.withLock({ $0 == nil }) else { return }
        do {
            let channel = try await ServerBootstrap(group: eventLoop)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .serverChannelOption(.socketOption(.init(rawValue: SO_REUSEPORT)), value: 1)
                .childChannelInitializer(accept)
                .bind(host: "127.0.0.1", port: port).get()
            listening.withLock { $0 = channel }
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw EmulatorError.portTaken(port)
        }
    }

    /// From now on connecting is refused. Connections that are open stay.
    func close() async {
        let channel = listening.withLock { channel in
            defer { channel = nil }
            return channel
        }
        try? await channel?.close().get()
    }
}
