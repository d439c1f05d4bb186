import CSANE
import DeviceKit
import NIOCore

#if canImport(Glibc)
    import Glibc
#endif

/// Why no page came.
enum ScanFailure: Error, Equatable {
    /// SANE said so, after `rows` rows.
    case sane(SANEError, rows: Int, expected: Int?)
    case brokenOff(ScanBreaker.Reason)
    /// The feeder's earlier job had no page left; the next scan begins a new one.
    case feederJobEnded
    /// The backend called it a success and gave nothing.
    case nothing
    case other(String)
}

/// One scanner through libsane: opened by its fixed name, kept open, opened anew after a failure. Lives on the SANE
/// thread.
actor SANESession {
    private let thread = LibraryThread()
    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    private let address: ScannerAddress
    private let settings: ScannerSettings
    private let onStuck: @Sendable () -> Void
    private var device: SANEDevice?
    /// A scan failed, and the backend still has to be told.
    private var lettingGo = LettingGo.nothing
    private enum LettingGo { case nothing, cancel, close }
    /// A feeder's job goes on: the backend may hold pages that the scanner drew ahead.
    private(set) var holdsPages = false

    /// - Parameter onStuck: called when a call that nothing can break off (opening, cancelling, closing) hangs.
    init(_ address: ScannerAddress, _ settings: ScannerSettings, onStuck: @escaping @Sendable () -> Void) {
        self.address = address
        self.settings = settings
        self.onStuck = onStuck
    }

    /// How long a call may take that nothing can break off. Backends wait for threads of their own there, and some wait
    /// for ever.
    private static let patience = (opening: Duration.seconds(30), lettingGo: Duration.seconds(5))

    private func bounded<Value>(_ limit: Duration, _ call: () throws -> Value) rethrows -> Value {
        let impatience = Impatience(after: limit, onStuck)
        defer { impatience.end() }
        return try call()
    }

    /// Opens the device where it is not open, and sets it up.
    func open() throws(ScanFailure) { _ = try opened() }

    /// Does what a failed scan left to be done. Apart from the scan, because it may hang: a backend waits for its reading
    /// thread to end, and some of them never do. The person must hear of the jam all the same.
    func letGo() {
        switch lettingGo {
        case .nothing: return
        case .cancel: bounded(Self.patience.lettingGo) { device?.cancel() }
        case .close:
            bounded(Self.patience.lettingGo) { device?.cancel() }
            close()
        }
        lettingGo = .nothing
    }

    /// Lets go of the device.
    func close() {
        lettingGo = .nothing
        bounded(Self.patience.lettingGo) { device?.close() }
        device = nil
        holdsPages = false
        Self.restoreSignals()
    }

    /// Ends a feeder's job and drops what was drawn ahead.
    ///
    /// By closing the device: after a mere `sane_cancel` sane-airscan 0.99.27 still hands out the page that it had
    /// fetched, as the first of the next job.
    /// - Returns: whether there was a job.
    func dropPages() -> Bool {
        letGo()
        guard holdsPages else { return false }
        bounded(Self.patience.lettingGo) { device?.cancel() }
        close()
        return true
    }

    /// Scans one page, the next one of a feeder.
    /// - Parameter onRows: called on the SANE thread with the first rows, and then at most ten times a second.
    func scan(
        _ breaker: ScanBreaker, onRows: @Sendable (ScanPace.Rows) -> Void
    ) throws(ScanFailure) -> (ScannedPage, ByteBuffer) {
        let device: SANEDevice
        do throws(ScanFailure) { device = try opened() } catch {
            breaker.scanEnded()
            throw error
        }
        breaker.scanBegins(on: device.handle)
        defer { Self.restoreSignals() }
        do throws(ScanFailure) {
            let page = try draw(from: device, breaker, onRows)
            breaker.scanEnded()
            return page
        } catch {
            breaker.scanEnded()
            // A feeder's backend may hold pages of the job that failed; they must not begin the next one.
            let isSpoilt = Self.spoilsDevice(error) || (holdsPages && error != .feederJobEnded)
            lettingGo = isSpoilt ? .close : .cancel
            holdsPages = false
            throw error
        }
    }

    /// After a fault of transport or backend the open handle is worth nothing; a jam or an empty feeder leaves it
    /// well.
    private static func spoilsDevice(_ failure: ScanFailure) -> Bool {
        switch failure {
        case .sane(let error, _, _):
            ![SANE_STATUS_NO_DOCS, SANE_STATUS_JAMMED, SANE_STATUS_COVER_OPEN, SANE_STATUS_DEVICE_BUSY]
                .contains(error.status)
        case .feederJobEnded: false
        case .brokenOff, .nothing, .other: true
        }
    }

    // MARK: - Opening

    private func opened() throws(ScanFailure) -> SANEDevice {
        letGo()
        if let device { return device }
        defer { Self.restoreSignals() }
        do {
            let device = try bounded(Self.patience.opening) {
                let device = try SANEDevice(address)
                do {
                    try setUp(device)
                } catch {
                    device.close()
                    throw error
                }
                return device
            }
            self.device = device
            return device
        } catch let error as SANEError {
            throw .sane(error, rows: 0, expected: nil)
        } catch {
            throw .other("the configuration for SANE cannot be written: \(type(of: error))")
        }
    }

    /// Source first: everything else may depend on it. The area last: it depends on all.
    private func setUp(_ device: SANEDevice) throws(SANEError) {
        if let source = settings.source { try device.set(SANE_NAME_SCAN_SOURCE, to: source) }
        try device.set(SANE_NAME_SCAN_MODE, to: settings.mode)
        for (name, value) in settings.options.sorted(by: { $0.key < $1.key }) { try device.set(name, to: value) }
        try device.set(SANE_NAME_SCAN_RESOLUTION, to: Double(settings.resolution))
        // A4, or as much of it as the scanner has.
        for (name, millimetres) in [
            (SANE_NAME_SCAN_TL_X, 0.0), (SANE_NAME_SCAN_TL_Y, 0), (SANE_NAME_SCAN_BR_X, 210),
            (SANE_NAME_SCAN_BR_Y, 297),
        ] {
            let isPixels = device.options[name]?.unit == SANE_UNIT_PIXEL
            let resolution = device.number(SANE_NAME_SCAN_RESOLUTION) ?? Double(settings.resolution)
            try device.set(name, to: isPixels ? (millimetres * resolution / 25.4).rounded() : millimetres)
        }
    }

    /// libsane replaces the handlers of SIGTERM and SIGPIPE with every scan.
    private static func restoreSignals() {
        signal(SIGPIPE, SIG_IGN)
        signal(SIGTERM, SIG_DFL)
    }

    // MARK: - Drawing

    private func draw(
        from device: SANEDevice, _ breaker: ScanBreaker, _ onRows: @Sendable (ScanPace.Rows) -> Void
    ) throws(ScanFailure) -> (ScannedPage, ByteBuffer) {
        let usesFeeder = device.string(SANE_NAME_SCAN_SOURCE).map(SANEOption.namesFeeder) ?? false
        try start(device, breaker)
        var raster = try raster(device)
        let resolution = Int((device.number(SANE_NAME_SCAN_RESOLUTION) ?? Double(settings.resolution)).rounded())
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
        defer { buffer.deallocate() }
        var isLastFrame = false
        var pace = ScanPace()
        repeat {
            isLastFrame = try attempt(raster, breaker) { try device.parameters() }.last_frame != 0
            while case let count = try attempt(raster, breaker, { try device.read(into: buffer) }), count > 0 {
                do { try raster.append(UnsafeRawBufferPointer(rebasing: buffer[..<count])) } catch {
                    throw .other("the scanner's image: \(error)")
                }
                if let rows = pace.rows(raster.rowsReceived, of: raster.rowsExpected, at: .now) { onRows(rows) }
            }
            if !isLastFrame {
                try attempt(raster, breaker) { try device.start() }
                let parameters = try attempt(raster, breaker) { try device.parameters() }
                do { try raster.beginFrame(parameters) } catch { throw .other("the scanner's image: \(error)") }
            }
        } while !isLastFrame
        guard raster.rowsReceived > 0 else { throw .nothing }
        // A feeder's job stays open: ending it here would drop pages that the scanner has drawn ahead.
        holdsPages = usesFeeder
        // From here on nothing blocks that a request could end, and no two may cancel at once.
        breaker.scanEnded()
        if !usesFeeder { bounded(Self.patience.lettingGo) { device.cancel() } }
        return try finish(raster, resolution)
    }

    /// Starts a page. The end of a feeder's earlier job says nothing of the paper that lies there now.
    private func start(_ device: SANEDevice, _ breaker: ScanBreaker) throws(ScanFailure) {
        do throws(ScanFailure) {
            try attempt(nil, breaker) { try device.start() }
        } catch .sane(let error, _, _) where holdsPages && error.status == SANE_STATUS_NO_DOCS {
            throw .feederJobEnded
        }
    }

    private func raster(_ device: SANEDevice) throws(ScanFailure) -> PageRaster {
        do {
            return try PageRaster(try device.parameters())
        } catch let error as SANEError {
            throw .sane(error, rows: 0, expected: nil)
        } catch {
            throw .other("the scanner's image: \(error)")
        }
    }

    /// One call that may block; a request to break off wins over whatever it ends with.
    @discardableResult
    private func attempt<Value>(
        _ raster: PageRaster?, _ breaker: ScanBreaker, _ call: () throws -> Value
    ) throws(ScanFailure) -> Value {
        if let reason = breaker.reason { throw .brokenOff(reason) }
        let result = Result { try call() }
        if let reason = breaker.reason { throw .brokenOff(reason) }
        switch result {
        case .success(let value): return value
        case .failure(let error as SANEError):
            throw .sane(error, rows: raster?.rowsReceived ?? 0, expected: raster?.rowsExpected)
        case .failure(let error): throw .other("\(type(of: error))")
        }
    }

    private func finish(
        _ raster: PageRaster, _ resolution: Int
    ) throws(ScanFailure) -> (ScannedPage, ByteBuffer) {
        do {
            let jpeg = try PageEncoder.encode(
                raster.pixels, width: raster.width, rows: raster.rowsReceived, channels: raster.channels)
            return (
                ScannedPage(
                    widthPixels: raster.width, heightPixels: raster.rowsReceived, dotsPerInch: resolution,
                    rowsExpected: raster.rowsExpected, rowsReceived: raster.rowsReceived), jpeg
            )
        } catch {
            throw .other("encoding the page: \(error.cause)")
        }
    }
}
