import Foundation
import Hummingbird
import NIOCore
import Synchronization

/// An eSCL document scanner on loopback HTTP, with a feeder, a glass and an output tray.
///
/// `start()` before use and `stop()` afterwards; everything else may be called at any time, from anywhere.
public final class EmulatedScanner: Sendable {
    /// Longest picture that can be dropped into the tray, in bytes.
    public static let largestPicture = 32 << 20
    /// How long a page takes at 300 dpi, in seconds, at time scale 1.
    static let pageSeconds = 1.2
    static let slowPageSeconds = 20.0

    private let core = Mutex(ScannerCore())
    private let serial = Mutex(0)
    private let imager = SheetImager()
    private let server = Mutex<LoopbackHTTPServer?>(nil)
    private let cable = Mutex<FlakyProxy?>(nil)
    private let wishedPort: Int
    private let timeScale: Double
    private let onChange: @Sendable () -> Void

    /// - Parameters:
    ///   - port: 0 takes any free one.
    ///   - timeScale: 1 is the time a real scanner takes, 0 is at once.
    public init(port: Int = 0, timeScale: Double = 1, onChange: @escaping @Sendable () -> Void = {}) {
        wishedPort = port
        self.timeScale = timeScale
        self.onChange = onChange
    }

    /// Starts to serve. Throws `EmulatorError.portTaken`.
    public func start() async throws {
        // The HTTP server stands behind a cable that can be pulled, so that "gone" is a refused connection.
        let server = LoopbackHTTPServer(router: router())
        let inner = try await server.start(port: 0)
        self.server.withLock { $0 = server }
        let proxy = try FlakyProxy(port: wishedPort, targetHost: "127.0.0.1", targetPort: inner)
        try await proxy.start()
        cable.withLock { $0 = proxy }
    }

    /// Ends port, connections and scans.
    public func stop() async {
        await cable.withLock { $0 }?.stop()
        await server.withLock { $0 }?.stop()
    }

    /// `http://127.0.0.1:PORT/eSCL`
    public var url: String { "http://127.0.0.1:\(cable.withLock { $0?.port ?? 0 })/eSCL" }

    /// How the scanner does, and what lies where, at this moment.
    public var snapshot: ScannerSnapshot { core.withLock { $0.snapshot } }

    // MARK: Paper

    /// Where a sheet is laid.
    public enum Place: String, Sendable, Codable {
        /// Into the feeder, under those that lie there.
        case tray
        /// On the glass, in place of the one that lies there.
        case glass
    }

    /// Lays down one of the sample documents. Returns the sheet's id; throws when the feeder is full.
    @discardableResult
    public func lay(_ document: SampleDocument, on place: Place = .tray) throws -> String {
        try lay(name: document.name, .sample(document), place)
    }

    /// Lays down a picture, a JPEG or PNG, as a sheet of paper. Throws when it is neither, is too large, or when the
    /// feeder is full.
    @discardableResult
    public func lay(picture bytes: [UInt8], name: String = "放进来的图片", on place: Place = .tray) async throws -> String {
        guard bytes.count <= Self.largestPicture, let format = Self.format(bytes) else {
            throw EmulatorError.invalid("Only a JPEG or PNG of at most 32 MB can be laid into the tray.")
        }
        let probe = ScannerSheet(id: "probe", name: name, content: .picture(bytes, format))
        // Scanning it small shows whether it is a picture at all.
        _ = try await imager.jpeg(of: probe, resolution: 20, region: .a4, color: .gray)
        return try lay(name: name, probe.content, place)
    }

    private func lay(name: String, _ content: ScannerSheet.Content, _ place: Place) throws -> String {
        let number = serial.withLock { serial in
            serial += 1
            return serial
        }
        let sheet = ScannerSheet(id: "sheet-\(number)", name: name, content: content)
        let fits = core.withLock { core in
            guard place == .tray else {
                core.glass = sheet
                return true
            }
            return core.append(sheet)
        }
        guard fits else { throw EmulatorError.invalid("The feeder is full.") }
        onChange()
        return sheet.id
    }

    private static func format(_ bytes: [UInt8]) -> PictureFormat? {
        if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return .jpeg }
        return bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) ? .png : nil
    }

    /// Takes the sheets out of the feeder.
    public func emptyTray() { change { $0.emptyTray() } }

    /// Takes what came out of the feeder and what lies on the glass.
    public func takeOriginals() { change { $0.takeOriginals() } }

    /// Leaves a job of the feeder behind, as a client does that dies after it was created. Returns its address.
    public func leaveJob() -> String {
        let id = UUID().uuidString.lowercased()
        var settings = ESCLScanSettings()
        settings.source = .feeder
        change { _ = $0.createJob(settings, id: id, now: Self.now) }
        return "/eSCL/ScanJobs/\(id)"
    }

    /// Makes the scanner go wrong until another fault is set; `.none` mends it.
    /// - Throws: when its port is taken meanwhile.
    public func setFault(_ fault: ScannerFault) async throws {
        change { $0.fault = fault }
        try await cable.withLock { $0 }?.setMode(fault.cable)
    }

    /// No sheets, no jobs, no fault, nothing counted.
    /// - Throws: when its port is taken meanwhile.
    public func reset() async throws {
        change { core in
            core = ScannerCore()
        }
        try await cable.withLock { $0 }?.setMode(.ok)
    }

    /// A small picture of a sheet for the desk; `nil` when there is no such sheet.
    func thumbnail(_ sheetID: String) async throws -> [UInt8]? {
        guard let sheet = core.withLock({ $0.sheet(sheetID) }) else { return nil }
        return try await imager.jpeg(of: sheet, resolution: 40, region: .a4, color: .color)
    }

    func thumbnail(of document: SampleDocument) async throws -> [UInt8] {
        let sheet = ScannerSheet(id: document.rawValue, name: document.name, content: .sample(document))
        return try await imager.jpeg(of: sheet, resolution: 40, region: .a4, color: .color)
    }

    private func change(_ body: (inout ScannerCore) -> Void) {
        core.withLock { body(&$0) }
        onChange()
    }

    // MARK: eSCL

    private func router() -> Router<BasicRequestContext> {
        let router = Router()
        let root = router.group("eSCL")
        root.get("ScannerCapabilities") { _, _ in Self.xml(ESCLDocuments.capabilities) }
        root.get("ScannerStatus") { _, _ in
            let now = Self.now
            return self.core.withLock { core in
                core.abandonSilentJob(now: now)
                return Self.xml(ESCLDocuments.status(core, now: now))
            }
        }
        root.post("ScanJobs") { request, _ in try await self.createJob(request) }
        root.delete("ScanJobs/:job") { _, context in
            let id = try context.parameters.require("job")
            let known = self.core.withLock { $0.cancelJob(id) }
            self.onChange()
            return Response(status: known ? .ok : .notFound)
        }
        root.get("ScanJobs/:job/NextDocument") { _, context in
            try await self.nextDocument(context.parameters.require("job"))
        }
        return router
    }

    private func createJob(_ request: Request) async throws -> Response {
        let body = try await request.body.collect(upTo: ESCLScanSettings.longestDocument)
        guard let settings = try? ESCLScanSettings(xml: String(buffer: body)) else {
            return Response(status: .badRequest)
        }
        let id = UUID().uuidString.lowercased()
        let creation = core.withLock { $0.createJob(settings, id: id, now: Self.now) }
        onChange()
        switch creation {
        case .conflict: return Response(status: .conflict)
        case .busy: return Response(status: .serviceUnavailable, headers: [.retryAfter: "2"])
        case .created(let id):
            let host = request.head.authority ?? "127.0.0.1"
            return Response(status: .created, headers: [.location: "http://\(host)/eSCL/ScanJobs/\(id)"])
        }
    }

    private func nextDocument(_ id: String) async throws -> Response {
        switch core.withLock({ $0.nextDocument(id, now: Self.now) }) {
        case .noMore:
            onChange()
            return Response(status: .notFound)
        case .conflict:
            onChange()
            return Response(status: .conflict)
        case .busy: return Response(status: .serviceUnavailable, headers: [.retryAfter: "1"])
        case .page(let sheet, let settings):
            onChange()
            do {
                let jpeg = try await imager.jpeg(
                    of: sheet, resolution: settings.resolution, region: settings.region, color: settings.color)
                return Response(
                    status: .ok,
                    headers: [.contentType: "image/jpeg", .contentLocation: "/eSCL/ScanJobs/\(id)/NextDocument"],
                    body: body(of: jpeg, job: id, resolution: settings.resolution))
            } catch {
                core.withLock { $0.breakOffPage(id) }
                onChange()
                return Response(status: .internalServerError)
            }
        }
    }

    /// The picture goes out while the page moves: in pieces, over the time that a page takes.
    private func body(of jpeg: [UInt8], job: String, resolution: Int) -> ResponseBody {
        ResponseBody { [self] writer in
            let pieces = 24
            let length = (jpeg.count + pieces - 1) / pieces
            do {
                for piece in 0..<pieces where piece * length < jpeg.count {
                    let (mayContinue, fault) = core.withLock { ($0.mayContinue(job), $0.fault) }
                    guard mayContinue else { throw EmulatorError.invalid("The page does not get through.") }
                    if fault == .goneMidPage, piece == pieces / 2 {
                        change { $0.fault = .gone }
                        try await cable.withLock { $0 }?.setMode(.cut)
                        throw EmulatorError.invalid("The scanner is gone.")
                    }
                    let seconds =
                        fault == .slow
                        ? Self.slowPageSeconds : Self.pageSeconds * timeScale * Double(resolution) / 300
                    if seconds > 0 { try await Task.sleep(for: .seconds(seconds / Double(pieces))) }
                    let end = min(jpeg.count, (piece + 1) * length)
                    try await writer.write(ByteBuffer(bytes: jpeg[(piece * length)..<end]))
                }
                core.withLock { $0.finishPage(job, now: Self.now) }
                onChange()
                try await writer.finish(nil)
            } catch {
                core.withLock { $0.breakOffPage(job) }
                onChange()
                throw error
            }
        }
    }

    private static func xml(_ text: String) -> Response {
        Response(status: .ok, headers: [.contentType: "text/xml"], body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    private static var now: Double { ProcessInfo.processInfo.systemUptime }
}
