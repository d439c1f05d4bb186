import Crypto
import Foundation
import HallModel
import Logging
import NIOCore

/// Brings accepted cases to the platform, one at a time, for as long as it runs: upload, create, verify the signed
/// confirmation, tell the outbox.
///
/// A new case goes first, since a resident may be waiting for its number. A case that fails waits by itself, longer each
/// time, and the others go on; when the platform as a whole is away, all wait together, until ``nudge()`` or the end of
/// the back-off. Nothing here gives a case up.
public actor CaseUploader {
    /// What became of one attempt.
    public enum Event: Sendable, Equatable {
        /// The platform has the case under this number, its signed word is in the outbox, and the sealed files are
        /// given up.
        case confirmed(ItemID, number: String)
        /// An attempt failed; the case waits at least until `nextTry`, unless somebody makes it due.
        case failed(ItemID, reason: PlatformError, nextTry: Date)
    }

    /// What happens, for one listener; the newest 256 are kept while nobody listens.
    public nonisolated let events: AsyncStream<Event>

    private let outbox: any Outbox
    private let platform: PlatformAPI
    private let folder: String
    private let logger: Logger
    private let caseBackOff: BackOff
    private let platformBackOff: BackOff
    private let now: @Sendable () -> Date
    private let sleep: @Sendable (Duration) async throws -> Void
    private var generator: any RandomNumberGenerator & Sendable
    private let sink: AsyncStream<Event>.Continuation

    /// The case that is on its way at this moment.
    public private(set) var sending: ItemID?
    /// Bytes that the platform has acknowledged in this run, by the files' ids; of cases that are not confirmed.
    public private(set) var acknowledged: [ItemID: Int] = [:]

    /// Why cases do not come through, and since when.
    public struct Trouble: Sendable, Equatable {
        /// The newest failure.
        public var reason: PlatformError
        /// When the first of these failures in a row happened.
        public var since: Date
        /// When it was seen last.
        public var seen: Date

        /// What is known of failures in a row.
        public init(_ reason: PlatformError, since: Date, seen: Date) {
            self.reason = reason
            self.since = since
            self.seen = seen
        }
    }

    /// The platform as a whole; `nil` once it has answered.
    public private(set) var platformTrouble: Trouble?
    /// Cases that do not come through although the platform answers, until they do.
    public private(set) var refusals: [ItemID: Trouble] = [:]
    /// How often each of them was refused, since this program runs.
    private var refusalCounts: [ItemID: Int] = [:]

    private var signingKey: [UInt8]?
    private var isNudged = false
    private var waiter: CheckedContinuation<Void, Never>?
    private var platformFailures = 0
    /// While the platform is away: when it is tried again.
    private var quietUntil: Date?

    /// - Parameters:
    ///   - folder: where the sealed files are.
    ///   - sleep: waits; ends early when the task is cancelled.
    public init(
        outbox: any Outbox, platform: PlatformAPI, folder: String, logger: Logger,
        caseBackOff: BackOff = BackOff(base: .seconds(20), cap: .seconds(3600)),
        platformBackOff: BackOff = BackOff(base: .seconds(2), cap: .seconds(120)),
        generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator(),
        now: @escaping @Sendable () -> Date = { Date() },
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.outbox = outbox
        self.platform = platform
        self.folder = folder
        self.logger = logger
        self.caseBackOff = caseBackOff
        self.platformBackOff = platformBackOff
        self.generator = generator
        self.now = now
        self.sleep = sleep
        (events, sink) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(256))
    }

    /// Looks at once for a case that is due, even while the platform is thought to be away.
    public func nudge() {
        isNudged = true
        wake()
    }

    /// Runs until the task is cancelled.
    public func run() async {
        while !Task.isCancelled {
            let time = now()
            if let quietUntil, time < quietUntil, !isNudged {
                await wait(until: quietUntil)
                continue
            }
            isNudged = false
            do {
                if let next = try await outbox.nextCase(dueAt: time) {
                    try await attempt(next)
                } else {
                    await wait(until: try await outbox.nextTry())
                }
            } catch {
                logger.error("the outbox cannot be used", metadata: ["cause": "\(error)"])
                await wait(until: now() + 5)
            }
        }
    }

    // MARK: - One case

    /// Throws only what the outbox throws.
    private func attempt(_ sent: OutgoingCase) async throws {
        let confirmation: CaseConfirmation
        sending = sent.id
        defer { sending = nil }
        do throws(PlatformError) {
            confirmation = try await deliver(sent)
        } catch {
            return try await failed(sent, error)
        }
        platformFailures = 0
        quietUntil = nil
        platformTrouble = nil
        refusals[sent.id] = nil
        refusalCounts[sent.id] = nil
        try await outbox.recordConfirmed(
            sent.id, number: confirmation.number, confirmation: confirmation.bytes, signature: confirmation.signature)
        for file in sent.files { acknowledged[file.id] = nil }
        sink.yield(.confirmed(sent.id, number: confirmation.number))
    }

    private func failed(_ sent: OutgoingCase, _ error: PlatformError) async throws {
        if error == .cancelled { return }
        note(error, of: sent.id)
        let delay: Duration
        if error.concernsPlatform {
            platformFailures += 1
            delay = platformBackOff.delay(
                afterFailures: platformFailures, retryAfter: error.retryAfter, using: &generator)
            quietUntil = now() + delay.seconds
        } else {
            // Not the attempts of the journal: those of a night without a network say nothing of this case.
            delay = caseBackOff.delay(
                afterFailures: refusalCounts[sent.id, default: 1], retryAfter: error.retryAfter, using: &generator)
        }
        let nextTry = now() + delay.seconds
        try await outbox.recordFailedAttempt(ofCase: sent.id, answer: "\(error)", nextTry: nextTry)
        sink.yield(.failed(sent.id, reason: error, nextTry: nextTry))
    }

    private func deliver(_ sent: OutgoingCase) async throws(PlatformError) -> CaseConfirmation {
        var locations: [String] = []
        for file in sent.files {
            locations.append(
                try await platform.upload(
                    .init(path: path(file), bytes: file.bytes, sha256: file.sha256, item: file.id),
                    location: file.uploadLocation,
                    began: { [outbox] in try await outbox.recordUploadLocation($0, file: file.id, ofCase: sent.id) },
                    reached: { await self.acknowledge(file.id, Int($0)) }))
        }
        let answer: PlatformCase
        do throws(PlatformError) {
            answer = try await platform.createCase(newCase(sent, locations))
        } catch {
            try await lookInto(error, sent)
            throw error
        }
        return try await verified(answer, sent)
    }

    private func note(_ error: PlatformError, of id: ItemID) {
        if error.concernsPlatform {
            platformTrouble = Trouble(error, since: platformTrouble?.since ?? now(), seen: now())
        } else {
            // A file that is damaged here says nothing of the platform.
            if case .fileDamaged = error {
            } else {
                platformTrouble = nil
                platformFailures = 0
                quietUntil = nil
            }
            refusals[id] = Trouble(error, since: refusals[id]?.since ?? now(), seen: now())
            refusalCounts[id, default: 0] += 1
        }
    }

    private func acknowledge(_ file: ItemID, _ bytes: Int) { acknowledged[file] = bytes }

    private func verified(_ answer: PlatformCase, _ sent: OutgoingCase) async throws(PlatformError) -> CaseConfirmation
    {
        if let signingKey, let known = try? CaseConfirmation(answer, of: sent, signingKey: signingKey) { return known }
        // Not known yet, or changed since: ask once. The key comes over the same mutual TLS as the case went.
        let key = try await platform.signingKey()
        let confirmation = try CaseConfirmation(answer, of: sent, signingKey: key)
        signingKey = key
        return confirmation
    }

    /// The platform does not have the files as they should be: the next attempt sends them anew, if they are whole here.
    private func lookInto(_ error: PlatformError, _ sent: OutgoingCase) async throws(PlatformError) {
        guard case .refused(_, let type?, _) = error,
            ["upload-not-ready", "digest-mismatch", "cannot-open", "not-found", "upload-gone"].contains(type)
        else { return }
        for file in sent.files {
            guard await digest(of: path(file), length: Int64(file.bytes)) == file.sha256 else {
                throw .fileDamaged(words: "another digest than recorded")
            }
        }
        for file in sent.files {
            do { try await outbox.recordUploadLocation(nil, file: file.id, ofCase: sent.id) } catch {
                logger.error("the outbox cannot be used", metadata: ["cause": "\(error)"])
            }
        }
    }

    private func digest(of path: String, length: Int64) async -> String? {
        var hash = SHA256()
        do {
            for try await piece in FileBytes(path: path, range: 0..<length) {
                piece.withUnsafeReadableBytes { hash.update(bufferPointer: $0) }
            }
        } catch { return nil }
        return Hexadecimal.text(hash.finalize())
    }

    private func path(_ file: OutgoingCase.File) -> String { "\(folder)/\(file.name)" }

    private func newCase(_ sent: OutgoingCase, _ locations: [String]) throws(PlatformError) -> NewCase {
        let uploads = zip(sent.files, locations.map { String($0.split(separator: "/").last ?? "") }).map { ($0, $1) }
        guard let (answers, answersUpload) = uploads.first else { throw .fileDamaged(words: "no answers") }
        return NewCase(
            id: sent.id, item: sent.item, acceptedAt: sent.acceptedAt.formatted(.iso8601),
            acceptanceCode: sent.acceptanceCode, manifest: Data(sent.manifest).base64EncodedString(),
            manifestSignature: Data(sent.manifestSignature).base64EncodedString(),
            kioskKey: Data(sent.kioskKey).base64EncodedString(),
            answers: .init(upload: answersUpload, sha256: answers.sha256),
            materials: uploads.dropFirst().map { file, upload in
                .init(id: file.id, name: file.material, upload: upload, sha256: file.sha256, pages: file.pages)
            })
    }

    // MARK: - Waiting

    /// Until the moment, a nudge or the end; at most a minute, because the wall clock may be set meanwhile.
    private func wait(until date: Date?) async {
        guard !isNudged, !Task.isCancelled else { return }
        let seconds = min(max(0, date?.timeIntervalSince(now()) ?? 60), 60)
        let timer = Task { [sleep] in
            do { try await sleep(.seconds(seconds)) } catch { return }
            self.wake()
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if Task.isCancelled { continuation.resume() } else { waiter = continuation }
            }
        } onCancel: {
            Task { await self.wake() }
        }
        timer.cancel()
    }

    private func wake() {
        waiter?.resume()
        waiter = nil
    }
}

extension Duration {
    fileprivate var seconds: Double { self / .seconds(1) }
}
