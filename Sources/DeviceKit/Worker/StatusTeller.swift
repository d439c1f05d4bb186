import HallModel
import Logging

/// Tells the core of a device's state each time that it changes, and the log of each problem. One to a driver.
public struct StatusTeller: Sendable {
    /// The last that was told.
    public private(set) var last: DeviceStatus?
    private let device: String
    private let kind: String
    private let logger: Logger
    private let report: @Sendable (WorkerEvent) -> Void

    /// - Parameters:
    ///   - device: its configured name.
    ///   - kind: what it is, for the log: "card reader".
    public init(
        device: String, kind: String, logger: Logger, report: @escaping @Sendable (WorkerEvent) -> Void
    ) {
        self.device = device
        self.kind = kind
        self.logger = logger
        self.report = report
    }

    /// Tells a state that differs from the last one; the log gets a warning with the evidence when it has a problem.
    public mutating func tell(_ status: DeviceStatus) {
        guard status != last else { return }
        last = status
        report(.status(device: device, status))
        if let problem = status.problem {
            logger.warning(
                "\(kind) has a problem",
                metadata: ["device": "\(device)", "problem": "\(problem.code)", "evidence": "\(problem.evidence)"])
        } else {
            logger.debug("\(kind) is \(status.state.rawValue)", metadata: ["device": "\(device)"])
        }
    }
}
