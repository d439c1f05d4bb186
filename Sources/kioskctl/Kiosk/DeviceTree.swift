import HallModel
import KioskControl

/// Kiosk, worker processes, devices: what `devices --tree` shows.
struct DeviceTree: Encodable {
    struct Worker: Encodable {
        var instance: String
        var isConnected: Bool
        var processID: Int32?
        var devices: [DeviceReport]
    }

    var kiosk: String
    var workers: [Worker]

    init(status: StatusReport, devices: [DeviceReport]) {
        kiosk = status.kiosk
        workers = status.workers.map { worker in
            Worker(
                instance: worker.instance, isConnected: worker.isConnected, processID: worker.processID,
                devices: devices.filter { $0.worker == worker.instance })
        }
    }

    /// At most `columns` wide where no single word is wider.
    func lines(columns: Int) -> [String] {
        let names = workers.flatMap(\.devices).map { TextTable.width($0.name) }.max() ?? 0
        let roles = workers.flatMap(\.devices).map { TextTable.width($0.role.rawValue) }.max() ?? 0
        var lines = [Mark.strong(kiosk)]
        for (index, worker) in workers.enumerated() {
            let isLast = index == workers.count - 1
            let state = worker.isConnected ? Mark.good("connected") : Mark.fault("not connected")
            let process = worker.processID.map { ", process \($0)" } ?? ""
            lines.append((isLast ? "└─ " : "├─ ") + "worker \(Mark.strong(worker.instance))  \(state)\(process)")
            for (place, device) in worker.devices.enumerated() {
                let trunk = isLast ? "   " : "│  "
                let isLastDevice = place == worker.devices.count - 1
                lines.append(trunk + (isLastDevice ? "└─ " : "├─ ") + head(device, names, roles))
                let below = trunk + (isLastDevice ? "      " : "│     ")
                lines += details(device, below: below, columns: columns)
            }
        }
        return lines
    }

    private func head(_ device: DeviceReport, _ names: Int, _ roles: Int) -> String {
        func padded(_ text: String, _ width: Int) -> String {
            text + String(repeating: " ", count: max(0, width - TextTable.width(text)) + 2)
        }
        var state = DeviceText.mark(device.state)(PlainWords.of(device.state))
        if let paper = device.paper { state += ", paper \(paper.rawValue)" }
        if device.mediaPresent == true { state += ", something lies there" }
        return padded(device.name, names) + padded(device.role.rawValue, roles) + state
            + ", for \(Terminal.age(device.sinceSeconds))"
    }

    private func details(_ device: DeviceReport, below: String, columns: Int) -> [String] {
        // Never cut: the address is what a technician needs.
        var lines = TextTable.wrapped(
            "\(device.profile) at \(device.address)", margin: below, name: "", columns: columns)
        if let model = device.model {
            lines.append(below + TextTable.clipped(model, to: columns - TextTable.width(below)))
        }
        guard let problem = device.problem else { return lines }
        lines.append(
            below + ProblemText.mark(problem.severity)("\(problem.severity.rawValue): \(problem.code)")
                + ", for \(Terminal.age(problem.sinceSeconds))")
        return lines + ProblemText.lines(problem, indent: below)
    }
}
