import TestSupport
import Testing

/// The checks of a campaign themselves: each finds what it is there to find, and nothing in a visit that went well.
@Suite("The campaign's checks")
struct CheckTests {
    private static let plan = SessionPlan(
        number: 1, card: "zhang", errand: .socialCard, isEnglish: false, scenes: [], interlude: .none, wantsPaper: true,
        asksForHelp: false, seed: 1)

    private static var record: VisitRecord {
        var record = VisitRecord(plan)
        record.end = .finished
        record.touched = ["item", "begin", "answer", "submit", "next", "all-taken"]
        record.saidAccepted = true
        record.numbers = ["99000028"]
        return record
    }

    private static var evidence: VisitEvidence {
        var evidence = VisitEvidence()
        evidence.cases = [.init(id: "a", item: "social-card", acceptanceCode: "AB2CD3EF", number: "99000028")]
        evidence.receipts = [.init(number: 1, of: "a", isSecondCopy: false, state: "printed", rung: "processID")]
        evidence.slips = [.init(id: "1", isComplete: true, code: "HK1:N:99000028", isMarkedSecondCopy: false)]
        return evidence
    }

    private static func broken(
        _ change: (inout VisitRecord, inout VisitEvidence) -> Void
    ) -> [String] {
        var (record, evidence) = (record, evidence)
        change(&record, &evidence)
        return SessionCheck(record: record, evidence: evidence).broken()
    }

    @Test("the code instead of the number is found, but where the machine itself took longer than what was left")
    func lateNumbers() {
        func broken(hindered: Duration, away: Duration = .zero) -> [String] {
            Self.broken { record, _ in
                let scene = Scene("late", .platform, [.socialCard], .before("submit"), []) { $0.givesNumber = true }
                record = VisitRecord(
                    SessionPlan(
                        number: 1, card: "zhang", errand: .socialCard, isEnglish: false, scenes: [scene],
                        interlude: .none, wantsPaper: true, asksForHelp: false, seed: 1))
                record.end = .finished
                record.touched = Self.record.touched
                record.codes = ["AB2CD3EF"]
                record.played = [.init(scene: scene, began: .now, hindered: hindered, away: away)]
            }
        }
        for enough in [0, 2, 4] { #expect(broken(hindered: .seconds(enough)).contains { $0.contains("no number") }) }
        #expect(!broken(hindered: .seconds(4.1)).contains { $0.contains("no number") })
        #expect(broken(hindered: .zero, away: .seconds(0.7)).contains { $0.contains("no number") })
        #expect(!broken(hindered: .zero, away: .seconds(0.9)).contains { $0.contains("no number") })
    }

    @Test("no hall starts while a visit is timed, and no visit is timed while one starts")
    func quietTimes() async {
        let times = QuietTimes()
        let room = Room()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                group.addTask {
                    if number.isMultiple(of: 3) {
                        await times.start {
                            await room.enter(1, 0)
                            for _ in 0..<10 { await Task.yield() }
                            await room.enter(-1, 0)
                        }
                    } else {
                        await times.visit {
                            await room.enter(0, 1)
                            for _ in 0..<10 { await Task.yield() }
                            await room.enter(0, -1)
                        }
                    }
                }
            }
        }
        #expect(await room.entries == 200)
        #expect(await !room.haveMet)
    }

    /// Notes who is in it at once.
    private actor Room {
        private(set) var entries = 0
        private(set) var haveMet = false
        private var starts = 0
        private var visits = 0

        func enter(_ starts: Int, _ visits: Int) {
            if starts + visits > 0 { entries += 1 }
            self.starts += starts
            self.visits += visits
            if self.starts > 0, self.visits > 0 { haveMet = true }
        }
    }

    @Test("a case that is doubled, was lost, or that nobody submitted is found")
    func cases() {
        #expect(Self.broken { $1.cases += $1.cases }.contains { $0.contains("2 cases of one visit") })
        #expect(Self.broken { $1.cases = [] }.contains { $0.contains("the journal has none") })
        #expect(Self.broken { record, _ in record.touched = [] }.contains("a case that nobody submitted"))
        #expect(
            Self.broken { record, _ in record.numbers = ["99000036"] }.contains { $0.contains("said number 99000036") })
        #expect(Self.broken { record, _ in record.codes = ["ZZZZZZZZ"] }.contains { $0.contains("said code ZZZZZZZZ") })
    }

    @Test(
        "a slip that is called printed and did not come out, and one that came out and is called not printed, are found"
    )
    func lies() {
        #expect(Self.broken { $1.slips = [] }.contains { $0.contains("0 came out whole") })
        #expect(
            Self.broken { $1.receipts[0].state = "notPrinted" }.contains {
                $0.contains("1 came out whole, and the journal")
            })
        #expect(Self.broken { $1.receipts[0].state = "started" }.contains { $0.contains("has no outcome") })
        #expect(
            Self.broken { $1.slips[0].code = "HK1:N:99000036" }.contains { $0.contains("a slip of HK1:N:99000036") })
    }

    @Test("a second print that nobody asked for, and a second copy that does not say so, are found")
    func copies() {
        let again = KioskJournal.Print(number: 2, of: "a", isSecondCopy: true, state: "printed", rung: "processID")
        let doubled = Self.broken { _, evidence in
            evidence.receipts.append(again)
            evidence.slips.append(evidence.slips[0])
        }
        #expect(doubled.contains { $0.contains("2 prints after 0 presses") })
        #expect(doubled.contains("a second copy does not say 补打"))
        #expect(Self.broken { $1.receipts[0].isSecondCopy = true }.contains { $0.contains("one may exist: false") })
        #expect(Self.broken { $1.slips[0].isMarkedSecondCopy = true }.contains { $0.contains("slips say 补打") })
    }

    @Test("a page of a document that came out twice is found")
    func pages() {
        let twice = Self.broken { record, evidence in
            record.sheets = ["1", "2"].map { PaperSheet(id: $0, jobName: "job", pages: [1], isComplete: true) }
            evidence.sheets = record.sheets
            evidence.pages = 1
        }
        #expect(twice.contains { $0.contains("came out with pages [1, 1]") })
    }

    @Test("a case that the platform has twice, has not, or has of somebody else is found")
    func platform() throws {
        let one = KioskJournal.Case(id: "a", item: "social-card", acceptanceCode: "AB2CD3EF", number: "99000028")
        #expect(
            PlatformCheck(visits: ["a": Self.record], journal: [one], platform: []).broken().contains {
                $0.contains("0 times")
            })
    }

    @Test("a certificate that was made twice is found")
    func certificates() {
        #expect(PlatformDocuments.broken(made: 4, visits: 2, secondCopies: 1).count == 1)
        #expect(PlatformDocuments.broken(made: 3, visits: 2, secondCopies: 1).isEmpty)
    }

    @Test("a visit that went well has nothing to complain of")
    func well() {
        #expect(Self.broken { _, _ in }.isEmpty)
    }

    @Test("the same seed gives the same visits, another one others")
    func plans() {
        func words(_ seed: UInt64) -> [String] {
            CampaignPlan(seed: seed, sessions: 60, waitsForIdle: true).sessions.map { "\($0.description) \($0.seed)" }
        }
        #expect(words(7) == words(7))
        #expect(words(7) != words(8))
        let all = CampaignPlan(seed: 7, sessions: 300).sessions.flatMap(\.scenes).map(\.id)
        #expect(Set(all).count == Scene.all.count)
    }
}
