import ByteTransports
import DeviceKit
import HallModel
import NIOCore

/// One job on its way: where it is known.
struct DocumentErrand: Sendable {
    let ticket: JobTicket
    let pages: Int
    let documentBytes: Int
    /// At the one who took it; `nil` until it has said.
    var id: Int32?
    /// At the printer behind a queue.
    var idsAtPrinter: Set<Int32> = []
    var cancelledAt: Duration?
    /// Since when nothing was heard.
    var silentSince: Duration?
}

extension DocumentPrinter {
    /// A cancel is repeated so often while the job goes on.
    private static let cancelPause = Duration.seconds(2)

    /// From the first look to the outcome.
    func carryOut(_ job: DocumentJob, _ pdf: ByteBuffer) async -> PrintOutcome {
        let seen = await lookPatiently()
        tell(seen)
        let sight: PrinterSight
        switch seen {
        case .success(let found): sight = found
        case .failure(let cause): return notStarted(cause.problem(of: device))
        }
        if let refusal = sight.report.refusal(of: settings) { return notStarted(fault(refusal)) }
        if let hindrance = sight.hindrance(of: device) { return notStarted(hindrance) }
        if let refusal = leftoverRefusal { return notStarted(fault(refusal)) }
        if isAbandoned { return notStarted(fault("nobody waits for it any more")) }
        let ticket = JobTicket(
            name: job.id.rawValue, media: settings.media, sides: settings.sides, isForQueue: sight.report.isSpooler,
            cancelAfterSeconds: sight.report.knowsCancelAfter
                ? Int32(clamping: settings.longestPrintMilliseconds / 1_000 + 60) : nil)
        var errand = DocumentErrand(ticket: ticket, pages: job.pages, documentBytes: pdf.readableBytes)
        // Until its end was seen. CUPS that died and is started again prints anew what it had not finished with, also what
        // the printer had.
        mayHoldLeftovers = true
        return await see(&errand, pdf, by: sight)
    }

    private func notStarted(_ problem: Problem) -> PrintOutcome {
        PrintOutcome(.notPrinted, rung: .notStarted, problem: problem)
    }

    private func fault(_ evidence: String) -> Problem {
        Problem(.documentPrinterFault, device: device, evidence: evidence)
    }

    /// Sends the document and follows the job to its end.
    private func see(_ errand: inout DocumentErrand, _ pdf: ByteBuffer, by sight: PrinterSight) async -> PrintOutcome {
        let route: DocumentJobMachine.Route =
            sight.report.isSpooler
            ? .queue(asksPrinter: sight.printer != nil, scheme: sight.report.deviceScheme) : .printer
        var machine = DocumentJobMachine(
            device: device, pages: errand.pages, route: route, limit: printLimit, handsLimit: handsLimit,
            now: clock.now())
        let upTime = (sight.printer ?? sight.report).upTimeSeconds
        machine.note(.printer(hindrance: nil, upTimeSeconds: upTime), at: clock.now())
        var request = IPPRequest.printJob(errand.ticket, at: client.endpoint)
        if sight.report.createsJobs {
            do throws(IPPFailure) {
                let answer = try await client.ask(
                    .createJob(errand.ticket, at: client.endpoint), within: requestLimit)
                errand.id = answer.jobs.first.flatMap(JobReport.init)?.id
            } catch {
                return notStarted(DocumentPrinterProblem(error, at: client.endpoint).problem(of: device))
            }
            guard let id = errand.id else { return notStarted(fault("the printer made a job and did not say which")) }
            request = .sendDocument(to: id, at: client.endpoint)
        }
        machine.note(.sendingBegan, at: clock.now())
        sendEnd = nil
        let sending = Task { self.sendEnd = await self.send(request, pdf) }
        let outcome = await follow(&machine, &errand, breakingOff: sending)
        sending.cancel()
        await sending.value
        if outcome.verdict == .printed, machine.hasEndedEverywhere { mayHoldLeftovers = false }
        return outcome
    }

    private func send(_ request: IPPRequest, _ pdf: ByteBuffer) async -> Result<IPPAnswer, IPPFailure> {
        do throws(IPPFailure) {
            // Who follows the job ends this earlier. A printer that waits for paper may take the document no further meanwhile.
            let longest = Duration.milliseconds(settings.longestPrintMilliseconds)
            return .success(try await sender.ask(request, document: pdf, within: longest))
        } catch {
            return .failure(error)
        }
    }

    private var printLimit: Duration { .milliseconds(max(1_000, settings.printTimeoutMilliseconds)) }
    private var handsLimit: Duration { .milliseconds(max(1_000, settings.waitForHandsMilliseconds)) }

    private func follow(
        _ machine: inout DocumentJobMachine, _ errand: inout DocumentErrand, breakingOff sending: Task<Void, Never>
    ) async -> PrintOutcome {
        while true {
            if let end = sendEnd {
                sendEnd = nil
                note(end, in: &machine, &errand)
            }
            if isAbandoned { machine.note(.abandoned("nobody waits for it any more"), at: clock.now()) }
            await poll(&machine, &errand)
            switch machine.step(at: clock.now()) {
            case .wait: break
            case .cancel:
                sending.cancel()
                await cancel(&errand)
            case .end(let outcome): return outcome
            }
            _ = try? await clock.sleep(.milliseconds(max(20, settings.jobPollMilliseconds)))
        }
    }

    private func note(
        _ end: Result<IPPAnswer, IPPFailure>, in machine: inout DocumentJobMachine, _ errand: inout DocumentErrand
    ) {
        switch end {
        case .success(let answer):
            errand.id = errand.id ?? answer.jobs.first.flatMap(JobReport.init)?.id
            machine.note(.sent, at: clock.now())
        case .failure(.refused(let status)) where status.isRefusal:
            machine.note(.refused("\(status) from \(client.endpoint.name)"), at: clock.now())
        case .failure(.refused(let status)):
            // Its own error, after it had heard all of it: something may come out.
            machine.note(.sendingBroke(status.description, bytes: errand.documentBytes), at: clock.now())
        case .failure(let cause):
            // All of it was handed over and only the answer was lost: the job goes on, and will be found by its name.
            let isWhole = cause.documentBytes >= errand.documentBytes
            machine.note(
                isWhole && !isAbandoned ? .sent : .sendingBroke(cause.evidence, bytes: cause.documentBytes),
                at: clock.now())
        }
    }

    // MARK: - Asking how far it is

    private func poll(_ machine: inout DocumentJobMachine, _ errand: inout DocumentErrand) async {
        do throws(IPPFailure) {
            let sight: PrinterSight
            if machine.asksPrinter, let behind {
                sight = try await pollQueueAndPrinter(behind, &machine, &errand)
            } else {
                let word = await asked { () throws(IPPFailure) in try await wordOfJob(machine, &errand) }
                sight = PrinterSight(report: try await printerReport(of: client).ofJobUnderWay)
                let upTime = sight.report.isSpooler ? nil : sight.report.upTimeSeconds
                try note(word, of: sight, upTimeSeconds: upTime, in: &machine)
            }
            errand.silentSince = nil
            tell(.success(sight))
        } catch {
            let problem = DocumentPrinterProblem(error, at: client.endpoint)
            machine.note(.silence(problem.problem(of: device)), at: clock.now())
            let since = errand.silentSince ?? clock.now()
            errand.silentSince = since
            if clock.now() - since >= Blip.longest { tell(.failure(problem)) }
        }
    }

    /// A queue that does not answer is no end: its printer goes on, and is asked.
    private func pollQueueAndPrinter(
        _ printer: IPPClient, _ machine: inout DocumentJobMachine, _ errand: inout DocumentErrand
    ) async throws(IPPFailure) -> PrinterSight {
        var sight = PrinterSight(report: .silentQueue)
        do throws(IPPFailure) {
            sight.report = try await printerReport(of: client).ofJobUnderWay
            if let word = try await wordOfJob(machine, &errand) { machine.note(word, at: clock.now()) }
        } catch {
            logger.debug("the queue does not answer", metadata: ["device": "\(device)", "cause": "\(error.evidence)"])
        }
        let word = await asked { () throws(IPPFailure) in try await wordOfJob(at: printer, &errand) }
        sight.printer = try await printerReport(of: printer)
        try note(word, of: sight, upTimeSeconds: sight.printer?.upTimeSeconds, in: &machine)
        return sight
    }

    /// The job is asked before the printer, so that a start in between shows in the clock; and its word counts after the
    /// printer's, which says what kind of a machine it is from. Where the printer did not answer, the job has said nothing.
    private func note(
        _ word: Result<DocumentJobMachine.Event?, IPPFailure>, of sight: PrinterSight, upTimeSeconds: Int?,
        in machine: inout DocumentJobMachine
    ) throws(IPPFailure) {
        machine.note(
            .printer(hindrance: sight.hindrance(of: device), upTimeSeconds: upTimeSeconds), at: clock.now())
        if let word = try word.get() { machine.note(word, at: clock.now()) }
    }

    private func asked<Value>(
        _ question: () async throws(IPPFailure) -> Value
    ) async -> Result<Value, IPPFailure> {
        do throws(IPPFailure) { return .success(try await question()) } catch { return .failure(error) }
    }

    /// Of the job at the one who took it; `nil` while it is not known there yet.
    private func wordOfJob(
        _ machine: DocumentJobMachine, _ errand: inout DocumentErrand
    ) async throws(IPPFailure) -> DocumentJobMachine.Event? {
        let missing = machine.isQueue ? DocumentJobMachine.Event.queueJobMissing : .jobMissing
        let found: JobReport?
        if let id = errand.id {
            found = try await job(id, of: client, named: errand.ticket.name)
        } else {
            // Print-Job has not answered yet, or its answer was lost.
            found = JobReport.together(try await jobs(of: client, named: errand.ticket.name))
            if found == nil, !machine.isSent { return nil }
            errand.id = found?.id
        }
        return found.map { machine.isQueue ? .queueJob($0) : .job($0) } ?? missing
    }

    /// Of the job at the printer behind a queue, found by its name: CUPS hands it on. `nil` while it is not known there yet.
    private func wordOfJob(
        at printer: IPPClient, _ errand: inout DocumentErrand
    ) async throws(IPPFailure) -> DocumentJobMachine.Event? {
        var found = try await jobs(of: printer, named: errand.ticket.name)
        for id in errand.idsAtPrinter.subtracting(found.map(\.id)) {
            if let known = try await job(id, of: printer, named: errand.ticket.name) { found.append(known) }
        }
        errand.idsAtPrinter.formUnion(found.map(\.id))
        if let whole = JobReport.together(found) { return .job(whole) }
        return errand.idsAtPrinter.isEmpty ? nil : .jobMissing
    }

    private func job(
        _ id: Int32, of client: IPPClient, named name: String
    ) async throws(IPPFailure) -> JobReport? {
        do throws(IPPFailure) {
            let answer = try await client.ask(.jobAttributes(id, at: client.endpoint), within: requestLimit)
            let report = answer.jobs.first.flatMap(JobReport.init)
            // A printer that was started anew counts its jobs from one again: this may be somebody else's.
            return report.flatMap { $0.name == nil || $0.name == name ? $0 : nil }
        } catch {
            if case .refused(let status) = error, status.isNotFound { return nil }
            throw error
        }
    }

    private func jobs(of client: IPPClient, named name: String) async throws(IPPFailure) -> [JobReport] {
        var found: [Int32: JobReport] = [:]
        for completed in [false, true] {
            for job in try await jobs(of: client, completed: completed) where job.name == name { found[job.id] = job }
        }
        return found.values.sorted { $0.id < $1.id }
    }

    private func jobs(of client: IPPClient, completed: Bool) async throws(IPPFailure) -> [JobReport] {
        let answer = try await client.ask(.jobs(completed: completed, at: client.endpoint), within: requestLimit)
        return answer.jobs.compactMap(JobReport.init)
    }

    // MARK: - Ending jobs

    /// At the queue first: it would send the job anew.
    private func cancel(_ errand: inout DocumentErrand) async {
        if let last = errand.cancelledAt, clock.now() - last < Self.cancelPause { return }
        errand.cancelledAt = clock.now()
        if let id = errand.id { await cancel(id, at: client) }
        guard let behind else { return }
        for id in errand.idsAtPrinter { await cancel(id, at: behind) }
    }

    /// - Returns: whether the job has ended or will.
    @discardableResult
    private func cancel(_ id: Int32, at client: IPPClient) async -> Bool {
        do throws(IPPFailure) {
            _ = try await client.ask(.cancelJob(id, at: client.endpoint), within: requestLimit)
            return true
        } catch {
            // Not there any more, or ended already.
            if case .refused(let status) = error, status.isNotFound || status.isNotPossible { return true }
            logger.warning(
                "a print job could not be cancelled",
                metadata: ["device": "\(device)", "job": "\(id)", "cause": "\(error.evidence)"])
            return false
        }
    }

    /// Ends all jobs of ours that have not ended: nobody waits for them.
    /// - Parameter isPrinterThere: false when the printer behind the queue does not answer. It may hold one as well, and is
    ///   asked when it is back.
    func clearLeftovers(isPrinterThere: Bool) async {
        guard await clearLeftovers(at: client), isPrinterThere else { return }
        if let behind, await !clearLeftovers(at: behind) { return }
        mayHoldLeftovers = false
    }

    private func clearLeftovers(at client: IPPClient) async -> Bool {
        do throws(IPPFailure) {
            var isClear = true
            for job in try await jobs(of: client, completed: false) where job.isOurs && !job.state.hasEnded {
                logger.notice(
                    "a print job that was left behind is ended",
                    metadata: ["device": "\(device)", "job": "\(job.id)", "at": "\(client.endpoint.name)"])
                if await !cancel(job.id, at: client) { isClear = false }
            }
            return isClear
        } catch {
            // A printer that keeps no list has none of ours in it.
            if case .refused = error { return true }
            return false
        }
    }
}

extension JobReport {
    /// Made by a worker of this program. Printers that hide the owner show the name, which is a UUID then.
    var isOurs: Bool {
        if let owner { return owner == IPPRequest.user }
        return name.flatMap(ItemID.init(rawValue:)) != nil
    }
}
