import DeviceKit
import Foundation
import HallModel
import Logging
import NIOCore
import Synchronization
import TestSupport

@testable import DocumentPrinters

#if canImport(Glibc)
    import Glibc
#endif

/// PDFs of drawn pages.
enum DrawnPDF {
    static func pages(_ count: Int) -> ByteBuffer {
        var objects = ["<</Type/Catalog/Pages 2 0 R>>"]
        let kids = (0..<count).map { "\(3 + 2 * $0) 0 R" }.joined(separator: " ")
        objects.append("<</Type/Pages/Kids[\(kids)]/Count \(count)>>")
        for page in 0..<count {
            objects.append(
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents \(4 + 2 * page) 0 R/Resources<<>>>>")
            let drawing = "100 \(100 + 40 * page) 200 200 re f"
            objects.append("<</Length \(drawing.utf8.count)>>stream\n\(drawing)\nendstream")
        }
        var text = "%PDF-1.4\n"
        var offsets: [Int] = []
        for (index, object) in objects.enumerated() {
            offsets.append(text.utf8.count)
            text += "\(index + 1) 0 obj\n\(object)\nendobj\n"
        }
        let table = text.utf8.count
        text += "xref\n0 \(objects.count + 1)\n0000000000 65535 f \n"
        for offset in offsets {
            let digits = String(offset)
            text += String(repeating: "0", count: 10 - digits.count) + digits + " 00000 n \n"
        }
        text += "trailer<</Size \(objects.count + 1)/Root 1 0 R>>\nstartxref\n\(table)\n%%EOF\n"
        return ByteBuffer(string: text)
    }
}

/// A driver at work, and all that it told.
final class PrinterUnderTest: Sendable {
    let printer: DocumentPrinter
    private let told = Mutex<[DeviceStatus]>([])
    private let running = Mutex<Task<Void, Never>?>(nil)

    init(_ address: String, cupsSocket: String? = nil, settings: DocumentPrinterSettings = .quick) throws {
        let sink = Sink()
        var logger = Logger(label: "printer")
        logger.logLevel = .critical
        guard let place = DeviceAddress(address),
            let printer = DocumentPrinter(
                device: "a4", address: place, settings: settings, cupsSocket: cupsSocket, logger: logger,
                report: { sink.take($0) })
        else { throw TestFailure("\(address) is no address of a document printer") }
        self.printer = printer
        sink.test = { [weak self] status in self?.told.withLock { $0.append(status) } }
        running.withLock { $0 = Task { await printer.run() } }
    }

    var statuses: [DeviceStatus] { told.withLock { $0 } }
    var last: DeviceStatus? { statuses.last }

    func becomes(
        _ what: String, within limit: Duration = .seconds(8), _ condition: @Sendable (DeviceStatus) -> Bool
    ) async throws {
        do {
            try await eventually(what, within: limit, every: .milliseconds(10)) { self.last.map(condition) == true }
        } catch {
            throw TestFailure("\(error); it was \(statuses.suffix(4))")
        }
    }

    func print(pages: Int = 3, job: DocumentJob? = nil) async -> PrintOutcome {
        await printer.print(job ?? .next(pages: pages), DrawnPDF.pages(pages))
    }

    func stop() async {
        let task = running.withLock { $0 }
        task?.cancel()
        await task?.value
    }

    private final class Sink: Sendable {
        private let handler = Mutex<(@Sendable (DeviceStatus) -> Void)?>(nil)
        var test: (@Sendable (DeviceStatus) -> Void)? {
            get { handler.withLock { $0 } }
            set { handler.withLock { $0 = newValue } }
        }
        func take(_ event: WorkerEvent) {
            if case .status(_, let status) = event { test?(status) }
        }
    }
}

extension DocumentJob {
    static func next(pages: Int) -> DocumentJob {
        guard let id = ItemID(rawValue: UUID().uuidString.lowercased()) else { preconditionFailure("a UUID is an id") }
        return DocumentJob(id: id, pages: pages)
    }
}

extension DocumentPrinterSettings {
    /// As usual, and in a hurry.
    static var quick: DocumentPrinterSettings {
        var settings = DocumentPrinterSettings()
        settings.jobPollMilliseconds = 50
        settings.pollMilliseconds = 200
        settings.requestTimeoutMilliseconds = 3_000
        settings.printTimeoutMilliseconds = 20_000
        return settings
    }
}

/// Takes connections and reads nothing: what "a printer" at port 9100 is when it hangs.
final class DeafListener: Sendable {
    let port: Int
    private let descriptor: CInt

    init() throws {
        port = try HallUnderTest.freePort()
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        // The kernel accepts what waits in the backlog.
        guard bound, listen(descriptor, 8) == 0 else { throw TestFailure("no listener on \(port)") }
    }

    func stop() { close(descriptor) }
}

extension CupsServer {
    func addQueue(_ name: String, to eve: EvePrinter) async throws {
        try await addQueue(name, to: "ipp://localhost:\(eve.port)/ipp/print")
    }
}
