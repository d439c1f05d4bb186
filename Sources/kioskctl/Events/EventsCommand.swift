import ArgumentParser
import KioskControl

struct Events: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What happened at the kiosk, and what happens now. Nothing personal.",
        discussion: """
            Devices, workers, sessions, scans, cases, receipts: those of the past that kioskd keeps (500), the oldest of them first, then \
            each as it comes. \
            docs/kioskctl.md lists every type and its members. Ctrl-C ends following, with 0.

            Examples:
              kioskctl events --recent 20
              kioskctl events --follow
              kioskctl events --follow --json | jq -c 'select(.type == "receipt")'
            """)

    @OptionGroup var daemon: DaemonOptions

    @Flag(name: .shortAndLong, help: "Go on until Ctrl-C.")
    var follow = false

    @Option(
        name: [.customShort("n"), .long], help: ArgumentHelp("How many of the past, 0 to 500.", valueName: "COUNT"))
    var recent = 50

    func validate() throws {
        guard (0...500).contains(recent) else { throw ValidationError("--recent takes 0 to 500.") }
    }

    func run() async throws {
        guard follow else {
            return try await daemon.ask { client in
                var body = try await client.events(recent: recent, follow: false)
                while let event = try await body.next(KioskEvent.self) { try show(event) }
            }
        }
        try await Following.untilTold {
            try await Following.events(of: daemon, recent: recent) { event in
                try show(event)
                return true
            }
        }
    }

    private func show(_ event: KioskEvent) throws {
        if daemon.json { return try Terminal.printJSONLine(event) }
        Terminal.show(EventText.line(event))
    }
}
