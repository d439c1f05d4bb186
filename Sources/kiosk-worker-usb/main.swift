import DeviceKit
import Logging

LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }

await WorkerProgram.main(.usb) { port, _ in
    USBWorker(port: port, logger: Logger(label: "kiosk-worker-usb"))
}
