import DeviceKit
import Foundation
import HallModel
import Synchronization
import TestSupport
import Testing

@testable import DocumentPrinters

/// What no real printer can be told to do: a small one in memory, which a test changes while it is asked.
private final class PaperPrinter: Sendable {
    struct State: Sendable {
        var upTime = 500
        var reasons = "none"
        var createsJobs = true
        /// Of the one job; `nil` where there is none.
        var job: (name: String, state: Int, impressions: Int?)?
        var knowsJobs = true
        /// What is said to an operation instead of the right thing.
        var instead: [UInt16: ScriptedIPPServer.Answer] = [:]
        /// Called with each request before it is answered.
        var documents = 0
        var cancels = 0
    }

    let state = Mutex(State())

    func change(_ body: (inout State) -> Void) { state.withLock { body(&$0) } }

    func answer(_ request: ScriptedIPPServer.Request) -> ScriptedIPPServer.Answer {
        state.withLock { state in
            switch request.operation {
            case 0x02, 0x05: state.job = (request.text("job-name") ?? "", 3, 0)
            default: break
            }
            if request.operation == 0x02 || request.operation == 0x06 {
                state.documents += 1
                state.job?.state = 5
            }
            if request.operation == 0x08 { state.cancels += 1 }
            if let instead = state.instead[request.operation] { return instead }
            switch request.operation {
            case 0x0B:
                let operations =
                    state.createsJobs
                    ? IPPBytes.enumeration("operations-supported", 2, 5, 6, 8, 9, 10, 11)
                    : IPPBytes.enumeration("operations-supported", 2, 8, 9, 10, 11)
                return .ipp(
                    status: 0,
                    [
                        .printer([
                            IPPBytes.enumeration("printer-state", 3),
                            IPPBytes.keywords("printer-state-reasons", state.reasons),
                            IPPBytes.integer("printer-up-time", state.upTime), operations,
                            IPPBytes.boolean("printer-is-accepting-jobs", true),
                            IPPBytes.name("printer-make-and-model", "Paper Printer"),
                        ])
                    ])
            case 0x02, 0x05, 0x06:
                return .ipp(status: 0, [.job([IPPBytes.integer("job-id", 7), IPPBytes.enumeration("job-state", 3)])])
            case 0x08:
                state.job?.state = 7
                return .ipp(status: 0, [])
            case 0x09:
                guard state.knowsJobs, let job = state.job else { return .ipp(status: 0x0406, []) }
                return .ipp(status: 0, [Self.group(job)])
            case 0x0A:
                guard state.knowsJobs, let job = state.job,
                    (request.text("which-jobs") == "completed") == (job.state >= 7)
                else { return .ipp(status: 0, []) }
                return .ipp(status: 0, [Self.group(job)])
            default: return .ipp(status: 0x0501, [])
            }
        }
    }

    private static func group(_ job: (name: String, state: Int, impressions: Int?)) -> IPPBytes.Group {
        var attributes = [
            IPPBytes.integer("job-id", 7), IPPBytes.name("job-name", job.name),
            IPPBytes.name("job-originating-user-name", "hallkiosk"), IPPBytes.enumeration("job-state", job.state),
            IPPBytes.keywords("job-state-reasons", "none"),
        ]
        if let impressions = job.impressions {
            attributes.append(IPPBytes.integer("job-impressions-completed", impressions))
        }
        return .job(attributes)
    }
}

@Suite("a printer that misbehaves", .timeLimit(.minutes(1)))
struct ScriptedPrinterTests {
    private func withPrinter(
        settings: DocumentPrinterSettings = .quick, _ setUp: (inout PaperPrinter.State) -> Void = { _ in },
        _ body: (PaperPrinter, ScriptedIPPServer, PrinterUnderTest) async throws -> Void
    ) async throws {
        let paper = PaperPrinter()
        paper.change(setUp)
        let server = try await ScriptedIPPServer { paper.answer($0) }
        let kiosk = try PrinterUnderTest("ipp://127.0.0.1:\(server.port)/ipp/print", settings: settings)
        do {
            try await body(paper, server, kiosk)
        } catch {
            await kiosk.stop()
            await server.stop()
            throw error
        }
        await kiosk.stop()
        await server.stop()
    }

    private var hasty: DocumentPrinterSettings {
        var settings = DocumentPrinterSettings.quick
        settings.requestTimeoutMilliseconds = 400
        return settings
    }

    @Test("a printer that knows Print-Job only is printed to in one go")
    func printJob() async throws {
        try await withPrinter({ $0.createsJobs = false }) { paper, server, kiosk in
            async let printing = kiosk.print()
            try await eventually("the document is there") { paper.state.withLock(\.documents) == 1 }
            paper.change { $0.job = ($0.job?.name ?? "", 9, 3) }
            #expect(await printing == PrintOutcome(.printed, rung: .impressions))
            #expect(server.operations.contains(0x02))
            #expect(!server.operations.contains(0x05))
        }
    }

    @Test(
        "an answer that is lost after the whole document was handed over is not the end: the job is found by its name")
    func lostAnswer() async throws {
        try await withPrinter({ state in
            state.createsJobs = false
            state.instead[0x02] = .hangUp
        }) { paper, _, kiosk in
            async let printing = kiosk.print()
            try await eventually("the document is there") { paper.state.withLock(\.documents) == 1 }
            paper.change { $0.job = ($0.job?.name ?? "", 9, 3) }
            #expect(await printing == PrintOutcome(.printed, rung: .impressions))
            #expect(paper.state.withLock(\.documents) == 1)
        }
    }

    @Test("the same with a printer that then knows no such job is unknown")
    func lostForGood() async throws {
        try await withPrinter({ state in
            state.createsJobs = false
            state.knowsJobs = false
            state.instead[0x02] = .hangUp
        }) { paper, _, kiosk in
            let outcome = await kiosk.print()
            #expect(outcome.verdict == .unknown)
            #expect(outcome.problem?.evidence.contains("does not know the job") == true, "\(outcome)")
            #expect(paper.state.withLock(\.documents) == 1)
        }
    }

    @Test("a job that the printer forgets is unknown")
    func forgotten() async throws {
        try await withPrinter { paper, server, kiosk in
            async let printing = kiosk.print()
            try await eventually("the document is there") { paper.state.withLock(\.documents) == 1 }
            paper.change { $0.job?.impressions = 3 }
            let asked = server.operations.count { $0 == 0x09 }
            try await eventually("it was asked for the count") { server.operations.count { $0 == 0x09 } >= asked + 2 }
            paper.change { $0.knowsJobs = false }
            let outcome = await printing
            #expect(outcome.verdict == .unknown && outcome.rung == .impressions)
            #expect(
                outcome.problem?.evidence == "the printer does not know the job any more; 3 of 3 pages were counted")
        }
    }

    @Test("a job of another name under our number is not ours")
    func othersNumber() async throws {
        try await withPrinter { paper, _, kiosk in
            async let printing = kiosk.print()
            try await eventually("the document is there") { paper.state.withLock(\.documents) == 1 }
            paper.change { $0.job = ("somebody's letter", 9, 3) }
            #expect(await printing.verdict == .unknown)
        }
    }

    @Test("an up-time that goes back between two questions is unknown, though the job seems complete")
    func restarted() async throws {
        try await withPrinter { paper, _, kiosk in
            async let printing = kiosk.print()
            try await eventually("the document is there") { paper.state.withLock(\.documents) == 1 }
            paper.change { state in
                state.upTime = 3
                state.job = (state.job?.name ?? "", 9, 3)
            }
            let outcome = await printing
            #expect(outcome.verdict == .unknown)
            #expect(
                outcome.problem?.evidence.hasPrefix("printer-up-time went from 500 back to 3") == true, "\(outcome)")
        }
    }

    @Test("a job that seems complete is not believed before the printer's clock was read after it")
    func restartedUnheard() async throws {
        try await withPrinter { paper, server, kiosk in
            async let printing = kiosk.print()
            try await eventually("the document is there") { paper.state.withLock(\.documents) == 1 }
            paper.change { state in
                state.upTime = 3
                state.job = (state.job?.name ?? "", 9, 3)
                state.instead[0x0B] = .hangUp
            }
            let asked = server.operations.count { $0 == 0x0B }
            try await eventually("its clock was asked for in vain") {
                server.operations.count { $0 == 0x0B } >= asked + 3
            }
            paper.change { $0.instead = [:] }
            let outcome = await printing
            #expect(outcome.verdict == .unknown)
            #expect(
                outcome.problem?.evidence.hasPrefix("printer-up-time went from 500 back to 3") == true, "\(outcome)")
        }
    }

    @Test("a job that is held is not ended while nobody knows what the printer waits for; it was paper")
    func heldUnheard() async throws {
        try await withPrinter { paper, _, kiosk in
            async let printing = kiosk.print()
            try await eventually("the document is there") { paper.state.withLock(\.documents) == 1 }
            paper.change { state in
                state.reasons = "media-empty"
                state.job = (state.job?.name ?? "", 4, 0)
                state.instead[0x0B] = .hangUp
            }
            try await Task.sleep(for: DocumentJobMachine.settling + .seconds(1))
            #expect(paper.state.withLock(\.cancels) == 0)
            paper.change { $0.instead = [:] }
            try await kiosk.becomes("paper out") { $0.problem?.code == .documentPrinterPaperOut }
            paper.change { state in
                state.reasons = "none"
                state.job = (state.job?.name ?? "", 9, 3)
            }
            #expect(await printing == PrintOutcome(.printed, rung: .impressions))
            #expect(paper.state.withLock(\.cancels) == 0)
        }
    }

    @Test("a document that is turned away was not printed, and its empty job is ended")
    func refused() async throws {
        try await withPrinter({ $0.instead[0x06] = .ipp(status: 0x040A, []) }) { paper, _, kiosk in
            let outcome = await kiosk.print()
            #expect(outcome.verdict == .notPrinted && outcome.rung == .notStarted)
            #expect(
                outcome.problem?.evidence.contains("client-error-document-format-not-supported") == true, "\(outcome)")
            try await eventually("the job is ended") { paper.state.withLock(\.cancels) > 0 }
        }
    }

    @Test("a printer's own error in mid-sending is no refusal: the job is ended, and what it counted decides")
    func internalError() async throws {
        try await withPrinter({ $0.instead[0x06] = .ipp(status: 0x0500, []) }) { paper, _, kiosk in
            let outcome = await kiosk.print()
            #expect(paper.state.withLock(\.cancels) > 0)
            #expect(outcome.verdict == .notPrinted && outcome.rung == .impressions, "\(outcome)")
        }
    }

    @Test("a printer that hangs in the middle of a document is given up in bounded time, and the job is ended")
    func hangs() async throws {
        var settings = DocumentPrinterSettings.quick
        settings.printTimeoutMilliseconds = 1_500
        try await withPrinter(settings: settings, { $0.instead[0x06] = .silence }) { paper, _, kiosk in
            let outcome = await kiosk.print()
            #expect(paper.state.withLock(\.cancels) > 0, "\(outcome)")
            #expect(outcome.verdict == .notPrinted, "\(outcome)")
        }
    }

    @Test("a job that cannot be ended is told, and nothing is printed before it")
    func stubbornLeftover() async throws {
        try await withPrinter({ state in
            state.job = ("left-behind", 5, 0)
            state.instead[0x08] = .ipp(status: 0x0403, [])
        }) { paper, _, kiosk in
            try await kiosk.becomes("told") { $0.state == .hardwareError }
            #expect(kiosk.last?.problem?.evidence.hasPrefix("a job of before is still there") == true)
            let outcome = await kiosk.print()
            #expect(outcome.verdict == .notPrinted && outcome.rung == .notStarted)
            paper.change { $0.instead = [:] }
            try await kiosk.becomes("well") { $0.state == .online }
            #expect(paper.state.withLock(\.documents) == 0)
        }
    }

    // MARK: - No answers

    @Test("a printer that takes connections and says nothing is missing")
    func silent() async throws {
        try await withPrinter(settings: hasty, { $0.instead[0x0B] = .silence }) { _, server, kiosk in
            try await kiosk.becomes("missing") { $0.state == .noDevice }
            #expect(
                kiosk.last?.problem?.evidence
                    == "ETIMEDOUT 127.0.0.1:\(server.port)/ipp/print: no answer within 400 ms")
            #expect(await kiosk.print().rung == .notStarted)
        }
    }

    static let wrongAnswers: [(String, ScriptedIPPServer.Answer, String)] = [
        ("a web page", .body(Array("<html>hello</html>".utf8)), "no answer in IPP"),
        ("nothing", .body([]), "no answer in IPP"),
        ("half an answer", .body([1, 1, 0, 0, 0, 0, 0, 1, 1, 0x47, 0, 18, 65]), "no answer in IPP"),
        ("a length beyond the end", .body([1, 1, 0, 0, 0, 0, 0, 1, 4, 0x21, 0xFF, 0xFF, 65]), "no answer in IPP"),
        ("noise instead of HTTP", .raw([UInt8](repeating: 0xFE, count: 400)), "127.0.0.1"),
        ("a closed connection", .hangUp, "127.0.0.1"),
        ("no printer in it", .ipp(status: 0, []), "no printer in the answer"),
        (
            "404", .raw(Array("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".utf8)),
            "client-error-not-found (HTTP 404)"
        ),
        (
            "401", .raw(Array("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n".utf8)),
            "HTTP 401: it lets nobody in without a password"
        ),
        ("426", .raw(Array("HTTP/1.1 426 Upgrade\r\nContent-Length: 0\r\n\r\n".utf8)), "HTTP 426: it wants TLS"),
        ("an error of IPP", .ipp(status: 0x0500, []), "server-error-internal-error"),
        ("not found", .ipp(status: 0x0406, []), "client-error-not-found"),
        (
            "headers without end, a byte at a time",
            .endless(Array("a".utf8), start: Array("HTTP/1.1 200 OK\r\nX-A: ".utf8), every: .milliseconds(20)),
            "ETIMEDOUT"
        ),
        (
            "continue without end",
            .endless(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8), start: [], every: .milliseconds(5)), "ETIMEDOUT"
        ),
        (
            "an answer without end, a byte at a time",
            .endless([0x21, 0, 1, 65, 0, 4, 0, 0, 0, 1], start: startOfEndless, every: .milliseconds(20)), "ETIMEDOUT"
        ),
        (
            "an answer without end, as fast as it goes",
            .endless(
                IPPBytes.encoded((0x41, "A", [[UInt8](repeating: 65, count: 1_000)])), start: startOfEndless,
                every: .zero), "an answer without end"
        ),
    ]

    /// HTTP without a length, then the beginning of an answer with printer attributes.
    private static var startOfEndless: [UInt8] {
        Array("HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\nConnection: close\r\n\r\n".utf8)
            + [1, 1, 0, 0, 0, 0, 0, 1, 4]
    }

    @Test("whatever is said instead of an answer is a problem with its cause, in bounded time", arguments: wrongAnswers)
    func wrongAnswer(_ what: String, _ answer: ScriptedIPPServer.Answer, _ evidence: String) async throws {
        // Only where the end of our patience is what is tested does it come soon.
        var settings = hasty
        if evidence != "ETIMEDOUT" { settings.requestTimeoutMilliseconds = 20_000 }
        try await withPrinter(settings: settings, { $0.instead[0x0B] = answer }) { paper, _, kiosk in
            try await kiosk.becomes("\(what) is a problem", within: .seconds(45)) { $0.problem != nil }
            let told = kiosk.last?.problem?.evidence ?? ""
            #expect(told.contains(evidence), "\(what): \(told)")
            #expect([.documentPrinterMissing, .documentPrinterFault].contains(kiosk.last?.problem?.code))
            #expect(told.utf8.allSatisfy { (32...126).contains($0) }, "\(told)")
            paper.change { $0.instead = [:] }
            try await kiosk.becomes("well again") { $0 == DeviceStatus(.online, paper: .full, model: "Paper Printer") }
        }
    }

    @Test("an answer with any bytes changed gives an answer or an error, never more than it may take")
    func anyBytes() async throws {
        var random = SeededGenerator()
        let paper = PaperPrinter()
        let whole = IPPBytes.answer(
            status: 0, id: [0, 0, 0, 1],
            [
                .printer([
                    IPPBytes.enumeration("printer-state", 3),
                    IPPBytes.keywords("printer-state-reasons", "media-empty-warning", "toner-low"),
                    IPPBytes.integer("printer-up-time", 500), IPPBytes.name("printer-make-and-model", "Paper Printer"),
                    (0x30, "printer-supply", [[1, 2, 3]]), (0x34, "media-col-ready", [[]]), (0x10, "nothing", [[]]),
                ]), .job([IPPBytes.integer("job-id", 7)]), .job([IPPBytes.integer("job-id", 8)]),
            ])
        let answers = (0..<300).map { _ -> [UInt8] in
            var bytes = whole
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                switch Int.random(in: 0...3, using: &random) {
                case 0: bytes.remove(at: Int.random(in: 0..<bytes.count, using: &random))
                case 1:
                    bytes.insert(
                        UInt8.random(in: 0...255, using: &random), at: Int.random(in: 0...bytes.count, using: &random))
                default:
                    bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
                }
            }
            return bytes
        }
        let next = Atomic(0)
        let server = try await ScriptedIPPServer { request in
            guard request.operation == 0x0B else { return paper.answer(request) }
            return .body(answers[next.wrappingAdd(1, ordering: .relaxed).oldValue % answers.count])
        }
        let client = IPPClient(IPPEndpoint(host: "127.0.0.1", port: server.port, resource: "/ipp/print"))
        for _ in answers {
            let answer = try? await client.ask(.printerAttributes(at: client.endpoint), within: .seconds(2))
            guard let printer = answer?.printer else { continue }
            let report = PrinterReport(printer)
            _ = PrinterCondition(report)
            #expect(report.reasons.allSatisfy { $0.utf8.allSatisfy { (33...126).contains($0) } }, "seed \(random.seed)")
        }
        await server.stop()
    }
}
