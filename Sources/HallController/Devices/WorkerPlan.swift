import DeviceKit
import HallModel
import KioskConfiguration

extension KioskConfiguration {
    /// Which workers this kiosk needs, and which devices each gets: one `usb` worker for readers and receipt printers, one
    /// `scan` worker a scanner, one `print` worker for A4 printers, one `render` worker.
    public var workerPlan: [WorkerSpecification] {
        var plan: [String: WorkerSpecification] = [
            WorkerKind.render.rawValue: WorkerSpecification(
                kind: .render, instance: WorkerKind.render.rawValue, devices: [])
        ]
        for device in devices {
            let instance = workerInstance(of: device)
            let kind = workerKind(of: device)
            plan[instance, default: WorkerSpecification(kind: kind, instance: instance, devices: [])].devices.append(
                DeviceAssignment(name: device.name, profile: device.profile, address: device.address.text))
        }
        return plan.values.sorted { $0.instance < $1.instance }
    }

    /// The worker that drives this device. libsane's backends share state and crash: a process for each scanner.
    func workerInstance(of device: ConfiguredDevice) -> String {
        let kind = workerKind(of: device)
        return kind == .scan ? device.name : kind.rawValue
    }

    private func workerKind(of device: ConfiguredDevice) -> WorkerKind {
        switch device.role {
        case .scanner: .scan
        case .documentPrinter: .print
        case .renderer: .render
        case .cardReader, .receiptPrinter, .codeReader: .usb
        }
    }
}
