import DeviceKit
import Logging
import Scanners

#if canImport(Glibc)
    import Glibc
#endif

await WorkerProgram.main(.scan) { port, _ in
    let logger = Logger(label: "kiosk-worker-scan") { StreamLogHandler.standardError(label: $0) }
    return ScanHandler(port: port, logger: logger) {
        // A backend that hangs is got rid of with its process; the core starts a new one.
        logger.error("the SANE backend does not let go of a scan")
        exit(70)
    }
}
