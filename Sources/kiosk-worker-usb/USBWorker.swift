import ByteTransports
import CardReaders
import CodeReaders
import DeviceKit
import HallModel
import Logging
import NIOCore
import ReceiptPrinters

/// The worker for devices on serial lines and TCP: one task a device, driven as its profile says.
actor USBWorker: WorkerHandler {
    private let port: WorkerPort
    private let logger: Logger
    private var printers: [String: ReceiptPrinter] = [:]
    private var current: Task<Void, Never>?
    /// The core is away: nothing is driven any more.
    private var hasEnded = false

    init(port: WorkerPort, logger: Logger) {
        self.port = port
        self.logger = logger
    }

    func assign(_ devices: [DeviceAssignment]) async {
        await letGo()
        if !hasEnded { current = drive(devices) }
    }

    func run() async {
        await untilCancelled()
        hasEnded = true
        await letGo()
    }

    func perform(
        _ command: WorkerCommand, attachments: [ByteBuffer]
    ) async throws(WorkerFailure) -> (WorkerReply, [ByteBuffer]) {
        guard case .printReceipt(let device, let job) = command else {
            throw .notUnderstood("this worker prints receipts and reads cards, nothing else")
        }
        guard let printer = printers[device] else {
            throw .notUnderstood("\(device) is no receipt printer of this worker")
        }
        guard attachments.count == 1, let bytes = attachments.first, bytes.readableBytes > 0 else {
            throw .notUnderstood("a receipt is one attachment that is not empty")
        }
        return (.printed(await printer.print(job, Array(bytes.readableBytesView))), [])
    }

    private func letGo() async {
        current?.cancel()
        await current?.value
        current = nil
        printers = [:]
    }

    /// Drives all devices of a list in one task, whose end is the end of all.
    private func drive(_ devices: [DeviceAssignment]) -> Task<Void, Never> {
        var drivers: [@Sendable () async -> Void] = []
        for device in devices {
            do throws(TransportError) {
                drivers.append(try driver(for: device))
            } catch {
                let code = Self.missing(device.profile.role)
                let problem = Problem(code, device: device.name, evidence: error.description)
                port.send(.status(device: device.name, DeviceStatus(.noDevice, problem: problem)))
            }
        }
        return Task(executorPreference: ProgramLoop.executor) { [drivers] in
            await withDiscardingTaskGroup { group in
                for driver in drivers { group.addTask { await driver() } }
            }
        }
    }

    /// The machine's clock, on the timer of the worker's own thread.
    private static let clock = DeviceClock.system { try await ProgramLoop.sleep(for: $0) }

    private func driver(for device: DeviceAssignment) throws(TransportError) -> @Sendable () async -> Void {
        let address = try DeviceAddress(ofLine: device.address)
        let port = port
        switch device.profile.driver {
        case .samv(var settings):
            // A speed in the address is the first to be tried, the profile's follow.
            if case .serial(_, let speed?) = address.place {
                settings.speeds = [speed] + settings.speeds.filter { $0 != speed }
            }
            let reader = SAMVReader(
                device: device.name, settings: settings,
                transport: try address.makeTransport(defaultSpeed: settings.speeds.first ?? 115_200),
                clock: Self.clock, logger: logger, report: { port.send($0) })
            return { await reader.run() }
        case .escpos(let settings):
            let printer = ReceiptPrinter(
                device: device.name, settings: settings, transport: try address.makeTransport(defaultSpeed: 115_200),
                clock: Self.clock, logger: logger, report: { port.send($0) })
            printers[device.name] = printer
            return { await printer.run() }
        case .code(let settings):
            let reader = CodeReader(
                device: device.name, settings: settings,
                transport: try address.makeTransport(defaultSpeed: settings.speed), clock: Self.clock, logger: logger,
                report: { port.send($0) })
            return { await reader.run() }
        case .sane, .ipp:
            throw .unusable("the profile \(device.profile.id) is for another worker")
        }
    }

    private static func missing(_ role: DeviceRole) -> ProblemCode {
        switch role {
        case .receiptPrinter: .printerMissing
        case .codeReader: .codeReaderMissing
        case .cardReader, .scanner, .documentPrinter, .renderer: .readerMissing
        }
    }
}
