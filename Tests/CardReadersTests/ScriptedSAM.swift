import ByteTransports
import DeviceKit
import HallModel
import Logging
import Synchronization
import TestSupport

@testable import CardReaders

extension VirtualTime {
    var clock: DeviceClock {
        DeviceClock(now: { self.now }, sleep: { try self.advance($0) }, today: { CardTextTests.today })
    }
}

/// A SAM_V module in memory, made of byte vectors: what it does at what time is the test's script.
final class ScriptedSAM: ByteTransport {
    /// What comes back for one command: pieces, each after a delay.
    typealias Answer = [(after: Duration, bytes: [UInt8])]

    private struct State {
        var pending: [(at: Duration, bytes: [UInt8])] = []
        var isOpen = false
        var written: [SAMVCommand] = []
        var speeds: [Int] = []
        var openings = 0
    }

    let name = "/dev/scripted"
    private let time: VirtualTime
    private let state = Mutex(State())
    private let opening: @Sendable (Duration) -> TransportError?
    private let answer: @Sendable (SAMVCommand, Duration) -> Answer
    private let noise: @Sendable (Duration) -> [UInt8]

    init(
        _ time: VirtualTime, opening: @escaping @Sendable (Duration) -> TransportError? = { _ in nil },
        noise: @escaping @Sendable (Duration) -> [UInt8] = { _ in [] },
        answer: @escaping @Sendable (SAMVCommand, Duration) -> Answer
    ) {
        self.time = time
        self.opening = opening
        self.noise = noise
        self.answer = answer
    }

    var commands: [SAMVCommand] { state.withLock { $0.written } }
    var speeds: [Int] { state.withLock { $0.speeds } }
    var openings: Int { state.withLock { $0.openings } }

    static func atOnce(_ replies: [UInt8]...) -> Answer { replies.map { (.milliseconds(5), $0) } }

    func open() async throws(TransportError) {
        if let error = opening(time.now) { throw error }
        state.withLock { state in
            state.isOpen = true
            state.openings += 1
            state.pending = []
        }
    }

    func close() async { state.withLock { $0.isOpen = false } }

    func setSpeed(_ bitsPerSecond: Int) async throws(TransportError) {
        state.withLock { $0.speeds.append(bitsPerSecond) }
    }

    func write(_ bytes: [UInt8], within timeout: Duration) async throws(TransportError) {
        if let error = opening(time.now) { throw error }
        guard let command = Self.commands.first(where: { $0.encoded == bytes }) else {
            throw .unusable("no command of the table")
        }
        let now = time.now
        let replies = answer(command, now)
        state.withLock { state in
            state.written.append(command)
            for reply in replies { state.pending.append((now + reply.after, reply.bytes)) }
        }
    }

    func read(upTo limit: Int, within timeout: Duration) async throws(TransportError) -> [UInt8] {
        if let error = opening(time.now) { throw error }
        await Task.yield()
        let now = time.now
        let random = noise(now)
        if !random.isEmpty {
            _ = try? time.advance(.microseconds(random.count * 87))
            return Array(random.prefix(limit))
        }
        let next = state.withLock { state -> (Duration, [UInt8])? in
            guard let index = state.pending.indices.min(by: { state.pending[$0].at < state.pending[$1].at }),
                state.pending[index].at <= now + timeout
            else { return nil }
            let found = state.pending[index]
            if found.bytes.count > limit {
                state.pending[index].bytes.removeFirst(limit)
                return (found.at, Array(found.bytes.prefix(limit)))
            }
            state.pending.remove(at: index)
            return found
        }
        do {
            guard let next else {
                try time.advance(timeout)
                throw TransportError.timedOut("nothing came from \(name) within \(timeout.inWords)")
            }
            if next.0 > now { try time.advance(next.0 - now) }
            return next.1
        } catch {
            throw (error as? TransportError) ?? .cancelled
        }
    }

    func discardArrived() async -> Int {
        let now = time.now
        return state.withLock { state in
            let arrived = state.pending.filter { $0.at <= now }.reduce(0) { $0 + $1.bytes.count }
            state.pending.removeAll { $0.at <= now }
            return arrived
        }
    }

    private static let commands: [SAMVCommand] = [
        .resetSAM, .status, .samNumber, .findCard, .selectCard, .readText, .readTextAndFingerprints, .readNewAddress,
        .readManagementNumber,
    ]
}

/// Replies as byte vectors.
enum Reply {
    static let ok = SAMVFrame.encode([0, 0, 0x90])
    static let noCard = SAMVFrame.encode([0, 0, 0x80])
    static let found = SAMVFrame.encode([0, 0, 0x9F, 0, 0, 0, 0])
    static let selected = SAMVFrame.encode([0, 0, 0x90] + [UInt8](repeating: 0, count: 8))
    static let empty = SAMVFrame.encode([0, 0, 0x91])
    static let samNumber = SAMVFrame.encode(
        [0, 0, 0x90] + bytes("05 00 01 00 9E FA 33 01 15 CD 5B 07 B1 68 DE 3A"))
    static let card = SAMVFrame.encode(
        [0, 0, 0x90, 1, 0, 4, 0] + cardText(.resident, CardTextTests.zhang) + [UInt8](repeating: 0x57, count: 1_024))

    static func status(_ code: UInt8) -> [UInt8] { SAMVFrame.encode([0, 0, code]) }
}

/// A module in good health, with a card lying there between two moments. Finds it once, as real ones do.
final class HealthySAM: Sendable {
    private let state = Mutex((wasRead: false, isSelected: false))
    let card: Range<Duration>

    init(card: Range<Duration> = .seconds(1) ..< .seconds(2)) { self.card = card }

    func answer(_ command: SAMVCommand, _ now: Duration) -> ScriptedSAM.Answer {
        let isThere = card.contains(now)
        let reply = state.withLock { state -> [UInt8] in
            if !isThere { state = (false, false) }
            switch command {
            case .resetSAM:
                state = (false, false)
                return Reply.ok
            case .status, .setSpeed, .setMaximumRFBytes: return Reply.ok
            case .samNumber: return Reply.samNumber
            case .findCard: return isThere && !state.wasRead ? Reply.found : Reply.noCard
            case .selectCard:
                state.isSelected = isThere
                return isThere ? Reply.selected : Reply.status(0x81)
            case .readText, .readTextAndFingerprints:
                guard isThere, state.isSelected else { return Reply.status(0x41) }
                state.wasRead = true
                return Reply.card
            case .readNewAddress, .readManagementNumber:
                return isThere && state.isSelected ? Reply.empty : Reply.status(0x41)
            }
        }
        return [(.milliseconds(5), reply)]
    }
}

/// Runs a reader for some virtual time and returns what it said.
func run(
    for duration: Duration, settings: CardReaderSettings = CardReaderSettings(),
    _ makeSAM: (VirtualTime) -> ScriptedSAM
) async -> (events: [WorkerEvent], sam: ScriptedSAM) {
    let time = VirtualTime(until: duration)
    let sam = makeSAM(time)
    let events = Log()
    let reader = SAMVReader(
        device: "reader", settings: settings, transport: sam, clock: time.clock,
        logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    ) { events.append($0) }
    await reader.run()
    return (events.all, sam)
}

final class Log: Sendable {
    private let events = Mutex<[WorkerEvent]>([])
    func append(_ event: WorkerEvent) { events.withLock { $0.append(event) } }
    var all: [WorkerEvent] { events.withLock { $0 } }
}

extension [WorkerEvent] {
    /// Short words for what happened, in order.
    var story: [String] {
        map { event in
            switch event {
            case .status(_, let status): status.problem.map { "\(status.state): \($0.code)" } ?? "\(status.state)"
            case .cardPresented: "presented"
            case .cardRead(_, let document): "read \(document.name)"
            case .cardFailed(_, let problem): "failed: \(problem.code)"
            case .cardRemoved: "removed"
            default: "?"
            }
        }
    }

    /// Without repeats of the status.
    var cards: [String] { story.filter { !$0.hasPrefix("online") } }

    var evidence: [String] {
        compactMap { event in
            switch event {
            case .status(_, let status): status.problem?.evidence
            case .cardFailed(_, let problem): problem.evidence
            default: nil
            }
        }
    }
}
