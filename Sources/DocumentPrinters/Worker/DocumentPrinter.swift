import ByteTransports
import DeviceKit
import HallModel
import Logging
import NIOCore

/// Drives one A4 printer for as long as its task runs: keeps its state known, prints documents one at a time, and says of
/// each whether it is proved to be on paper.
///
/// Never prints anything a second time. A job whose fate is unknown is ended before the next one begins: papers that come
/// out five minutes later belong to a stranger. Source: docs/devices/printing.md.
public actor DocumentPrinter {
    /// A document that was asked for.
    private struct Request {
        var job: DocumentJob
        var pdf: ByteBuffer
        var continuation: CheckedContinuation<PrintOutcome, Never>
    }

    let device: String
    let settings: DocumentPrinterSettings
    let clock: DeviceClock
    let logger: Logger
    /// Takes the jobs: the printer, or the queue before it.
    let client: IPPClient
    /// Sends documents while `client` asks how far it is.
    let sender: IPPClient
    /// The printer behind a queue.
    private(set) var behind: IPPClient?

    /// Jobs of ours may be there that nobody waits for: from a process that died, or whose end was not seen.
    var mayHoldLeftovers = true
    /// Nobody waits for the document in hand any more.
    var isAbandoned = false
    /// How sending the document in hand ended; taken by the one who follows the job.
    var sendEnd: Result<IPPAnswer, IPPFailure>?
    private var status: StatusTeller
    /// Since when no look has told anything.
    private var unseenSince: Duration?
    private var waiting: Request?
    private var isPrinting = false
    private var idle: Task<Void, Never>?

    /// - Parameters:
    ///   - address: `ipp://…` or `cups:…`.
    ///   - cupsSocket: where this machine's own CUPS listens.
    /// - Returns: `nil` for addresses of other kinds of devices.
    public init?(
        device: String, address: DeviceAddress, settings: DocumentPrinterSettings, cupsSocket: String? = nil,
        clock: DeviceClock = .system, logger: Logger, report: @escaping @Sendable (WorkerEvent) -> Void
    ) {
        guard let endpoint = IPPEndpoint(address, cupsSocket: cupsSocket ?? IPPEndpoint.cupsSocket) else { return nil }
        self.device = device
        self.settings = settings
        self.clock = clock
        self.logger = logger
        status = StatusTeller(device: device, kind: "document printer", logger: logger, report: report)
        client = IPPClient(endpoint)
        sender = IPPClient(endpoint)
    }

    var requestLimit: Duration { .milliseconds(max(100, settings.requestTimeoutMilliseconds)) }

    /// Prints one PDF.
    ///
    /// Ends in bounded time with the outcome and the rung of evidence it stands on. `unknown` is for a person to decide;
    /// `notPrinted` means that nothing came out and nothing will. Cancelling the task ends the job.
    public func print(_ job: DocumentJob, _ pdf: ByteBuffer) async -> PrintOutcome {
        guard waiting == nil else {
            let problem = Problem(.documentPrinterFault, device: device, evidence: "another document is being printed")
            return PrintOutcome(.notPrinted, rung: .notStarted, problem: problem)
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                isAbandoned = Task.isCancelled
                waiting = Request(job: job, pdf: pdf, continuation: continuation)
                idle?.cancel()
            }
        } onCancel: {
            Task { await self.abandon(job) }
        }
    }

    private func abandon(_ job: DocumentJob) {
        if waiting?.job == job { isAbandoned = true }
    }

    /// Returns when its task is cancelled; a job that is being printed is ended then.
    public func run() async {
        while !Task.isCancelled {
            if waiting != nil { await printWaiting() }
            let seen = await look()
            // A document that is waited for is given to the printer first.
            guard waiting == nil else { continue }
            tell(seen)
            await rest()
        }
        settleWaiting(
            with: PrintOutcome(
                .notPrinted, rung: .notStarted,
                problem: Problem(.documentPrinterFault, device: device, evidence: "the kiosk lets go of the printer")))
    }

    /// Until the next look, or until a document is asked for.
    private func rest() async {
        guard waiting == nil, !Task.isCancelled else { return }
        // What may come out for somebody else is not waited for.
        let pause = mayHoldLeftovers ? settings.jobPollMilliseconds : settings.pollMilliseconds
        var time = Duration.milliseconds(max(20, pause))
        // It may be a blip.
        if let since = unseenSince, clock.now() - since < Blip.patience { time = min(time, Blip.lookAgain) }
        let idle = Task(executorPreference: ProgramLoop.executor) { [clock] in _ = try? await clock.sleep(time) }
        self.idle = idle
        await withTaskCancellationHandler {
            await idle.value
        } onCancel: {
            idle.cancel()
        }
        self.idle = nil
    }

    private func printWaiting() async {
        guard let request = waiting else { return }
        isPrinting = true
        // In a task of its own: a job is ended properly also when the worker ends.
        let carrying = Task { await self.carryOut(request.job, request.pdf) }
        let outcome = await withTaskCancellationHandler {
            await carrying.value
        } onCancel: {
            Task { await self.abandon(request.job) }
        }
        isPrinting = false
        settleWaiting(with: outcome)
    }

    private func settleWaiting(with outcome: PrintOutcome) {
        guard let request = waiting else { return }
        waiting = nil
        logger.info(
            "document ended",
            metadata: [
                "device": "\(device)", "job": "\(request.job.id)", "verdict": "\(outcome.verdict)",
                "rung": "\(outcome.rung)", "problem": "\(outcome.problem?.code.rawValue ?? "none")",
                "evidence": "\(outcome.problem?.evidence ?? "")",
            ])
        request.continuation.resume(returning: outcome)
    }

    // MARK: - Looking

    /// A look before a document is begun: a printer that is away for a moment, or cannot be understood, is waited for.
    func lookPatiently() async -> Result<PrinterSight, DocumentPrinterProblem> {
        let end = (unseenSince ?? clock.now()) + Blip.patience
        while true {
            let seen = await look()
            guard case .failure = seen, clock.now() < end, !isAbandoned,
                (try? await clock.sleep(Blip.lookAgain)) != nil
            else { return seen }
        }
    }

    /// Asks the printer or the queue, and the printer behind it where there is one.
    func look() async -> Result<PrinterSight, DocumentPrinterProblem> {
        do throws(IPPFailure) {
            let report = try await printerReport(of: client)
            var sight = PrinterSight(report: report)
            await followQueue(&sight)
            if mayHoldLeftovers { await clearLeftovers(isPrinterThere: sight.printerMissing == nil) }
            return .success(sight)
        } catch {
            return .failure(DocumentPrinterProblem(error, at: client.endpoint))
        }
    }

    func printerReport(of client: IPPClient) async throws(IPPFailure) -> PrinterReport {
        let answer = try await client.ask(.printerAttributes(at: client.endpoint), within: requestLimit)
        guard let printer = answer.printer else {
            throw .garbled("no printer in the answer of \(client.endpoint.name)", documentBytes: 0)
        }
        return PrinterReport(printer)
    }

    /// The printer behind a queue is asked for its state and, when printing, for its count.
    private func followQueue(_ sight: inout PrinterSight) async {
        guard sight.report.isSpooler, let endpoint = sight.report.printerEndpoint(behind: client.endpoint) else {
            behind = nil
            return
        }
        let printer = behind?.endpoint == endpoint ? behind ?? IPPClient(endpoint) : IPPClient(endpoint)
        do throws(IPPFailure) {
            let found = try await printerReport(of: printer)
            // A queue behind a queue knows no more than the first one.
            guard !found.isSpooler else {
                behind = nil
                return
            }
            sight.printer = found
            behind = printer
        } catch {
            behind = nil
            // What our sandbox forbids to ask may be there all the same.
            if !error.isForbidden { sight.printerMissing = error.evidence }
        }
    }

    // MARK: - Telling

    /// Said after a look, which ends what was left behind.
    var leftoverRefusal: String? {
        mayHoldLeftovers ? "a job of before is still there and cannot be ended; cancel it by hand" : nil
    }

    func tell(_ look: Result<PrinterSight, DocumentPrinterProblem>) {
        switch look {
        case .success(let sight):
            unseenSince = nil
            let seen = sight.status(of: device, isPrinting: isPrinting)
            let stuck = isPrinting || sight.hindrance(of: device) != nil ? nil : leftoverRefusal
            guard let refusal = sight.report.refusal(of: settings) ?? stuck else { return status.tell(seen) }
            let problem = Problem(.documentPrinterFault, device: device, evidence: refusal)
            status.tell(DeviceStatus(.hardwareError, problem: problem, model: seen.model))
        case .failure(let cause):
            unseenSince = unseenSince ?? clock.now()
            status.tell(cause.status(of: device, model: status.last?.model))
        }
    }
}

/// Why a printer could not be looked at, as a person can act on it.
struct DocumentPrinterProblem: Error, Sendable, Equatable {
    var code: ProblemCode
    var state: DeviceState
    var evidence: String

    init(_ failure: IPPFailure, at endpoint: IPPEndpoint) {
        code = failure.meansMissing ? .documentPrinterMissing : .documentPrinterFault
        state = failure.meansMissing ? .noDevice : .hardwareError
        switch failure {
        case .http, .refused: evidence = "\(failure.evidence) from \(endpoint.name)"
        case .unreachable, .broken, .garbled, .cancelled: evidence = failure.evidence
        }
    }

    func problem(of device: String) -> Problem { Problem(code, device: device, evidence: evidence) }

    func status(of device: String, model: String?) -> DeviceStatus {
        DeviceStatus(state, paper: .unknown, problem: problem(of: device), model: model)
    }
}

extension PrinterReport {
    /// Where the printer of a queue can be asked; `nil` where only the queue reaches it.
    func printerEndpoint(behind queue: IPPEndpoint) -> IPPEndpoint? {
        guard let deviceURI, let printer = IPPEndpoint(uri: deviceURI), printer != queue else { return nil }
        // The "localhost" of another machine is not ours.
        return printer.isLocal && !queue.isLocal ? nil : printer
    }

    /// For evidence.
    var deviceScheme: String {
        deviceURI.flatMap { PlainText.keyword(String($0.prefix { $0 != ":" })) } ?? "a queue"
    }
}
