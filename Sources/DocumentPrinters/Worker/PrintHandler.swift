import DeviceKit
import HallModel
import Logging
import NIOCore

/// What `kiosk-worker-print` does: drives all A4 printers of a kiosk, each with threads of its own.
public actor PrintHandler: WorkerHandler {
    private let port: WorkerPort
    private let logger: Logger
    private var printers: [String: DocumentPrinter] = [:]
    private var current: Task<Void, Never>?
    /// The core is away: nothing is driven any more.
    private var hasEnded = false

    /// A worker without printers.
    public init(port: WorkerPort, logger: Logger) {
        self.port = port
        self.logger = logger
    }

    /// Lets go of the old printers and drives these. A device whose profile or address is not an A4 printer's is told as
    /// `document-printer-missing`.
    public func assign(_ devices: [DeviceAssignment]) async {
        await letGo()
        if !hasEnded { current = drive(devices) }
    }

    /// Returns when the core's connection has ended and the printers are let go.
    public func run() async {
        await untilCancelled()
        hasEnded = true
        await letGo()
    }

    /// `printDocument`: one PDF attached, for an assigned printer. However it ends, the outcome says so.
    /// - Throws: only `.notUnderstood`: any other command or device, no PDF, or no pages.
    public func perform(
        _ command: WorkerCommand, attachments: [ByteBuffer]
    ) async throws(WorkerFailure) -> (WorkerReply, [ByteBuffer]) {
        guard case .printDocument(let device, let job) = command else {
            throw .notUnderstood("a print worker prints documents, nothing else")
        }
        guard let printer = printers[device] else { throw .notUnderstood("no document printer of that name here") }
        guard attachments.count == 1, let pdf = attachments.first, pdf.readableBytes > 0, job.pages > 0 else {
            throw .notUnderstood("a document is one attachment that is not empty, and has pages")
        }
        return (.printed(await printer.print(job, pdf)), [])
    }

    private func letGo() async {
        current?.cancel()
        await current?.value
        current = nil
        printers = [:]
    }

    /// Drives all printers of a list in one task, whose end is the end of all.
    private func drive(_ devices: [DeviceAssignment]) -> Task<Void, Never> {
        for device in devices {
            guard case .ipp(let settings) = device.profile.driver else {
                refuse(device, "its profile is for another worker")
                continue
            }
            guard let address = DeviceAddress(device.address),
                let printer = DocumentPrinter(
                    device: device.name, address: address, settings: settings,
                    clock: .system { try await ProgramLoop.sleep(for: $0) }, logger: logger,
                    report: { [port] in port.send($0) })
            else {
                refuse(device, "its address is none of a document printer")
                continue
            }
            printers[device.name] = printer
        }
        return Task(executorPreference: ProgramLoop.executor) { [running = Array(printers.values)] in
            await withDiscardingTaskGroup { group in
                for printer in running { group.addTask { await printer.run() } }
            }
        }
    }

    private func refuse(_ device: DeviceAssignment, _ cause: String) {
        let problem = Problem(.documentPrinterMissing, device: device.name, evidence: cause)
        port.send(.status(device: device.name, DeviceStatus(.noDevice, problem: problem)))
    }
}
