import ByteTransports
import HallModel

/// How an attempt to read a card ended.
enum SAMVCardResult: Equatable {
    case document(IdentityDocument)
    case refused(ProblemCode, evidence: String)
    /// Taken away before it was read.
    case gone(evidence: String)
}

extension SAMVReader {
    /// Asks, and when no whole answer comes, or the SAM did not get our bytes: finds the line again, asks once more.
    func ask(_ command: SAMVCommand) async throws(SAMVFault) -> SAMVReply {
        if case .success(let reply) = try await attempt(command, within: timing.timeout(of: command)),
            reply.status.meaning != .transport
        {
            return reply
        }
        try await resynchronise()
        switch try await attempt(command, within: timing.timeout(of: command)) {
        case .success(let reply): return reply
        case .failure(let error): throw SAMVFault(error)
        }
    }

    /// Asks once. Throws only when the line itself is gone; no answer is a result.
    func attempt(
        _ command: SAMVCommand, within timeout: Duration
    ) async throws(SAMVFault) -> Result<SAMVReply, SAMVLineError> {
        do throws(SAMVLineError) {
            return .success(try await line.exchange(command, within: timeout))
        } catch {
            if case .line = error { throw SAMVFault(error) }
            return .failure(error)
        }
    }

    /// Drains the line and asks for the status: the SAM answers in order, so all that was late has come before it.
    func resynchronise() async throws(SAMVFault) {
        var last = SAMVLineError.silent("")
        for _ in 0..<2 {
            do throws(SAMVLineError) {
                try await line.drain()
            } catch {
                if case .line = error { throw SAMVFault(error) }
                last = error
                continue
            }
            switch try await attempt(.status, within: timing.timeout(of: .status)) {
            case .success(let reply):
                if reply.status.meaning == .deviceFault { throw .status(reply.status, .status) }
                return
            case .failure(let error): last = error
            }
        }
        throw SAMVFault(last)
    }

    /// Selects and reads the card that was found, with a second try from the start.
    func readCard() async throws(SAMVFault) -> SAMVCardResult {
        let first = try await selectAndRead()
        switch first.status.meaning {
        case .ok: if let document = try await document(of: first) { return .document(document) }
        case .unsupportedCard: return refusal(first)
        case .deviceFault, .unsupported: throw .status(first.status, readCommand)
        default: break
        }
        let isFound = try await ask(.findCard).status == .cardFound
        let second = try await selectAndRead()
        switch second.status.meaning {
        case .ok:
            if let document = try await document(of: second) { return .document(document) }
            throw .garbled("the lengths inside the card's data do not add up (\(second.payload.count) bytes)")
        case .deviceFault, .unsupported: throw .status(second.status, readCommand)
        default: break
        }
        // Not found again, not readable, no answer to a probe: somebody took it.
        if !isFound, try await isPresent() == false {
            return .gone(evidence: "\(second.status) after the card was found")
        }
        return refusal(second)
    }

    /// Whether a card that was read is still there, as the profile says how to tell. `nil` when no answer came: silence
    /// is the line's fault and says nothing of the card.
    func isPresent() async throws(SAMVFault) -> Bool? {
        let command: SAMVCommand
        switch settings.presence {
        case .newAddress: command = .readNewAddress
        case .management: command = .readManagementNumber
        case .find: command = .findCard
        case .none: return false
        }
        switch try await attempt(command, within: timing.timeout(of: .status)) {
        case .success(let reply):
            if reply.status.meaning == .deviceFault { throw .status(reply.status, command) }
            return reply.status.meaning == .ok || reply.status.meaning == .empty
        case .failure:
            try await resynchronise()
            return nil
        }
    }

    private var readCommand: SAMVCommand { settings.readsFingerprints ? .readTextAndFingerprints : .readText }

    private func selectAndRead() async throws(SAMVFault) -> SAMVReply {
        let selected = try await ask(.selectCard)
        return selected.status == .success ? try await ask(readCommand) : selected
    }

    private func refusal(_ reply: SAMVReply) -> SAMVCardResult {
        .refused(reply.status.problem ?? .cardUnreadable, evidence: "\(reply.status)")
    }

    /// `nil` when the lengths inside do not add up.
    private func document(of reply: SAMVReply) async throws(SAMVFault) -> IdentityDocument? {
        guard let content = CardContent(reply.payload, withFingerprints: settings.readsFingerprints),
            var document = IdentityDocument(cardText: content.text, photo: content.photo, today: clock.today())
        else { return nil }
        if settings.presence == .newAddress, document.kind == .resident, let newest = try await newestAddress() {
            document.newestAddress = newest.text
            if newest.isDamaged { document.flags.insert(.textDamaged) }
        }
        return document
    }

    /// An address written onto the card after its issue. A reader that does not know it costs one question.
    private func newestAddress() async throws(SAMVFault) -> CardText? {
        switch try await attempt(.readNewAddress, within: timing.timeout(of: .status)) {
        case .success(let reply):
            return reply.status == .success ? IdentityDocument.newestAddress(inAddition: reply.payload) : nil
        case .failure:
            try await resynchronise()
            return nil
        }
    }
}
