import Foundation
import HallEmulators
import HallModel
import TestSupport
import Testing

@testable import PlatformClient

/// Against the reference platform over mutual TLS, through a network that can be cut.
@Suite("bringing cases to the platform", .serialized)
struct CaseUploaderTests {
    @Test("a case is uploaded, created, verified and erased, and its number is told")
    func whole() async throws {
        try await PlatformBench.run { bench in
            let id = try await bench.accept()
            let uploader = bench.uploader()
            let running = Task { await uploader.run() }
            defer { running.cancel() }
            var confirmed: CaseUploader.Event?
            for await event in uploader.events {
                confirmed = event
                break
            }
            let number = try #require(try await bench.journal.caseNumber(of: id))
            #expect(confirmed == .confirmed(id, number: number))
            #expect(try bench.sealedNames().isEmpty)
            let known = try await bench.casesOfPerson()
            #expect(known.map(\.number) == [number] && known[0].acceptedOn != nil)
            #expect(try await bench.api.platformCase(id).number == number)
            #expect(try await bench.api.health().status == "ok")
            #expect(try await bench.api.items().map(\.id).contains("senior-card"))
            #expect(try await bench.api.recipients().count == 1)
        }
    }

    @Test("a waiting uploader sends a new case at once when it is nudged")
    func nudge() async throws {
        try await PlatformBench.run { bench in
            let uploader = bench.uploader()
            let running = Task { await uploader.run() }
            defer { running.cancel() }
            let id = try await bench.accept()
            await uploader.nudge()
            try await eventually("the case is confirmed") { try await bench.journal.caseNumber(of: id) != nil }
        }
    }

    @Test("the connection is cut in the middle of the upload: it goes on, and there is one case")
    func cutInUpload() async throws {
        try await PlatformBench.run { bench in
            _ = try await bench.accept(materialBytes: 3_000_000)
            try await bench.proxy.setMode(.cutAfterBytes(1_000_000, .up))
            try await bench.sendAll()
            let known = try await bench.casesOfPerson()
            #expect(known.count == 1)
            // Resumed, not begun again: all went over the wire once, and a little more.
            #expect(bench.proxy.snapshot.bytesUp < 4_500_000)
        }
    }

    @Test(
        "an answer is lost after the platform committed: there is one of each, and one case",
        arguments: ["createUpload", "appendToUpload", "createCase", "getSigningKey"])
    func lostAnswer(operation: String) async throws {
        try await PlatformBench.run { bench in
            let id = try await bench.accept()
            try await bench.order(#"{"route":"\#(operation)","kind":"loseAnswer","times":2}"#)
            try await bench.sendAll()
            let known = try await bench.casesOfPerson()
            #expect(known.map(\.number) == [try await bench.journal.caseNumber(of: id)].compactMap { $0 })
        }
    }

    @Test("the network is away: the case waits with its reason, and goes when the network is back")
    func away() async throws {
        try await PlatformBench.run { bench in
            let id = try await bench.accept()
            try await bench.proxy.setMode(.cut)
            let uploader = bench.uploader()
            let running = Task { await uploader.run() }
            defer { running.cancel() }
            try await eventually("a failed attempt is recorded") {
                try await bench.journal.outboxSummary().lastAnswer != nil
            }
            let summary = try await bench.journal.outboxSummary()
            #expect(summary.lastAnswer?.hasPrefix("unreachable") == true, "\(summary.lastAnswer ?? "-")")
            #expect(try bench.sealedNames().count == 2)
            try await bench.proxy.setMode(.ok)
            try await eventually("the case is confirmed") { try await bench.journal.caseNumber(of: id) != nil }
        }
    }

    @Test("what the platform has acknowledged is known while the case waits, and forgotten when it is confirmed")
    func acknowledged() async throws {
        try await PlatformBench.run { bench in
            let id = try await bench.accept(materialBytes: 3_000_000)
            try await bench.proxy.setMode(.cutAfterBytes(1_000_000, .up))
            // The case has to wait after its bytes, so that they can be looked at.
            try await bench.order(#"{"route":"createCase","kind":"status","code":503,"times":0}"#)
            let uploader = bench.uploader()
            let running = Task { await uploader.run() }
            defer { running.cancel() }
            try await eventually("bytes are acknowledged") { await !uploader.acknowledged.isEmpty }
            try await bench.proxy.setMode(.ok)
            try await bench.clearOrders()
            await uploader.nudge()
            try await eventually("the case is confirmed", within: .seconds(30)) {
                try await bench.journal.caseNumber(of: id) != nil
            }
            try await eventually("nothing of it is kept") {
                let (known, sending) = await (uploader.acknowledged, uploader.sending)
                return known.isEmpty && sending == nil
            }
        }
    }

    @Test("a case that the platform refuses does not keep the others waiting")
    func poisoned() async throws {
        try await PlatformBench.run { bench in
            let poisoned = try await bench.accept()
            // One byte of its sealed file is not what was recorded any more.
            let name = "\(poisoned).age"
            var bytes = try bench.scratch.bytes(of: "sealed/\(name)")
            bytes[bytes.count - 1] ^= 1
            try bench.scratch.write(bytes, to: "sealed/\(name)")
            var good: [ItemID] = []
            for _ in 0..<3 { good.append(try await bench.accept()) }
            let uploader = bench.uploader()
            let running = Task { await uploader.run() }
            defer { running.cancel() }
            try await eventually("the good ones are confirmed", within: .seconds(20)) {
                try await bench.journal.outboxSummary().cases == 1
            }
            try await eventually("the bad one is called damaged") {
                try await bench.journal.outboxSummary().lastAnswer?.contains("damaged") == true
            }
            #expect(try await bench.journal.pendingCases().map(\.id) == [poisoned])
            #expect(try bench.sealedNames().contains(name), "nothing unconfirmed is erased")
        }
    }

    @Test("a case that waited through a night without a network is put off by its first refusal as a new one is")
    func refusedAfterAnOutage() async throws {
        try await PlatformBench.run { bench in
            let id = try await bench.accept()
            // A night: the journal counts each attempt, whatever it failed of.
            for _ in 0..<40 {
                try await bench.journal.recordFailedAttempt(ofCase: id, answer: "unreachable", nextTry: Date() - 1)
            }
            try await bench.order(#"{"route":"createCase","kind":"status","code":500}"#)
            // What a kiosk has: anywhere up to 20 s, then up to 40 s, and an hour at most.
            let uploader = CaseUploader(
                outbox: bench.journal, platform: bench.api, folder: bench.scratch.file("sealed"),
                logger: PlatformBench.silent, generator: LongestWait())
            let running = Task { await uploader.run() }
            defer { running.cancel() }
            try await eventually("the refusal is recorded") {
                try await bench.journal.outboxSummary().lastAnswer?.contains("500") == true
            }
            let wait = try #require(try await bench.journal.nextTry()).timeIntervalSinceNow
            #expect(wait > 10 && wait <= 20, "\(wait) s")
        }
    }

    @Test("429 and 503 are tried again")
    func busy() async throws {
        try await PlatformBench.run { bench in
            _ = try await bench.accept()
            try await bench.order(#"{"route":"createCase","kind":"status","code":503}"#)
            try await bench.order(#"{"route":"createUpload","kind":"status","code":429}"#)
            try await bench.sendAll()
        }
    }

    @Test("an uploader that is cancelled in the middle of an upload ends at once")
    func cancelled() async throws {
        try await PlatformBench.run { bench in
            _ = try await bench.accept(materialBytes: 2_000_000)
            try await bench.proxy.setMode(.slow(bytesPerSecond: 50_000))
            let uploader = bench.uploader()
            let running = Task { await uploader.run() }
            try await eventually("bytes are on their way") { bench.proxy.snapshot.bytesUp > 60_000 }
            running.cancel()
            let start = ContinuousClock.now
            await running.value
            // The upload would have taken half a minute more.
            #expect(ContinuousClock.now - start < .seconds(10))
            try await bench.proxy.setMode(.ok)
            try await bench.sendAll()
            #expect(try await bench.casesOfPerson().count == 1)
        }
    }

    @Test("an acceptance code is resolved once its case has come through")
    func acceptanceCode() async throws {
        try await PlatformBench.run { bench in
            let id = try await bench.accept(code: "K7M2XQ4D")
            #expect(try await bench.api.resolve(acceptanceCode: "K7M2XQ4D") == nil)
            try await bench.sendAll()
            let resolved = try await bench.api.resolve(acceptanceCode: "K7M2XQ4D")
            #expect(resolved?.number == (try await bench.journal.caseNumber(of: id)))
        }
    }

    @Test("without the kiosk's certificate there is no connection")
    func mutualTLS() async throws {
        try await PlatformBench.run { bench in
            let api = try PlatformAPI(
                url: "https://localhost:\(bench.proxy.port)", tls: .makeClientConfiguration(), timeouts: .init(),
                logger: PlatformBench.silent)
            let error = await #expect(throws: PlatformError.self) { try await api.health() }
            #expect(error?.concernsPlatform == true)
            try await api.shutdown()
        }
    }
}

/// Chance that always draws the longest.
private struct LongestWait: RandomNumberGenerator {
    func next() -> UInt64 { .max }
}
