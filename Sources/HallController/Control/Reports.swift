import CaseJournal
import HallModel
import KioskControl

#if canImport(Glibc)
    import Glibc
#endif

extension HallController {
    func statusReport() async -> StatusReport {
        let pids = await workers.processIDs
        var problems = await problemReports()
        var outbox: OutboxReport?
        do throws(CaseJournalError) {
            outbox = try await outboxReport()
            technician.journalUnreadableSince = nil
        } catch {
            let since = technician.journalUnreadableSince ?? now
            technician.journalUnreadableSince = since
            if !problems.contains(where: { $0.code == .storageFault }) {
                let problem = Problem(.storageFault, evidence: "the journal is unreadable: \(error)")
                problems.append(report(problem, device: nil, sinceSeconds: Int((now - since) / .seconds(1))))
            }
        }
        return StatusReport(
            kiosk: configuration.kioskID, version: Product.version, processID: getpid(),
            uptimeSeconds: Int(now / .seconds(1)), screen: broadcast.latest?.name.rawValue ?? "-",
            hasSession: flow.hasSession, submissionClosed: submissionClosed?.code,
            workers: configuration.workerPlan.map {
                .init(instance: $0.instance, isConnected: pids[$0.instance] != nil, processID: pids[$0.instance])
            },
            problems: problems, outbox: outbox)
    }

    func sessionReport() -> SessionReport {
        var report = SessionReport(
            hasSession: flow.hasSession, screen: broadcast.latest?.name.rawValue ?? "-",
            screenSeconds: Int((now - technician.screenSince) / .seconds(1)))
        guard let glance = flow.glance(in: Self.environment(configuration, now: now)) else { return report }
        report.session = session?.number
        report.seconds = Int((now - technician.sessionSince) / .seconds(1))
        report.hasCard = glance.hasCard
        report.item = glance.item
        report.step = glance.step?.number
        report.steps = glance.step?.of
        report.language = glance.language.rawValue
        report.textStep = glance.textStep
        report.isLowered = glance.isLowered
        report.isCovered = glance.isCovered
        report.isBusy = glance.isBusy
        report.idleSecondsLeft = glance.idleLeft.map { Int($0 / .seconds(1)) }
        report.materials = glance.materials.map {
            .init(id: $0.id, pages: $0.pages, pagesScanned: $0.pagesScanned, isStored: $0.isStored)
        }
        return report
    }

    func deviceReports() -> [DeviceReport] {
        configuration.devices.compactMap { device in
            guard let entry = watch.entries[device.name] else { return nil }
            let age = Int((now - entry.since) / .seconds(1))
            return DeviceReport(
                name: device.name, role: device.role, worker: configuration.workerInstance(of: device),
                profile: device.profile.id, address: device.address.text, state: entry.latest.state,
                paper: entry.latest.paper, mediaPresent: entry.latest.mediaPresent,
                model: entry.latest.model,
                problem: entry.latest.problem.map {
                    report($0, device: device.name, sinceSeconds: age, isFault: entry.isOutOfUse)
                },
                sinceSeconds: age)
        }
    }

    private func outboxReport() async throws(CaseJournalError) -> OutboxReport {
        let summary = try await journal.outboxSummary()
        return OutboxReport(
            cases: summary.cases, bytes: summary.bytes, oldestSeconds: summary.oldest.map(WallClock.age(of:)),
            lastAnswer: summary.lastAnswer, nextTryInSeconds: summary.nextTry.map(WallClock.seconds(until:)))
    }

    /// The summary, and every case that waits.
    func outboxReportWithCases() async throws(ControlRefusal) -> OutboxReport {
        var report: OutboxReport
        let waits: [JournalledWait]
        do throws(CaseJournalError) {
            report = try await outboxReport()
            waits = try await journal.waits()
        } catch {
            throw ControlRefusal(.failed, "the journal cannot be read: \(error)")
        }
        let acknowledged = await uploader.acknowledged
        let sending = await uploader.sending
        report.waiting = waits.map { wait in
            WaitingCase(
                id: wait.id, item: wait.item, ageSeconds: WallClock.age(of: wait.acceptedAt),
                bytes: wait.bytes, bytesUploaded: wait.files.reduce(0) { $0 + (acknowledged[$1] ?? 0) },
                attempts: wait.attempts, lastAnswer: wait.lastAnswer,
                nextTryInSeconds: WallClock.seconds(until: wait.nextTry), isBeingSent: wait.id == sending)
        }
        return report
    }

    /// Tries waiting cases now.
    func retryOutbox(_ id: ItemID?) async throws(ControlRefusal) -> RetryReport {
        let due: [ItemID]
        do { due = try await journal.makeDue(id) } catch {
            throw ControlRefusal(.failed, "the journal does not take this: \(error).")
        }
        if let id, due.isEmpty {
            throw ControlRefusal(
                .unknownCase,
                "no case with the id \(id) waits: kioskctl outbox lists those that do; "
                    + "one that is not there was confirmed, or is of another kiosk.")
        }
        logger.notice("a technician has waiting cases tried", metadata: ["cases": "\(due.count)"])
        events.note(.outboxRetry) {
            $0.case = id
            $0.cases = due.count
        }
        if !due.isEmpty { await uploader.nudge() }
        return RetryReport(cases: due)
    }

    /// Everything that is wrong now, devices first.
    private func problemReports() async -> [ProblemReport] {
        var reports = deviceReports().compactMap(\.problem)
        if let entry = watch.entries[Self.rendererName], let problem = entry.latest.problem {
            reports.append(report(problem, device: nil, sinceSeconds: Int((now - entry.since) / .seconds(1))))
        }
        if let submissionClosed {
            let since = Int((now - technician.submissionSince) / .seconds(1))
            reports.append(report(submissionClosed, device: nil, sinceSeconds: since))
        }
        for (problem, since) in await platformProblems() {
            reports.append(report(problem, device: nil, sinceSeconds: WallClock.age(of: since)))
        }
        return reports
    }

    /// - Parameter isFault: whatever the catalogue says: it is a fault now.
    func report(
        _ problem: Problem, device: String?, sinceSeconds: Int, isFault: Bool = false
    ) -> ProblemReport {
        let entry = configuration.problems[problem.code]
        return ProblemReport(
            code: problem.code, severity: isFault ? .fault : entry?.severity ?? .fault, device: device,
            cause: entry?.cause(seeing: problem.evidence) ?? "",
            evidence: problem.evidence, action: entry?.action(seeing: problem.evidence) ?? "",
            sinceSeconds: sinceSeconds)
    }
}
