import DeviceKit
import HallModel
import Logging
import NIOCore

/// What `kiosk-worker-scan` does: drives one scanner. libsane is one to a process, and so are its faults.
public actor ScanHandler: WorkerHandler {
    private let port: WorkerPort
    private let logger: Logger
    private let onStuck: @Sendable () -> Void
    private var assignment: DeviceAssignment?
    private var scanner: Scanner?
    private var watching: Task<Void, Never>?

    /// - Parameter onStuck: called when the backend does not let go of a scan that was broken off. The program ends
    ///   itself then; the core starts it again. Anything may be locked at that moment: nothing but ending is safe.
    public init(port: WorkerPort, logger: Logger, onStuck: @escaping @Sendable () -> Void) {
        self.port = port
        self.logger = logger
        self.onStuck = onStuck
    }

    /// Lets go of the scanner of before and watches the first of these; every further one, and one whose profile or
    /// address is not a scanner's, is told as `scanner-missing`. The same scanner alone again changes nothing.
    public func assign(_ devices: [DeviceAssignment]) async {
        guard devices.first != assignment || devices.count > 1 else { return }
        await letGo()
        for surplus in devices.dropFirst() {
            refuse(surplus, "a scan worker drives one scanner")
        }
        guard let device = devices.first else { return }
        guard case .sane(let settings) = device.profile.driver else {
            return refuse(device, "its profile names no SANE driver")
        }
        guard let address = ScannerAddress(device.address) else { return refuse(device, "its address is none of ours") }
        assignment = device
        let scanner = Scanner(
            name: device.name, address: address, settings: settings, logger: logger,
            send: { [port] in port.send($0) }, onStuck: onStuck)
        self.scanner = scanner
        watching = Task(executorPreference: ProgramLoop.executor) { await scanner.watch() }
    }

    /// Waits for the end of the core's connection and closes the scanner then, within 3 s or as stuck.
    public func run() async {
        // Watching begins with the assignment; here it only ends with the core's connection.
        while !Task.isCancelled { try? await ProgramLoop.sleep(for: .seconds(3_600)) }
        // Opening a scanner that hangs cannot be broken off; nothing may outlive the core by much.
        let impatience = Impatience(after: .seconds(3), onStuck)
        await letGo()
        impatience.end()
    }

    /// `scanPage` and `endSession`, for the assigned scanner.
    /// - Throws: `.problem` with what a person can act on; `.cancelled`; `.notUnderstood` for any other command or
    ///   device.
    public func perform(
        _ command: WorkerCommand, attachments: [ByteBuffer]
    ) async throws(WorkerFailure) -> (WorkerReply, [ByteBuffer]) {
        switch command {
        case .scanPage(let device):
            let (page, jpeg) = try await named(device).scan()
            return (.scanned(page), [jpeg])
        case .endSession(let device):
            try await named(device).endSession()
            return (.sessionEnded, [])
        default:
            throw .notUnderstood("a scan worker only scans")
        }
    }

    private func named(_ device: String) throws(WorkerFailure) -> Scanner {
        guard let scanner, scanner.name == device else { throw .notUnderstood("no scanner of that name here") }
        return scanner
    }

    private func refuse(_ device: DeviceAssignment, _ cause: String) {
        logger.error("a scanner was refused", metadata: ["device": "\(device.name)", "cause": "\(cause)"])
        port.send(
            .status(
                device: device.name,
                DeviceStatus(
                    .noDevice, problem: Problem(.scannerMissing, device: device.name, evidence: cause))))
    }

    private func letGo() async {
        watching?.cancel()
        await watching?.value
        watching = nil
        await scanner?.close()
        scanner = nil
        assignment = nil
    }
}
