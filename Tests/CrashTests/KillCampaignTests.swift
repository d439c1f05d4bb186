import Foundation
import TestSupport
import Testing

extension CrashTests {
    /// `kill -9` at random moments of a running load. What the screen has said, over HTTP, holds.
    ///
    /// `make kill-campaign ROUNDS=200 [SEED=n]` runs the same for longer, or the same again: moments and victims follow from the
    /// seed, what exactly is hit then does not.
    @Suite("Kill campaign")
    struct KillCampaignTests {
        private static let environment = ProcessInfo.processInfo.environment

        @Test("nothing acknowledged is lost, nothing is there twice, the screen is back in 2 s")
        func campaign() async throws {
            let given = Self.environment["KILL_ROUNDS"].flatMap(Int.init)
            let rounds = given ?? 20
            let seed =
                Self.environment["KILL_SEED"].flatMap(UInt64.init) ?? (given == nil ? 4_711 : .random(in: 1...999_999))
            print("kill campaign: seed \(seed), \(rounds) rounds")
            let figures = try await KillCampaign(seed: seed, rounds: rounds).run()
            let ends = figures.records.map(\.end)
            let slowest = figures.screenBack.max() ?? .zero
            print(
                """
                kill campaign: seed \(seed), \(rounds) rounds in \(figures.lasted / .seconds(1)) s; \(figures.records.count) errands, \
                \(ends.count { $0 == .lost }) lost, \(figures.cases) cases, \
                \(figures.records.count { !$0.codes.isEmpty }) with an acceptance code; \
                \(figures.records.count { $0.end == .lost && $0.pressedSubmit }) killed between 提交 and the answer; \
                screen back \(figures.screenBack.count) times, at the latest after \(slowest / .milliseconds(1)) ms
                """)
            #expect(figures.cases >= rounds)
            #expect(slowest < KillCampaign.screenBack)
        }

        // MARK: - The check itself

        private static func record(_ phone: String, _ change: (inout Errand.Record) -> Void) -> Errand.Record {
            var record = Errand.Record(phone: phone)
            change(&record)
            return record
        }

        private static func platformCase(_ number: String, _ code: String, _ phone: String) -> PlatformCases.Case {
            PlatformCases.Case(number: number, acceptanceCode: code, phone: phone, pages: [2])
        }

        @Test("a case that was acknowledged by number, by code or in words, and is not there, is found")
        func findsLost() {
            for change: (inout Errand.Record) -> Void in [
                { $0.numbers = ["99000012"] }, { $0.codes = ["ABCDEFGH"] }, { $0.saidAccepted = true },
            ] {
                let broken = PromiseCheck.broken(
                    [
                        Self.record("1") {
                            change(&$0); $0.pressedSubmit = true
                        }
                    ], [])
                #expect(broken.contains { $0.contains("lost") })
            }
        }

        @Test("a second case of the same errand is found")
        func findsTwice() {
            let record = Self.record("1") { $0.pressedSubmit = true }
            let one = Self.platformCase("10", "A", "1")
            #expect(PromiseCheck.broken([record], [one]).isEmpty)
            #expect(!PromiseCheck.broken([record], [one, Self.platformCase("11", "B", "1")]).isEmpty)
            #expect(!PromiseCheck.broken([record], [one, one]).isEmpty)
        }

        @Test("a number of somebody else, a case that nobody submitted and one of nobody are found")
        func findsForeign() {
            let one = Self.platformCase("10", "A", "1")
            #expect(
                !PromiseCheck.broken(
                    [
                        Self.record("1") {
                            $0.pressedSubmit = true; $0.numbers = ["11"]
                        }
                    ], [one]
                ).isEmpty)
            #expect(
                !PromiseCheck.broken(
                    [
                        Self.record("1") {
                            $0.pressedSubmit = true; $0.codes = ["B"]
                        }
                    ], [one]
                ).isEmpty)
            #expect(!PromiseCheck.broken([Self.record("1") { _ in }], [one]).isEmpty)
            #expect(!PromiseCheck.broken([], [one]).isEmpty)
        }

        @Test("a submission without an answer may have a case or none")
        func allowsEither() {
            let record = Self.record("1") { $0.pressedSubmit = true }
            #expect(PromiseCheck.broken([record], []).isEmpty)
            #expect(PromiseCheck.broken([record], [Self.platformCase("10", "A", "1")]).isEmpty)
        }

        @Test("the same seed gives the same plan, with each victim in twenty rounds")
        func planIsRepeatable() {
            let (one, two) = (KillPlan(seed: 7, rounds: 20), KillPlan(seed: 7, rounds: 20))
            #expect(one.rounds.map { "\($0)" } == two.rounds.map { "\($0)" })
            #expect(Set(one.rounds.map(\.victim)) == Set(Victim.allCases))
        }
    }
}
