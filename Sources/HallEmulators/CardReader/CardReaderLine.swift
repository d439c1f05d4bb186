import Glibc
import Synchronization

/// The serial line of the emulated reader: takes requests from the pseudo-terminal, gives replies their time, and
/// spoils them when told to. Lives on the reader's own thread.
final class CardReaderLine: @unchecked Sendable {
    // @unchecked: handed to the reader's thread once and touched only there.

    private let reader: EmulatedCardReader
    private var terminal: PseudoTerminal?
    private var decoder = SAMVRequestDecoder()
    private var waiting: [SAMVRequest] = []
    private var outgoing = PacedBytes()
    private var stale: (due: UInt64, bytes: [UInt8])?
    private var bitsPerSecond = 115_200
    private var speedAfterOutgoing: Int?
    private var lastByteArrived: UInt64 = 0
    private var noise = DeterministicNoise(seed: "endless noise")

    init(reader: EmulatedCardReader, terminal: PseudoTerminal) {
        self.reader = reader
        self.terminal = terminal
    }

    func run() {
        while !reader.withState({ $0.isStopping }) {
            followThePlug()
            waitForSomething()
            receive()
            send()
            answer()
            send()
        }
        terminal = nil
    }

    // MARK: Plugging

    private func followThePlug() {
        let (isUnplugged, powerCycle) = reader.withState { state in
            defer { state.needsPowerCycle = false }
            // Without power the module forgets what it found.
            if state.misbehaviour == .unplugged { state.module.forget() }
            return (state.misbehaviour == .unplugged, state.needsPowerCycle)
        }
        if powerCycle || isUnplugged { forgetEverything() }
        if isUnplugged, terminal != nil {
            reader.unpublish()
            terminal = nil
        } else if !isUnplugged, terminal == nil {
            // Without a terminal (the system ran out of them) the reader stays away and tries again.
            guard let fresh = try? PseudoTerminal() else { return }
            terminal = fresh
            try? reader.publish(fresh.slavePath)
        }
    }

    private func forgetEverything() {
        decoder.reset()
        waiting.removeAll()
        outgoing.removeAll()
        stale = nil
        bitsPerSecond = 115_200
        speedAfterOutgoing = nil
    }

    // MARK: Waiting

    private func waitForSomething() {
        let now = PacedBytes.now
        var until = now + (isNoisy ? 5_000_000 : 200_000_000)
        for due in [outgoing.nextDue, stale?.due].compactMap({ $0 }) { until = min(until, max(due, now)) }
        reader.bell.wait(for: terminal, nanoseconds: until - now)
    }

    private var isNoisy: Bool { reader.withState { $0.misbehaviour == .endlessNoise } }

    // MARK: Receiving

    private func receive() {
        guard let terminal else { return }
        let bytes = terminal.read()
        let now = PacedBytes.now
        if decoder.isInsideFrame, now - lastByteArrived > 300_000_000 { decoder.reset() }
        guard !bytes.isEmpty else { return }
        lastByteArrived = now
        // At another speed the module sees framing errors only.
        guard terminal.driverRuns(at: bitsPerSecond), !isNoisy else { return decoder.reset() }
        waiting.append(contentsOf: decoder.feed(bytes))
        // A module has no queue to speak of; a driver that sends ahead loses requests.
        if waiting.count > 8 { waiting.removeLast(waiting.count - 8) }
    }

    // MARK: Answering

    private func answer() {
        guard outgoing.isEmpty, !waiting.isEmpty, terminal != nil else { return }
        let request = waiting.removeFirst()
        let (reply, spoiled) = reader.withState { state in
            state.requests += 1
            if state.misbehaviour == .status41Once { state.module.failsNextRead = true }
            if state.misbehaviour == .nonZeroFind { state.module.findPayload = [0xDE, 0xAD, 0xBE, 0xEF] }
            let reply = state.module.respond(to: request)
            guard state.misbehaviour.concerns(reply) else { return (reply, CardReaderMisbehaviour.none) }
            let mode = state.misbehaviour
            if let left = state.remaining {
                state.remaining = left - 1
                if left <= 1 {
                    state.misbehaviour = .none
                    state.remaining = nil
                    state.module.isAuthorised = true
                    state.module.findPayload = [0, 0, 0, 0]
                }
            }
            return (reply, mode)
        }
        schedule(reply, spoiled: spoiled)
        reader.changed()
    }

    private func schedule(_ reply: SAMVModule.Reply, spoiled: CardReaderMisbehaviour) {
        var bytes = SAMVFrame.encode(reply.body)
        let begin = PacedBytes.now + scaled(reply.work)
        if let stale {
            outgoing.append(stale.bytes, due: PacedBytes.now)
            self.stale = nil
        }
        switch spoiled {
        case .silence: return
        case .staleReply:
            // 1 s is the drivers' patience for status and find, 3 s for a read, 5 s with fingerprints.
            let patience: UInt64 = reply.body.count > 2_000 ? 5_000 : reply.isRead ? 3_000 : 1_000
            stale = (PacedBytes.now + (patience + 150) * 1_000_000, bytes)
            return
        case .slow:
            // A tenth of the line's speed, whatever the time scale: a read takes more than a second.
            outgoing.append(bytes, from: begin, bitsPerSecond: bitsPerSecond / 10, timeScale: 1, pieceLength: 4)
            speedAfterOutgoing = reply.speedAfterwards
            return
        case .garbled:
            bytes = noise.garble(bytes, oneIn: 20)
        case .cutShort: bytes.removeLast(bytes.count - min(bytes.count / 2, 600))
        case .wrongChecksumOnce: bytes[bytes.count - 1] ^= 0xFF
        case .extraPreamble: bytes = [0xAA, 0xAA, 0xAA] + bytes
        case .singleBytes:
            for (index, byte) in bytes.enumerated() {
                outgoing.append([byte], due: begin + UInt64(index) * 400_000)
            }
            return
        default: break
        }
        outgoing.append(bytes, from: begin, bitsPerSecond: bitsPerSecond, timeScale: reader.timeScale)
        speedAfterOutgoing = reply.speedAfterwards
    }

    // MARK: Sending

    private func send() {
        guard let terminal else { return outgoing.removeAll() }
        let now = PacedBytes.now
        if isNoisy {
            outgoing.removeAll()
            waiting.removeAll()
            terminal.write(noise.bytes(58))
            return
        }
        if let late = stale, late.due <= now {
            terminal.write(late.bytes)
            stale = nil
        }
        while let bytes = outgoing.takeDue(now) { terminal.write(bytes) }
        if outgoing.isEmpty, let speed = speedAfterOutgoing {
            bitsPerSecond = speed
            speedAfterOutgoing = nil
        }
    }

    // MARK: Time

    private func scaled(_ duration: Duration) -> UInt64 {
        let parts = duration.components
        let nanoseconds = Double(parts.seconds) * 1e9 + Double(parts.attoseconds) / 1e9
        return UInt64(nanoseconds * reader.timeScale)
    }
}
