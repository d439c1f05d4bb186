import DeviceKit
import HallModel
import KioskConfiguration

extension KioskConfiguration {
    /// Which workers this kiosk needs, and which devices each gets.
    var workerPlan: [WorkerSpecification] { WorkerPlan.workers(for: devices) }

    /// The worker that drives this device.
    func workerInstance(of device: ConfiguredDevice) -> String { WorkerPlan.instance(of: device) }
}

/// One `usb` worker for readers and receipt printers, one `print` worker for A4 printers, one `scan` worker a scanner, one
/// `render` worker.
enum WorkerPlan {
    static func workers(for devices: [ConfiguredDevice]) -> [WorkerSpecification] {
        var plan: [String: WorkerSpecification] = [
            WorkerKind.render.rawValue: WorkerSpecification(
                kind: .render, instance: WorkerKind.render.rawValue, devices: [])
        ]
        for device in devices {
            let instance = instance(of: device)
            let empty = WorkerSpecification(kind: kind(of: device), instance: instance, devices: [])
            plan[instance, default: empty].devices.append(
                DeviceAssignment(name: device.name, profile: device.profile, address: device.address.text))
        }
        return plan.values.sorted { $0.instance < $1.instance }
    }

    /// libsane's backends share state and crash: a process for each scanner, under the scanner's name.
    static func instance(of device: ConfiguredDevice) -> String {
        let kind = kind(of: device)
        return kind == .scan ? device.name : kind.rawValue
    }

    private static func kind(of device: ConfiguredDevice) -> WorkerKind {
        switch device.role {
        case .scanner: .scan
        case .documentPrinter: .print
        case .renderer: .render
        case .cardReader, .receiptPrinter, .codeReader: .usb
        }
    }
}
