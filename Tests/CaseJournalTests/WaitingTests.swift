import Foundation
import HallModel
import TestSupport
import Testing

@testable import CaseJournal

@Suite("cases that wait, and a technician who does not")
struct WaitingTests {
    @Test("what waits is told in the order of the tries, with its bytes and its last answer")
    func waits() async throws {
        let scratch = try ScratchFolder()
        let bench = try await JournalBench(folder: scratch.path)
        #expect(try await bench.journal.waits().isEmpty)
        let session = JournalBench.newID()
        try await bench.journal.beginSession(session)
        let material = try await bench.storeMaterial(session: session)
        let first = try await bench.accept(session: session, materials: [material])
        let second = try await bench.accept(session: session, materials: [])
        try await bench.journal.recordFailedAttempt(
            ofCase: first, answer: "503 unavailable", nextTry: Date().addingTimeInterval(500))
        let waits = try await bench.journal.waits()
        // Never tried comes before tried.
        #expect(waits.map(\.id) == [second, first])
        let tried = try #require(waits.last)
        #expect(tried.attempts == 1 && tried.lastAnswer == "503 unavailable" && tried.item == "senior-card")
        #expect(Set(tried.files) == [first, material.id] && tried.bytes > material.bytes)
        #expect(try await bench.journal.waits(limit: 1).count == 1)
    }

    @Test("a case made due comes before all that were tried, and what is counted of its failures stays")
    func one() async throws {
        let scratch = try ScratchFolder()
        let bench = try await JournalBench(folder: scratch.path)
        let session = JournalBench.newID()
        try await bench.journal.beginSession(session)
        var ids: [ItemID] = []
        for delay in [300, 200, 100] {
            let id = try await bench.accept(session: session, materials: [])
            try await bench.journal.recordFailedAttempt(
                ofCase: id, answer: "away", nextTry: Date().addingTimeInterval(Double(delay)))
            ids.append(id)
        }
        #expect(try await bench.journal.nextPendingCase(dueAt: Date()) == nil)
        #expect(try await bench.journal.makeDue(ids[0]) == [ids[0]])
        let due = try #require(try await bench.journal.nextPendingCase(dueAt: Date()))
        #expect(due.id == ids[0] && due.attempts == 1)
        // The others wait on.
        #expect(try await bench.journal.waits().dropFirst().allSatisfy { $0.nextTry > Date() })
        #expect(try await bench.journal.makeDue(JournalBench.newID()) == [])
    }

    @Test("without an id every case that waits is due; confirmed ones are left alone")
    func all() async throws {
        let scratch = try ScratchFolder()
        let bench = try await JournalBench(folder: scratch.path)
        #expect(try await bench.journal.makeDue(nil) == [])
        let session = JournalBench.newID()
        try await bench.journal.beginSession(session)
        var ids: Set<ItemID> = []
        for _ in 0..<3 {
            let id = try await bench.accept(session: session, materials: [])
            try await bench.journal.recordFailedAttempt(
                ofCase: id, answer: "away", nextTry: Date().addingTimeInterval(900))
            ids.insert(id)
        }
        let confirmed = try #require(ids.first)
        try await bench.journal.markConfirmed(confirmed, number: "1", confirmation: [], signature: [])
        #expect(try await bench.journal.makeDue(confirmed) == [])
        #expect(Set(try await bench.journal.makeDue(nil)) == ids.subtracting([confirmed]))
        #expect(try await bench.journal.waits().allSatisfy { $0.nextTry <= Date().addingTimeInterval(0.001) })
    }
}
