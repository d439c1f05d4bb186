import ByteTransports
import DeviceKit
import HallModel
import Logging
import Synchronization
import TestSupport

@testable import ReceiptPrinters

extension VirtualTime {
    var clock: DeviceClock {
        DeviceClock(
            now: { self.now },
            sleep: {
                try self.advance($0)
                try await Task.sleep(for: .milliseconds(1))
            },
            today: { CalendarDate(compact: "20260315")! })
    }
}

/// A printer in memory, in virtual time: takes bytes at once, prints them slowly, answers as the notes say.
final class ScriptedPrinter: ByteTransport {
    struct State {
        // What the test sets.
        var bytesPerMillisecond = 20
        var answersProcessID = true
        var answersBufferedQuery = true
        var canClear = true
        /// After so many bytes of receipts, this happens.
        var event: (after: Int, Event)?
        var isPaperOut = false
        var isNearEnd = false
        var isCoverOpen = false
        var isCutterStuck = false
        var isUnplugged = false
        /// DLE EOT is not answered.
        var isMute = false
        /// Of a printer with a presenter.
        var slot = Slot()
        /// Every answer to DLE EOT comes so late.
        var latency = Duration.zero
        // What the test reads.
        var slips: [[UInt8]] = []
        var openSlip: [UInt8] = []
        /// Cuts with nothing before them.
        var scraps = 0
        var written: [UInt8] = []
        var clearings = 0
        // Its own.
        var buffer: [UInt8] = []
        var printed = 0
        var outgoing: [UInt8] = []
        var sendsAutomaticStatus = false
        var late: [(moment: Duration, bytes: [UInt8])] = []
        var lastTime = Duration.zero

        var isStopped: Bool { isPaperOut || isCoverOpen || isCutterStuck || slot.stops }
    }

    /// The presenter: what lies in the slot, and what the printer tells of it.
    struct Slot {
        enum Answers { case fullStatus, oneByte, nothing }
        var answers = Answers.nothing
        /// A slip lies there.
        var isFull = false
        /// Nobody's hand is that fast: a slip that comes is gone before anybody looks.
        var isEmptiedAtOnce = false
        /// What is cut does not come out.
        var holdsBack = false
        /// The next slip that is cut jams on its way to the slot.
        var jamsOnItsWay = false
        /// While it prints, the slip already stands in the slot.
        var isContinuous = false
        /// From the cut to the slot.
        var delay = Duration.milliseconds(300)
        /// Stops the printer: bits of the full status beside those of paper and slip.
        var paper: UInt8 = 0
        var user: UInt8 = 0
        var recoverable: UInt8 = 0
        var unrecoverable: UInt8 = 0
        /// In front of the answers, as other bytes of the line.
        var noise: [UInt8] = []
        var asked = 0
        /// Slips that are on their way to the slot.
        var coming: [Duration] = []

        var stops: Bool { paper & 0x01 | user & 0x03 | recoverable & 0x49 | unrecoverable & 0x4D != 0 }
    }

    enum Event { case paperOut, powerCut, coverOpen, cutter }

    let name = "scripted:9100"
    let time: VirtualTime
    private let state = Mutex(State())

    init(_ time: VirtualTime) { self.time = time }

    func with<Value: Sendable>(_ body: (inout sending State) -> sending Value) -> Value { state.withLock(body) }

    /// Changes a condition, as a person at the printer does; told unasked when that was asked for.
    func set(_ change: (inout State) -> Void) {
        state.withLock { state in
            change(&state)
            if state.sendsAutomaticStatus { state.outgoing += Self.automatic(state) }
        }
    }

    func open() async throws(TransportError) {
        let isUnplugged = state.withLock { state in
            state.outgoing = []
            state.buffer = []
            state.sendsAutomaticStatus = false
            return state.isUnplugged
        }
        if isUnplugged { throw .missing("ECONNREFUSED \(name): nothing listens there") }
    }

    func close() async {}

    func write(_ bytes: [UInt8], within timeout: Duration) async throws(TransportError) {
        progress()
        try check()
        state.withLock { state in
            state.written += bytes
            var rest = bytes[...]
            while let first = rest.first {
                if rest.starts(with: [0x10, 0x04]), rest.count >= 3 {
                    let answer = Self.answer(rest[rest.startIndex + 2], &state)
                    if state.latency > .zero {
                        state.late.append((time.now + state.latency, answer))
                    } else {
                        state.outgoing += answer
                    }
                    rest = rest.dropFirst(3)
                } else if rest.starts(with: ESCPOSCommand.clearBuffer.bytes) {
                    if state.canClear {
                        state.buffer = []
                        state.outgoing += [0x37, 0x25, 0]
                    }
                    state.clearings += 1
                    rest = rest.dropFirst(10)
                } else {
                    state.buffer.append(first)
                    rest = rest.dropFirst()
                }
            }
        }
    }

    func read(upTo limit: Int, within timeout: Duration) async throws(TransportError) -> [UInt8] {
        let end = time.now + timeout
        while true {
            await Task.yield()
            if Task.isCancelled { throw .cancelled }
            progress()
            let bytes = state.withLock { state in
                let bytes = Array(state.outgoing.prefix(limit))
                state.outgoing.removeFirst(bytes.count)
                return bytes
            }
            if !bytes.isEmpty { return bytes }
            try check()
            let left = end - time.now
            guard left > .zero else { throw .timedOut("nothing came from \(name) within \(timeout.inWords)") }
            // While it prints, time goes in small steps; else it jumps. A short rest leaves the machine to others.
            let isPrinting = state.withLock { !$0.buffer.isEmpty && !$0.isStopped }
            if !isPrinting { try? await Task.sleep(for: .milliseconds(1)) }
            let next = state.withLock { state in
                (state.late.map(\.moment) + state.slot.coming).map { max($0 - time.now, .milliseconds(1)) }.min()
            }
            let step = min(isPrinting ? min(left, .milliseconds(5)) : left, next ?? left)
            do { try time.advance(step) } catch { throw .cancelled }
        }
    }

    func discardArrived() async -> Int { 0 }

    private func check() throws(TransportError) {
        if state.withLock({ $0.isUnplugged }) { throw .gone("ECONNRESET \(name): the device went away") }
    }

    /// Prints what the time since the last look allows.
    private func progress() {
        let now = time.now
        state.withLock { state in
            while let first = state.late.first, first.moment <= now {
                if !state.isMute { state.outgoing += first.bytes }
                state.late.removeFirst()
            }
            while let first = state.slot.coming.first, first <= now {
                if !state.slot.holdsBack, !state.slot.isEmptiedAtOnce { state.slot.isFull = true }
                if state.slot.jamsOnItsWay { state.slot.recoverable = 0x40 }
                state.slot.coming.removeFirst()
            }
            var budget = Int((now - state.lastTime) / .milliseconds(1)) * state.bytesPerMillisecond
            guard budget > 0 else { return }
            state.lastTime = now
            while budget > 0, !state.buffer.isEmpty, !state.isStopped, !state.isUnplugged {
                let count = Self.step(&state, now)
                budget -= count
                state.printed += count
                if let event = state.event, state.printed >= event.after {
                    state.event = nil
                    switch event.1 {
                    case .paperOut: state.isPaperOut = true
                    case .coverOpen: state.isCoverOpen = true
                    case .cutter: state.isCutterStuck = true
                    case .powerCut:
                        state.isUnplugged = true
                        state.buffer = []
                    }
                    if state.sendsAutomaticStatus, !state.isUnplugged { state.outgoing += Self.automatic(state) }
                }
            }
        }
    }

    /// Executes what stands first in the buffer; returns how many bytes that were.
    private static func step(_ state: inout State, _ now: Duration) -> Int {
        let buffer = state.buffer
        func take(_ count: Int) -> Int {
            state.buffer.removeFirst(count)
            return count
        }
        if buffer.starts(with: [0x1D, 0x28, 0x48, 6, 0, 0x30, 0x30]), buffer.count >= 11 {
            if state.answersProcessID { state.outgoing += [0x37, 0x22] + buffer[7..<11] + [0] }
            return take(11)
        }
        if buffer.starts(with: [0x1D, 0x72, 1]) {
            if state.answersBufferedQuery { state.outgoing.append(0) }
            return take(3)
        }
        if buffer.starts(with: [0x1D, 0x49, 0x43]) {
            state.outgoing += [0x5F] + Array("TM-TEST".utf8) + [0]
            return take(3)
        }
        if buffer.starts(with: [0x1D, 0x61]), buffer.count >= 3 {
            state.sendsAutomaticStatus = true
            state.outgoing += automatic(state)
            return take(3)
        }
        if buffer.starts(with: [0x1B, 0x40]) { return take(2) }
        if buffer[0] == 0 { return take(1) }
        if buffer.starts(with: [0x1D, 0x56, 0x42, 0]) {
            if state.openSlip.isEmpty {
                state.scraps += 1
            } else {
                state.slips.append(state.openSlip)
                state.slot.coming.append(now + state.slot.delay)
                if state.slot.isEmptiedAtOnce { state.slot.isFull = false }
            }
            state.openSlip = []
            return take(4)
        }
        state.openSlip.append(buffer[0])
        if state.slot.isContinuous, state.openSlip.count > 1_000 { state.slot.isFull = true }
        return take(1)
    }

    private static func answer(_ query: UInt8, _ state: inout State) -> [UInt8] {
        guard !state.isMute else { return [] }
        var byte: UInt8 = 0x12
        switch query {
        case 20:
            state.slot.asked += 1
            switch state.slot.answers {
            case .nothing: return []
            case .oneByte: return [byte]
            case .fullStatus: return state.slot.noise + Self.fullStatus(state)
            }
        case 1: if state.isStopped { byte |= 0x08 }
        case 2:
            if state.isCoverOpen { byte |= 0x04 }
            if state.isPaperOut { byte |= 0x20 }
            if state.isCutterStuck { byte |= 0x40 }
        case 3: if state.isCutterStuck { byte |= 0x08 }
        default:
            if state.isNearEnd { byte |= 0x0C }
            if state.isPaperOut { byte |= 0x60 }
        }
        return [byte]
    }

    private static func fullStatus(_ state: State) -> [UInt8] {
        let slot = state.slot
        let isPrinting = !state.buffer.isEmpty && !state.isStopped
        return [
            0x10, 0x0F,
            slot.paper | (state.isPaperOut ? 0x01 : 0) | (state.isNearEnd ? 0x04 : 0) | (slot.isFull ? 0x20 : 0),
            slot.user | (state.isCoverOpen ? 0x02 : 0) | (isPrinting ? 0x0C : 0), slot.recoverable,
            slot.unrecoverable | (state.isCutterStuck ? 0x01 : 0),
        ]
    }

    private static func automatic(_ state: State) -> [UInt8] {
        [
            0x10 | (state.isStopped ? 0x08 : 0) | (state.isCoverOpen ? 0x20 : 0), state.isCutterStuck ? 0x08 : 0,
            (state.isNearEnd ? 0x03 : 0) | (state.isPaperOut ? 0x0C : 0), 0,
        ]
    }
}

final class Log: Sendable {
    private let events = Mutex<[WorkerEvent]>([])
    func append(_ event: WorkerEvent) { events.withLock { $0.append(event) } }

    /// Forgets all but the last status.
    func forget() {
        events.withLock { events in
            events = events.last { if case .status = $0 { true } else { false } }.map { [$0] } ?? []
        }
    }

    var slipsTaken: Int {
        events.withLock { $0 }.count { if case .slipTaken = $0 { true } else { false } }
    }

    /// What was told of the slot, without repetitions.
    var slot: [Bool?] {
        statuses.map(\.mediaPresent).reduce(into: []) { told, next in
            if told.isEmpty || told.last != .some(next) { told.append(next) }
        }
    }

    var statuses: [DeviceStatus] {
        events.withLock { $0 }.compactMap { if case .status(_, let status) = $0 { status } else { nil } }
    }

    var story: [String] {
        statuses.map { status in
            "\(status.state) \(status.paper.map { "\($0)" } ?? "-")" + (status.problem.map { " \($0.code)" } ?? "")
        }
    }
}

/// A printer with its driver, in virtual time.
struct Bench {
    let scripted: ScriptedPrinter
    let driver: ReceiptPrinter
    let log = Log()

    init(_ settings: ReceiptPrinterSettings = ReceiptPrinterSettings(), for duration: Duration = .seconds(10_000_000)) {
        let scripted = ScriptedPrinter(VirtualTime(until: duration))
        let log = log
        self.scripted = scripted
        driver = ReceiptPrinter(
            device: "printer", settings: settings, transport: scripted, clock: scripted.time.clock,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        ) { log.append($0) }
    }

    /// Runs the driver beside the body.
    func run(_ body: @Sendable () async throws -> Void) async throws {
        let running = Task { await driver.run() }
        defer { running.cancel() }
        _ = await eventually { !log.statuses.isEmpty }
        try await body()
        running.cancel()
        await running.value
    }
}

/// A receipt of text and a cut.
func receipt(_ length: Int) -> [UInt8] {
    (0..<length).map { $0 % 40 == 39 ? 0x0A : 0x41 } + [0x1D, 0x56, 0x42, 0]
}
