import NIOCore
import NIOPosix
import NIOSSL
import PlatformServer
import Synchronization
import TestSupport

/// A kiosk whose network was cut: it has sent something over TLS and from then on neither reads nor answers, and its
/// socket stays open.
final class SilentPeer: Sendable {
    private let channel: any Channel

    private init(_ channel: any Channel) { self.channel = channel }

    /// Sends the octets to the platform, and reads nothing after the handshake.
    static func sending(
        _ octets: some Sequence<UInt8>, to port: Int, files: DevelopmentCA.Files
    ) async throws -> SilentPeer {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = .file(files.authority)
        tls.certificateChain = try NIOSSLCertificate.fromPEMFile(files.kiosk).map { .certificate($0) }
        tls.privateKey = .privateKey(try NIOSSLPrivateKey(file: files.kioskKey, format: .pem))
        let context = try NIOSSLContext(configuration: tls)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        NIOSSLClientHandler(context: context, serverHostname: "localhost"))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        // Written when the handshake is done.
        try await channel.writeAndFlush(ByteBuffer(bytes: octets))
        try await channel.setOption(.autoRead, value: false).get()
        return SilentPeer(channel)
    }

    /// Closes the socket without a farewell.
    func end() async {
        try? await channel.eventLoop.submit {
            let tls = try self.channel.pipeline.syncOperations.context(handlerType: NIOSSLClientHandler.self)
            tls.close(promise: nil)
        }.get()
    }
}
