import ArgumentParser
import KioskControl

struct Outbox: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What was accepted and is not yet confirmed by the platform.")

    @OptionGroup var daemon: DaemonOptions

    func run() async throws {
        let outbox = try await daemon.ask { try await $0.outbox() }
        if daemon.json { return try Terminal.printJSON(outbox) }
        print(OutboxText.line(outbox))
        if let answer = outbox.lastAnswer { print("last answer of the platform: \(answer)") }
        if let seconds = outbox.nextTryInSeconds { print("next try in \(Terminal.age(seconds))") }
    }
}

enum OutboxText {
    static func line(_ outbox: OutboxReport) -> String {
        guard outbox.cases > 0 else { return "empty: the platform has confirmed everything" }
        let oldest = outbox.oldestSeconds.map { ", the oldest \(Terminal.age($0)) old" } ?? ""
        return "\(outbox.cases) case\(outbox.cases == 1 ? "" : "s"), \(outbox.bytes / 1_024) KiB\(oldest)"
    }
}
