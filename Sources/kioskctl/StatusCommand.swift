import ArgumentParser
import KioskControl

struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The kiosk at a glance; exits with 1 when something cannot be done.")

    @OptionGroup var daemon: DaemonOptions

    func run() async throws {
        let status = try await daemon.ask { try await $0.status() }
        if daemon.json { try Terminal.printJSON(status) } else { show(status) }
        if status.submissionClosed != nil || status.problems.contains(where: { $0.severity == .fault }) {
            throw ExitCode(1)
        }
    }

    private func show(_ status: StatusReport) {
        var rows = [
            ["kiosk", status.kiosk],
            ["kioskd", "\(status.version), process \(status.processID), up \(Terminal.age(status.uptimeSeconds))"],
            ["screen", status.screen + (status.hasSession ? ", somebody is there" : "")],
            ["submission", status.submissionClosed.map { "closed: \($0)" } ?? "open"],
            ["outbox", OutboxText.line(status.outbox)],
        ]
        for worker in status.workers {
            let state = worker.isConnected ? "connected" : "not connected"
            rows.append(["worker", "\(worker.instance), \(state)\(worker.processID.map { ", process \($0)" } ?? "")"])
        }
        Terminal.printTable(rows)
        for problem in status.problems { ProblemText.show(problem) }
        if status.problems.isEmpty { print("No problems.") }
    }
}

/// A problem in the words of the catalogue.
enum ProblemText {
    static func show(_ problem: ProblemReport) {
        let device = problem.device.map { " (\($0))" } ?? ""
        print("\n\(problem.severity.rawValue): \(problem.code)\(device), for \(Terminal.age(problem.sinceSeconds))")
        print("  cause:    \(problem.cause)")
        if !problem.evidence.isEmpty { print("  measured: \(problem.evidence)") }
        print("  do:       \(problem.action)")
    }
}
