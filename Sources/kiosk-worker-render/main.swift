import DeviceKit
import Logging
import PageRendering

await WorkerProgram.main(.render) { _, _ in
    RenderHandler(
        logger: Logger(label: "kiosk-worker-render") { StreamLogHandler.standardError(label: $0) })
}
