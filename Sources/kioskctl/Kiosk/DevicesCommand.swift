import ArgumentParser
import HallModel
import KioskControl

struct Devices: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The configured devices and how they are.",
        discussion: """
            With --tree: which worker process drives which device, with profile, address, paper and model. Problems are told in \
            full below their device.

            Examples:
              kioskctl devices
              kioskctl devices --tree
              kioskctl devices --json | jq -r '.devices[] | "\\(.name) \\(.state)"'
            """)

    @OptionGroup var daemon: DaemonOptions

    @Flag(help: "As a tree: kiosk, worker process, device.")
    var tree = false

    func run() async throws {
        let devices = try await daemon.ask { try await $0.devices() }
        guard tree else {
            if daemon.json { return try Terminal.printJSON(devices) }
            return show(devices.devices)
        }
        let status = try await daemon.ask { try await $0.status() }
        let made = DeviceTree(status: status, devices: devices.devices)
        if daemon.json { return try Terminal.printJSON(made) }
        for line in made.lines(columns: Terminal.columns) { Terminal.show(line) }
    }

    private func show(_ devices: [DeviceReport]) {
        var rows = [["NAME", "ROLE", "STATE", "PAPER", "THERE", "SINCE", "ADDRESS"]]
        for device in devices {
            let media = device.mediaPresent.map { $0 ? "yes" : "no" } ?? "-"
            rows.append([
                device.name, device.role.rawValue, device.state.rawValue, device.paper?.rawValue ?? "-", media,
                Terminal.age(device.sinceSeconds), device.address,
            ])
        }
        let lines = TextTable.lines(rows) { row, column in
            if row == 0 { return .quiet }
            return column == 2 ? DeviceText.mark(devices[row - 1].state) : nil
        }
        for line in lines { Terminal.show(line) }
        for device in devices { if let problem = device.problem { ProblemText.show(problem) } }
    }
}

/// Words for devices and workers.
enum DeviceText {
    static func mark(_ state: DeviceState) -> Mark {
        switch state {
        case .online, .busy: .good
        case .userError: .warning
        case .offline, .noDevice, .hardwareError: .fault
        }
    }

    static func worker(_ worker: StatusReport.Worker) -> String {
        (worker.isConnected ? "connected" : "not connected") + (worker.processID.map { ", process \($0)" } ?? "")
    }
}
