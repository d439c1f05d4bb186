import ArgumentParser
import KioskControl

struct Devices: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "The configured devices and how they are.")

    @OptionGroup var daemon: DaemonOptions

    func run() async throws {
        let devices = try await daemon.ask { try await $0.devices() }
        if daemon.json { return try Terminal.printJSON(devices) }
        var rows = [["NAME", "ROLE", "STATE", "PAPER", "SOMETHING THERE", "SINCE", "ADDRESS", "MODEL"]]
        for device in devices {
            let media = device.mediaPresent.map { $0 ? "yes" : "no" } ?? "-"
            rows.append([
                device.name, device.role.rawValue, device.state.rawValue, device.paper?.rawValue ?? "-", media,
                Terminal.age(device.sinceSeconds), device.address, device.model ?? "-",
            ])
        }
        Terminal.printTable(rows)
        for device in devices { if let problem = device.problem { ProblemText.show(problem) } }
    }
}
