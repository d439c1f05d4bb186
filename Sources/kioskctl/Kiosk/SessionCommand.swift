import ArgumentParser
import KioskControl

struct SessionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "session", abstract: "Is somebody at the kiosk, and how far are they? Nothing personal.",
        discussion: """
            Shows the screen, the step, how long they have been there, and how many pages were scanned. It cannot show a name, a \
            number, an address or an answer: the daemon does not tell them.

            Examples:
              kioskctl session
              kioskctl session --json | jq .hasSession
            """)

    @OptionGroup var daemon: DaemonOptions

    func run() async throws {
        let session = try await daemon.ask { try await $0.session() }
        if daemon.json { return try Terminal.printJSON(session) }
        let screen = "\(session.screen), for \(Terminal.age(session.screenSeconds))"
        guard session.hasSession else { return Terminal.show("Nobody is there. Screen: \(screen).") }
        for line in TextTable.lines(rows(session, screen: screen)) { Terminal.show(line) }
    }

    private func rows(_ session: SessionReport, screen: String) -> [[String]] {
        var rows = [
            [
                "session",
                "\(session.session ?? 0), for \(Terminal.age(session.seconds ?? 0))"
                    + (session.hasCard == true ? ", a card was read" : ", without a card"),
            ],
            ["screen", screen + (session.isCovered == true ? ", covered" : "")],
        ]
        if let item = session.item { rows.append(["item", item]) }
        if let step = session.step, let steps = session.steps { rows.append(["step", "\(step) of \(steps)"]) }
        rows.append([
            "shown",
            "\(session.language ?? "-"), text size \(session.textStep ?? 0)"
                + (session.isLowered == true ? ", lowered" : ""),
        ])
        for material in session.materials ?? [] {
            let state = material.isStored ? "safe" : "\(material.pagesScanned) of \(material.pages) pages scanned"
            rows.append(["material", "\(material.id): \(state)"])
        }
        if session.isBusy == true { rows.append(["busy", "the kiosk works for the resident"]) }
        if let left = session.idleSecondsLeft {
            rows.append(["idle", "ends in \(Terminal.age(left)) without a touch"])
        }
        return rows
    }
}
