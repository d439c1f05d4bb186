import CaseJournal
import HallModel
import KioskControl

#if canImport(Glibc)
    import Glibc
#endif

extension HallController {
    static let version = "0.1.0"

    func statusReport() async -> StatusReport {
        let pids = await workers.processIDs
        return StatusReport(
            kiosk: configuration.kioskID, version: Self.version, processID: getpid(),
            uptimeSeconds: Int(now / .seconds(1)), screen: broadcast.latest?.name.rawValue ?? "-",
            hasSession: flow.hasSession, submissionClosed: submissionClosed,
            workers: configuration.workerPlan.map {
                .init(instance: $0.instance, isConnected: pids[$0.instance] != nil, processID: pids[$0.instance])
            },
            problems: problemReports(), outbox: await outboxReport())
    }

    func deviceReports() -> [DeviceReport] {
        configuration.devices.compactMap { device in
            guard let entry = watch.entries[device.name] else { return nil }
            let age = Int((now - entry.since) / .seconds(1))
            return DeviceReport(
                name: device.name, role: device.role, profile: device.profile.id, address: device.address.text,
                state: entry.latest.state, paper: entry.latest.paper, mediaPresent: entry.latest.mediaPresent,
                model: entry.latest.model,
                problem: entry.latest.problem.map { report($0, device: device.name, sinceSeconds: age) },
                sinceSeconds: age)
        }
    }

    func outboxReport() async -> OutboxReport {
        let summary = try? await journal.outboxSummary()
        let wall = Int(WallClock.unixMilliseconds / 1000)
        return OutboxReport(
            cases: summary?.cases ?? 0, bytes: summary?.bytes ?? 0,
            oldestSeconds: summary?.oldest.map { max(0, wall - Int($0.timeIntervalSince1970)) },
            lastAnswer: summary?.lastAnswer,
            nextTryInSeconds: summary?.nextTry.map { max(0, Int($0.timeIntervalSince1970) - wall) })
    }

    /// Everything that is wrong now, devices first.
    private func problemReports() -> [ProblemReport] {
        var reports = deviceReports().compactMap(\.problem)
        if let entry = watch.entries[Self.rendererName], let problem = entry.latest.problem {
            reports.append(report(problem, device: nil, sinceSeconds: Int((now - entry.since) / .seconds(1))))
        }
        if let submissionClosed {
            reports.append(report(Problem(submissionClosed), device: nil, sinceSeconds: 0))
        }
        return reports
    }

    private func report(_ problem: Problem, device: String?, sinceSeconds: Int) -> ProblemReport {
        let entry = configuration.problems[problem.code]
        return ProblemReport(
            code: problem.code, severity: entry?.severity ?? .fault, device: device,
            cause: entry?.cause(seeing: problem.evidence) ?? "",
            evidence: problem.evidence, action: entry?.action(seeing: problem.evidence) ?? "",
            sinceSeconds: sinceSeconds)
    }
}
