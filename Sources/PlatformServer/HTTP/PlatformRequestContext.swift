import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOSSL
import X509

/// What a request knows beside itself: its connection.
struct PlatformRequestContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }

    /// The common name of the client certificate, which the TLS handshake has verified.
    ///
    /// - Throws: ``APIProblem`` `not-found` when the certificate names nobody.
    func kioskName() async throws -> String {
        let certificate = try await channel.nioSSL_peerCertificate().get()
        guard let certificate, let parsed = try? Certificate(derEncoded: try certificate.toDERBytes()) else {
            throw APIProblem(.notFound, "The connection has no client certificate.")
        }
        for part in parsed.subject {
            for attribute in part where attribute.type == .RDNAttributeType.commonName {
                let name = attribute.value.description
                if (1...64).contains(name.unicodeScalars.count) { return name }
            }
        }
        throw APIProblem(.notFound, "The client certificate has no common name.")
    }

    /// Ends the connection now, below TLS: a peer that is no longer there would never answer TLS's farewell, and whoever
    /// waits for the connection's end would wait out the time that TLS gives it.
    func closeAtOnce() {
        let channel = channel
        channel.eventLoop.execute {
            if let tls = try? channel.pipeline.syncOperations.context(handlerType: NIOSSLServerHandler.self) {
                tls.close(promise: nil)
            } else {
                channel.close(promise: nil)
            }
        }
    }

    /// Closes the connection soon, but late enough that an answer written now still arrives: the rest of a refused
    /// body is read and dropped meanwhile, and no more than that.
    func closeSoon() {
        let channel = channel
        channel.eventLoop.scheduleTask(in: .seconds(2)) { channel.close(promise: nil) }
    }
}

extension Request {
    /// The body in memory.
    ///
    /// - Throws: ``APIProblem`` `too-large`, or `too-slow` when it is not there in time.
    func collected(limit: Int, within seconds: Int64 = 20) async throws -> ByteBuffer {
        let tooLarge = APIProblem(.tooLarge, "The body may have at most \(limit) bytes.").with(limit: Int64(limit))
        if let length = headers[.contentLength].flatMap({ Int($0) }), length > limit { throw tooLarge }
        let body = body
        return try await withThrowingTaskGroup(of: ByteBuffer.self) { group in
            group.addTask {
                var all = ByteBuffer()
                for try await part in body {
                    guard all.readableBytes + part.readableBytes <= limit else { throw tooLarge }
                    all.writeImmutableBuffer(part)
                }
                return all
            }
            group.addTask {
                try await Task.sleep(for: .seconds(seconds))
                throw APIProblem(.tooSlow, "The body came too slowly.")
            }
            defer { group.cancelAll() }
            guard let collected = try await group.next() else { throw CancellationError() }
            return collected
        }
    }
}
