import ByteTransports
import DeviceKit
import HallModel

/// What is known of a printer's presenter on this line.
struct PresenterState: Sendable {
    /// It has answered DLE EOT 20, and does so.
    var isTold = false
    /// It has answered at least once: silence later is worth asking again.
    var wasTold = false
    /// Whole full statuses since the last question.
    var answers = 0
    /// Why nothing is told, where the profile says that it is.
    var doubt: String?
    var lookedAt = Duration.zero
    /// A receipt was handed over and no slip seen yet: one may still come.
    var slipDueUntil: Duration?
    /// A cut that belongs to no receipt was sent: its piece may come into the slot.
    var mayHoldCutPiece = false
}

/// The slot of a printer with a presenter: whether a slip lies there, was taken, and what that proves.
extension ReceiptPrinter {
    // MARK: - Looking

    /// Finds out whether the printer tells what its profile says. A profile that is wrong is told to the technician;
    /// receipts are printed all the same, on the other rungs.
    func learnPresenter() async throws(TransportError) {
        guard settings.presenter == .customFullStatus else { return }
        for _ in 0..<2 {
            if try await isFullStatusTold(within: timing.status) {
                (presenter.isTold, presenter.wasTold, presenter.doubt) = (true, true, nil)
                return
            }
            parser.dropUnfinished()
        }
        presenterIsSilent(
            answers.isEmpty
                ? "no answer to DLE EOT 20 within \(timing.status.inWords)"
                : "DLE EOT 20 is answered with \(Recording.hexadecimal(answers)), which is no full status")
    }

    /// One look at the full status, asked again once. Does nothing where it is not told.
    func look(within timeout: Duration) async throws(TransportError) {
        guard presenter.isTold else { return }
        presenter.lookedAt = clock.now()
        if try await isFullStatusTold(within: timeout) { return }
        parser.dropUnfinished()
        if try await isFullStatusTold(within: timeout) {
            // The first answer may only have been late: what counts is the last.
            return try await absorb(quiet: timing.settling)
        }
        let evidence = "no answer to DLE EOT 20 within \(timeout.inWords)"
        // The line is there as long as the other questions are answered.
        guard !queries.isEmpty else { throw .timedOut(evidence) }
        parser.dropUnfinished()
        presenterIsSilent(evidence)
    }

    /// When the slot is looked at next.
    var nextLook: Duration {
        guard presenter.isTold || presenter.wasTold else { return .seconds(Int64.max / 4) }
        let isDue = presenter.slipDueUntil.map { clock.now() < $0 } ?? false
        // A fault that only the full status tells of is seen to end as soon as a slip is seen to go.
        let isWatched = presenter.isTold && (slip.sight == .lies || isDue || condition.full?.isStopped == true)
        return presenter.lookedAt + (isWatched ? timing.slipPoll : timing.emptySlotPoll)
    }

    /// The look that is due when nothing is printed.
    func lookAgain() async throws(TransportError) {
        presenter.lookedAt = clock.now()
        if presenter.isTold { try await look(within: timing.status) } else { try await learnPresenter() }
    }

    private func isFullStatusTold(within timeout: Duration) async throws(TransportError) -> Bool {
        try await absorb()
        (answers, presenter.answers) = ([], 0)
        try await send(.status(20))
        let end = clock.now() + timeout
        while presenter.answers == 0 {
            let left = end - clock.now()
            guard left > .zero, try await listen(within: left) else { return false }
        }
        return true
    }

    private func presenterIsSilent(_ evidence: String) {
        presenter.isTold = false
        presenter.doubt = evidence
        condition.forgetFullStatus()
        slip.lost()
    }

    func takeFullStatus(_ report: FullStatusReport) {
        condition.apply(report)
        if report.isWhole { presenter.answers += 1 }
        guard report.tellsPaper, let full = condition.full else { return }
        if full.isTicketPresent { presenter.slipDueUntil = nil }
        if slip.see(lies: full.isTicketPresent, isAtWork: full.isAtWork) { self.report(.slipTaken(device: device)) }
    }

    // MARK: - Telling

    /// Whether a slip lies in the slot; `nil` where the printer does not tell.
    var slipLies: Bool? { slip.sight == .unknown ? nil : slip.sight == .lies }

    var presenterProblem: Problem? {
        presenter.doubt.map { Problem(.printerUnsupported, device: device, evidence: $0) }
    }

    /// The receipt's outcome was told: from now on its slip is waited for.
    func receiptEnded(_ outcome: PrintOutcome) {
        if outcome.rung != .notStarted, !slip.hasRisen { presenter.slipDueUntil = clock.now() + timing.print }
        if slip.endReceipt() { report(.slipTaken(device: device)) }
    }

    // MARK: - Evidence

    /// A slip that is seen to come into an empty slot is the strongest that such a printer has. That none was seen
    /// proves nothing, as a quick hand is faster than our looks: then the next rung decides.
    func awaitSlip(_ progress: Progress, _ before: PrinterCondition) async throws(TransportError) -> PrintOutcome {
        let next = settings.evidence.first { $0 != .paperTaken }
        // The buffered query says that the cut was worked off. A printer that does not answer it may have lost its power,
        // and then half a slip hangs in the slot.
        if next == .bufferedQuery || next == .processID {
            let outcome = try await evidence(on: next ?? .writeOnly, for: progress, before: before)
            guard outcome.verdict == .printed, slip.canProve else { return outcome }
            switch try await wait(within: timing.presenting, { slip.hasRisen }) {
            case .answered: return PrintOutcome(.printed, rung: .paperTaken)
            case .late, .abandoned: return outcome
            case .stopped:
                tellCondition()
                recovery = .cut
                return PrintOutcome(.unknown, rung: outcome.rung, problem: condition.problem(of: device))
            }
        }
        if slip.canProve {
            let time = min(longestPrint(of: progress.job) + timing.presenting, timing.print)
            switch try await wait(within: time, { slip.liesAtRest }) {
            case .answered: return PrintOutcome(.printed, rung: .paperTaken)
            case .stopped: return try await stopped(progress)
            case .abandoned: return try await abandoned(progress)
            case .late: break
            }
        }
        if let next { return try await evidence(on: next, for: progress, before: before) }
        guard presenter.isTold else { return doubt(.writeOnly, presenter.doubt ?? "the model gives no evidence") }
        return doubt(
            .paperTaken,
            slip.canProve
                ? "no slip was seen to come into the slot"
                : "a slip lay in the slot before: another cannot be told from it")
    }

    /// Whether the piece that a cut of the recovery made may still come into the slot: it is not to be taken for the
    /// receipt. Where the slip is all that can prove a receipt, the piece is waited for; elsewhere the next rung decides
    /// this once, and nobody waits.
    func cutPieceMayCome() async throws(TransportError) -> Bool {
        defer { presenter.mayHoldCutPiece = false }
        guard presenter.isTold, presenter.mayHoldCutPiece else { return false }
        guard settings.evidence == [.paperTaken] else { return true }
        let end = clock.now() + timing.presenting
        while clock.now() < end, slip.sight == .empty {
            _ = try await listen(within: min(timing.pollWhilePrinting, end - clock.now()))
            try await look(within: timing.status)
        }
        return false
    }
}
