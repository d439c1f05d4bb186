/// The serial line of the emulated code reader. Lives on the reader's own thread.
final class CodeReaderLine: @unchecked Sendable {
    // @unchecked: handed to the reader's thread once and touched only there.

    static let bitsPerSecond = 9_600
    private static let dripNanoseconds: UInt64 = 60_000_000

    private let reader: EmulatedCodeReader
    private var terminal: PseudoTerminal?
    private var outgoing = PacedBytes()
    private var noiseLeft = 0
    private var noise = DeterministicNoise(seed: "endless code")

    init(reader: EmulatedCodeReader, terminal: PseudoTerminal) {
        self.reader = reader
        self.terminal = terminal
    }

    /// Without a slave of its own: what is read while no driver listens shall be lost, as on a real line.
    static func terminal() throws -> PseudoTerminal {
        try PseudoTerminal(bitsPerSecond: bitsPerSecond, keepsSlaveOpen: false)
    }

    static var seconds: Double { Double(PacedBytes.now) / 1e9 }

    func run() {
        while !reader.withState({ $0.isStopping }) {
            followThePlug()
            wait()
            listen()
            read()
            send()
        }
        terminal = nil
    }

    private func followThePlug() {
        let isGone = reader.withState { $0.core.fault == .gone }
        if isGone, terminal != nil {
            reader.unpublish()
            terminal = nil
            outgoing.removeAll()
            noiseLeft = 0
        } else if !isGone, terminal == nil {
            // Without a terminal (the system ran out of them) the reader stays away and tries again.
            guard let fresh = try? Self.terminal() else { return }
            terminal = fresh
            try? reader.publish(fresh.slavePath)
        }
    }

    private func wait() {
        let now = PacedBytes.now
        var until = now + 50_000_000
        let code = reader.withState { $0.core.nextDue }.map { UInt64($0 * 1e9) }
        if noiseLeft > 0 { until = now + 5_000_000 }
        for due in [outgoing.nextDue, code].compactMap({ $0 }) { until = min(until, max(due, now)) }
        // A line that nobody has open reports its hang-up at once: then only the bell is waited for.
        reader.bell.wait(for: terminal?.isOpened == true ? terminal : nil, nanoseconds: until - now)
    }

    private func listen() {
        guard let terminal else { return }
        let isOpened = terminal.isOpened
        let received = terminal.read().count
        let hasChanged = reader.withState { state in
            let before = (state.isOpened, state.bytesReceived)
            state.isOpened = isOpened
            state.bytesReceived += received
            return before != (state.isOpened, state.bytesReceived)
        }
        guard hasChanged else { return }
        if !isOpened {
            outgoing.removeAll()
            noiseLeft = 0
            terminal.dropUnread()
        }
        reader.changed()
    }

    private func read() {
        let (reading, hasRead) = reader.withState { state in
            let before = state.core.readings
            let reading = state.core.read(now: Self.seconds)
            return (reading, state.core.readings != before)
        }
        guard hasRead else { return }
        if let reading, let terminal, terminal.isOpened { schedule(reading, terminal) }
        reader.changed()
    }

    private func schedule(_ reading: CodeReaderCore.Reading, _ terminal: PseudoTerminal) {
        let now = PacedBytes.now
        // At another speed, a driver sees framing errors only.
        let isUnderstood = terminal.driverRuns(at: Self.bitsPerSecond)
        let bytes = isUnderstood ? reading.bytes : noise.bytes(reading.bytes.count).map { $0 | 0x80 }
        if reading.isDripping {
            for (index, byte) in bytes.enumerated() {
                outgoing.append([byte], due: now + UInt64(index) * Self.dripNanoseconds)
            }
        } else {
            outgoing.append(
                bytes, from: now, bitsPerSecond: Self.bitsPerSecond, timeScale: reader.timeScale)
        }
        noiseLeft = reading.noiseBytes
    }

    private func send() {
        guard let terminal else { return }
        while let bytes = outgoing.takeDue(PacedBytes.now) { terminal.write(bytes) }
        guard outgoing.isEmpty, noiseLeft > 0 else { return }
        // As fast as the driver reads: a megabyte at line speed would take 18 minutes.
        let piece = noise.bytes(min(noiseLeft, 1_024)).map { $0 & 0x7F | 0x40 }
        noiseLeft -= terminal.write(piece)
    }
}
