import DeviceKit
import HallModel
import NIOCore

/// What a slip and an A4 document have in common on their way to paper (D7).
extension HallController {
    /// The journal's row stands before the first byte goes out.
    /// - Parameter kind: for the log: "receipt", "document".
    func journalled(
        _ kind: String, begin: () async throws -> UInt32, print: (UInt32) async -> PrintOutcome,
        end: (UInt32, PrintOutcome) async throws -> Void
    ) async -> PrintOutcome {
        let number: UInt32
        do {
            number = try await begin()
        } catch {
            logger.error("the journal did not take a \(kind)'s beginning", metadata: ["cause": "\(error)"])
            return PrintOutcome(.notPrinted, rung: .notStarted, problem: Problem(SubmissionDesk.problem(of: error)))
        }
        let outcome = await print(number)
        logger.notice(
            "a \(kind)",
            metadata: [
                "outcome": "\(outcome.verdict.rawValue)", "rung": "\(outcome.rung.rawValue)",
                "evidence": "\(outcome.problem?.evidence ?? "-")",
            ])
        do {
            try await end(number, outcome)
        } catch {
            // The paper is what it is, whether or not the journal took it down: its row stays `started`, which the next
            // start calls unknown.
            logger.error("the journal did not take a \(kind)'s outcome", metadata: ["cause": "\(error)"])
        }
        return outcome
    }

    /// Gives bytes to the worker of a printer, once.
    /// - Parameter unknown: what it is called when the worker is gone, silent or called off, with bytes perhaps on their way.
    func outcome(
        of command: WorkerCommand, _ bytes: ByteBuffer, by printer: String, on worker: WorkerKind,
        within limit: Duration,
        orElse unknown: ProblemCode
    ) async -> PrintOutcome {
        do throws(WorkerFailure) {
            let (reply, _) = try await workers.perform(
                command, on: worker.rawValue, attachments: [bytes], deadline: limit)
            guard case .printed(let outcome) = reply else { throw .notUnderstood("no outcome") }
            return outcome
        } catch {
            if case .problem(let problem) = error {
                return PrintOutcome(.notPrinted, rung: .notStarted, problem: problem)
            }
            return PrintOutcome(
                .unknown, rung: .writeOnly, problem: Problem(unknown, device: printer, evidence: error.evidence))
        }
    }
}
