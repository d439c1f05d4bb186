import NIOCore
import Synchronization

/// An ESC/POS receipt printer on TCP: 80 mm paper, 576 dots, moving at a real printer's speed.
///
/// `start()` before use and `stop()` afterwards; everything else may be called at any time, from anywhere.
public final class EmulatedReceiptPrinter: Sendable {
    struct Shell {
        var core = ReceiptPrinterCore()
        var connections: [Int: any Channel] = [:]
        /// Bytes that did not fit into the receive buffer yet; their connections are not read meanwhile.
        var held: [Int: ArraySlice<UInt8>] = [:]
        var nextConnection = 1
        var isTicking = false
        var lastTick = NIODeadline.now()
        var dotsOwed = 0.0
    }

    static let connectionLimit = 4
    private let shell = Mutex(Shell())
    private let listener: LoopbackListener
    private let dotsPerSecond: Double
    private let cable = Cable()
    private let onChange: @Sendable () -> Void

    /// - Parameters:
    ///   - port: 0 takes any free one. Throws `EmulatorError.portTaken`.
    ///   - speedFactor: 1 is 200 mm a second; 0 is as fast as the bytes come.
    public init(port: Int = 0, speedFactor: Double = 1, onChange: @escaping @Sendable () -> Void = {}) throws {
        listener = try LoopbackListener(port: port)
        dotsPerSecond = speedFactor > 0 ? 200 * 8 * speedFactor : 1e9
        self.onChange = onChange
    }

    /// On 127.0.0.1; kept while the printer is off or its cable out.
    public var port: Int { listener.port }

    /// `127.0.0.1:PORT`
    public var address: String { "127.0.0.1:\(port)" }

    /// Begins to listen, unless the cable is out.
    /// - Throws: `EmulatorError.portTaken` when another program listens there; NIO's error when it cannot listen for
    ///   another reason.
    public func start() async throws { try await open() }

    /// Ends port and connections.
    public func stop() async {
        await listener.close()
        closeConnections()
    }

    // MARK: What people do to it

    /// What is on the roll. A new roll after `out` tears off what hung from the old one; what waits goes on to the new
    /// one.
    public func setPaper(_ paper: ReceiptPaper) { change { $0.setPaper(paper) } }

    /// With an open cover it does not print.
    public func setCover(_ cover: ReceiptCover) { change { $0.setCover(cover) } }

    /// `error` shows at the next cut: it fails, and the printer stops. `ok` lets it go on.
    public func setCutter(_ cutter: ReceiptCutter) { change { $0.setCutter(cutter) } }

    /// Off: connections end, the port refuses, what waited is lost. On: the buffer is empty.
    public func setPower(_ on: Bool) async throws {
        change { core in
            core.setPower(on)
            return []
        }
        if on { try await open() } else { await leaveTheNetwork() }
    }

    /// What the cable does. While it is out, the printer prints what it has.
    public func setCable(_ fault: CableFault) async throws {
        cable.fault = fault
        if fault == .gone {
            await leaveTheNetwork()
        } else {
            if shell.withLock({ $0.core.isPowered }) { try await open() }
            for channel in shell.withLock({ Array($0.connections.values) }) {
                channel.pipeline.fireUserInboundEventTriggered(CableChanged())
            }
        }
        onChange()
    }

    /// Lets something happen once so much paper of a receipt has passed the head.
    public func setFault(_ fault: ReceiptPrinterFault, atMillimetres millimetres: Int) {
        change { core in
            core.faultAt = ReceiptPrinterSnapshot.FaultAt(millimetres: max(0, millimetres), fault: fault)
            return []
        }
    }

    /// Calls off what would have happened in the next receipt.
    public func clearFaultAt() {
        change { core in
            core.faultAt = nil
            return []
        }
    }

    /// Makes another model of it, set up as it comes from its maker. Paper, buffer and slips stay.
    public func setModel(_ model: ReceiptPrinterModel) {
        change { core in
            core.model = model
            return []
        }
    }

    /// Whether DLE EOT inside pictures is executed, as many real printers do.
    public func setExecutesRealTimeInsideData(_ on: Bool) {
        change { core in
            core.executesRealTimeInsideData = on
            return []
        }
    }

    /// Takes what lies in the slot or hangs there.
    public func takeSlip() { change { $0.takeSlip() } }

    // MARK: Only with the model `customKiosk`

    /// The printer draws a slip that nobody took back into the kiosk.
    public func drawBackSlip() { change { $0.drawBack() } }

    /// How the printer is set up; `presenting` holds again after it was switched on.
    public func setPresenter(
        presenting: SlipPresenting? = nil, leftSlip: LeftSlip? = nil, cutsPartially: Bool? = nil
    ) {
        change { core in
            if let presenting { core.presenter.setUp = presenting }
            if let leftSlip { core.presenter.leftSlip = leftSlip }
            if let cutsPartially { core.presenter.cutsPartially = cutsPartially }
            return core.report()
        }
    }

    /// Brings about or mends a condition; another model than `customKiosk` is not concerned. Mending a jam takes out
    /// the paper
    /// that was caught.
    public func set(_ condition: KioskPrinterCondition, _ isSo: Bool) { change { $0.set(condition, isSo) } }

    // MARK: For all

    /// A fresh printer: full roll, switched on, nothing printed.
    public func reset() async throws {
        shell.withLock { shell in
            shell.core = ReceiptPrinterCore()
            shell.held.removeAll()
        }
        cable.fault = .none
        closeConnections()
        try await open()
        onChange()
    }

    /// How printer and cable do at this moment.
    public var snapshot: ReceiptPrinterSnapshot {
        let fault = cable.fault
        return shell.withLock { $0.core.snapshot(connections: $0.connections.count, fault: fault) }
    }

    /// Slips that came out, oldest first; `current` is what hangs from the printer.
    public var slips: [SlipEntry] { shell.withLock { $0.core.slipEntries } }

    /// A slip as PNG, 576 pixels wide.
    public func slipPicture(_ id: String) -> [UInt8]? {
        shell.withLock { $0.core.strip(id) }?.png()
    }

    // MARK: Connections

    private func open() async throws {
        guard cable.fault != .gone else { return }
        try await listener.open { [weak self] channel in
            guard let self else { return channel.close() }
            return channel.eventLoop.makeCompletedFuture {
                let id = self.shell.withLock { shell -> Int? in
                    guard shell.connections.count < Self.connectionLimit else { return nil }
                    defer { shell.nextConnection += 1 }
                    shell.connections[shell.nextConnection] = channel
                    return shell.nextConnection
                }
                guard let id else { return channel.close(promise: nil) }
                try channel.pipeline.syncOperations.addHandlers([
                    CableHandler(cable: self.cable), PrinterConnection(printer: self, id: id),
                ])
                channel.closeFuture.whenComplete { [weak self] _ in self?.forget(id) }
                self.onChange()
            }
        }
    }

    private func forget(_ id: Int) {
        shell.withLock { shell in
            shell.connections[id] = nil
            shell.held[id] = nil
        }
        onChange()
    }

    private func leaveTheNetwork() async {
        await listener.close()
        closeConnections()
        onChange()
    }

    private func closeConnections() {
        let channels = shell.withLock { Array($0.connections.values) }
        for channel in channels { channel.close(promise: nil) }
    }

    /// Bytes from a connection. False when the buffer is full: the connection shall not be read until told.
    func received(_ bytes: [UInt8], from id: Int) -> Bool {
        let hasRoom = shell.withLock { shell in
            if shell.held[id] != nil {
                shell.held[id]? += bytes
                return false
            }
            let (taken, answers) = shell.core.receive(bytes[...], from: id)
            Self.deliver(answers, shell)
            guard taken < bytes.count, shell.core.isPowered else { return true }
            shell.held[id] = bytes[taken...]
            return false
        }
        startTicking()
        return hasRoom
    }

    private static func deliver(_ answers: [ReceiptPrinterCore.Answer], _ shell: Shell) {
        for answer in answers {
            let channels = answer.to.map { shell.connections[$0].map { [$0] } ?? [] } ?? Array(shell.connections.values)
            for channel in channels where channel.isWritable {
                channel.writeAndFlush(ByteBuffer(bytes: answer.bytes), promise: nil)
            }
        }
    }

    private func change(_ body: (inout ReceiptPrinterCore) -> [ReceiptPrinterCore.Answer]) {
        shell.withLock { shell in
            let answers = body(&shell.core)
            Self.deliver(answers, shell)
        }
        startTicking()
        onChange()
    }

    // MARK: Time

    private static let tick = TimeAmount.milliseconds(10)

    private func startTicking() {
        let begins = shell.withLock { shell in
            guard !shell.isTicking, Self.hasWork(shell) else { return false }
            shell.isTicking = true
            shell.lastTick = .now()
            shell.dotsOwed = 0
            return true
        }
        guard begins else { return }
        listener.eventLoop.scheduleTask(in: dotsPerSecond >= 1e9 ? .zero : Self.tick) { self.moveOn() }
    }

    private static func hasWork(_ shell: Shell) -> Bool {
        shell.core.isPowered && shell.core.condition.isOnline && !(shell.core.isIdle && shell.held.isEmpty)
    }

    private func moveOn() {
        let (goesOn, lostPower, roomFor) = shell.withLock { shell -> (Bool, Bool, [any Channel]) in
            let now = NIODeadline.now()
            let elapsed = Double((now - shell.lastTick).nanoseconds) / 1e9
            shell.lastTick = now
            // A late tick does not make the paper jump by more than 20 mm.
            shell.dotsOwed = min(shell.dotsOwed + elapsed * dotsPerSecond, dotsPerSecond >= 1e9 ? 20_000 : 160)
            if dotsPerSecond >= 1e9 { shell.dotsOwed = 20_000 }
            let dots = Int(shell.dotsOwed)
            shell.dotsOwed -= Double(dots)
            Self.deliver(shell.core.advance(dots: dots), shell)
            var resumed: [any Channel] = []
            for (id, bytes) in shell.held {
                let (taken, answers) = shell.core.receive(bytes, from: id)
                Self.deliver(answers, shell)
                shell.held[id] = taken == bytes.count ? nil : bytes.dropFirst(taken)
                if taken == bytes.count, let channel = shell.connections[id] { resumed.append(channel) }
            }
            let lostPower = shell.core.takeLostPower()
            if lostPower { shell.held.removeAll() }
            let goesOn = Self.hasWork(shell)
            shell.isTicking = goesOn
            return (goesOn, lostPower, resumed)
        }
        for channel in roomFor { channel.pipeline.fireUserInboundEventTriggered(PrinterHasRoom()) }
        if lostPower { Task { await leaveTheNetwork() } }
        if goesOn { listener.eventLoop.scheduleTask(in: dotsPerSecond >= 1e9 ? .zero : Self.tick) { self.moveOn() } }
        onChange()
    }
}

struct PrinterHasRoom: Sendable {}

/// One connection to the printer: reads a piece at a time, and waits while the printer's buffer is full.
final class PrinterConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let printer: EmulatedReceiptPrinter
    private let id: Int

    init(printer: EmulatedReceiptPrinter, id: Int) {
        self.printer = printer
        self.id = id
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if !printer.received(Array(buffer: unwrapInboundIn(data)), from: id) {
            context.channel.setOption(.autoRead, value: false).whenFailure { _ in }
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is PrinterHasRoom { context.channel.setOption(.autoRead, value: true).whenFailure { _ in } }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
