import ArgumentParser
import Foundation
import HallModel
import KioskControl

struct Devices: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The configured devices and how they are.",
        discussion: """
            With --tree: which worker process drives which device, with profile, address, paper and model. Problems are told in \
            full below their device.

            STATE: online; busy, at work; needs a hand, such as paper or a cover; offline, it does not answer; not there, it cannot be \
            opened; broken, it reports a fault of its own. THERE: yes, something lies in it (a card on the reader, a page in the \
            feeder, a slip in the slot); no, nothing does; -, it cannot tell.

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
        let columns = Terminal.isTerminal(STDOUT_FILENO) ? Terminal.columns : .max
        for line in DeviceText.table(devices, columns: columns) { Terminal.show(line) }
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

    /// A row for each device; where they are too long each has its address on a line of its own, and where that is still too wide
    /// there is no table. An address is never cut: it is what a technician needs.
    static func table(_ devices: [DeviceReport], columns: Int) -> [String] {
        let head = ["NAME", "ROLE", "STATE", "PAPER", "THERE", "SINCE"]
        let rows = devices.map { device in
            [
                device.name, device.role.rawValue, PlainWords.of(device.state), device.paper?.rawValue ?? "-",
                device.mediaPresent.map { $0 ? "yes" : "no" } ?? "-", Terminal.age(device.sinceSeconds),
            ]
        }
        func lines(_ rows: [[String]]) -> [String] {
            TextTable.lines(rows) { row, column in
                if row == 0 { return .quiet }
                return column == 2 ? mark(devices[row - 1].state) : nil
            }
        }
        func fits(_ rows: [[String]]) -> Bool { TextTable.lines(rows).allSatisfy { TextTable.width($0) <= columns } }
        let full = [head + ["ADDRESS"]] + zip(rows, devices).map { $0 + [$1.address] }
        if fits(full) { return lines(full) }
        guard fits([head] + rows) else { return devices.flatMap { Self.lines($0, columns: columns) } }
        let short = lines([head] + rows)
        return [short[0]] + zip(short.dropFirst(), devices).flatMap { [$0, "  at \($1.address)"] }
    }

    /// A device in words, for a terminal that is too narrow for the table.
    static func lines(_ device: DeviceReport, columns: Int) -> [String] {
        var words = ["\(device.role.rawValue), \(PlainWords.of(device.state))"]
        if let paper = device.paper { words.append("paper \(paper.rawValue)") }
        if device.mediaPresent == true { words.append("something lies there") }
        words.append("for \(Terminal.age(device.sinceSeconds))")
        return [mark(device.state)(device.name)]
            + [words.joined(separator: ", "), "at \(device.address)"].flatMap {
                TextTable.wrapped($0, margin: "  ", name: "", columns: columns)
            }
    }

    static func worker(_ worker: StatusReport.Worker) -> String {
        (worker.isConnected ? "connected" : "not connected") + (worker.processID.map { ", process \($0)" } ?? "")
    }
}
