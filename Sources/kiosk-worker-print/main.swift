import DeviceKit
import DocumentPrinters
import Logging

await WorkerProgram.main(.print) { port, _ in
    PrintHandler(port: port, logger: Logger(label: "kiosk-worker-print") { StreamLogHandler.standardError(label: $0) })
}
