import CaseJournal
import Foundation
import GuidedFlow
import HallModel
import Logging
import Materials
import Synchronization
import TestSupport
import Testing

@testable import HallController

@Suite("A case is taken in")
struct SubmissionDeskTests {
    private let submission = Submission(
        item: "senior-card", person: IdentityDocument(kind: .resident, name: "张示例", number: "999999194801010015"),
        answers: [], materials: [])

    private func withDesk(
        drawing codes: [String], _ body: (SubmissionDesk, CaseJournal, ScratchFolder) async throws -> Void
    ) async throws {
        let scratch = try ScratchFolder()
        let writer = try SealedFileWriter(
            folder: scratch.file("sealed"), recipients: [AgeIdentity().recipient.text])
        let journal = try await CaseJournal.open(
            stateFolder: scratch.path, sealedFolder: scratch.file("sealed"),
            limits: .init(maximumBytes: 1 << 30, minimumFreeBytes: 0),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        let left = Mutex(codes)
        let desk = SubmissionDesk(
            kiosk: "kiosk", journal: journal, files: writer,
            key: try await KioskSigningKey.loadOrCreate(at: scratch.file("key.pem")),
            drawCode: { left.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] } })
        try await body(desk, journal, scratch)
    }

    @Test("a code that another case has is drawn again: nobody hears of it")
    func codeTaken() async throws {
        try await withDesk(drawing: ["AAAABBBB", "AAAABBBB", "CCCCDDDD"]) { desk, journal, _ in
            var codes: [String] = []
            for _ in 0..<2 {
                let session = desk.newID()
                try await journal.beginSession(session)
                codes.append(try await desk.accept(submission, materials: [], session: session).acceptanceCode)
            }
            #expect(codes == ["AAAABBBB", "CCCCDDDD"])
            #expect(try await journal.outboxSummary().cases == 2)
        }
    }

    @Test("where every code is taken the case is refused, and nothing of it stays")
    func allTaken() async throws {
        try await withDesk(drawing: ["AAAABBBB"]) { desk, journal, scratch in
            let session = desk.newID()
            try await journal.beginSession(session)
            _ = try await desk.accept(submission, materials: [], session: session)
            await #expect(throws: CaseJournalError.acceptanceCodeTaken) {
                try await desk.accept(submission, materials: [], session: session)
            }
            #expect(try await journal.outboxSummary().cases == 1)
            #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.file("sealed")).count == 1)
        }
    }
}
