import DeviceKit
import HallModel
import KioskConfiguration
import KioskControl
import NIOCore

/// What a technician does at the moment, and since when things are as they are.
struct TechnicianDesk: Sendable {
    /// One piece of work at a time.
    struct Work: Sendable {
        var device: String
        var scan: Task<Result<(ScannedPage, ByteBuffer), WorkerFailure>, Never>?
        var progress: AsyncStream<WorkLine.Progress>.Continuation?
    }

    var work: Work?
    /// A feeder may still hold pages that it drew ahead for the technician.
    var feederOfTechnician: String?
    /// Slips of this run; see `HallController.print`.
    var slips: UInt32 = 0
    var sessionSince = Duration.zero
    var screenSince = Duration.zero
    var submissionSince = Duration.zero
    /// `nil` while the journal can be read.
    var journalUnreadableSince: Duration?

    func progress(of device: String, _ progress: WorkLine.Progress) {
        if work?.device == device { work?.progress?.yield(progress) }
    }
}

/// A technician's work on devices of the running kiosk. It is refused while a resident is there, and gives way at once when one
/// comes: what it drew in never meets what is theirs.
extension HallController {
    /// Called when a session begins.
    func technicianGivesWay() {
        technician.sessionSince = now
        events.note(.sessionBegan) { $0.session = session?.number }
        technician.work?.scan?.cancel()
        guard let scanner = technician.feederOfTechnician else { return }
        technician.feederOfTechnician = nil
        begin { [self] in await letFeederGo(scanner) }
    }

    /// One page of a scanner.
    func scan(
        _ request: ScanRequest, progress: AsyncStream<WorkLine.Progress>.Continuation
    ) async throws(ControlRefusal) -> (ScannedPage, ByteBuffer) {
        defer { progress.finish() }
        let scanner = try device(request.device, for: .scanner)
        try takeDesk(for: scanner.name, progress)
        let instance = configuration.workerInstance(of: scanner)
        let task = Task { [workers] () -> Result<(ScannedPage, ByteBuffer), WorkerFailure> in
            do throws(WorkerFailure) {
                let (reply, images) = try await workers.performOnce(
                    .scanPage(device: scanner.name), on: instance, deadline: scanner.profile.longestCommand)
                guard case .scanned(let page) = reply, let jpeg = images.first else {
                    return .failure(.notUnderstood("no page"))
                }
                return .success((page, jpeg))
            } catch { return .failure(error) }
        }
        technician.work?.scan = task
        technician.feederOfTechnician = scanner.name
        let outcome = await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
        technician.work = nil
        let isMixed = session != nil
        if Task.isCancelled || isMixed || request.isLast {
            technician.feederOfTechnician = nil
            // Not in this task: one that was cancelled asks nothing of a worker.
            begin { [self] in await letFeederGo(scanner.name) }
        }
        let failure: WorkerFailure?
        if case .failure(let cause) = outcome { failure = cause } else { failure = nil }
        let isGivenUp = Task.isCancelled
        noteWork("scan", scanner.name) {
            $0.code = failure.flatMap(Self.problem)?.code
            if isMixed {
                $0.evidence = "given up: a resident came"
            } else if isGivenUp {
                $0.evidence = "given up: its kioskctl ended"
            } else if $0.code == nil, let failure {
                $0.evidence = failure.evidence
            }
        }
        guard !isMixed else { throw Self.residentCame }
        switch outcome {
        case .success(let page): return page
        case .failure(let failure): throw refusal(failure, scanner.name, otherwise: .scanInterrupted)
        }
    }

    /// One slip. Once its first byte is out it cannot be taken back; a resident who comes meanwhile is far from a slip of their own.
    func print(_ request: PrintRequest) async throws(ControlRefusal) -> PrintReport {
        let printer = try device(request.device, for: .receiptPrinter)
        guard case .escpos(let settings) = printer.profile.driver else {
            throw ControlRefusal(.unknownDevice, "\(printer.name) does not speak ESC/POS; name a receipt printer.")
        }
        try takeDesk(for: printer.name, nil)
        defer { technician.work = nil }
        let slip: ByteBuffer
        let length: Double
        do throws(WorkerFailure) {
            let (reply, attached) = try await workers.performAgainIfLost(
                .renderReceipt(request.receipt, settings), on: WorkerKind.render.rawValue, deadline: .seconds(10))
            guard case .rendered(let millimetres) = reply, let bytes = attached.first else {
                throw .notUnderstood("no slip")
            }
            (slip, length) = (bytes, millimetres)
        } catch { throw refusal(error, WorkerKind.render.rawValue, otherwise: .rendererMissing) }
        guard isIdle else { throw Self.residentCame }
        // Below where process ids repeat.
        technician.slips += 1
        let job = PrintJob(number: PrintJob.firstOfTechnician + technician.slips % 1_000_000, millimetres: length)
        let outcome = await send(slip, as: job, to: printer.name)
        noteWork("print", printer.name) {
            $0.verdict = outcome.verdict
            $0.rung = outcome.rung
            $0.code = outcome.problem?.code
        }
        return PrintReport(
            device: printer.name, verdict: outcome.verdict, rung: outcome.rung, millimetres: length,
            problem: outcome.problem.map { report($0, device: printer.name, sinceSeconds: 0) })
    }

    // MARK: -

    /// Nobody is there, and no card is being read.
    private var isIdle: Bool {
        guard session == nil, !flow.hasSession else { return false }
        switch broadcast.latest?.name {
        case .start, .closed, nil: return true
        default: return false
        }
    }

    private func takeDesk(
        for device: String, _ progress: AsyncStream<WorkLine.Progress>.Continuation?
    ) throws(ControlRefusal) {
        guard isIdle else {
            throw ControlRefusal(
                .sessionOn,
                "a resident is at the kiosk: nothing of a technician's may mix with theirs; "
                    + "try again when kioskctl session says that nobody is there.")
        }
        guard technician.work == nil else {
            throw ControlRefusal(
                .busy, "\(technician.work?.device ?? "a device") works for another kioskctl; wait for its end.")
        }
        technician.work = .init(device: device, scan: nil, progress: progress)
    }

    /// In the log too: what was done on a kiosk by hand is to be found later.
    private func noteWork(_ work: String, _ device: String, _ fill: (inout KioskEvent) -> Void) {
        var told = KioskEvent(number: 0, time: "", type: .technician)
        fill(&told)
        logger.notice(
            "a technician's work",
            metadata: [
                "work": "\(work)", "device": "\(device)", "code": "\(told.code?.rawValue ?? "-")",
                "verdict": "\(told.verdict?.rawValue ?? "-")",
            ])
        events.note(.technician) {
            $0.work = work
            $0.device = device
            fill(&$0)
        }
    }

    private static let residentCame = ControlRefusal(
        .sessionOn,
        "a resident came to the kiosk, and the work was given up for them; "
            + "try again when kioskctl session says that nobody is there.")

    private func device(_ name: String, for role: DeviceRole) throws(ControlRefusal) -> ConfiguredDevice {
        if let device = configuration.devices.first(where: { $0.name == name && $0.role == role }) { return device }
        let known = configuration.devices.filter { $0.role == role }.map(\.name)
        let words = known.isEmpty ? "this kiosk has none" : "this kiosk has \(known.joined(separator: ", "))"
        throw ControlRefusal(.unknownDevice, "there is no \(role.rawValue) of the name “\(name)”: \(words).")
    }

    private func letFeederGo(_ scanner: String) async {
        guard let device = configuration.devices.first(where: { $0.name == scanner }) else { return }
        _ = try? await workers.perform(
            .endSession(device: scanner), on: configuration.workerInstance(of: device), deadline: .seconds(10))
    }

    private static func problem(_ failure: WorkerFailure) -> Problem? {
        if case .problem(let problem) = failure { problem } else { nil }
    }

    private func refusal(_ failure: WorkerFailure, _ device: String, otherwise code: ProblemCode) -> ControlRefusal {
        let problem: Problem
        var reason = ControlRefusal.Reason.failed
        switch failure {
        case .problem(let known): problem = known
        case .notUnderstood(let what):
            return ControlRefusal(.notUnderstood, "\(device) does not take this: \(what).")
        case .cancelled: return ControlRefusal(.failed, "\(device): the work was given up.")
        case .workerLost, .deadlinePassed:
            problem = Problem(code, device: device, evidence: failure.evidence)
            reason = .workerFailed
        }
        let told = report(problem, device: device, sinceSeconds: 0)
        let measured = told.evidence.isEmpty ? "" : " [\(told.evidence)]"
        return ControlRefusal(reason, "\(device): \(told.cause)\(measured) \(told.action)", problem: told)
    }
}
