import CaseJournal
import Foundation
import GuidedFlow
import HallModel
import Logging
import Materials
import NIOCore
import Synchronization
import TestSupport
import Testing

@testable import HallController

@Suite("A case is taken in")
struct SubmissionDeskTests {
    private let submission = Submission(
        item: "senior-card", person: IdentityDocument(kind: .resident, name: "张示例", number: "999999194801010015"),
        answers: [], materials: [])

    /// Who can open what the desk seals.
    private let reader = AgeIdentity()

    private func withDesk(
        drawing codes: [String], mostBytes: Int = MaterialBounds.materialBytes,
        _ body: (SubmissionDesk, CaseJournal, ScratchFolder) async throws -> Void
    ) async throws {
        let scratch = try ScratchFolder()
        let writer = try SealedFileWriter(
            folder: scratch.file("sealed"), recipients: [reader.recipient.text])
        let journal = try await CaseJournal.open(
            stateFolder: scratch.path, sealedFolder: scratch.file("sealed"),
            limits: .init(maximumBytes: 1 << 30, minimumFreeBytes: 0),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        let left = Mutex(codes)
        let desk = SubmissionDesk(
            kiosk: "kiosk", journal: journal, files: writer,
            key: try await KioskSigningKey.loadOrCreate(at: scratch.file("key.pem")),
            mostBytes: mostBytes, drawCode: { left.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] } })
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

    @Test(
        "a material that the platform would never take is not stored, and nothing of it stays",
        arguments: [5_000, 50_000])
    func tooLarge(_ mostBytes: Int) async throws {
        try await withDesk(drawing: ["AAAABBBB"], mostBytes: mostBytes) { desk, journal, scratch in
            let session = desk.newID()
            try await journal.beginSession(session)
            let page = MaterialPage(
                jpeg: ByteBuffer(repeating: 0xFF, count: 10_000), widthPixels: 10, heightPixels: 10, isGray: true)
            let isTaken = mostBytes > 10_000
            do {
                _ = try await desk.store([page], dotsPerInch: 300, material: "household-register", session: session)
                #expect(isTaken)
            } catch let error as SubmissionDesk.MaterialTooLarge {
                #expect(!isTaken && error.bytes > 10_000)
            }
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: scratch.file("sealed")).count == (isTaken ? 1 : 0))
        }
    }

    @Test("a page that the disk does not take stays in memory, and is stored with the others when there is room")
    func notPutAside() async throws {
        try await withDesk(drawing: ["AAAABBBB"]) { desk, journal, scratch in
            let session = desk.newID()
            try await journal.beginSession(session)
            let jpegs = [ByteBuffer(repeating: 1, count: 100_000), ByteBuffer(repeating: 2, count: 100_000)]
            var pages: [MaterialPage] = []
            for (jpeg, isTaken) in zip(jpegs, [true, false]) {
                let sealed = scratch.file("sealed")
                if !isTaken { try FileManager.default.moveItem(atPath: sealed, toPath: sealed + "-away") }
                let (page, failure) = await desk.putAside(jpeg)
                if !isTaken { try FileManager.default.moveItem(atPath: sealed + "-away", toPath: sealed) }
                #expect((failure == nil) == isTaken)
                if case .kept = page { #expect(isTaken) } else { #expect(!isTaken) }
                pages.append(MaterialPage(jpeg: page, widthPixels: 10, heightPixels: 10, isGray: true))
            }
            let stored = try await desk.store(pages, dotsPerInch: 300, material: "household-register", session: session)
            let plain = try AgeFile.open(try scratch.bytes(of: "sealed/\(stored.file.name)"), identity: reader)
            for jpeg in jpegs {
                #expect(Data(plain).range(of: Data(jpeg.readableBytesView)) != nil)
            }
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

    @Test(
        "whoever opens a case finds everything the card says, and each of its flags",
        arguments: IdentityDocument.Flag.allCases)
    func flags(_ flag: IdentityDocument.Flag) async throws {
        var card = submission.person
        card.flags = [flag]
        card.validity = .init(from: nil, to: CalendarDate(year: 2020, month: 2, day: 29), isLongTerm: false)
        try await withDesk(drawing: ["AAAABBBB"]) { desk, journal, scratch in
            let session = desk.newID()
            try await journal.beginSession(session)
            let flagged = Submission(item: "senior-card", person: card, answers: [], materials: [])
            _ = try await desk.accept(flagged, materials: [], session: session)
            let file = try #require(FileManager.default.contentsOfDirectory(atPath: scratch.file("sealed")).first)
            let plain = try AgeFile.open(try scratch.bytes(of: "sealed/\(file)"), identity: reader)
            let person = try JSONDecoder().decode(SealedAnswers.self, from: Data(plain)).person
            #expect(person.flags == [flag.rawValue] && person.validTo == "2020-02-29")
            #expect(person.kind == "resident" && person.name == "张示例" && person.number == "999999194801010015")
        }
    }

    @Test("a foreigner's two names and nationality, the newest address, and 长期 are sealed as they are")
    func otherCards() throws {
        var card = IdentityDocument(
            kind: .foreigner2023, name: "SPECIMEN, ANNA", number: "999999194801010015",
            validity: .init(from: nil, to: nil, isLongTerm: true), flags: [.longTerm, .dateUnreadable])
        card.englishName = "SPECIMEN, ANNA"
        card.nationality = "XXX"
        card.address = "旧址"
        card.newestAddress = "新址"
        let sealed = SealedAnswers(
            Submission(item: "social-card", person: card, answers: [], materials: []), kiosk: "kiosk")
        #expect(sealed.person.validTo == "长期" && sealed.person.address == "新址")
        #expect(sealed.person.englishName == "SPECIMEN, ANNA" && sealed.person.nationality == "XXX")
        #expect(sealed.person.flags == ["dateUnreadable", "longTerm"])
    }
}
