import Foundation
import GRDB
import HallModel
import Materials
import Synchronization
import TestSupport
import Testing

@testable import CaseJournal

@Suite("case journal")
struct CaseJournalTests {
    @Test("every commit is synced: synchronous is FULL and WAL is on, on the very connection that writes")
    func durability() async throws {
        let scratch = try ScratchFolder()
        let bench = try await JournalBench(folder: scratch.path)
        let (synchronous, mode) = try await bench.journal.pool.writeWithoutTransaction { db in
            (try Int.fetchOne(db, sql: "PRAGMA synchronous"), try String.fetchOne(db, sql: "PRAGMA journal_mode"))
        }
        #expect(synchronous == 2 && mode == "wal")
    }

    @Test("a connection as GRDB leaves it is refused")
    func notDurable() throws {
        let scratch = try ScratchFolder()
        let pool = try DatabasePool(path: scratch.file("plain.sqlite"))
        #expect(throws: CaseJournalError.notDurable(synchronous: 1, journalMode: "wal")) {
            try CaseJournal.checkDurability(pool)
        }
    }

    @Test("only the owner can read the journal")
    func privateFile() async throws {
        let scratch = try ScratchFolder()
        let bench = try await JournalBench(folder: scratch.path)
        try await bench.journal.beginSession(JournalBench.newID())
        for name in ["journal.sqlite", "journal.sqlite-wal", "journal.sqlite-shm"] {
            let mode = try FileManager.default.attributesOfItem(atPath: scratch.file(name))[.posixPermissions]
            #expect(mode as? Int == 0o600, "\(name)")
        }
    }

    @Test("a session that ends takes its materials with it; submitted ones stay")
    func endOfSession() async throws {
        let scratch = try ScratchFolder()
        let bench = try await JournalBench(folder: scratch.path)
        let (session, other) = (JournalBench.newID(), JournalBench.newID())
        try await bench.journal.beginSession(session)
        try await bench.journal.beginSession(other)
        let submitted = try await bench.storeMaterial(session: session)
        _ = try await bench.storeMaterial(session: session)
        let foreign = try await bench.storeMaterial(session: other)
        let id = try await bench.accept(session: session, materials: [submitted])
        try await bench.journal.endSession(session)
        try await bench.journal.endSession(session)

        #expect(try bench.sealedNames() == ["\(id).age", foreign.name, submitted.name].sorted())
        await #expect(throws: CaseJournalError.sessionEnded) { try await bench.storeMaterial(session: session) }
        await #expect(throws: CaseJournalError.sessionEnded) {
            try await bench.accept(session: session, materials: [])
        }
    }

    @Test("a material that is given up is erased, unless it was submitted")
    func eraseMaterial() async throws {
        let scratch = try ScratchFolder()
        let bench = try await JournalBench(folder: scratch.path)
        let session = JournalBench.newID()
        try await bench.journal.beginSession(session)
        let first = try await bench.storeMaterial(session: session)
        let second = try await bench.storeMaterial(session: session)
        try await bench.journal.eraseMaterial(first.id)
        let id = try await bench.accept(session: session, materials: [second])
        try await bench.journal.eraseMaterial(second.id)
        #expect(try bench.sealedNames() == ["\(id).age", second.name].sorted())
    }

    @Test("an acceptance is whole or not at all")
    func acceptance() async throws {
        let scratch = try ScratchFolder()
        let bench = try await JournalBench(folder: scratch.path)
        let session = JournalBench.newID()
        try await bench.journal.beginSession(session)
        let first = try await bench.storeMaterial(session: session)
        let second = try await bench.storeMaterial(session: session)
        try await bench.journal.eraseMaterial(second.id)
        await #expect(throws: CaseJournalError.materialGone) {
            try await bench.accept(session: session, materials: [first, second])
        }
        #expect(try await bench.journal.pendingCases().isEmpty)

        let code = AcceptanceCode.random()
        let id = try await bench.accept(session: session, materials: [first], code: code)
        let pending = try #require(try await bench.journal.pendingCases().first)
        #expect(pending.id == id && pending.acceptanceCode == code && pending.attempts == 0)
        #expect(pending.files.map(\.id) == [id, first.id])
        #expect(pending.files.map(\.material) == [nil, "household-register"])
        #expect(pending.files.map(\.pages) == [0, 2])
        #expect(pending.manifest.verified()?.acceptanceCode == code)

        await #expect(throws: CaseJournalError.materialGone) {
            try await bench.accept(session: session, materials: [first])
        }
        await #expect(throws: CaseJournalError.acceptanceCodeTaken) {
            try await bench.accept(session: session, materials: [], code: code)
        }
        #expect(try await bench.journal.pendingCases().count == 1)
    }

    @Test("a case that was never tried comes first; the others by their next try")
    func order() async throws {
        let scratch = try ScratchFolder()
        let time = Mutex(Date(timeIntervalSince1970: 1_000))
        let clock: @Sendable () -> Date = { time.withLock { $0 } }
        let bench = try await JournalBench(folder: scratch.path, now: clock)
        let session = JournalBench.newID()
        try await bench.journal.beginSession(session)
        var ids: [ItemID] = []
        for _ in 0..<3 { ids.append(try await bench.accept(session: session, materials: [])) }
        let now = Date(timeIntervalSince1970: 2_000)
        try await bench.journal.recordFailedAttempt(ofCase: ids[0], answer: "503", nextTry: now + 60)
        try await bench.journal.recordFailedAttempt(ofCase: ids[1], answer: "unreachable", nextTry: now + 30)

        #expect(try await bench.journal.nextPendingCase(dueAt: now)?.id == ids[2])
        #expect(try await bench.journal.pendingCases().map(\.id) == [ids[2], ids[1], ids[0]])
        try await bench.journal.markConfirmed(ids[2], number: "99000012", confirmation: [1], signature: [2])
        #expect(try await bench.journal.nextPendingCase(dueAt: now) == nil)
        #expect(try await bench.journal.nextTry() == now + 30)
        #expect(try await bench.journal.nextPendingCase(dueAt: now + 30)?.id == ids[1])
        #expect(try await bench.journal.pendingCases().map(\.attempts) == [1, 1])

        time.withLock { $0 = now }
        let summary = try await bench.journal.outboxSummary()
        #expect(summary.cases == 2 && summary.nextTry == now + 30)
        #expect(summary.oldest == Date(timeIntervalSince1970: 1_000))
        #expect(summary.lastAnswer == "503" || summary.lastAnswer == "unreachable")
        #expect(summary.bytes == (try await bench.journal.pendingCases().flatMap(\.files).reduce(0) { $0 + $1.bytes }))
    }

    @Test("confirmation keeps the platform's answer and erases the files, once")
    func confirmation() async throws {
        let scratch = try ScratchFolder()
        let bench = try await JournalBench(folder: scratch.path)
        let session = JournalBench.newID()
        try await bench.journal.beginSession(session)
        let material = try await bench.storeMaterial(session: session)
        let id = try await bench.accept(session: session, materials: [material])
        try await bench.journal.recordUploadLocation("/v1/uploads/1", file: material.id, ofCase: id)
        #expect(try await bench.journal.pendingCases()[0].files[1].uploadLocation == "/v1/uploads/1")

        try await bench.journal.markConfirmed(id, number: "99000012", confirmation: [1], signature: [2])
        try await bench.journal.markConfirmed(id, number: "99000099", confirmation: [3], signature: [4])
        #expect(try await bench.journal.caseNumber(of: id) == "99000012")
        #expect(try bench.sealedNames().isEmpty)
        #expect(try await bench.journal.outboxSummary().cases == 0)
        await #expect(throws: CaseJournalError.unknownCase) {
            try await bench.journal.markConfirmed(JournalBench.newID(), number: "1", confirmation: [], signature: [])
        }
    }

    @Test("how a print ended is written for a caller too that was called off meanwhile")
    func outcomeOfACancelledPrint() async throws {
        let scratch = try ScratchFolder()
        let bench = try await JournalBench(folder: scratch.path)
        let session = JournalBench.newID()
        try await bench.journal.beginSession(session)
        let id = try await bench.accept(session: session, materials: [])
        let receipt = try await bench.journal.recordPrintStarted(caseID: id, isSecondCopy: false)
        let document = JournalBench.newID()
        let paper = try await bench.journal.recordDocumentPrintStarted(
            document: document, item: "insurance-certificate", pages: 2, isSecondCopy: false)
        let outcome = PrintOutcome(.unknown, rung: .writeOnly)
        let calledOff = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await bench.journal.recordPrintOutcome(receipt, outcome)
            try await bench.journal.recordDocumentPrintOutcome(paper, outcome)
        }
        try await calledOff.value
        #expect(try await bench.journal.prints(ofCase: id).map(\.state) == [.unknown])
        #expect(try await bench.journal.prints(ofDocument: document).map(\.state) == [.unknown])
    }

    @Test("a print has one outcome, and its number is never used twice")
    func prints() async throws {
        let scratch = try ScratchFolder()
        let bench = try await JournalBench(folder: scratch.path)
        let session = JournalBench.newID()
        try await bench.journal.beginSession(session)
        let id = try await bench.accept(session: session, materials: [])
        let first = try await bench.journal.recordPrintStarted(caseID: id, isSecondCopy: false)
        let second = try await bench.journal.recordPrintStarted(caseID: id, isSecondCopy: true)
        #expect(second > first)
        let outcome = PrintOutcome(.notPrinted, rung: .notStarted, problem: Problem(.printerPaperOut))
        try await bench.journal.recordPrintOutcome(first, outcome)
        await #expect(throws: CaseJournalError.unknownPrint) {
            try await bench.journal.recordPrintOutcome(first, PrintOutcome(.printed, rung: .processID))
        }
        _ = try await bench.journal.recover()
        let prints = try await bench.journal.prints(ofCase: id)
        #expect(prints.map(\.state) == [.notPrinted, .unknown])
        #expect(prints.map(\.isSecondCopy) == [false, true])
        #expect(prints[0].problem == .printerPaperOut && prints[1].problem == .receiptUnknown)
        await #expect(throws: CaseJournalError.self) {
            try await bench.journal.recordPrintStarted(caseID: JournalBench.newID(), isSecondCopy: false)
        }
    }

    @Test("a start says that a session was lost, and sweeps what nothing names")
    func recovery() async throws {
        let scratch = try ScratchFolder()
        var kept: [String] = []
        var damaged: ItemID?
        do {
            let bench = try await JournalBench(folder: scratch.path)
            let session = JournalBench.newID()
            try await bench.journal.beginSession(session)
            _ = try await bench.storeMaterial(session: session)
            let material = try await bench.storeMaterial(session: session)
            let id = try await bench.accept(session: session, materials: [material])
            kept = ["\(id).age", material.name]
            let lost = try await bench.accept(session: session, materials: [])
            try await bench.writer.erase("\(lost).age")
            damaged = lost
            // A file without a row, a draft, and something that is not ours.
            _ = try await bench.writer.write([1], id: JournalBench.newID())
            try scratch.write([1], to: "sealed/x.age.part")
            try scratch.write([1], to: "sealed/lost+found")
            try await bench.journal.close()
        }
        let bench = try await JournalBench(folder: scratch.path)
        let recovery = try await bench.journal.recover()
        #expect(recovery.sessionLost && recovery.erasedFiles == 3)
        #expect(recovery.missingFiles == [damaged].compactMap { $0 })
        #expect(try bench.sealedNames() == (kept + ["lost+found"]).sorted())
        // The session had a case: whoever it was hears its code, and not that all is gone.
        let code = try await bench.journal.pendingCases().map(\.acceptanceCode)
        #expect(recovery.acceptedInLostSession.map(code.contains) == true)
        let again = try await bench.journal.recover()
        #expect(again.sessionLost == false && again.acceptedInLostSession == nil)
    }

    @Test("submission closes when the disk is short or the outbox is over its limit")
    func limits() async throws {
        let scratch = try ScratchFolder()
        let open = try await JournalBench(folder: scratch.path, limits: .init(maximumBytes: 10, minimumFreeBytes: 1))
        #expect(await open.journal.submissionProblem() == nil)
        let session = JournalBench.newID()
        try await open.journal.beginSession(session)
        _ = try await open.storeMaterial(session: session)
        #expect(await open.journal.submissionProblem() == Problem(.outboxFull, evidence: "1 MiB wait, at most 0 may"))
        try await open.journal.endSession(session)
        #expect(await open.journal.submissionProblem() == nil)
        try await open.journal.close()

        let full = try await JournalBench(folder: scratch.path, limits: .init(maximumBytes: 10, minimumFreeBytes: .max))
        let measured = try #require(await full.journal.submissionProblem())
        #expect(measured.code == .diskFull)
        #expect(
            measured.evidence.wholeMatch(of: /[0-9]+ MiB free at \/.*\/sealed, at least 8796093022207 wanted/) != nil,
            "\(measured.evidence)")
        try FileManager.default.removeItem(atPath: scratch.file("sealed"))
        #expect(await full.journal.submissionProblem()?.code == .storageFault)
    }

    @Test(
        "a disk that fills up is a typed error, and what was acknowledged stays",
        .enabled(if: getuid() == 0, "needs root: mounts a tmpfs"))
    func diskFull() async throws {
        let scratch = try ScratchFolder()
        let mount = try await CommandRun.run(
            "mount", ["-t", "tmpfs", "-o", "size=1m", "hallkiosk-test", scratch.path])
        try #require(mount.succeeded, "\(mount.errors)")
        do {
            let bench = try await JournalBench(folder: scratch.path)
            let session = JournalBench.newID()
            try await bench.journal.beginSession(session)
            var accepted: Set<ItemID> = []
            var error: (any Error)?
            for _ in 0..<2_000 where error == nil {
                do { accepted.insert(try await bench.accept(session: session, materials: [])) } catch let full {
                    error = full
                }
            }
            let isTyped = (error as? CaseJournalError) == .diskFull || (error as? SealedFileError)?.isDiskFull == true
            #expect(isTyped, "\(String(describing: error))")
            #expect(Set(try await bench.journal.pendingCases(limit: 5_000).map(\.id)) == accepted)
            try await bench.journal.close()
        } catch { Issue.record(error) }
        try await eventually("unmounted") { try await CommandRun.run("umount", [scratch.path]).succeeded }
    }

    @Test("no column of the journal has a place for a name or a document number")
    func columns() async throws {
        let scratch = try ScratchFolder()
        let bench = try await JournalBench(folder: scratch.path)
        let columns = try await bench.journal.pool.read { db in
            try String.fetchAll(
                db,
                sql: """
                    SELECT name FROM pragma_table_info('cases') UNION SELECT name FROM pragma_table_info('caseFiles')
                    UNION SELECT name FROM pragma_table_info('materials') UNION SELECT name FROM pragma_table_info('prints')
                    UNION SELECT name FROM pragma_table_info('sessions')
                    """)
        }
        #expect(
            Set(columns) == [
                "id", "begunAt", "session", "material", "file", "sha256", "bytes", "pages", "state", "storedAt", "item",
                "acceptanceCode", "manifest", "signature", "kioskKey", "acceptedAt", "attempts", "lastAnswer",
                "lastTryAt",
                "nextTryAt", "number", "confirmation", "confirmationSignature", "confirmedAt", "caseID", "position",
                "uploadLocation", "isSecondCopy", "rung", "problem", "startedAt", "endedAt",
            ])
    }
}
