import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// What kept a call from being answered, in words of ours: nothing that a server sent gets into them. The catalogue of
/// problems tells its causes apart by the words in capitals and by `untrusted`, `misnamed`, `rejected`.
enum NetworkFault: String, Sendable, CaseIterable {
    case nameUnknown = "no such name (ENOTFOUND)"
    case refused = "refused (ECONNREFUSED)"
    case timedOut = "no connection (ETIMEDOUT)"
    case noRoute = "no route (ENETUNREACH)"
    /// The connection ended before the answer.
    case cut = "cut"
    case silent = "no answer"
    /// Not of the trusted authorities, or outside its time.
    case platformUntrusted = "TLS: platform certificate untrusted"
    case platformMisnamed = "TLS: platform certificate misnamed"
    case kioskRejected = "TLS: kiosk certificate rejected"
    case noTLS = "TLS: not spoken there"
    case tls = "TLS: no agreement"
    case other = "no connection"

    /// - Parameter error: of the HTTP client; `nil` when it is not of the network.
    init?(_ error: any Error) {
        switch error {
        case let error as HTTPClientError: self.init(client: error)
        case let error as NIOConnectionError: self = Self.first(of: error)
        case let error as IOError: self.init(errno: error.errnoCode)
        case let error as ChannelError:
            if case .connectTimeout = error { self = .timedOut } else { self = .cut }
        case NIOSSLError.handshakeFailed(let error): self.init(tls: "\(error)")
        case NIOSSLError.uncleanShutdown: self = .cut
        // It ended in the middle of an answer.
        case HTTPParserError.invalidEOFState: self = .cut
        case NIOSSLError.unableToValidateCertificate, NIOSSLError.noCertificateToValidate: self = .platformUntrusted
        case let error as NIOSSLExtraError:
            self = error == .failedToValidateHostname ? .platformMisnamed : .tls
        case is NIOSSLError: self = .tls
        case let error as BoringSSLError: self.init(tls: "\(error)")
        default: return nil
        }
    }

    private init?(client error: HTTPClientError) {
        switch error {
        case .connectTimeout, .getConnectionFromPoolTimeout: self = .timedOut
        case .deadlineExceeded, .readTimeout, .writeTimeout: self = .silent
        case .remoteConnectionClosed, .uncleanShutdown: self = .cut
        case .tlsHandshakeTimeout: self = .tls
        default: return nil
        }
    }

    private static func first(of error: NIOConnectionError) -> Self {
        // A name may stand for several addresses: the first that says why.
        let said = error.connectionErrors.lazy.compactMap { NetworkFault($0.error) }.first
        return said ?? (error.dnsAError ?? error.dnsAAAAError == nil ? .other : .nameUnknown)
    }

    private init(errno code: CInt) {
        switch code {
        case ECONNREFUSED: self = .refused
        case ETIMEDOUT: self = .timedOut
        case ENETUNREACH, EHOSTUNREACH, ENETDOWN, EHOSTDOWN: self = .noRoute
        case ECONNRESET, EPIPE, ECONNABORTED: self = .cut
        default: self = .other
        }
    }

    /// BoringSSL tells its reasons by name only. An alert is what the other side sent, a failed check our own.
    private init(tls words: String) {
        let kiosk = [
            "ALERT_UNKNOWN_CA", "ALERT_BAD_CERTIFICATE", "ALERT_UNSUPPORTED_CERTIFICATE", "ALERT_CERTIFICATE",
            "ALERT_ACCESS_DENIED", "ALERT_DECRYPT_ERROR", "ALERT_HANDSHAKE_FAILURE",
        ]
        if words.contains("CERTIFICATE_VERIFY_FAILED") {
            self = .platformUntrusted
        } else if kiosk.contains(where: words.contains) {
            self = .kioskRejected
        } else if words.contains("WRONG_VERSION_NUMBER") || words.contains("HTTP_REQUEST") {
            self = .noTLS
        } else if words.contains("EOF during handshake") || words.contains("syscallError") {
            self = .cut
        } else {
            self = .tls
        }
    }
}

extension PlatformAPI {
    /// Where the platform is, as the configuration says: `hall.example:443`.
    var place: String { "\(base.host() ?? "-"):\(base.port ?? (base.scheme == "http" ? 80 : 443))" }

    /// Words for a log, from a bounded set: nothing that a server sent gets into them.
    func platformError(_ error: any Error) -> PlatformError {
        switch error {
        case let error as PlatformError: error
        case is CancellationError: .cancelled
        case let error as HTTPClientError where error == .cancelled: .cancelled
        case is NIOTooManyBytesError: .notUnderstood(words: "too large")
        case let error as HTTPParserError where error != .invalidEOFState: .notUnderstood(words: "it is no HTTP")
        default:
            if let fault = NetworkFault(error) {
                .unreachable(words: "\(place): \(fault.rawValue)")
            } else if let error = error as? HTTPClientError {
                .unreachable(words: "\(place): \(error.shortDescription)")
            } else {
                .unreachable(words: "\(place): \(type(of: error))")
            }
        }
    }
}
