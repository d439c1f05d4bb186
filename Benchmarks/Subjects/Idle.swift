import Foundation
import TestSupport

#if canImport(Glibc)
    import Glibc
#endif

/// (i) What the product costs while nobody is there.
struct Idle: Benchmark {
    let name = "idle"

    private struct Process {
        var name: String
        var cpuShare: Double
        var wakeUpsPerSecond: Double
        var proportionalBytes: Double
        var threads: Int
    }

    func run(_ effort: Effort) async throws -> Subject {
        let span = Duration.seconds(effort.rounds(60))
        var options = HallUnderTest.Options()
        options.timeScale = 1
        let visits = effort.rounds(10, quick: 1)
        let (justLeft, fresh, worn) = try await withRunning(HallUnderTest(options)) { hall in
            let screen = try await ScreenClient(entering: try await hall.screenURL())
            guard await screen.screen(within: .seconds(20), where: { $0.name == "start" }) != nil else {
                throw CannotMeasure("the kiosk shows no start screen: \(await screen.latest?.text ?? "")")
            }
            try await Task.sleep(for: .seconds(effort.rounds(5, quick: 1)))
            let justLeft = try await look(at: hall, for: .seconds(effort.rounds(20)))
            try await rest(effort)
            let fresh = try await look(at: hall, for: span)
            await screen.leave()
            return (justLeft, fresh, try await afterVisits(visits, span, effort))
        }
        return subject(justLeft, fresh, worn, span, visits)
    }

    /// Until nobody has been there for half a minute.
    private func rest(_ effort: Effort) async throws {
        try await Task.sleep(for: .seconds(effort.rounds(35, quick: 1)))
    }

    /// A second kiosk, with quicker devices, that has served so many residents before it is left alone.
    private func afterVisits(_ visits: Int, _ span: Duration, _ effort: Effort) async throws -> [Process] {
        var options = HallUnderTest.Options()
        options.timeScale = 0.02
        return try await withRunning(HallUnderTest(options)) { hall in
            let screen = try await ScreenClient(entering: try await hall.screenURL())
            for visit in 0..<visits {
                let errand = Errand(screen, in: hall, phone: "139000000\(10 + visit)")
                let record = try await errand.walk()
                guard record.end == .done else { throw CannotMeasure("a resident's way ended: \(record)") }
                try await hall.desk("reader/remove")
                _ = await screen.screen(within: .seconds(20)) { $0.name == "start" }
            }
            try await rest(effort)
            let measured = try await look(at: hall, for: span)
            await screen.leave()
            return measured
        }
    }

    private func look(at hall: HallUnderTest, for span: Duration) async throws -> [Process] {
        var pids = await hall.workerPIDs()
        pids["kioskd"] = await hall.kiosk?.pid
        let before = pids.compactMapValues { ProcessFigures(of: $0) }
        var (latest, wakeUps) = (before, [String: Int]())
        let begin = ContinuousClock.now
        // Often enough that hardly a thread ends between two looks with wake-ups that nobody has counted.
        while ContinuousClock.now - begin < span {
            try await Task.sleep(for: min(.seconds(1), span))
            for (name, pid) in pids {
                guard let earlier = latest[name], let figures = ProcessFigures(of: pid) else { continue }
                wakeUps[name, default: 0] += figures.wakeUps(since: earlier)
                latest[name] = figures
            }
        }
        let seconds = (ContinuousClock.now - begin).seconds
        return try pids.sorted { $0.key < $1.key }.map { name, pid in
            guard let first = before[name], let last = ProcessFigures(of: pid) else {
                throw CannotMeasure("\(name) ended while it was idle")
            }
            return Process(
                name: name, cpuShare: (last.cpuSeconds - first.cpuSeconds) / seconds,
                wakeUpsPerSecond: Double(wakeUps[name] ?? 0) / seconds,
                proportionalBytes: last.proportionalBytes, threads: last.threads)
        }
    }

    private func subject(
        _ justLeft: [Process], _ fresh: [Process], _ worn: [Process], _ span: Duration, _ visits: Int
    ) -> Subject {
        func core(_ all: [Process]) -> Double { all.first { $0.name == "kioskd" }?.proportionalBytes ?? 0 }
        func memory(_ all: [Process]) -> Double { all.map(\.proportionalBytes).reduce(0, +) }
        func cpu(_ all: [Process]) -> Double { all.map(\.cpuShare).reduce(0, +) }
        func wakeUps(_ all: [Process]) -> Process? { all.max { $0.wakeUpsPerSecond < $1.wakeUpsPerSecond } }
        func most(_ all: [Process]) -> String {
            wakeUps(all).map { "\(Figure.number($0.wakeUpsPerSecond)) (\($0.name))" } ?? "–"
        }
        return Subject(
            title: "An idle kiosk",
            explanation: [
                """
                The start screen stands, one browser listens, the reader is asked for a card as its profile says, scanner and \
                printer for their state; \(Int(span.seconds)) s of it, devices at their real speed, after nobody has been there \
                for a minute. Before that, in the first half minute after somebody was there, the reader is asked twice as often, \
                so that the next in the queue waits less: 20 s of that stand in the first table and are held to no goal. CPU is of \
                one core. Wake-ups are the voluntary context switches of all threads of a process, added up every second. Memory \
                is proportional (PSS), so that the shared libraries count once. Then again, in a kiosk that has led \(visits) \
                residents through the whole item before: what was ten times the work must leave nothing behind.
                """
            ],
            tables: [
                Self.table("the first half minute", justLeft), Self.table("fresh", fresh),
                Self.table("after \(visits) residents", worn),
            ],
            goals: [
                Goal(
                    what: "idle: CPU of all processes", figure: Figure.percent(cpu(fresh)), bound: "≤ 0.3 %",
                    isMet: cpu(fresh) <= 0.003, atTenTimes: Figure.percent(cpu(worn))),
                Goal(
                    what: "idle: wake-ups a second of the process with most", figure: most(fresh), bound: "≤ 5",
                    isMet: (wakeUps(fresh)?.wakeUpsPerSecond ?? 0) <= 5, atTenTimes: most(worn)),
                Goal(
                    what: "idle: memory of kioskd", figure: Figure.megabytes(core(fresh)), bound: "≤ 40 MB",
                    isMet: core(fresh) <= 40e6, atTenTimes: Figure.megabytes(core(worn))),
                Goal(
                    what: "idle: memory of all processes", figure: Figure.megabytes(memory(fresh)), bound: "≤ 120 MB",
                    isMet: memory(fresh) <= 120e6, atTenTimes: Figure.megabytes(memory(worn))),
            ])
    }

    private static func table(_ title: String, _ processes: [Process]) -> Table {
        var table = Table(columns: [title, "CPU", "wake-ups/s", "PSS", "threads"])
        for process in processes {
            table.rows.append([
                process.name, Figure.percent(process.cpuShare), Figure.number(process.wakeUpsPerSecond),
                Figure.megabytes(process.proportionalBytes), "\(process.threads)",
            ])
        }
        table.rows.append([
            "**all**", Figure.percent(processes.map(\.cpuShare).reduce(0, +)),
            Figure.number(processes.map(\.wakeUpsPerSecond).reduce(0, +)),
            Figure.megabytes(processes.map(\.proportionalBytes).reduce(0, +)),
            "\(processes.map(\.threads).reduce(0, +))",
        ])
        return table
    }
}
