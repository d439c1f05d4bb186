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
        guard session.hasSession else {
            let devices = try await daemon.ask { try await $0.devices() }.devices
            return Terminal.show(Self.nobody(devices, screen: screen))
        }
        for line in TextTable.lines(rows(session, screen: screen)) { Terminal.show(line) }
    }

    /// A card that was left behind is somebody's, and the next one's trouble.
    static func nobody(_ devices: [DeviceReport], screen: String) -> String {
        let left = devices.filter { $0.role == .cardReader && $0.mediaPresent == true }.map(\.name)
        let card = left.isEmpty ? "" : " A card still lies on \(left.joined(separator: ", "))."
        return "Nobody is there.\(card) Screen: \(screen)."
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
