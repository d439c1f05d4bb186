import CaseJournal
import Crypto
import Foundation
import HallModel
import Materials
import TestSupport
import Testing

/// A process that works with the journal is killed at a random moment, again and again in the same folder. What it had
/// acknowledged outside, in a file of the test's own, must be there afterwards, once and whole.
@Suite("case journal under kill -9", .serialized)
struct JournalCrashTests {
    static let rounds = 12

    @Test("nothing acknowledged is lost, nothing is there twice, nothing unsubmitted stays")
    func killed() async throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("journal crash seed: \(seed)")
        var generator = SeededGenerator(seed: seed)
        let scratch = try ScratchFolder()
        for round in 0..<Self.rounds {
            let delay = UInt32.random(in: 0...25_000, using: &generator)
            let sessions = Int.random(in: 0...10, using: &generator)
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [
                    folder = scratch.path as String, sessions = sessions as Int, delay = delay as UInt32,
                    seed = seed &+ UInt64(round) as UInt64
                ] in
                try await CrashLoad.run(folder: folder, sessions: sessions, microseconds: delay, seed: seed)
            }
            try await check(scratch, comment: "seed \(seed), round \(round)")
        }
        let acknowledged = try CrashLoad.acknowledgements(folder: scratch.path)
        #expect(acknowledged.accepted.count >= Self.rounds / 2, "the load did too little to prove anything")
    }

    private func check(_ scratch: ScratchFolder, comment: String) async throws {
        let bench = try await JournalBench(folder: scratch.path)
        _ = try await bench.journal.recover()
        let pending = try await bench.journal.pendingCases(limit: 100_000)
        let acknowledged = try CrashLoad.acknowledgements(folder: scratch.path)
        var confirmed: Set<String> = []
        for id in acknowledged.accepted.compactMap(ItemID.init(rawValue:)) {
            if try await bench.journal.caseNumber(of: id) != nil { confirmed.insert(id.rawValue) }
        }
        let waiting = Set(pending.map(\.id.rawValue))
        #expect(waiting.count == pending.count, "\(comment)")
        #expect(waiting.isDisjoint(with: confirmed), "\(comment)")
        #expect(Set(acknowledged.accepted).subtracting(waiting).subtracting(confirmed).isEmpty, "\(comment)")
        #expect(Set(acknowledged.confirmed).isSubset(of: confirmed), "\(comment)")
        let files = pending.flatMap(\.files)
        #expect(try bench.sealedNames() == files.map(\.name).sorted(), "\(comment)")
        for file in files {
            let digest = SHA256.hash(data: try scratch.bytes(of: "sealed/\(file.name)"))
            #expect(Hexadecimal.text(digest) == file.sha256, "\(comment)")
        }
        try await bench.journal.close()
    }
}

/// What the killed process does, and what it had said by then. The end comes in the session after `sessions` whole ones,
/// or a little later.
enum CrashLoad {
    static func run(folder: String, sessions: Int, microseconds: UInt32, seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let bench = try await JournalBench(folder: folder)
        _ = try await bench.journal.recover()
        let acknowledgements = open("\(folder)/acknowledged", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        var begun = 0
        while true {
            if begun == sessions {
                Thread.detachNewThread {
                    usleep(microseconds)
                    kill(getpid(), SIGKILL)
                }
            }
            begun += 1
            let session = JournalBench.newID()
            try await bench.journal.beginSession(session)
            let first = try await bench.storeMaterial(session: session, content: [UInt8](repeating: 5, count: 70_000))
            let second = try await bench.storeMaterial(session: session)
            if Bool.random(using: &generator) {
                let id = try await bench.accept(
                    session: session, materials: Bool.random(using: &generator) ? [first, second] : [second])
                say("accepted \(id)\n", acknowledgements)
                let print = try await bench.journal.recordPrintStarted(caseID: id, isSecondCopy: false)
                try await bench.journal.recordPrintOutcome(print, PrintOutcome(.printed, rung: .processID))
                if Bool.random(using: &generator) {
                    try await bench.journal.markConfirmed(id, number: "99000012", confirmation: [1], signature: [2])
                    say("confirmed \(id)\n", acknowledgements)
                }
            }
            try await bench.journal.endSession(session)
        }
    }

    static func acknowledgements(folder: String) throws -> (accepted: [String], confirmed: [String]) {
        let text = (try? String(contentsOfFile: "\(folder)/acknowledged", encoding: .utf8)) ?? ""
        let lines = text.split(separator: "\n").map { $0.split(separator: " ") }
        func ids(_ word: String) -> [String] { lines.filter { $0.first ?? "" == word }.map { String($0[1]) } }
        return (ids("accepted"), ids("confirmed"))
    }

    private static func say(_ text: String, _ descriptor: Int32) {
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    }
}
