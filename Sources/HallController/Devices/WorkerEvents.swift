import DeviceKit
import GuidedFlow
import HallModel
import KioskConfiguration

extension HallController {
    /// Turns what workers say into events of the flow.
    func hearWorkers() async {
        for await event in workers.events {
            note(event)
            switch event {
            case .connected(let instance):
                logger.info("a worker is there", metadata: ["worker": "\(instance)"])
                if instance == WorkerKind.render.rawValue { heard(DeviceStatus(.online), from: Self.rendererName) }
            case .lost(let instance):
                workerLost(instance)
            case .event(_, let event):
                hear(event)
            }
        }
    }

    /// The renderer is no device, but the flow cannot do without it either.
    static let rendererName = "renderer"

    private func workerLost(_ instance: String) {
        if instance == WorkerKind.render.rawValue {
            heard(DeviceStatus(.offline, problem: Problem(.rendererMissing)), from: Self.rendererName)
        }
        for device in configuration.devices where configuration.workerInstance(of: device) == instance {
            heard(
                DeviceStatus(
                    .offline,
                    problem: Problem(
                        device.role.missing, device: device.name, evidence: WorkerFailure.workerLost.evidence)),
                from: device.name)
        }
    }

    private func hear(_ event: WorkerEvent) {
        switch event {
        case .status(let device, let status):
            heard(status, from: device)
        case .cardPresented:
            handle(.cardPresented)
        case .cardRead(_, let document):
            handle(.cardRead(document))
        case .cardFailed(let device, let problem):
            logger.notice(
                "a card could not be read",
                metadata: ["device": "\(device)", "code": "\(problem.code)", "evidence": "\(problem.evidence)"])
            handle(.cardFailed(problem.code))
        case .cardRemoved:
            handle(.cardRemoved)
        case .scanStarted:
            handle(.scanStarted)
        case .scanProgress:
            break
        case .slipTaken:
            handle(.slipTaken)
        case .codeRead(_, let text):
            handle(.codeRead(text))
        }
    }

    private func heard(_ status: DeviceStatus, from device: String) {
        let before = watch.entries[device]?.latest
        let told = watch.heard(status, from: device, at: now)
        if before?.state != status.state || before?.problem != status.problem {
            logger.notice(
                "device",
                metadata: [
                    "device": "\(device)", "state": "\(status.state.rawValue)",
                    "code": "\(status.problem?.code.rawValue ?? "-")", "evidence": "\(status.problem?.evidence ?? "-")",
                ])
            noteDevice(device, status)
        }
        if let told { handle(.device(told.0, told.1)) }
        setTimer()
    }

    /// The one device of this role, if the kiosk has one.
    func device(_ role: DeviceRole) -> ConfiguredDevice? { configuration.devices.first { $0.role == role } }
}

extension DeviceRole {
    /// The problem of a device of this role that is not there.
    var missing: ProblemCode {
        switch self {
        case .cardReader: .readerMissing
        case .scanner: .scannerMissing
        case .receiptPrinter: .printerMissing
        case .documentPrinter: .documentPrinterMissing
        case .codeReader: .codeReaderMissing
        case .renderer: .rendererMissing
        }
    }
}

extension WorkerFailure {
    /// What is known of it, for a technician; with the word `worker` the catalogue tells a process that ended from a device that
    /// is at fault.
    var evidence: String {
        switch self {
        case .problem(let problem): problem.evidence
        case .workerLost: "its worker process ended"
        case .deadlinePassed: "its worker did not answer in time"
        case .notUnderstood(let what): "its worker answered something else: \(what)"
        case .cancelled: "it was called off"
        }
    }
}
