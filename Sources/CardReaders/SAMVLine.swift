import ByteTransports

/// Why a question to the SAM got no answer.
enum SAMVLineError: Error, Equatable {
    /// The line itself.
    case line(TransportError)
    /// Nothing at all came.
    case silent(String)
    /// Something came, but no answer.
    case garbled(String)

    var evidence: String {
        switch self {
        case .line(let error): error.description
        case .silent(let evidence), .garbled(let evidence): evidence
        }
    }
}

/// Questions and answers over a line, one at a time, in bounded time and memory whatever comes.
struct SAMVLine: Sendable {
    /// More bytes than this without an answer are noise.
    static let noiseLimit = 8 << 10
    /// The line counts as quiet when nothing came for this long.
    static let quiet = Duration.milliseconds(20)

    let transport: any ByteTransport
    let clock: DeviceClock

    /// Sends a command and waits for its answer. Late answers to earlier commands are thrown away.
    func exchange(_ command: SAMVCommand, within timeout: Duration) async throws(SAMVLineError) -> SAMVReply {
        _ = await transport.discardArrived()
        let end = clock.now() + timeout
        do throws(TransportError) {
            try await transport.write(command.encoded, within: timeout)
        } catch {
            throw .line(error)
        }
        var parser = SAMVFrameParser()
        var received = 0
        var stale = 0
        while received <= Self.noiseLimit {
            let left = end - clock.now()
            guard left > .zero, let bytes = try await arrived(within: left) else {
                throw missing(command, timeout, received: received, stale: stale, parser)
            }
            received += bytes.count
            for outcome in parser.feed(bytes) {
                switch outcome {
                case .reply(let reply):
                    if command.canBeAnswered(by: reply) { return reply }
                    stale += 1
                case .checksumWrong(let length):
                    throw .garbled("wrong checksum in the answer to \(command.name) (\(length) bytes)")
                }
            }
        }
        throw .garbled("\(received) bytes came and no answer to \(command.name)")
    }

    /// Reads until the line is quiet, so that the next answer belongs to the next question.
    func drain() async throws(SAMVLineError) {
        let end = clock.now() + .milliseconds(500)
        var drained = await transport.discardArrived()
        while let bytes = try await arrived(within: Self.quiet) {
            drained += bytes.count
            guard drained <= 8 * Self.noiseLimit, clock.now() < end else {
                throw .garbled("endless noise: \(drained) bytes came unasked")
            }
        }
    }

    /// `nil` when nothing came in time.
    private func arrived(within timeout: Duration) async throws(SAMVLineError) -> [UInt8]? {
        do throws(TransportError) {
            return try await transport.read(upTo: 4_096, within: timeout)
        } catch {
            if case .timedOut = error { return nil }
            throw .line(error)
        }
    }

    private func missing(
        _ command: SAMVCommand, _ timeout: Duration, received: Int, stale: Int, _ parser: SAMVFrameParser
    ) -> SAMVLineError {
        let question = "no answer to \(command.name) within \(timeout.inWords)"
        if received == 0 || (stale > 0 && parser.discardedBytes == 0 && !parser.isInsideFrame) {
            return .silent(question)
        }
        return .garbled("\(question), \(received) bytes\(parser.isInsideFrame ? " of an unfinished frame" : "") came")
    }
}
