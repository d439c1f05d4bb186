import CaseJournal
import DeviceKit
import GuidedFlow
import HallModel
import NIOCore
import PlatformClient

/// A document that the platform made for the person at the screen. It lives in memory and nowhere else.
struct HeldDocument: Sendable {
    var request: DocumentRequest
    /// The platform's id of it.
    var id: ItemID
    var pages: Int
    var pdf: ByteBuffer
}

/// 打印证明: asks the platform for the document and gives it to the A4 printer.
extension HallController {
    /// Beyond the longest that the driver itself takes: its answer is the one that counts.
    private static let grace = Duration.seconds(10)

    func requestDocument(_ request: DocumentRequest) {
        guard let number = session?.number else { return }
        documentTask?.cancel()
        documentTask = Task { [weak self] in
            guard let self else { return }
            let event = await self.requested(request, for: number)
            if !Task.isCancelled { await self.report(event, to: number) }
        }
    }

    func printDocument(isSecondCopy: Bool) {
        guard let number = session?.number, let held = session?.document else {
            handle(.documentPrinted(PrintOutcome(.notPrinted, rung: .notStarted)))
            return
        }
        documentTask?.cancel()
        documentTask = Task { [weak self] in
            guard let self else { return }
            let outcome = await self.printed(held, isSecondCopy: isSecondCopy, for: number)
            await self.noteDocument(outcome, pages: held.pages, isSecondCopy: isSecondCopy)
            if !Task.isCancelled { await self.report(.documentPrinted(outcome), to: number) }
        }
    }

    /// Ends a question to the platform, or a print: the worker takes back what has not come out.
    func cancelDocument() {
        documentTask?.cancel()
        documentTask = nil
    }

    /// The platform may forget a document that nobody needs any more.
    func letGo(_ id: ItemID) {
        begin { [platform, logger] in
            do throws(PlatformError) {
                try await platform.dropDocument(id)
            } catch {
                // It expires there by itself.
                logger.info("a document could not be given up", metadata: ["cause": "\(error)"])
            }
        }
    }

    // MARK: - The platform

    private func requested(_ request: DocumentRequest, for number: Int) async -> FlowEvent {
        let id = idOfErrand(request)
        do throws(PlatformError) {
            let held = try await fetched(request, as: id, isSecondCopy: false)
            // The session's end gave it up, perhaps before it was made.
            if !isCurrent(number) { letGo(held.id) }
            guard isCurrent(number), !Task.isCancelled else {
                return .documentUnavailable(.problem(.platformUnreachable))
            }
            session?.document = held
            session?.asked = nil
            return .documentReady(pages: held.pages)
        } catch {
            // It has expired there, or that id is of another one: the next question is a new one.
            switch error {
            case .documentGone, .refused(409, _, _): if session?.asked?.id == id { session?.asked = nil }
            default: break
            }
            logger.warning("a document was not to be had", metadata: ["cause": "\(error)"])
            return .documentUnavailable(Self.obstacle(of: error))
        }
    }

    /// The same id for the same question of the same person; what was asked for before, and is not wanted now, is given up.
    private func idOfErrand(_ request: DocumentRequest) -> ItemID {
        if let asked = session?.asked {
            if asked.request == request { return asked.id }
            letGo(asked.id)
        }
        let id = desk.newID()
        session?.asked = (request, id)
        return id
    }

    private func fetched(
        _ request: DocumentRequest, as id: ItemID, isSecondCopy: Bool
    ) async throws(PlatformError) -> HeldDocument {
        let person = request.person
        let name = [person.name, person.englishName ?? ""].first { !$0.isEmpty }
        let made = try await platform.requestDocument(
            NewDocument(
                id: id, item: request.item, idNumber: Sensitive(person.number),
                name: name.map { Sensitive($0) }, isSecondCopy: isSecondCopy,
                answers: request.answers.map { .init(question: $0.question, value: $0.value, text: $0.text) }))
        let pdf = try await platform.documentContent(of: made)
        return HeldDocument(request: request, id: made.id, pages: made.pages, pdf: ByteBuffer(bytes: pdf))
    }

    static func obstacle(of error: PlatformError) -> DocumentObstacle {
        error == .nothingOnRecord ? .nothingOnRecord : .problem(error.problem)
    }

    // MARK: - The printer

    /// A second copy says so on the paper, so it is another document of the platform's.
    private func printed(_ held: HeldDocument, isSecondCopy: Bool, for number: Int) async -> PrintOutcome {
        var held = held
        if isSecondCopy {
            do throws(PlatformError) {
                let copy = try await fetched(held.request, as: desk.newID(), isSecondCopy: true)
                letGo(held.id)
                held = copy
                guard isCurrent(number), !Task.isCancelled else {
                    letGo(copy.id)
                    return PrintOutcome(.notPrinted, rung: .notStarted)
                }
                session?.document = copy
            } catch {
                logger.warning("a second copy was not to be had", metadata: ["cause": "\(error)"])
                // What was on record a moment ago, and is no more, is no matter of waiting.
                let code = error == .nothingOnRecord ? .platformRefused : error.problem
                return PrintOutcome(.notPrinted, rung: .notStarted, problem: Problem(code))
            }
        }
        guard let printer = device(.documentPrinter), case .ipp(let settings) = printer.profile.driver,
            // A worker that is not there has sent nothing: that is known, and nobody has to be asked.
            await workers.comesBack(WorkerKind.print.rawValue)
        else {
            return PrintOutcome(.notPrinted, rung: .notStarted, problem: Problem(.documentPrinterMissing))
        }
        let limit = Duration.milliseconds(settings.longestPrintMilliseconds) + Self.grace
        return await journalled(
            "document",
            begin: {
                try await journal.recordDocumentPrintStarted(
                    document: held.id, item: held.request.item, pages: held.pages, isSecondCopy: isSecondCopy)
            },
            print: { _ in
                await outcome(
                    of: .printDocument(device: printer.name, DocumentJob(id: desk.newID(), pages: held.pages)),
                    held.pdf,
                    by: printer.name, on: .print, within: limit, orElse: .documentUnknown)
            },
            end: { number, outcome in
                try await journal.recordDocumentPrintOutcome(number, outcome)
            })
    }
}
