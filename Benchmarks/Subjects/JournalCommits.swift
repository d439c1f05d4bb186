import CaseJournal
import Foundation
import HallModel
import Logging

/// (e) Commits of the journal against SQLite itself.
struct JournalCommits: Benchmark {
    let name = "journal"

    private struct Measured {
        var ours: Samples
        var peer: Samples
        var ratio: Double { peer.median / ours.median }
    }

    func run(_ effort: Effort) async throws -> Subject {
        let few = try await measure(rounds: effort.rounds(400, quick: 10), rowsBefore: effort.rounds(1_000, quick: 10))
        let many = try await measure(
            rounds: effort.rounds(4_000, quick: 20), rowsBefore: effort.rounds(10_000, quick: 20))
        var table = Table(columns: [
            "commits", "ours p50", "ours p99", "ours, commits/s", "SQLite p50", "p99", "commits/s", "ratio",
        ])
        for (title, one) in [("on 1,000 rows", few), ("ten times as many, on 10,000 rows", many)] {
            table.rows.append([
                title, Figure.milliseconds(one.ours.median), Figure.milliseconds(one.ours.p99),
                Figure.number(1000 / one.ours.median), Figure.milliseconds(one.peer.median),
                Figure.milliseconds(one.peer.p99), Figure.number(1000 / one.peer.median), Figure.ratio(one.ratio),
            ])
        }
        return Subject(
            title: "Commits of the journal, against SQLite",
            explanation: [
                """
                One row in one transaction that is on the disk when the call returns (`CaseJournal.beginSession`, WAL with \
                `synchronous = FULL`), against the same INSERT through SQLite's C interface with a statement prepared once, BEGIN \
                IMMEDIATE and COMMIT, in the same mode, on the same disk, by the same SQLite library. In turns, one commit each. \
                Ours goes from a task to the journal's queue and back each time.
                """
            ],
            tables: [table],
            goals: [
                Goal(
                    what: "journal commits, against raw SQLite with WAL and FULL", figure: Figure.ratio(few.ratio),
                    bound: "≥ 0.5 ×", isMet: few.ratio >= 0.5, atTenTimes: Figure.ratio(many.ratio))
            ])
    }

    private func measure(rounds: Int, rowsBefore: Int) async throws -> Measured {
        try await Scratch.use { folder in
            try FileManager.default.createDirectory(atPath: folder + "/sealed", withIntermediateDirectories: false)
            let journal = try await CaseJournal.open(
                stateFolder: folder, sealedFolder: folder + "/sealed",
                limits: .init(maximumBytes: 1 << 30, minimumFreeBytes: 0), logger: Logger(label: "kiosk-bench"))
            let peer = try RawSQLite(path: folder + "/raw.sqlite")
            var generator = SystemRandomNumberGenerator()
            func newID() -> ItemID { ItemID(unixMilliseconds: 1_700_000_000_000, using: &generator) }
            try peer.fill(with: (0..<rowsBefore).map { _ in newID().rawValue })
            // The journal has no call for many rows at once; a second connection puts them in.
            let filler = try RawSQLite(path: folder + "/journal.sqlite")
            try filler.fill(with: (0..<rowsBefore).map { _ in newID().rawValue })
            var (ours, theirs): ([Double], [Double]) = ([], [])
            for round in 0..<(rounds + 20) {
                let (id, other) = (newID(), newID().rawValue)
                let our = try await timed { try await journal.beginSession(id) }.0
                let their = try timedNow { try peer.insert(other) }
                guard round >= 20 else { continue }
                ours.append(our.milliseconds)
                theirs.append(their.milliseconds)
            }
            try await journal.close()
            return Measured(ours: Samples(ours), peer: Samples(theirs))
        }
    }

    private func timedNow(_ body: () throws -> Void) rethrows -> Duration {
        let begin = ContinuousClock.now
        try body()
        return ContinuousClock.now - begin
    }
}
