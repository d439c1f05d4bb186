import DeviceKit
import Logging
import Scanners

#if canImport(Glibc)
    import Glibc
#endif

await WorkerProgram.main(.scan) { port, _ in
    let logger = Logger(label: "kiosk-worker-scan") { StreamLogHandler.standardError(label: $0) }
    return ScanHandler(port: port, logger: logger) {
        // A backend that hangs is got rid of with its process; the core starts a new one. It may hold any lock, that of the
        // logger and of `exit` too: only system calls from here on.
        let sentence: StaticString = "kiosk-worker-scan: the SANE backend does not let go; the worker ends itself\n"
        _ = write(STDERR_FILENO, sentence.utf8Start, sentence.utf8CodeUnitCount)
        _exit(70)
    }
}
