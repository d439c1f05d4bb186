import Foundation
import HallModel
import KioskConfiguration
import PlatformClient
import Testing

@testable import HallController

@Suite("Whether the platform can be reached, and what a technician hears of it")
struct PlatformWatchTests {
    private static let cut = PlatformError.unreachable(words: "hall.example:443: refused (ECONNREFUSED)")
    private let start = Date(timeIntervalSince1970: 1_000)

    private func watch(hearing failures: [PlatformError?]) -> PlatformReachability {
        var watch = PlatformReachability()
        for (second, failure) in failures.enumerated() { _ = watch.heard(failure, at: start + Double(second)) }
        return watch
    }

    @Test("One lost answer is no outage, two are; the first answer ends it; nothing is told twice, another problem is")
    func heard() {
        let cut = Self.cut
        let busy = PlatformError.refused(status: 503, type: nil, retryAfter: nil)
        var watch = PlatformReachability()
        let other = PlatformError.refused(status: 404, type: nil, retryAfter: nil)
        let told = [nil, cut, nil, cut, cut, cut, busy, other, nil, nil].map { watch.heard($0, at: start) }
        #expect(told == [false, false, false, false, true, false, false, true, true, false])
    }

    @Test(
        "With an empty outbox the watch alone is enough for a problem, since the first lost answer and with its reason")
    func empty() throws {
        let problems = PlatformTroubles(watch: watch(hearing: [nil, Self.cut, Self.cut])).problems
        let problem = try #require(problems.first)
        #expect(problems.count == 1 && problem.since == start + 1)
        #expect(problem.problem == Problem(.platformUnreachable, evidence: "\(Self.cut)"))
        #expect(PlatformTroubles(watch: watch(hearing: [Self.cut, Self.cut, nil])).problems.isEmpty)
        #expect(PlatformTroubles(watch: watch(hearing: [Self.cut])).problems.isEmpty)
    }

    @Test(
        "A platform that answers, and not as agreed, is a problem too: a wrong path, another server, a kiosk it does not know"
    )
    func otherServer() {
        for failure in [
            PlatformError.refused(status: 404, type: nil, retryAfter: nil), .notUnderstood(words: "PlatformHealth"),
            .refused(status: 403, type: "forbidden", retryAfter: nil),
        ] {
            let problems = PlatformTroubles(watch: watch(hearing: [failure, failure])).problems
            #expect(problems.map(\.problem) == [Problem(.platformRefused, evidence: "\(failure)")])
        }
    }

    @Test(
        "What watch and uploader both know is told once; what the network broke is over when the watch was answered since"
    )
    func together() {
        let lost = CaseUploader.Trouble(Self.cut, since: start - 60, seen: start)
        let both = PlatformTroubles(watch: watch(hearing: [Self.cut, Self.cut]), uploader: lost).problems
        #expect(both.map(\.problem.code) == [.platformUnreachable] && both.first?.since == start - 60)
        #expect(PlatformTroubles(uploader: lost).problems.count == 1)
        #expect(PlatformTroubles(watch: watch(hearing: [nil, nil]), uploader: lost).problems.isEmpty)
        let full = CaseUploader.Trouble(.refused(status: 507, type: nil, retryAfter: nil), since: start, seen: start)
        #expect(PlatformTroubles(watch: watch(hearing: [nil, nil]), uploader: full).problems.count == 1)
    }

    @Test("Cases that fail by an error of the server are no refusals: the outbox tries again")
    func serverErrors() {
        func trouble(_ error: PlatformError) -> CaseUploader.Trouble { .init(error, since: start, seen: start) }
        let found = PlatformTroubles(refusals: [
            trouble(.refused(status: 500, type: nil, retryAfter: nil)),
            trouble(.refused(status: 422, type: "unknown-item", retryAfter: nil)), trouble(.fileDamaged(words: "gone")),
            trouble(.confirmationWrong(words: "number")),
        ]).problems
        #expect(found.map(\.problem.code) == [.platformUnreachable, .platformRefused, .storageFault])
        #expect(found.map(\.problem.evidence).contains("500 (1 case)"))
        #expect(found[1].problem.evidence.hasSuffix("(2 cases)"))
    }

    @Test(
        "Each reason has its own sentence: what happened, to which thing, what to do",
        arguments: [
            (PlatformError.unreachable(words: "h:443: no such name (ENOTFOUND)"), "host name", "platform.url"),
            (Self.cut, "nothing listens", "port"),
            (.unreachable(words: "h:443: no connection (ETIMEDOUT)"), "firewall", "cable"),
            (
                .unreachable(words: "h:443: TLS: platform certificate untrusted"), "platform's certificate",
                "platform.trust"
            ),
            (
                .unreachable(words: "h:443: TLS: kiosk certificate rejected"), "kiosk's certificate",
                "platform.certificate"
            ),
            (.refused(status: 503, type: "unavailable", retryAfter: nil), "busy", "by itself"),
            (.refused(status: 429, type: nil, retryAfter: nil), "busy", "by itself"),
            (.refused(status: 507, type: nil, retryAfter: nil), "no room", "disk"),
            (.refused(status: 500, type: nil, retryAfter: nil), "error of its own", "tries again"),
            (.refused(status: 403, type: nil, retryAfter: nil), "does not let this kiosk in", "register"),
            (.refused(status: 302, type: nil, retryAfter: nil), "path in platform.url", "platform.url"),
            (.refused(status: 404, type: nil, retryAfter: nil), "path in platform.url", "platform.url"),
            (.notUnderstood(words: "PlatformCase"), "not understood", "gateway|platform.url"),
            (.confirmationWrong(words: "signature"), "confirmation", "signing key"),
            (.refused(status: 422, type: "unknown-item", retryAfter: nil), "HTTP 4xx", "item's definition"),
        ])
    func sentences(_ error: PlatformError, _ cause: String, _ action: String) throws {
        let kiosk = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
        let catalogue = try ProblemCatalogue(file: "\(kiosk)/Kiosk/problems.yaml")
        let code = error.problem
        let entry = try #require(catalogue[code])
        #expect(entry.cause(seeing: "\(error)").contains(cause), "\(error): \(entry.cause(seeing: "\(error)"))")
        let told = entry.action(seeing: "\(error)")
        #expect(action.split(separator: "|").contains { told.contains($0) }, "\(error): \(told)")
    }
}
