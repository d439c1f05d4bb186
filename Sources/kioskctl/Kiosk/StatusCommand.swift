import ArgumentParser
import KioskControl

struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The kiosk at a glance, problems first; exits with 1 when there is a fault.",
        discussion: """
            Each problem has its code, its device, since when it is so, the cause, what was measured, and what to do. The codes \
            are those of the screen, the log and docs/problems.md. Warnings alone leave the exit status at 0: residents are \
            served.

            Examples:
              kioskctl status
              kioskctl status --json | jq -r '.problems[] | "\\(.code): \\(.action)"'
              kioskctl status >/dev/null && echo well
            """)

    /// What `--json` prints: the report, and whether submission is open, which the report tells only by why it is closed.
    private struct Printed: Encodable {
        var status: StatusReport

        private enum Key: String, CodingKey { case submission }

        func encode(to encoder: any Encoder) throws {
            try status.encode(to: encoder)
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(status.submissionClosed == nil ? "open" : "closed", forKey: .submission)
        }
    }

    @OptionGroup var daemon: DaemonOptions

    func run() async throws {
        let status = try await daemon.ask { try await $0.status() }
        if daemon.json { try Terminal.printJSON(Printed(status: status)) } else { show(status) }
        if status.submissionClosed != nil || status.problems.contains(where: { $0.severity == .fault }) {
            throw ExitCode(ExitStatus.failed.rawValue)
        }
    }

    private func show(_ status: StatusReport) {
        Terminal.show(Mark.strong(status.kiosk) + ": " + ProblemText.count(status.problems))
        for problem in status.problems { ProblemText.show(problem) }
        Terminal.show()
        var rows = [
            ["screen", status.screen + (status.hasSession ? ", somebody is there" : "")],
            ["submission", status.submissionClosed.map { "closed: \($0)" } ?? "open"],
            ["outbox", status.outbox.map(OutboxText.line) ?? "cannot be read"],
            ["kioskd", "\(status.version), process \(status.processID), up \(Terminal.age(status.uptimeSeconds))"],
        ]
        for worker in status.workers { rows.append(["worker", worker.instance + ", " + DeviceText.worker(worker)]) }
        for line in TextTable.lines(rows) { Terminal.show(line) }
    }
}
