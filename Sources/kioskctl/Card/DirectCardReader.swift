import DeviceKit
import Foundation
import HallModel

/// Reads one card by a worker of its own on a private socket; ends at the latest 2 s after the time given.
struct DirectCardReader {
    /// What was heard of the reader while waiting.
    private struct Heard: Sendable {
        var card: IdentityDocument?
        /// A fault that waiting does not mend.
        var fault: Problem?
        /// The last that went wrong with a card or the line.
        var trouble: Problem?
        var wasOnline = false
        var wasConnected = false
        var timesLost = 0
    }

    let assignment: DeviceAssignment
    let timeout: Duration

    /// A second before the time is up, a reader that did not answer properly must have been given up, or nothing true
    /// could be said of it.
    init(assignment: DeviceAssignment, timeout: Duration) {
        var assignment = assignment
        if case .samv(var settings) = assignment.profile.driver {
            let longest = max(Int((timeout - .seconds(1)) / .milliseconds(1)), 500)
            settings.startTimeoutMilliseconds = min(settings.startTimeoutMilliseconds, longest)
            assignment.profile.driver = .samv(settings)
        }
        self.assignment = assignment
        self.timeout = timeout
    }

    /// - Throws: `CommandFailure` with cause and next action.
    func read() async throws -> IdentityDocument {
        // The workers' end takes its time too.
        let workers = PrivateWorkers(
            specifications: [WorkerSpecification(kind: .usb, instance: "usb", devices: [assignment])],
            place: assignment.address, limit: timeout + .milliseconds(500))
        let timeout = timeout
        let heard = try await workers.run { host in
            await withTaskGroup(of: Heard?.self) { group in
                group.addTask { await Self.listen(to: host.events) }
                group.addTask {
                    try? await Task.sleep(for: timeout)
                    return nil
                }
                var heard = Heard()
                for await end in group {
                    if let end { heard = end }
                    group.cancelAll()
                }
                return heard
            }
        }
        if let card = heard.card { return card }
        throw failure(heard)
    }

    private static func listen(to events: AsyncStream<WorkerHostEvent>) async -> Heard {
        var heard = Heard()
        for await event in events {
            switch event {
            case .connected: heard.wasConnected = true
            case .lost: heard.timesLost += 1
            case .event(_, .cardRead(_, let document)):
                heard.card = document
                return heard
            case .event(_, .cardFailed(_, let problem)): heard.trouble = problem
            case .event(_, .status(_, let status)):
                if status.isUsable { heard.wasOnline = true }
                guard let problem = status.problem else { continue }
                heard.trouble = problem
                if [.noDevice, .hardwareError].contains(status.state) {
                    heard.fault = problem
                    return heard
                }
            case .event: continue
            }
        }
        return heard
    }

    private func failure(_ heard: Heard) -> CommandFailure {
        let seconds = Int(timeout / .seconds(1))
        if let problem = heard.fault ?? heard.trouble {
            return CommandFailure(
                problem, at: assignment.address, status: ExitStatus(of: problem.code, evidence: problem.evidence))
        }
        if !heard.wasConnected || heard.timesLost > 0 {
            return CommandFailure(
                .software,
                "\(WorkerKind.usb.programName) ended or did not start within \(seconds) s; run it by itself to see why."
            )
        }
        if !heard.wasOnline {
            return CommandFailure(
                .unavailable,
                "the reader at \(assignment.address) has not answered within \(seconds) s; check its power and cable, and give it 15 s after power-up."
            )
        }
        return CommandFailure(
            .failed,
            "no card was laid on the reader within \(seconds) s; lay it down flat and run the command again.")
    }
}
