import ByteTransports
import DeviceKit
import HallModel

extension ReceiptPrinter {
    /// How a receipt ended, and the line's end where it ended with it.
    struct Ending {
        var outcome: PrintOutcome
        var lost: TransportError?
    }

    /// How far a receipt got; what is certain about its paper depends on it.
    struct Progress {
        var job: PrintJob
        /// Something of the receipt itself may have reached the printer.
        var hasBegun = false
        /// All of it, with the cut, was handed over.
        var isComplete = false
        /// Left of the command that was cut by the last piece.
        var unfinishedBytes = 0
        /// Questions with GS r that were asked on this line before.
        var askedBefore = 0
    }

    func carryOut(_ job: PrintJob, _ bytes: [UInt8]) async -> Ending {
        var progress = Progress(job: job)
        do throws(TransportError) {
            if let refusal = try await refusal(of: job) { return Ending(outcome: refusal) }
            if isAbandoned { return Ending(outcome: PrintOutcome(.notPrinted, rung: .notStarted)) }
            let before = condition
            slip.beginReceipt(otherMayCome: try await cutPieceMayCome())
            let outcome: PrintOutcome
            if let stopped = try await feed(bytes, &progress) {
                outcome = stopped
            } else {
                outcome = try await evidence(for: progress, before: before)
            }
            // A model without evidence is trusted with its cut: a cut before each receipt would cost a hand of paper.
            isPaperClear = outcome.verdict == .printed || (progress.isComplete && outcome.rung == .writeOnly)
            return Ending(outcome: outcome)
        } catch {
            // What the printer still holds belongs to a resident who will have left when the line is back.
            if progress.hasBegun { recovery = .clear }
            let problem = error.printerProblem(of: device)
            let outcome =
                progress.hasBegun
                ? PrintOutcome(.unknown, rung: .writeOnly, problem: problem)
                : PrintOutcome(.notPrinted, rung: .notStarted, problem: problem)
            return Ending(outcome: outcome, lost: error)
        }
    }

    /// Why this receipt is better not begun: a fault, or less paper than it needs.
    private func refusal(of job: PrintJob) async throws(TransportError) -> PrintOutcome? {
        // A technician's test slip says nothing of what residents need.
        if job.number < PrintJob.firstOfTechnician { longestReceipt = max(longestReceipt, job.millimetres) }
        try await refresh()
        try await recover()
        tellCondition()
        if let problem = condition.problem(of: device) {
            return PrintOutcome(.notPrinted, rung: .notStarted, problem: problem)
        }
        if let shortage = shortage(for: job.millimetres + millimetresToCutFirst) {
            return PrintOutcome(.notPrinted, rung: .notStarted, problem: shortage)
        }
        if isPaperClear || isAbandoned { return nil }
        recovery = .clear
        try await recover()
        return condition.problem(of: device).map { PrintOutcome(.notPrinted, rung: .notStarted, problem: $0) }
    }

    /// What hangs there is cut off before the next receipt.
    var millimetresToCutFirst: Double { isPaperClear ? 0 : Self.cutMillimetres }

    /// Below near-end, and what is left of the roll does not cover so much.
    func shortage(for millimetres: Double) -> Problem? {
        let left = Double(settings.millimetresAtNearEnd) - millimetresSinceNearEnd
        guard condition.isPaperLow, left <= 0 || left < millimetres else { return nil }
        let evidence = "\(Int(max(0, left))) mm of paper left, \(Int(millimetres.rounded(.up))) mm needed"
        return Problem(.printerPaperLow, device: device, evidence: evidence)
    }

    /// Hands the receipt over, piece by piece, never more than two pieces ahead of the paper where the model tells.
    /// - Returns: the outcome when a fault stopped it.
    private func feed(_ bytes: [UInt8], _ progress: inout Progress) async throws(TransportError) -> PrintOutcome? {
        try await send(.initialise)
        if settings.hasAutomaticStatusBack { try await send(.automaticStatus) }
        // Answers that still belong to an earlier question must not count for this receipt.
        if processed.answered >= processed.asked { processed = (0, 0) }
        progress.askedBefore = processed.asked
        for piece in ReceiptPieces(bytes, limit: pieceBytes).pieces {
            try await waitForFlow()
            if isAbandoned { return try await abandoned(progress) }
            progress.hasBegun = true
            isPaperClear = false
            try await transport.write(Array(bytes[piece.range]), within: timing.print)
            progress.unfinishedBytes = piece.bytesToBoundary ?? 0
            progress.isComplete = piece.range.upperBound == bytes.count
            try await absorb()
            guard piece.bytesToBoundary == 0 else {
                // Nothing may be asked in the middle of a command: only what is told unasked counts.
                if condition.isStopped { return try await stopped(progress) }
                continue
            }
            if try await isStoppedBehindPiece(isLast: progress.isComplete) { return try await stopped(progress) }
        }
        slip.handedOver()
        return isAbandoned ? try await abandoned(progress) : nil
    }

    /// Waits until the piece before the last one was worked off, so that a full buffer never stands between the
    /// printer and our questions.
    private func isStoppedBehindPiece(isLast: Bool) async throws(TransportError) -> Bool {
        guard settings.evidence.contains(.bufferedQuery) else {
            if let query = queries.first {
                try await ask(query, within: timing.print)
            } else {
                try await look(within: timing.print)
            }
            guard condition.isStopped else { return false }
            return try await isReallyStopped()
        }
        try await askProcessed()
        guard !isLast else { return false }
        switch try await wait({ processed.answered >= processed.asked - 1 }) {
        // The next piece finds out that nobody waits for it.
        case .answered, .abandoned: return false
        case .stopped: return true
        case .late: throw .timedOut("no answer to GS r 1 within \(timing.print.inWords)")
        }
    }

    func askProcessed() async throws(TransportError) {
        try await send(.paperSensorStatus)
        processed.asked += 1
    }

    private func waitForFlow() async throws(TransportError) {
        let end = clock.now() + timing.print
        while isHeld, !isAbandoned {
            guard clock.now() < end else { throw .timedOut("XOFF for \(timing.print.inWords)") }
            _ = try await listen(within: timing.pollWhilePrinting)
        }
    }

    /// An answer may belong to a DLE that stood in the image: ask again, all there is, before believing in a fault.
    private func isReallyStopped() async throws(TransportError) -> Bool {
        try await absorb(quiet: timing.settling)
        do throws(TransportError) {
            try await refresh(within: timing.status)
        } catch {
            // A printer that stopped with a full buffer takes no questions; what it told unasked stands.
            guard case .timedOut = error, condition.isStopped else { throw error }
        }
        return condition.isStopped
    }

    /// A fault stopped the receipt: tells it at once, takes the rest out of the printer, and judges.
    func stopped(_ progress: Progress, awaiting id: ProcessID? = nil) async throws(TransportError)
        -> PrintOutcome
    {
        let problem = condition.problem(of: device)
        tellCondition()
        return try await brokenOff(progress, because: problem, awaiting: id)
    }

    /// Nobody waits for the receipt any more, and whoever comes next must not find the rest of it.
    func abandoned(_ progress: Progress, awaiting id: ProcessID? = nil) async throws(TransportError)
        -> PrintOutcome
    {
        guard progress.hasBegun else { return PrintOutcome(.notPrinted, rung: .notStarted) }
        let evidence = "the receipt was broken off before its evidence came"
        return try await brokenOff(
            progress, because: Problem(.receiptUnknown, device: device, evidence: evidence), awaiting: id)
    }

    private func brokenOff(
        _ progress: Progress, because problem: Problem?, awaiting id: ProcessID?
    ) async throws(TransportError) -> PrintOutcome {
        let rung = settings.evidence.first ?? .writeOnly
        guard settings.canClearBuffer else {
            recovery = .waste(unfinishedBytes: progress.unfinishedBytes)
            return PrintOutcome(progress.isComplete ? .unknown : .notPrinted, rung: rung, problem: problem)
        }
        try await send(.clearBuffer)
        // What was on paper before the clearing is answered within this time.
        let end = clock.now() + timing.status
        while true {
            if let id, blocks.contains(id.answer) { return PrintOutcome(.printed, rung: .processID) }
            let left = end - clock.now()
            guard left > .zero else { break }
            _ = try await listen(within: left)
        }
        guard try await isHeard() else {
            recovery = .waste(unfinishedBytes: progress.unfinishedBytes)
            return PrintOutcome(progress.isComplete ? .unknown : .notPrinted, rung: rung, problem: problem)
        }
        recovery = .cut
        processed = (0, 0)
        // Cleared data answers nothing. Without process ids, or when only the cut failed, a complete receipt may be
        // on paper all the same.
        let isCertain = !progress.isComplete || (id != nil && !condition.hasCutterError)
        return PrintOutcome(isCertain ? .notPrinted : .unknown, rung: rung, problem: problem)
    }

    /// An answer now proves that the command before it arrived as well.
    private func isHeard() async throws(TransportError) -> Bool {
        guard let query = queries.first else { return false }
        do throws(TransportError) {
            try await ask(query, within: timing.status)
            return true
        } catch {
            guard case .timedOut = error else { throw error }
            return false
        }
    }

    // MARK: - Evidence

    /// The strongest rung that the profile has decides alone: when it stays silent, weaker ones prove nothing. A
    /// printer that was switched off and on behind a print server answers them with an empty buffer.
    private func evidence(
        for progress: Progress, before: PrinterCondition
    ) async throws(TransportError) -> PrintOutcome {
        let rung = settings.evidence.first ?? .writeOnly
        return rung == .paperTaken
            ? try await awaitSlip(progress, before) : try await evidence(on: rung, for: progress, before: before)
    }

    /// What one rung says by itself.
    func evidence(
        on rung: PrintOutcome.Rung, for progress: Progress, before: PrinterCondition
    ) async throws(TransportError) -> PrintOutcome {
        switch rung {
        case .processID: return try await awaitProcessID(progress)
        case .bufferedQuery: return try await awaitBufferedQuery(progress)
        case .statusUnchanged: return try await compareStatus(progress, before)
        case .paperTaken, .impressions, .jobCompleted, .writeOnly, .notStarted:
            return doubt(.writeOnly, "the model gives no evidence")
        }
    }

    private func awaitProcessID(_ progress: Progress) async throws(TransportError) -> PrintOutcome {
        let id = ProcessID(job: progress.job.number)
        blocks = []
        try await send(.processID(id))
        let isAnswered = try await wait { self.blocks.contains(id.answer) }
        switch isAnswered {
        case .answered: return PrintOutcome(.printed, rung: .processID)
        case .stopped: return try await stopped(progress, awaiting: id)
        case .abandoned: return try await abandoned(progress, awaiting: id)
        case .late: return doubt(.processID, "no answer to the process id within \(timing.print.inWords)")
        }
    }

    private func awaitBufferedQuery(_ progress: Progress) async throws(TransportError) -> PrintOutcome {
        // The last piece has asked; only what is cut in the middle of a command has not.
        if processed.asked == progress.askedBefore { try await askProcessed() }
        switch try await wait({ self.processed.answered >= self.processed.asked }) {
        case .answered: break
        case .stopped: return try await stopped(progress)
        case .abandoned: return try await abandoned(progress)
        case .late: return doubt(.bufferedQuery, "no answer to GS r 1 within \(timing.print.inWords)")
        }
        for query in queries where query == 2 || query == 4 {
            try await ask(query, within: timing.status)
        }
        try await look(within: timing.status)
        guard condition.isStopped else { return PrintOutcome(.printed, rung: .bufferedQuery) }
        tellCondition()
        recovery = .cut
        return PrintOutcome(.unknown, rung: .bufferedQuery, problem: condition.problem(of: device))
    }

    /// Probable at best: the printer was well before and is well after the time that the slip takes.
    private func compareStatus(
        _ progress: Progress, _ before: PrinterCondition
    ) async throws(TransportError) -> PrintOutcome {
        let end = clock.now() + min(longestPrint(of: progress.job), timing.print)
        while end > clock.now(), !condition.isStopped, !isAbandoned {
            if try await !listen(within: min(end - clock.now(), timing.pollWhilePrinting)) {
                try await refresh()
            }
        }
        try await refresh()
        guard !condition.isStopped else { return try await stopped(progress) }
        if isAbandoned { return try await abandoned(progress) }
        return condition.isAsGood(as: before)
            ? PrintOutcome(.printed, rung: .statusUnchanged)
            : doubt(.statusUnchanged, "the state after printing is another than before")
    }

    /// The slowest mechanisms print 50 mm in a second.
    func longestPrint(of job: PrintJob) -> Duration {
        .milliseconds(Int(min(max(job.millimetres, 0), 10_000) * 20))
    }

    enum Waited { case answered, stopped, late, abandoned }

    /// Waits for an answer for as long as a receipt may take, asking for the state between.
    func wait(within time: Duration? = nil, _ isAnswered: () -> Bool) async throws(TransportError) -> Waited {
        let end = clock.now() + (time ?? timing.print)
        var next = clock.now() + timing.pollWhilePrinting
        while true {
            if isAnswered() { return .answered }
            if condition.isStopped {
                if try await isReallyStopped() { return isAnswered() ? .answered : .stopped }
                continue
            }
            if isAbandoned, recovery == .none { return .abandoned }
            let now = clock.now()
            guard now < end else { return .late }
            if now >= next {
                try await refresh(within: timing.statusWhilePrinting)
                next = clock.now() + timing.pollWhilePrinting
            } else {
                _ = try await listen(within: min(next, end) - now)
            }
        }
    }

    func doubt(_ rung: PrintOutcome.Rung, _ evidence: String) -> PrintOutcome {
        PrintOutcome(.unknown, rung: rung, problem: Problem(.receiptUnknown, device: device, evidence: evidence))
    }

    // MARK: - After a fault

    /// Paper that one cut of the recovery takes: from the head to the blade, and what a motor adds.
    private static let cutMillimetres = 20.0

    /// Brings a printer that can print again to where a new receipt may begin: nothing in its buffer, white paper.
    func recover() async throws(TransportError) {
        guard recovery != .none, !condition.isStopped else { return }
        switch recovery {
        case .none, .cut: break
        case .clear:
            if settings.canClearBuffer { try await clear() }
            guard try await letOut(unfinishedBytes: pieceBytes, onlyIfSilent: true) else { return }
        case .waste(let unfinished):
            guard try await letOut(unfinishedBytes: unfinished, onlyIfSilent: false) else { return }
        }
        try await send(.initialise)
        // Feeds what was printed past the blade first.
        try await send(.cut(settings.cut))
        try await send(.initialise)
        if settings.hasAutomaticStatusBack { try await send(.automaticStatus) }
        if condition.isPaperLow { millimetresSinceNearEnd += Self.cutMillimetres }
        recovery = .none
        isPaperClear = true
        presenter.mayHoldCutPiece = true
    }

    /// Drops what the printer holds, and gives it the time to say so: what follows must not be dropped with it.
    private func clear() async throws(TransportError) {
        blocks = []
        try await send(.clearBuffer)
        let end = clock.now() + timing.status
        while !blocks.contains(ESCPOSCommand.clearedAnswer) {
            let left = end - clock.now()
            guard left > .zero else { break }
            _ = try await listen(within: left)
        }
        // Questions that were dropped are never answered.
        processed = (0, 0)
    }

    /// Waits until the printer has worked off what it holds.
    /// - Returns: false when a fault stopped it again.
    private func letOut(unfinishedBytes: Int, onlyIfSilent: Bool) async throws(TransportError) -> Bool {
        if onlyIfSilent, settings.evidence.contains(.bufferedQuery) {
            try await askProcessed()
            let end = clock.now() + timing.status
            while processed.answered < processed.asked, end > clock.now() {
                _ = try await listen(within: end - clock.now())
            }
            if processed.answered >= processed.asked { return true }
        }
        let white = white(unfinishedBytes)
        if !white.isEmpty { try await transport.write(white, within: timing.print) }
        guard settings.evidence.contains(.bufferedQuery) else { return true }
        let eaten = onlyIfSilent ? 1 : 0
        try await askProcessed()
        let waited = try await wait { processed.answered >= processed.asked - eaten }
        // The question before may have been taken for image data; if not, its answer has come with the last one.
        if eaten > 0 { try await absorb(quiet: timing.settling) }
        processed = (0, 0)
        return waited != .stopped
    }
}
