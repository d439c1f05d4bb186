import ByteTransports

/// Why a question got no answer that counts.
enum IPPFailure: Error, Sendable, Equatable {
    /// No connection was made: nothing of the request is there.
    case unreachable(TransportError)
    /// The connection or the answer failed after so many bytes of the document had been handed over.
    case broken(cause: TransportError, documentBytes: Int)
    /// The web server there has nothing to say to IPP: 404, 401, 426.
    case http(Int32, documentBytes: Int)
    /// Something came, and it was no answer.
    case garbled(String, documentBytes: Int)
    /// An answer that says no.
    case refused(IPPStatus)
    case cancelled(documentBytes: Int)

    /// How much of the document may have reached the printer.
    var documentBytes: Int {
        switch self {
        case .unreachable: 0
        case .broken(_, let bytes), .http(_, let bytes), .garbled(_, let bytes), .cancelled(let bytes): bytes
        case .refused: 0
        }
    }

    /// For a technician, beside the printer's address.
    var evidence: String {
        switch self {
        case .unreachable(let cause), .broken(let cause, _): cause.description
        case .http(404, _): "client-error-not-found (HTTP 404)"
        case .http(let code, _): "HTTP \(code)\(Self.meaning(code))"
        case .garbled(let cause, _): cause
        case .refused(let status): status.description
        case .cancelled: "cancelled"
        }
    }

    /// Nobody there, or nothing of the configured name.
    var meansMissing: Bool {
        switch self {
        case .unreachable, .broken, .http(404, _): true
        case .refused(let status): status.isNotFound
        case .http, .garbled, .cancelled: false
        }
    }

    /// This process may not open such a connection: its sandbox forbids the address.
    var isForbidden: Bool {
        if case .unreachable(.forbidden) = self { true } else { false }
    }

    private static func meaning(_ code: Int32) -> String {
        switch code {
        case 401, 403: ": it lets nobody in without a password"
        case 426: ": it wants TLS, which this driver does not speak"
        default: ""
        }
    }
}
