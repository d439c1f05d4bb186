import ByteTransports
import HallModel

/// What ends a session with a reader.
enum SAMVFault: Error, Equatable {
    case line(TransportError)
    case silent(String)
    case garbled(String)
    case status(SAMVStatus, SAMVCommand)
    case cancelled

    init(_ error: SAMVLineError) {
        switch error {
        case .line(.cancelled): self = .cancelled
        case .line(let cause): self = .line(cause)
        case .silent(let evidence): self = .silent(evidence)
        case .garbled(let evidence): self = .garbled(evidence)
        }
    }

    /// `nil` when nothing is wrong.
    func problem(of device: String) -> Problem? {
        switch self {
        case .cancelled: nil
        case .line(let error): Problem(Self.code(of: error), device: device, evidence: error.description)
        case .silent(let evidence): Problem(.readerSilent, device: device, evidence: evidence)
        case .garbled(let evidence): Problem(.readerGarbled, device: device, evidence: evidence)
        case .status(let status, let command):
            Problem(
                status.problem ?? .readerUnsupported, device: device, evidence: "\(status) in answer to \(command.name)"
            )
        }
    }

    var state: DeviceState {
        switch self {
        case .line(.missing), .line(.gone), .line(.busy), .line(.forbidden), .line(.unusable): .noDevice
        case .line, .silent, .garbled, .cancelled: .offline
        case .status: .hardwareError
        }
    }

    private static func code(of error: TransportError) -> ProblemCode {
        switch error {
        // Held by another program, forbidden, not such a line at all: for us there is no reader, and the evidence says why.
        case .missing, .gone, .busy, .forbidden, .unusable, .cancelled: .readerMissing
        case .timedOut: .readerSilent
        }
    }
}
