import Foundation
import NIOCore
import NIOHTTP1
import Synchronization

/// An A4 printer that speaks IPP over HTTP on loopback: a subset of IPP Everywhere (RFC 8010, RFC 8011, PWG 5100.14). It
/// takes PDF, JPEG and PWG Raster, and lays sheets into its output tray one after another, in a real printer's time.
///
/// `start()` before use and `stop()` afterwards; everything else may be called at any time, from anywhere.
public final class EmulatedDocumentPrinter: Sendable {
    struct Shell {
        var core: DocumentPrinterCore
        var store = DocumentStore()
        var fault = DocumentPrinterFault.none
        /// Answers that the fault will still spoil; `nil`: all.
        var remaining: Int?
        var connections: [ObjectIdentifier: any Channel] = [:]
        var reading: [Int: Task<Void, Never>] = [:]
        var timer: Scheduled<Void>?
        var noise = DeterministicNoise(seed: "document printer")
    }

    static let connectionLimit = 16
    private let shell: Mutex<Shell>
    private let listener: LoopbackListener
    private let renderer = DocumentRenderer()
    private let timeScale: Double
    private let onChange: @Sendable () -> Void

    /// - Parameters:
    ///   - port: 0 takes any free one. Throws `EmulatorError.portTaken`.
    ///   - timeScale: 1 is 25 pages a minute, 0 is at once.
    ///   - onChange: called on any thread after something visible changed.
    public init(port: Int = 0, timeScale: Double = 1, onChange: @escaping @Sendable () -> Void = {}) throws {
        listener = try LoopbackListener(port: port)
        self.timeScale = timeScale
        self.onChange = onChange
        shell = Mutex(Shell(core: DocumentPrinterCore(timeScale: timeScale, now: Self.now)))
    }

    /// On 127.0.0.1; kept while the printer is off.
    public var port: Int { listener.port }

    /// `ipp://127.0.0.1:PORT/ipp/print`
    public var url: String { "ipp://127.0.0.1:\(port)/ipp/print" }

    /// Begins to listen.
    /// - Throws: `EmulatorError.portTaken` when another program listens there; NIO's error when it cannot listen for
    ///   another reason.
    public func start() async throws { try await open() }

    /// Ends connections, port and the reading of documents; returns when all of it has ended.
    public func stop() async {
        await listener.close()
        closeConnections()
        let tasks = shell.withLock { shell in
            shell.timer?.cancel()
            defer { shell.reading.removeAll() }
            return Array(shell.reading.values)
        }
        for task in tasks {
            task.cancel()
            await task.value
        }
    }

    // MARK: What people do to it

    /// Puts so many sheets into the tray, 0 to 250.
    public func setPaper(_ sheets: Int) { change { core, now in core.setPaper(sheets, now: now) } }

    /// Exchanges or uses up the cartridge.
    public func setToner(_ toner: DocumentPrinterToner) { change { core, now in core.setToner(toner, now: now) } }

    /// Brings about or mends a condition. Who frees the path of the paper takes the sheet out: it is printed again.
    public func set(_ condition: DocumentPrinterCondition, _ isSo: Bool) {
        change { core, now in core.set(condition, isSo, now: now) }
    }

    /// Whether it tells the truth from now on about what it printed.
    public func setHonesty(_ honesty: DocumentPrinterHonesty) { change { core, _ in core.honesty = honesty } }

    /// Whether jobs that are over are forgotten at once, so that asking for them is answered "not found".
    public func setForgetsJobs(_ forgets: Bool) { change { core, _ in core.forgetsJobs = forgets } }

    /// Whether reasons carry `-error` and `-warning`.
    public func setNamesSeverity(_ names: Bool) { change { core, _ in core.namesSeverity = names } }

    /// Lets something happen once so many more sheets have come out; `nil` calls it off.
    public func setEvent(_ event: DocumentPrinterSnapshot.EventAfter?) {
        change { core, _ in core.eventAfter = event }
    }

    /// Ends the job that prints, as if at the printer's panel, or because the printer gives up. False when none prints.
    @discardableResult
    public func endActiveJob(canceled: Bool) -> Bool {
        var hasEnded = false
        change { core, now in
            guard let job = core.activeJob else { return }
            hasEnded = core.end(
                job.id, canceled ? .canceled : .aborted, canceled ? "job-canceled-at-device" : "aborted-by-system",
                now: now)
            core.advance(now: now)
        }
        return hasEnded
    }

    /// Takes what lies in the output tray.
    public func takePapers() { change { core, now in core.takePapers(now: now) } }

    /// Off: connections end, the port refuses, jobs are forgotten. On: `printer-up-time` and job ids begin anew.
    public func setPower(_ on: Bool) async throws {
        change { core, now in core.setPower(on, now: now) }
        if on, shell.withLock({ $0.fault != .gone }) { try await open() } else { await leaveTheNetwork() }
    }

    /// Makes answers go wrong, for `count` of them or until told otherwise.
    public func setFault(_ fault: DocumentPrinterFault, count: Int? = nil) async throws {
        let isOn = shell.withLock { shell in
            shell.fault = fault
            shell.remaining = fault == .gone ? nil : count
            shell.core.isSlow = fault == .slow
            return shell.core.isPowered
        }
        change { _, _ in }
        if fault == .gone { await leaveTheNetwork() } else if isOn { try await open() }
    }

    /// A fresh printer: full tray, switched on, nothing printed, no jobs.
    public func reset() async throws {
        shell.withLock { shell in
            shell.core = DocumentPrinterCore(timeScale: timeScale, now: Self.now)
            shell.store.keepOnly([])
            shell.fault = .none
            shell.remaining = nil
        }
        closeConnections()
        try await open()
        change { _, _ in }
    }

    /// How the printer does at this moment.
    public var snapshot: DocumentPrinterSnapshot {
        let now = Self.now
        return shell.withLock { shell in
            let core = shell.core
            return DocumentPrinterSnapshot(
                state: "\(core.state)", reasons: core.reasons, power: core.isPowered ? "on" : "off",
                paper: core.paper, toner: core.toner,
                conditions: DocumentPrinterCondition.allCases.filter(core.conditions.contains), fault: shell.fault,
                remaining: shell.remaining, honesty: core.honesty, forgetsJobs: core.forgetsJobs,
                namesSeverity: core.namesSeverity, eventAfter: core.eventAfter, jobs: core.jobs.map(\.entry),
                output: core.output, sheetInPath: core.underWay != nil, sheetsPrinted: core.sheetsPrinted,
                connections: shell.connections.count, upTimeSeconds: core.upTime(now: now),
                identified: core.identified)
        }
    }

    /// One side of a sheet that came out, as JPEG; `nil` when there is no such sheet or side.
    ///
    /// - Parameter resolution: dots per inch, 20 to 300; none: a small picture.
    public func picture(ofSheet id: String, side: Int = 0, resolution: Int? = nil) async throws -> [UInt8]? {
        let found = shell.withLock { shell -> (DocumentStore.Document, Int)? in
            guard let sheet = shell.core.sheet(id), sheet.pages.indices.contains(side),
                let document = shell.store.documents[sheet.document]
            else { return nil }
            return (document, sheet.pages[side])
        }
        guard let (document, page) = found else { return nil }
        guard let resolution else {
            return document.thumbnails.indices.contains(page - 1) ? document.thumbnails[page - 1] : nil
        }
        return try await renderer.page(page, of: document, resolution: max(20, min(resolution, 300)))
    }

    /// The document that a sheet was printed from, as it was received.
    public func document(ofSheet id: String) -> [UInt8]? {
        shell.withLock { shell in
            shell.core.sheet(id).flatMap { shell.store.documents[$0.document]?.bytes }
        }
    }

    // MARK: Requests

    /// What becomes of a request that has arrived whole.
    func answer(_ body: [UInt8], authority: String) -> DocumentPrinterReply {
        let now = Self.now
        let (reply, read) = shell.withLock { shell -> (DocumentPrinterReply, (@Sendable () -> Void)?) in
            // A request may have arrived before its connection's end.
            guard shell.core.isPowered, shell.fault != .gone else { return (.hangUp, nil) }
            let fault = Self.useFault(&shell)
            switch fault {
            case .silent: return (.silence, nil)
            case .status500: return (.status(.internalServerError), nil)
            case .status503: return (.status(.serviceUnavailable), nil)
            default: break
            }
            let number = shell.store.nextNumber
            let service = IPPService(authority: authority, now: now, date: Date())
            var (message, effect) = service.answer(body[...], &shell.core, nextDocument: number)
            var read: (@Sendable () -> Void)?
            if case .document(let number, _, _, let data) = effect {
                read = keep(data, number, &shell)
            }
            if fault == .wrongRequestID { message.requestID &+= 1 }
            return (Self.spoil(message.bytes, fault, &shell), read)
        }
        read?()
        settle()
        onChange()
        return reply
    }

    private static func useFault(_ shell: inout Shell) -> DocumentPrinterFault {
        let fault = shell.fault
        if let left = shell.remaining, fault != .none {
            shell.remaining = left > 1 ? left - 1 : nil
            if left <= 1 {
                shell.fault = .none
                shell.core.isSlow = false
            }
        }
        return fault
    }

    private static func spoil(
        _ bytes: [UInt8], _ fault: DocumentPrinterFault, _ shell: inout Shell
    ) -> DocumentPrinterReply {
        switch fault {
        case .garbled:
            return .message(shell.noise.garble(bytes, oneIn: 20), isLate: false)
        case .badBytes: return .message(shell.noise.bytes(200), isLate: false)
        case .truncated: return .truncated(bytes)
        case .endless: return .endless(bytes)
        default: return .message(bytes, isLate: fault == .slow)
        }
    }

    /// Stores a document; the result reads it.
    private func keep(_ data: ArraySlice<UInt8>, _ number: Int, _ shell: inout Shell) -> (@Sendable () -> Void) {
        guard let format = DocumentFormat(data) else {
            shell.store.add(DocumentStore.Document(format: .pdf, bytes: []))
            return { [weak self] in self?.change { core, now in core.documentRefused(number, now: now) } }
        }
        let document = DocumentStore.Document(format: format, bytes: Array(data))
        shell.store.add(document)
        let task = Task { [weak self, renderer] in
            let thumbnails = try? await renderer.thumbnails(document)
            self?.haveRead(number, thumbnails)
        }
        shell.reading[number] = task
        return {}
    }

    private func haveRead(_ number: Int, _ thumbnails: [[UInt8]]?) {
        change { core, now in
            if let thumbnails {
                core.documentRead(number, pages: thumbnails.count, now: now)
            } else {
                core.documentRefused(number, now: now)
            }
        } store: { store in
            store.setThumbnails(thumbnails ?? [], of: number)
        }
        shell.withLock { _ = $0.reading.removeValue(forKey: number) }
    }

    // MARK: Time

    static var now: Double { ProcessInfo.processInfo.systemUptime }

    private func change(
        _ body: (inout DocumentPrinterCore, Double) -> Void, store: (inout DocumentStore) -> Void = { _ in }
    ) {
        shell.withLock { shell in
            store(&shell.store)
            body(&shell.core, Self.now)
            shell.core.advance(now: Self.now)
        }
        settle()
        onChange()
    }

    /// Drops documents that nothing shows, switches off what lost power, and sets the clock for the next sheet.
    private func settle() {
        let hasLostPower = shell.withLock { shell in
            shell.store.keepOnly(shell.core.documentsInUse)
            shell.timer?.cancel()
            shell.timer = shell.core.nextDue.map { due in
                let nanoseconds = Int64(max(0, due - Self.now) * 1e9) + 1_000_000
                return listener.eventLoop.scheduleTask(in: .nanoseconds(nanoseconds)) { [weak self] in
                    self?.change { _, _ in }
                }
            }
            return shell.core.takeLostPower()
        }
        guard hasLostPower else { return }
        closeConnections()
        Task { await leaveTheNetwork() }
    }

    // MARK: Connections

    private func open() async throws {
        try await listener.open { [weak self] channel in
            guard let self else { return channel.close() }
            return channel.eventLoop.makeCompletedFuture {
                let id = ObjectIdentifier(channel)
                let isWelcome = self.shell.withLock { shell in
                    // The listener ends a moment after the power did.
                    guard shell.core.isPowered, shell.fault != .gone, shell.connections.count < Self.connectionLimit
                    else { return false }
                    shell.connections[id] = channel
                    return true
                }
                guard isWelcome else { return channel.close(promise: nil) }
                channel.closeFuture.whenComplete { [weak self] _ in
                    self?.shell.withLock { _ = $0.connections.removeValue(forKey: id) }
                    self?.onChange()
                }
                try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                try channel.pipeline.syncOperations.addHandler(DocumentPrinterConnection(printer: self))
                self.onChange()
            }
        }
    }

    private func leaveTheNetwork() async {
        await listener.close()
        closeConnections()
        onChange()
    }

    private func closeConnections() {
        for channel in shell.withLock({ Array($0.connections.values) }) { channel.close(promise: nil) }
    }

    /// Whether the printer keeps silent; then it does not even ask for a body.
    var isSilent: Bool { shell.withLock { $0.fault == .silent } }
}
