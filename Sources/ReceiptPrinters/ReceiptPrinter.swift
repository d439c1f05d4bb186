import ByteTransports
import DeviceKit
import HallModel
import Logging

/// Drives one ESC/POS printer for as long as its task runs: connects, keeps its state known, prints receipts one at
/// a time, and says of each on what evidence it is on paper.
///
/// Never prints anything twice and keeps nothing across a lost line: a slip that comes out five minutes later
/// belongs to a stranger. Source: docs/devices/printing.md.
public actor ReceiptPrinter {
    /// A receipt that was asked for and not begun.
    private struct Request {
        var job: PrintJob
        var bytes: [UInt8]
        /// A line that is lost before the receipt has begun may come back until then: it was a blip.
        var until: Duration
        var continuation: CheckedContinuation<PrintOutcome, Never>
    }

    /// What is to be done once the printer can print again after a fault. Each of them ends with a cut: what came out
    /// of a broken receipt belongs to one resident and must not hang at the slip of the next.
    enum Recovery: Equatable {
        case none
        /// Nothing of the receipt is in the printer any more: cut off what hangs there.
        case cut
        /// Nobody knows what the printer holds, because the line was lost in a receipt: clear it where the model can,
        /// let out what is left, cut.
        case clear
        /// The rest of a receipt is still in the printer: let it out and cut it off as waste. An unfinished command
        /// is filled up with white.
        case waste(unfinishedBytes: Int)
    }

    let device: String
    let settings: ReceiptPrinterSettings
    let timing: PrinterTiming
    let clock: DeviceClock
    let transport: any ByteTransport
    let report: @Sendable (WorkerEvent) -> Void
    private let logger: Logger

    /// What the printer said, on this line.
    var condition = PrinterCondition()
    var answers: [UInt8] = []
    var blocks: [[UInt8]] = []
    /// Answers to GS r since the receipt began, against the questions.
    var processed = (asked: 0, answered: 0)
    var isHeld = false
    /// The questions of the profile that this printer answered when it was connected.
    var queries: [UInt8] = []
    var parser: ESCPOSStatusParser
    private var model: String?

    // What a presenter tells (`ReceiptPrinter+Presenter`).
    var slip = SlipWatch()
    var presenter = PresenterState()

    var recovery = Recovery.none
    /// The paper in front of the next receipt is known to be white. False in a new process: the one before it may have
    /// ended in the middle of a receipt. The cut is made only when the next receipt is asked for, so that starting a
    /// kiosk costs no paper.
    var isPaperClear = false
    /// Nobody waits for the receipt in hand any more.
    var isAbandoned = false
    /// Paper used since near-end was first seen on this roll.
    var millimetresSinceNearEnd = 0.0
    /// The longest receipt that was asked for: what the next one may need.
    var longestReceipt = 0.0
    private var isReady = false
    /// Automatic status came on this line.
    private var isToldUnasked = false
    private var looks = 0
    /// Since when there is no line.
    private var lostSince: Duration?
    private var status: StatusTeller
    private var waiting: Request?
    private var idleRead: Task<Result<[UInt8], TransportError>, Never>?

    /// - Parameter transport: not yet open; the printer opens and closes it.
    public init(
        device: String, settings: ReceiptPrinterSettings, transport: any ByteTransport, clock: DeviceClock = .system,
        logger: Logger, report: @escaping @Sendable (WorkerEvent) -> Void
    ) {
        self.device = device
        self.settings = settings
        timing = PrinterTiming(settings)
        parser = ESCPOSStatusParser(knowsFullStatus: settings.presenter == .customFullStatus)
        self.clock = clock
        self.transport = transport
        self.logger = logger
        self.report = report
        status = StatusTeller(device: device, kind: "receipt printer", logger: logger, report: report)
    }

    /// Prints one receipt: ESC/POS bytes that end with the cut.
    ///
    /// Ends in bounded time with the outcome and the rung of evidence it stands on. `unknown` is for a person to
    /// decide; `notPrinted` means that no whole receipt came out and none will. The bytes are not kept.
    ///
    /// Cancelling the task breaks the receipt off: what is left of it is cleared, or let out as waste, and cut.
    public func print(_ job: PrintJob, _ bytes: [UInt8]) async -> PrintOutcome {
        guard waiting == nil else {
            let problem = Problem(.printerFault, device: device, evidence: "another receipt is being printed")
            return PrintOutcome(.notPrinted, rung: .notStarted, problem: problem)
        }
        let until = (isReady ? clock.now() : lostSince ?? clock.now()) + Blip.patience
        guard isReady || clock.now() < until else {
            let problem =
                status.last?.problem ?? Problem(.printerMissing, device: device, evidence: "not connected yet")
            return PrintOutcome(.notPrinted, rung: .notStarted, problem: problem)
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                isAbandoned = Task.isCancelled
                waiting = Request(job: job, bytes: bytes, until: until, continuation: continuation)
                idleRead?.cancel()
            }
        } onCancel: {
            Task { await self.abandon(job) }
        }
    }

    private func abandon(_ job: PrintJob) {
        if waiting?.job == job { isAbandoned = true }
    }

    /// Returns when its task is cancelled; the line is closed then.
    public func run() async {
        var reopening = ReopeningPause(first: timing.firstReopening, last: timing.lastReopening)
        var problem = Problem(.printerMissing, device: device, evidence: "the kiosk lets go of the printer")
        while !Task.isCancelled {
            let cause = await session()
            if isReady { reopening.lost(at: clock.now()) }
            isReady = false
            lostSince = lostSince ?? clock.now()
            await transport.close()
            problem = cause.printerProblem(of: device)
            guard !Task.isCancelled, cause != .cancelled else { break }
            giveUpWaiting(because: problem)
            status.tell(DeviceStatus(.noDevice, paper: .unknown, problem: problem, model: model))
            guard (try? await clock.sleep(reopening.pause(at: clock.now()))) != nil else { break }
            giveUpWaiting(because: problem)
        }
        settleWaiting(with: PrintOutcome(.notPrinted, rung: .notStarted, problem: problem))
    }

    /// A receipt that waits for a line which is away for longer than a blip is not printed.
    private func giveUpWaiting(because problem: Problem) {
        guard let request = waiting, clock.now() >= request.until || isAbandoned else { return }
        settleWaiting(with: PrintOutcome(.notPrinted, rung: .notStarted, problem: problem))
    }

    /// From connecting to what ended it.
    private func session() async -> TransportError {
        parser = ESCPOSStatusParser(knowsFullStatus: settings.presenter == .customFullStatus)
        (condition, isHeld) = (PrinterCondition(), false)
        (answers, blocks, processed) = ([], [], (0, 0))
        (isToldUnasked, looks) = (false, 0)
        (slip, presenter) = (SlipWatch(), PresenterState())
        do throws(TransportError) {
            try await transport.open()
            try await meet()
            if settings.hasAutomaticStatusBack { try await send(.automaticStatus) }
            try await recover()
            if !condition.isStopped { try await askModel() }
            isReady = true
            lostSince = nil
            tellCondition()
            var polled = clock.now()
            while true {
                try await printWaiting()
                try await rest(until: min(polled + timing.poll, nextLook))
                guard waiting == nil else { continue }
                if clock.now() >= nextLook {
                    try await lookAgain()
                    tellCondition()
                }
                guard waiting == nil, clock.now() - polled >= timing.poll else { continue }
                try await lookAfter()
                tellCondition()
                try await recover()
                polled = clock.now()
            }
        } catch {
            return error
        }
    }

    private func printWaiting() async throws(TransportError) {
        guard let request = waiting else { return }
        let result = await carryOut(request.job, request.bytes)
        if condition.isPaperLow {
            if result.outcome.rung != .notStarted { millimetresSinceNearEnd += max(0, request.job.millimetres) }
        }
        // Not a byte of it has gone out: the line may be back in a moment.
        if let lost = result.lost, result.outcome.rung == .notStarted, clock.now() < request.until { throw lost }
        settleWaiting(with: result.outcome)
        receiptEnded(result.outcome)
        if let lost = result.lost { throw lost }
        tellCondition()
    }

    private func settleWaiting(with outcome: PrintOutcome) {
        guard let request = waiting else { return }
        waiting = nil
        logger.info(
            "receipt ended",
            metadata: [
                "device": "\(device)", "job": "\(request.job.number)", "verdict": "\(outcome.verdict)",
                "rung": "\(outcome.rung)", "problem": "\(outcome.problem?.code.rawValue ?? "none")",
            ])
        request.continuation.resume(returning: outcome)
    }

    // MARK: - Listening

    /// Takes what comes until `moment`, or until a receipt is asked for.
    private func rest(until moment: Duration) async throws(TransportError) {
        let time = moment - clock.now()
        guard time > .zero, waiting == nil else { return }
        let read = Task(executorPreference: ProgramLoop.executor) {
            [transport] () async -> Result<[UInt8], TransportError> in
            do throws(TransportError) {
                return .success(try await transport.read(upTo: 4_096, within: time))
            } catch {
                return .failure(error)
            }
        }
        idleRead = read
        let result = await withTaskCancellationHandler {
            await read.value
        } onCancel: {
            read.cancel()
        }
        idleRead = nil
        switch result {
        case .success(let bytes):
            take(bytes)
            tellCondition()
        case .failure(.timedOut): return
        case .failure(.cancelled) where !Task.isCancelled && waiting != nil: return
        case .failure(let error): throw error
        }
    }

    /// Takes what comes within the time; false when nothing came.
    func listen(within timeout: Duration) async throws(TransportError) -> Bool {
        do throws(TransportError) {
            take(try await transport.read(upTo: 4_096, within: timeout))
            return true
        } catch {
            if case .timedOut = error { return false }
            throw error
        }
    }

    /// Takes what has come, until nothing comes for a while. Endless noise is an error.
    func absorb(quiet: Duration = .zero) async throws(TransportError) {
        for _ in 0..<64 {
            guard try await listen(within: quiet) else { return }
        }
        throw .unusable("\(transport.name) sends without end")
    }

    private func take(_ bytes: [UInt8]) {
        for item in parser.feed(bytes) {
            switch item {
            case .realTime(let byte): answers.append(byte)
            case .automatic(let status):
                condition.apply(status)
                isToldUnasked = true
            case .full(let report): takeFullStatus(report)
            case .block(_, let body): blocks.append(body)
            case .single: processed.answered += 1
            case .flow(let goes): isHeld = !goes
            }
        }
        // Unasked answers are ignored, however many come.
        answers = answers.suffix(16)
        blocks = blocks.suffix(16)
    }

    // MARK: - Asking

    func send(_ command: ESCPOSCommand) async throws(TransportError) {
        try await transport.write(command.bytes, within: timing.status)
    }

    /// Every few seconds, day and night. A printer that tells its state unasked is only asked whether it is still there; all
    /// questions come every half minute, should it have kept something to itself.
    private func lookAfter() async throws(TransportError) {
        looks += 1
        guard isToldUnasked, !condition.isStopped, !looks.isMultiple(of: 15), let question = queries.first else {
            return try await refreshQueries(within: timing.status)
        }
        try await ask(question, within: timing.status)
    }

    /// Asks all that the model answers and takes in what it says.
    func refresh(within timeout: Duration? = nil) async throws(TransportError) {
        try await refreshQueries(within: timeout ?? timing.status)
        try await look(within: timeout ?? timing.status)
    }

    private func refreshQueries(within timeout: Duration) async throws(TransportError) {
        for query in queries { try await ask(query, within: timeout) }
    }

    /// Finds out what the printer answers, also when a receipt ended there in the middle of a command, which takes
    /// questions for its data: it is filled up with white.
    private func meet() async throws(TransportError) {
        // What a process before this one left is not to come out any more.
        if !isPaperClear, settings.canClearBuffer { try await send(.clearBuffer) }
        do throws(TransportError) {
            try await learnQueries()
            try await learnPresenter()
        } catch {
            guard case .timedOut = error, !isPaperClear else { throw error }
            try await transport.write(white(pieceBytes), within: timing.print)
            if settings.canClearBuffer { try await send(.clearBuffer) }
            try await learnQueries()
            try await learnPresenter()
        }
    }

    /// The longest piece of a receipt, and with it the most that a command of it can lack.
    var pieceBytes: Int { min(max(settings.stripRows, 1), 256) * max(1, (settings.dotsAcross + 7) / 8) + 16 }

    /// Bytes that are white in a picture and nothing elsewhere.
    func white(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: min(max(count, 0), 1 << 20)) }

    /// Asks all of the profile's questions once. One that is not answered is not asked again on this line: models of
    /// one name differ in what they know. A printer that answers none of them is not there.
    private func learnQueries() async throws(TransportError) {
        queries = []
        for query in settings.statusQueries where try await isAnswered(query, within: timing.status) {
            queries.append(query)
        }
        guard queries.isEmpty, let first = settings.statusQueries.first else { return }
        throw .timedOut("no answer to DLE EOT \(first) within \(timing.status.inWords)")
    }

    /// DLE EOT, asked again once.
    func ask(_ query: UInt8, within timeout: Duration) async throws(TransportError) {
        for _ in 0..<2 where try await isAnswered(query, within: timeout) { return }
        throw .timedOut("no answer to DLE EOT \(query) within \(timeout.inWords)")
    }

    /// Asks once and takes in the answer, which does not tell its question: what came before is thrown away.
    private func isAnswered(_ query: UInt8, within timeout: Duration) async throws(TransportError) -> Bool {
        try await absorb()
        answers = []
        try await send(.status(query))
        let end = clock.now() + timeout
        while answers.isEmpty {
            let left = end - clock.now()
            guard left > .zero, try await listen(within: left) else { return false }
        }
        condition.apply(answers[0], answering: query)
        return true
    }

    /// Only where the model is known to understand it: others would print the question.
    private func askModel() async throws(TransportError) {
        guard settings.evidence.contains(.processID), model == nil else { return }
        blocks = []
        try await send(.modelName)
        let end = clock.now() + timing.status / 2
        while blocks.isEmpty, clock.now() < end {
            guard try await listen(within: end - clock.now()) else { break }
        }
        if let name = blocks.first {
            model = String(decoding: name.prefix(40).filter { (0x20..<0x7F).contains($0) }, as: UTF8.self)
        }
    }

    // MARK: - Telling

    func tellCondition() {
        if !condition.isPaperLow { millimetresSinceNearEnd = 0 }
        var (state, problem) = (condition.state, condition.problem(of: device))
        if problem == nil, let shortage = shortage(for: longestReceipt + millimetresToCutFirst) {
            // Nobody shall begin what needs a slip, or be offered one again, before there is a new roll.
            (state, problem) = (.userError, shortage)
        } else if problem == nil, condition.isPaperLow {
            problem = Problem(.printerPaperLow, device: device, evidence: "the printer reports its paper near the end")
        }
        status.tell(
            DeviceStatus(
                state, paper: condition.paper, problem: problem ?? presenterProblem, mediaPresent: slipLies,
                model: model))
    }
}
