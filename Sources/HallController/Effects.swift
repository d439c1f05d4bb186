import DeviceKit
import GuidedFlow
import HallModel
import Materials
import NIOCore
import PlatformClient

extension HallController {
    /// Does what the flow asks for. Slow things become jobs that come back as events of the same session, or not at all.
    func carryOut(_ effect: FlowEffect) {
        switch effect {
        case .beginSession: beginSession()
        case .endSession: endSession()
        case .scanPage(let material, let index): scanPage(material, index)
        case .cancelScan:
            scanTask?.cancel()
            scanTask = nil
        case .discardPage(let page): memory.discard(page)
        case .storeMaterial(let material, let pages): storeMaterial(material, pages)
        case .eraseMaterial(let material): eraseMaterial(material)
        case .submit(let submission): submit(submission)
        case .printReceipt(let content, let isSecondCopy): printReceipt(content, isSecondCopy: isSecondCopy)
        case .callStaff(let step, let byPerson): callStaff(step, byPerson: byPerson)
        case .lookUpProgress(let question): lookUpProgress(question)
        case .requestDocument(let request): requestDocument(request)
        case .printDocument(let isSecondCopy): printDocument(isSecondCopy: isSecondCopy)
        case .cancelDocument: cancelDocument()
        case .wake(let moment): wake(at: moment)
        }
    }

    /// Reports back if the person is still the same.
    func report(_ event: FlowEvent, to number: Int) {
        if isCurrent(number) { handle(event) }
    }

    // MARK: - Session

    private func beginSession() {
        sessionCount += 1
        let id = desk.newID()
        session = Session(number: sessionCount, id: id)
        technicianGivesWay()
        sessionRowSink.yield { [journal, logger] in
            do {
                try await journal.beginSession(id)
            } catch {
                logger.error("the journal did not take a session's beginning", metadata: ["cause": "\(error)"])
            }
        }
    }

    private func endSession() {
        guard let ended = session else { return }
        session = nil
        noteSessionEnded(ended)
        scanTask?.cancel()
        scanTask = nil
        cancelDocument()
        if let document = ended.document { letGo(document.id) }
        // The platform may have made it, and only the answer was lost.
        if let asked = ended.asked { letGo(asked.id) }
        memory.clear()
        if let scanner = device(.scanner) {
            // A feeder may have drawn sheets ahead: the next person must not get them.
            let instance = configuration.workerInstance(of: scanner)
            begin { [workers] in
                _ = try? await workers.perform(
                    .endSession(device: scanner.name), on: instance, deadline: .seconds(10))
            }
        }
        sessionRowSink.yield { [journal, logger] in
            do {
                try await journal.endSession(ended.id)
            } catch {
                logger.error("the journal did not take a session's end", metadata: ["cause": "\(error)"])
            }
        }
    }

    // MARK: - Pages

    private func scanPage(_ material: String, _ index: Int) {
        guard let number = session?.number, let scanner = device(.scanner) else {
            handle(.scanFailed(.scannerMissing))
            return
        }
        scanTask?.cancel()
        let instance = configuration.workerInstance(of: scanner)
        let name = scanner.name
        scanTask = Task { [weak self] in
            guard let self else { return }
            let event = await self.scannedPage(
                on: instance, device: name, within: scanner.profile.longestCommand, for: number)
            if let event, !Task.isCancelled { await self.report(event, to: number) }
        }
    }

    /// Draws one page in and checks it.
    private func scannedPage(
        on instance: String, device: String, within limit: Duration, for number: Int
    ) async -> FlowEvent? {
        do throws(WorkerFailure) {
            // Never twice: the sheet may have gone through the feeder, and the next one would be taken for it.
            let (reply, images) = try await workers.performOnce(
                .scanPage(device: device), on: instance, deadline: limit)
            guard case .scanned(let page) = reply, let jpeg = images.first else { return .scanFailed(.scannerFault) }
            let check = PageCheckRequest(
                dotsPerInch: page.dotsPerInch, rowsExpected: page.rowsExpected, rowsReceived: page.rowsReceived,
                previewWidth: configuration.panel.widthPixels * 2 / 3)
            let (answer, previews) = try await workers.performAgainIfLost(
                .checkPage(check), on: WorkerKind.render.rawValue, attachments: [jpeg], deadline: .seconds(20))
            guard case .checked(let checks) = answer, let preview = previews.first else {
                return .scanFailed(.rendererMissing)
            }
            let (kept, failure) = await desk.putAside(jpeg)
            if let failure { logger.warning("a page stays in memory", metadata: ["cause": "\(failure)"]) }
            guard isCurrent(number), !Task.isCancelled else { return nil }
            notePage(device, page, checks)
            let image = MaterialPage(
                jpeg: kept, widthPixels: checks.widthPixels, heightPixels: checks.heightPixels, isGray: checks.isGray)
            guard let id = memory.keep(.init(image: image, preview: preview, dotsPerInch: page.dotsPerInch)) else {
                logger.error("a page was dropped: the session holds too many")
                return .scanFailed(.storageFault)
            }
            return .pageScanned(id, checks)
        } catch {
            switch error {
            case .problem(let problem):
                logger.notice(
                    "a scan failed", metadata: ["code": "\(problem.code)", "evidence": "\(problem.evidence)"])
                noteScanFailed(device, problem)
                return .scanFailed(problem.code)
            case .cancelled:
                return nil
            // The sheet may be in the feeder, or through it: that is all that is known.
            case .workerLost, .deadlinePassed:
                logger.error(
                    "a worker was lost with a page", metadata: ["device": "\(device)", "cause": "\(error.evidence)"])
                noteScanFailed(device, Problem(.scanInterrupted, evidence: error.evidence))
                return .scanFailed(.scanInterrupted)
            case .notUnderstood:
                logger.error("a scan failed", metadata: ["cause": "\(error.evidence)"])
                noteScanFailed(device, Problem(.scannerFault, evidence: error.evidence))
                return .scanFailed(.scannerFault)
            }
        }
    }

    private func storeMaterial(_ material: String, _ ids: [PageID]) {
        guard let current = session else { return }
        let pages = ids.compactMap { memory.pages[$0] }
        guard pages.count == ids.count, let dotsPerInch = pages.first?.dotsPerInch else {
            handle(.materialNotStored(material, .pageIncomplete))
            return
        }
        begin { [self] in
            do {
                let stored = try await desk.store(
                    pages.map(\.image), dotsPerInch: dotsPerInch, material: material, session: current.id)
                await materialStored(material, stored, number: current.number)
            } catch {
                logger.error("a material could not be stored", metadata: ["cause": "\(error)"])
                await report(.materialNotStored(material, SubmissionDesk.problem(of: error)), to: current.number)
            }
        }
    }

    private func materialStored(_ material: String, _ stored: StoredMaterial, number: Int) async {
        guard isCurrent(number) else {
            // The person left while it was being sealed: `endSession` came first and could not know of it.
            await desk.erase(stored)
            return
        }
        if let earlier = session?.stored.updateValue(stored, forKey: material) {
            begin { [desk] in await desk.erase(earlier) }
        }
        noteStored(material, stored)
        handle(.materialStored(material))
    }

    private func eraseMaterial(_ material: String) {
        guard let stored = session?.stored.removeValue(forKey: material) else { return }
        begin { [desk] in await desk.erase(stored) }
    }

    // MARK: - Submission

    private func submit(_ submission: Submission) {
        guard let current = session else { return }
        session?.submitted = nil
        session?.isConfirmed = false
        let materials = submission.materials.compactMap { id in current.stored[id].map { (id, $0) } }
        guard materials.count == submission.materials.count else {
            handle(.caseNotAccepted(.pageIncomplete))
            return
        }
        begin { [self] in
            do {
                let accepted = try await desk.accept(
                    submission, materials: materials, session: current.id)
                await caseAccepted(accepted, item: submission.item, number: current.number)
            } catch {
                logger.error("a case could not be accepted", metadata: ["cause": "\(error)"])
                await report(.caseNotAccepted(SubmissionDesk.problem(of: error)), to: current.number)
            }
        }
    }

    private func caseAccepted(_ accepted: AcceptedCase, item: String, number: Int) async {
        logger.notice("a case was accepted", metadata: ["case": "\(accepted.id)"])
        noteAccepted(accepted, item: item)
        if isCurrent(number) {
            session?.submitted = accepted.id
            session?.acceptanceCode = accepted.acceptanceCode
            session?.stored = [:]
            handle(.caseAccepted)
        }
        await uploader.nudge()
        try? await ProgramLoop.sleep(for: Self.answerPatience)
        guard isCurrent(number), session?.submitted == accepted.id, session?.isConfirmed == false else { return }
        handle(.caseWaits(acceptanceCode: accepted.acceptanceCode))
    }

    /// "No answer within 10 s": then the receipt carries the acceptance code.
    static let answerPatience = Duration.seconds(10)

    /// Turns the uploader's news into events of the flow.
    func hearUploader() async {
        for await event in uploader.events {
            if case .confirmed = event { platformConfirmed() }
            note(event)
            switch event {
            case .confirmed(let id, let caseNumber):
                logger.notice("the platform confirmed a case", metadata: ["case": "\(id)"])
                guard session?.submitted == id else { continue }
                session?.isConfirmed = true
                handle(.caseConfirmed(number: caseNumber))
            case .failed(let id, let reason, _):
                logger.warning("a case was not sent yet", metadata: ["case": "\(id)", "cause": "\(reason)"])
            }
        }
    }

    // MARK: - Receipt

    private func printReceipt(_ content: ReceiptContent, isSecondCopy: Bool) {
        guard let current = session, let caseID = current.submitted, let printer = device(.receiptPrinter),
            case .escpos(let settings) = printer.profile.driver
        else {
            handle(.receipt(PrintOutcome(.notPrinted, rung: .notStarted, problem: Problem(.printerMissing))))
            return
        }
        let document = ReceiptComposer(configuration).document(
            content, time: WallClock.stamp(), isSecondCopy: isSecondCopy)
        begin { [self] in
            let outcome = await printedReceipt(
                document, settings, printer: printer.name, caseID: caseID, isSecondCopy: isSecondCopy)
            await noteReceipt(outcome, printer: printer.name, caseID: caseID, isSecondCopy: isSecondCopy)
            await report(.receipt(outcome), to: current.number)
        }
    }

    private func printedReceipt(
        _ document: ReceiptDocument, _ settings: ReceiptPrinterSettings, printer: String, caseID: ItemID,
        isSecondCopy: Bool
    ) async -> PrintOutcome {
        let rendered: ByteBuffer
        var length = 0.0
        do {
            let (reply, attached) = try await workers.performAgainIfLost(
                .renderReceipt(document, settings), on: WorkerKind.render.rawValue, deadline: .seconds(10))
            guard case .rendered(let millimetres) = reply, let bytes = attached.first else {
                return PrintOutcome(.notPrinted, rung: .notStarted, problem: Problem(.rendererMissing))
            }
            rendered = bytes
            length = millimetres
        } catch {
            return PrintOutcome(.notPrinted, rung: .notStarted, problem: Problem(.rendererMissing))
        }
        return await journalled(
            "receipt",
            begin: {
                try await journal.recordPrintStarted(caseID: caseID, isSecondCopy: isSecondCopy)
            },
            print: { number in
                await send(rendered, as: PrintJob(number: number, millimetres: length), to: printer)
            },
            end: { number, outcome in
                try await journal.recordPrintOutcome(number, outcome)
            })
    }

    func send(_ bytes: ByteBuffer, as job: PrintJob, to printer: String) async -> PrintOutcome {
        await outcome(
            of: .printReceipt(device: printer, job), bytes, by: printer, on: .usb,
            within: configuration.devices.first { $0.name == printer }?.profile.longestCommand ?? .seconds(90),
            orElse: .receiptUnknown)
    }

    // MARK: - Calls and questions

    private func callStaff(_ step: String, byPerson: Bool) {
        let number = session?.number
        begin { [self] in
            let delivered = await staff.call(step: step)
            logger.notice("staff was called", metadata: ["step": "\(step)", "delivered": "\(delivered)"])
            await noteCall(step, delivered)
            if byPerson {
                await helpAnswered(delivered, number: number)
            } else if !delivered {
                await handle(.ownCallNotDelivered)
            }
        }
    }

    private func helpAnswered(_ delivered: Bool, number: Int?) {
        guard session?.number == number else { return }
        handle(delivered ? .helpDelivered : .helpNotDelivered)
    }

    private func lookUpProgress(_ question: ProgressQuestion) {
        guard let number = session?.number else { return }
        begin { [self] in
            do throws(PlatformError) {
                let cases =
                    switch question {
                    case .person(let idNumber): try await platform.cases(ofIDNumber: idNumber)
                    case .receipt(let code): try await platform.cases(ofReceipt: code)
                    }
                await report(.progressFound(cases), to: number)
            } catch {
                logger.warning("progress could not be looked up", metadata: ["cause": "\(error)"])
                await report(.progressUnavailable, to: number)
            }
        }
    }

    // MARK: - Is submission open?

    /// Looks at disk and outbox every few seconds: submission closes before a resident starts, not after scanning.
    func watchSubmission() async {
        while !Task.isCancelled {
            let closed = await journal.submissionProblem()
            // A look that was broken off has seen nothing.
            guard !Task.isCancelled else { return }
            let isNews = closed?.code != submissionClosed?.code
            // What is measured changes all the while.
            submissionClosed = closed
            if isNews {
                logger.notice(
                    "submission",
                    metadata: ["closed": "\(closed?.code.rawValue ?? "no")", "measured": "\(closed?.evidence ?? "")"])
                noteSubmission()
                handle(.submissionClosed(closed?.code))
            }
            try? await ProgramLoop.sleep(for: .seconds(3))
        }
    }
}
