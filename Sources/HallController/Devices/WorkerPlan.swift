import DeviceKit
import HallModel
import KioskConfiguration

extension KioskConfiguration {
    /// Which workers this kiosk needs, and which devices each gets: one `usb` worker for readers and receipt printers, one
    /// `scan` worker a scanner, one `render` worker.
    public var workerPlan: [WorkerSpecification] {
        var plan: [String: WorkerSpecification] = [
            WorkerKind.render.rawValue: WorkerSpecification(
                kind: .render, instance: WorkerKind.render.rawValue, devices: [])
        ]
        for device in devices {
            let instance = workerInstance(of: device)
            let kind: WorkerKind = device.role == .scanner ? .scan : .usb
            plan[instance, default: WorkerSpecification(kind: kind, instance: instance, devices: [])].devices.append(
                DeviceAssignment(name: device.name, profile: device.profile, address: device.address.text))
        }
        return plan.values.sorted { $0.instance < $1.instance }
    }

    /// The worker that drives this device. libsane's backends share state and crash: a process for each scanner.
    func workerInstance(of device: ConfiguredDevice) -> String {
        device.role == .scanner ? device.name : WorkerKind.usb.rawValue
    }
}
