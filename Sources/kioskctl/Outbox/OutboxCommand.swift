import ArgumentParser
import KioskControl

struct Outbox: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What was accepted and is not yet confirmed by the platform.",
        discussion: """
            How many wait and how old the oldest is, the platform's last answer and the next try; then each case. What is in a case is sealed; only \
            its id, its service item, its size and its times are shown.

            Examples:
              kioskctl outbox
              kioskctl outbox retry --wait
              kioskctl outbox --json | jq '.waiting[] | {id, attempts, lastAnswer}'
            """,
        subcommands: [ShowOutbox.self, RetryOutbox.self], defaultSubcommand: ShowOutbox.self)
}

struct ShowOutbox: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "The cases that wait (what outbox does by itself).",
        discussion: """
            Examples:
              kioskctl outbox show
              kioskctl outbox show --json
            """)

    @OptionGroup var daemon: DaemonOptions

    func run() async throws {
        let outbox = try await daemon.ask { try await $0.outbox() }
        if daemon.json { return try Terminal.printJSON(outbox) }
        Terminal.show(OutboxText.line(outbox))
        if let answer = outbox.lastAnswer { Terminal.show("last answer of the platform: \(answer)") }
        if let seconds = outbox.nextTryInSeconds { Terminal.show("next try in \(Terminal.age(seconds))") }
        let waiting = outbox.waiting ?? []
        guard !waiting.isEmpty else { return }
        Terminal.show()
        for wait in waiting { for line in OutboxText.lines(wait) { Terminal.show(line) } }
        if outbox.cases > waiting.count { Terminal.show("… and \(outbox.cases - waiting.count) more") }
    }
}

enum OutboxText {
    static func line(_ outbox: OutboxReport) -> String {
        guard outbox.cases > 0 else { return "empty: the platform has confirmed everything" }
        let oldest = outbox.oldestSeconds.map { ", the oldest \(Terminal.age($0)) old" } ?? ""
        return "\(outbox.cases) case\(outbox.cases == 1 ? "" : "s"), \(Terminal.size(outbox.bytes))\(oldest)"
    }

    /// One case in two lines of at most 80 columns.
    static func lines(_ wait: WaitingCase) -> [String] {
        let next = wait.isBeingSent ? "being sent now" : "next try in \(Terminal.age(wait.nextTryInSeconds))"
        let tries =
            wait.attempts == 0 ? "not tried yet" : "\(wait.attempts) failed tr\(wait.attempts == 1 ? "y" : "ies")"
        let sent = wait.bytesUploaded == 0 ? "" : ", \(Terminal.size(min(wait.bytesUploaded, wait.bytes))) sent"
        return [
            Mark.strong(wait.id.rawValue)
                + "  \(wait.item), \(Terminal.age(wait.ageSeconds)) old",
            "  \(Terminal.size(wait.bytes))\(sent); \(tries), \(next)"
                + (wait.lastAnswer.map { "; \($0)" } ?? ""),
        ]
    }
}
