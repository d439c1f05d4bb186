import ArgumentParser
import HallModel
import KioskControl

struct RetryOutbox: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Try waiting cases now instead of at their next try.",
        discussion: """
            Without ID: every case that waits. With --wait it ends when each of them was confirmed (0) or refused (1), or the \
            platform turned out to be away (75).

            Examples:
              kioskctl outbox retry
              kioskctl outbox retry --wait
              kioskctl outbox retry 01890f3e-7b5a-7c3d-8e2f-0123456789ab --wait
            """)

    @OptionGroup var daemon: DaemonOptions

    @Flag(help: "Wait for the platform's answer.")
    var wait = false

    @Option(help: ArgumentHelp("Seconds to wait at most, 1 to 3600.", valueName: "SECONDS"))
    var timeout = 60

    @Argument(
        help: ArgumentHelp("One case, by the id that outbox shows, or its beginning.", valueName: "ID"),
        completion: .custom { words, _, _ in await DaemonCompletion.cases(words) })
    var id: String?

    func validate() throws {
        if let id, !WaitingCaseID.isBeginning(id) {
            throw ValidationError(
                "“\(id)” is no id of a case: it looks like 01890f3e-7b5a-7c3d-8e2f-0123456789ab, its beginning will do, "
                    + "and kioskctl outbox lists those that wait.")
        }
        guard (1...3_600).contains(timeout) else { throw ValidationError("--timeout takes 1 to 3600 seconds.") }
    }

    func run() async throws {
        let named = id
        let wanted = try await daemon.ask { try await WaitingCaseID.found(named, $0) }
        guard wait else {
            let retry = try await daemon.ask { try await $0.retryOutbox(wanted) }
            if daemon.json { return try Terminal.printJSON(RetryOutcome(tried: retry.cases)) }
            return Terminal.show(
                retry.cases.isEmpty
                    ? "Nothing waits: the platform has confirmed everything."
                    : "\(OutboxWords.cases(retry.cases.count)) tried now; kioskctl outbox shows what comes of it.")
        }
        let outcome = try await waited(wanted)
        if daemon.json { try Terminal.printJSON(outcome) } else { outcome.show() }
        if let failure = outcome.failure(timeout: timeout) {
            // With --json the result has been printed; it says the same.
            if !daemon.json { Terminal.complain(failure.sentence) }
            throw ExitCode(failure.status.rawValue)
        }
    }

    private func waited(_ id: ItemID?) async throws -> RetryOutcome {
        let (states, sink) = AsyncStream<RetryOutcome>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let limit = Duration.seconds(timeout)
        return try await withThrowingTaskGroup(of: RetryOutcome?.self) { group in
            group.addTask { [daemon] in
                try await daemon.ask { try await Self.outcome(of: id, $0) { sink.yield($0) } }
            }
            group.addTask {
                try await Task.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            if let outcome = try await group.next() ?? nil { return outcome }
            sink.finish()
            var last: RetryOutcome?
            for await state in states { last = state }
            guard let last else {
                throw CommandFailure(.unavailable, "kioskd did not take the order within \(timeout) s.")
            }
            return last
        }
    }

    /// Orders the tries and hears what comes of them.
    private static func outcome(
        of id: ItemID?, _ client: ControlClient, _ tell: (RetryOutcome) -> Void
    ) async throws -> RetryOutcome {
        // First listen, then ask: no answer is missed.
        var body = try await client.events(recent: 0, follow: true)
        var outcome = RetryOutcome(tried: try await client.retryOutbox(id).cases)
        tell(outcome)
        while !outcome.isOver {
            guard let event = try await body.next(KioskEvent.self) else {
                throw ControlClient.Failure.lost(socket: client.socketPath)
            }
            guard event.type != .dropped else {
                throw CommandFailure(
                    .tryAgain,
                    "more came than could be read, and answers were missed; kioskctl outbox shows how far the kiosk is."
                )
            }
            outcome.hear(event)
            tell(outcome)
        }
        return outcome
    }
}

/// A case as a person names it: by its id, or by a beginning that no other has.
enum WaitingCaseID {
    static func isBeginning(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 36 && text.allSatisfy { $0 == "-" || $0.isHexDigit && $0.isASCII }
    }

    /// - Parameter named: `nil` means all of them, and is answered so.
    static func found(_ named: String?, _ client: ControlClient) async throws -> ItemID? {
        guard let named = named?.lowercased() else { return nil }
        if let id = ItemID(rawValue: named) { return id }
        let report = try await client.outbox()
        let waiting = report.waiting ?? []
        guard waiting.count >= report.cases else {
            throw CommandFailure(
                .usage,
                "\(report.cases) cases wait, more than are listed: a beginning may be that of several; name the whole id."
            )
        }
        let ids = waiting.map(\.id).filter { $0.rawValue.hasPrefix(named) }
        guard let id = ids.first else {
            throw CommandFailure(
                .usage, "no case that waits has an id that begins with \(named); kioskctl outbox lists them.")
        }
        guard ids.count == 1 else {
            throw CommandFailure(
                .usage,
                "\(ids.count) cases that wait have ids that begin with \(named); name more of it: "
                    + ids.prefix(8).map(\.rawValue).joined(separator: ", ") + (ids.count > 8 ? " …" : "."))
        }
        return id
    }
}

enum OutboxWords {
    static func cases(_ count: Int) -> String { count == 1 ? "1 case is" : "\(count) cases are" }
}

/// What came of the tries.
struct RetryOutcome: Encodable, Sendable {
    struct Refusal: Encodable, Sendable {
        var id: ItemID
        var answer: String
        var retryInSeconds: Int?
    }

    var tried: [ItemID]
    var confirmed: [ItemID] = []
    var refused: [Refusal] = []
    /// The case with which the platform turned out to be away: it is none that was refused.
    var unanswered: [Refusal] = []
    /// The platform as a whole does not answer: the others were not tried.
    var isPlatformAway = false
    /// Every case has its answer.
    var isOver: Bool { isPlatformAway || confirmed.count + refused.count >= tried.count }

    init(tried: [ItemID]) { self.tried = tried }

    mutating func hear(_ event: KioskEvent) {
        guard let id = event.case, tried.contains(id) else { return }
        switch event.type {
        case .caseConfirmed:
            refused.removeAll { $0.id == id }
            if !confirmed.contains(id) { confirmed.append(id) }
        case .caseFailed:
            let answer = Refusal(id: id, answer: event.answer ?? "", retryInSeconds: event.retryInSeconds)
            refused.removeAll { $0.id == id }
            isPlatformAway = event.isPlatformAway == true
            if isPlatformAway { unanswered = [answer] } else { refused.append(answer) }
        default: break
        }
    }

    func show() {
        if tried.isEmpty { Terminal.show("Nothing waits: the platform has confirmed everything.") }
        for id in confirmed { Terminal.show("\(id)  \(Mark.good("confirmed"))") }
        for refusal in refused + unanswered {
            let next = refusal.retryInSeconds.map { "; next try in \(Terminal.age($0))" } ?? ""
            Terminal.show("\(refusal.id)  \(Mark.fault("not taken")): \(refusal.answer)\(next)")
        }
    }

    /// `nil` when the platform has confirmed them all.
    func failure(timeout: Int) -> CommandFailure? {
        if confirmed.count == tried.count { return nil }
        if isPlatformAway {
            return CommandFailure(
                .tryAgain,
                "the platform is away (\(unanswered.last?.answer ?? "")); the kiosk goes on trying by itself.")
        }
        if !isOver {
            return CommandFailure(
                .tryAgain,
                "no answer within \(timeout) s; the kiosk goes on trying, kioskctl outbox shows how far it is.")
        }
        return CommandFailure(
            .failed, "the platform does not take \(refused.count) of \(tried.count); its operator can say why.")
    }
}
