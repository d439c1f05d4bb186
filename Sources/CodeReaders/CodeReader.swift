import ByteTransports
import DeviceKit
import HallModel
import Logging

/// Drives one code reader for as long as its task runs: opens the line, listens, reports each code once, and opens the line
/// again when it is lost.
///
/// Nothing is ever sent to the reader; it reads by itself (docs/devices/codes.md). The text of a code is reported and not
/// kept.
public actor CodeReader {
    private static let firstReopening = Duration.milliseconds(250)
    private static let lastReopening = Duration.seconds(2)
    /// The longest wait for bytes: a line that is lost tells by itself.
    private static let idleRead = Duration.seconds(60)
    /// How long "no code of ours" stands before it is taken back.
    private static let dropShown = Duration.seconds(3)

    private let device: String
    private let transport: any ByteTransport
    private let clock: DeviceClock
    private let report: @Sendable (WorkerEvent) -> Void
    private var framing: CodeFraming
    private var status: StatusTeller
    private var dropTold: Duration?

    /// - Parameter transport: not yet open; the reader opens and closes it.
    public init(
        device: String, settings: CodeReaderSettings, transport: any ByteTransport, clock: DeviceClock = .system,
        logger: Logger, report: @escaping @Sendable (WorkerEvent) -> Void
    ) {
        self.device = device
        self.transport = transport
        self.clock = clock
        status = StatusTeller(device: device, kind: "code reader", logger: logger, report: report)
        self.report = report
        framing = CodeFraming(settings)
    }

    /// Returns when its task is cancelled; the line is closed then.
    public func run() async {
        var reopening = ReopeningPause(first: Self.firstReopening, last: Self.lastReopening)
        while !Task.isCancelled {
            let cause = await session()
            await transport.close()
            framing.reset()
            guard !Task.isCancelled, cause != .cancelled else { break }
            if status.last?.state == .online { reopening.lost(at: clock.now()) }
            let problem = Problem(.codeReaderMissing, device: device, evidence: cause.description)
            status.tell(DeviceStatus(.noDevice, problem: problem))
            guard (try? await clock.sleep(reopening.pause(at: clock.now()))) != nil else { break }
        }
    }

    /// From opening to what ended it.
    private func session() async -> TransportError {
        do throws(TransportError) {
            try await transport.open()
            dropTold = nil
            status.tell(DeviceStatus(.online))
            while true {
                take(try await arrived())
                if let told = dropTold, clock.now() - told >= Self.dropShown {
                    dropTold = nil
                    status.tell(DeviceStatus(.online))
                }
            }
        } catch {
            return error
        }
    }

    /// What comes until a code may have ended.
    private func arrived() async throws(TransportError) -> [CodeFraming.Item] {
        var limit = Self.idleRead
        for moment in [framing.silenceEnds, dropTold.map { $0 + Self.dropShown }] {
            if let moment { limit = min(limit, max(moment - clock.now(), .milliseconds(1))) }
        }
        do throws(TransportError) {
            let bytes = try await transport.read(upTo: 4_096, within: limit)
            return framing.feed(bytes, at: clock.now())
        } catch {
            guard case .timedOut = error else { throw error }
            return framing.tick(at: clock.now())
        }
    }

    private func take(_ items: [CodeFraming.Item]) {
        for item in items {
            switch item {
            case .code(let text):
                dropTold = nil
                status.tell(DeviceStatus(.online))
                report(.codeRead(device: device, text))
            case .dropped(let cause):
                dropTold = clock.now()
                status.tell(DeviceStatus(.online, problem: Problem(.codeUnreadable, device: device, evidence: cause)))
            }
        }
    }
}
