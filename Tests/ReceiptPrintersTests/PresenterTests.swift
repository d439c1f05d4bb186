import DeviceKit
import HallModel
import TestSupport
import Testing

@testable import ReceiptPrinters

@Suite("A printer with a presenter", .timeLimit(.minutes(1))) struct PresenterTests {
    static var kiosk: ReceiptPrinterSettings {
        var settings = ReceiptPrinterSettings()
        settings.presenter = .customFullStatus
        settings.evidence = [.paperTaken, .bufferedQuery]
        settings.hasAutomaticStatusBack = false
        settings.canClearBuffer = false
        return settings
    }

    private static func bench(
        _ settings: ReceiptPrinterSettings = kiosk, _ change: (inout ScriptedPrinter.State) -> Void = { _ in }
    ) -> Bench {
        let bench = Bench(settings)
        bench.scripted.set {
            $0.slot.answers = .fullStatus
            change(&$0)
        }
        return bench
    }

    private func print(_ bench: Bench, _ number: UInt32 = 1, _ length: Int = 9_000) async -> PrintOutcome {
        await bench.driver.print(PrintJob(number: number, millimetres: 100), receipt(length))
    }

    /// The first receipt of a process is behind it, and its slip taken.
    private func warmUp(_ bench: Bench) async {
        _ = await print(bench, 99, 400)
        #expect(await eventually { bench.scripted.with { !$0.slips.isEmpty && $0.slot.coming.isEmpty } })
        bench.scripted.set { $0.slot.isFull = false }
        let asked = bench.scripted.with { $0.slot.asked }
        #expect(
            await eventually {
                bench.scripted.with { $0.slot.asked } > asked + 1 && bench.log.statuses.last?.mediaPresent == false
            })
        bench.log.forget()
    }

    // MARK: - What is never asked

    @Test("A model whose profile does not name it is never asked for a full status")
    func neverAsked() async throws {
        let bench = Bench()
        try await bench.run {
            #expect(await print(bench).verdict == .printed)
            #expect(await eventually { bench.scripted.with { $0.written.count(of: [0x10, 0x04, 0x01]) } > 20 })
        }
        #expect(!bench.scripted.with { $0.written }.contains(sequence: [0x10, 0x04, 0x14]))
        #expect(bench.log.slot == [nil])
    }

    @Test("What the manuals do not have is never sent", arguments: [[0x1D, 0x61], [0x1D, 0xE0], [0x1D, 0x28, 0x48]])
    func neverSent(_ command: [UInt8]) async throws {
        let bench = Self.bench()
        try await bench.run { #expect(await print(bench).verdict == .printed) }
        #expect(!bench.scripted.with { $0.written }.contains(sequence: command))
    }

    // MARK: - A profile that is wrong

    @Test("No answer to a full status is told with its evidence, and receipts are printed all the same")
    func wrongProfile() async throws {
        for (answers, evidence) in [
            (ScriptedPrinter.Slot.Answers.nothing, "no answer to DLE EOT 20 within 1000 ms"),
            (.oneByte, "DLE EOT 20 is answered with 12, which is no full status"),
        ] {
            let bench = Self.bench { $0.slot.answers = answers }
            try await bench.run {
                #expect(await eventually { bench.log.story.last == "online full printer-unsupported" })
                #expect(bench.log.statuses.last?.problem?.evidence == evidence)
                #expect(await print(bench) == PrintOutcome(.printed, rung: .bufferedQuery))
            }
            // Asked twice when it was met, and not again.
            #expect(bench.scripted.with { $0.slot.asked } == 2)
            #expect(bench.log.slot == [nil])
        }
    }

    @Test("With nothing but the slip to prove it, a wrong profile leaves the receipt unknown")
    func wrongProfileWithoutOtherRungs() async throws {
        var settings = Self.kiosk
        settings.evidence = [.paperTaken]
        let bench = Self.bench(settings) { $0.slot.answers = .nothing }
        try await bench.run {
            let outcome = await print(bench)
            #expect(outcome.verdict == .unknown)
            #expect(outcome.rung == .writeOnly)
            #expect(outcome.problem?.evidence == "no answer to DLE EOT 20 within 1000 ms")
        }
    }

    @Test("One that stops telling still prints, and is asked again until it tells")
    func stopsTelling() async throws {
        let bench = Self.bench()
        try await bench.run {
            #expect(await eventually { bench.log.slot == [false] })
            bench.scripted.set { $0.slot.answers = .nothing }
            #expect(await eventually { bench.log.story.last == "online full printer-unsupported" })
            #expect(await print(bench) == PrintOutcome(.printed, rung: .bufferedQuery))
            bench.scripted.set { $0.slot.answers = .fullStatus }
            #expect(await eventually { bench.log.story.last == "online full" })
            #expect(bench.log.statuses.last?.mediaPresent == true)
        }
    }

    // MARK: - The slip as evidence

    @Test("A slip that comes into the empty slot proves its receipt, is told, and its going is told once")
    func slipComesAndGoes() async throws {
        let bench = Self.bench()
        try await bench.run {
            await warmUp(bench)
            #expect(await print(bench) == PrintOutcome(.printed, rung: .paperTaken))
            #expect(await eventually { bench.log.slot == [false, true] })
            #expect(bench.log.slipsTaken == 0)
            bench.scripted.set { $0.slot.isFull = false }
            #expect(await eventually { bench.log.slipsTaken == 1 })
            #expect(await eventually { bench.log.slot == [false, true, false] })
        }
        #expect(bench.log.slipsTaken == 1)
    }

    @Test("A slip that is never taken goes on lying there, for as long as anybody looks")
    func neverTaken() async throws {
        let bench = Self.bench()
        try await bench.run {
            await warmUp(bench)
            #expect(await print(bench).rung == .paperTaken)
            let asked = bench.scripted.with { $0.slot.asked }
            #expect(await eventually { bench.scripted.with { $0.slot.asked } > asked + 20 })
        }
        #expect(bench.log.slot == [false, true])
        #expect(bench.log.slipsTaken == 0)
    }

    @Test("A slip that is pulled before anybody saw it leaves the word to the next rung")
    func pulledAtOnce() async throws {
        let bench = Self.bench()
        try await bench.run {
            await warmUp(bench)
            bench.scripted.set {
                $0.slot.isEmptiedAtOnce = true
            }
            #expect(await print(bench) == PrintOutcome(.printed, rung: .bufferedQuery))
        }
        #expect(bench.log.slot == [false])
        #expect(bench.log.slipsTaken == 0)
    }

    @Test("A slip that was seen to come and pulled before the end is proof, and its going is told")
    func pulledAfterItWasSeen() async throws {
        let bench = Self.bench()
        try await bench.run {
            await warmUp(bench)
            bench.scripted.set {
                $0.bytesPerMillisecond = 5
                $0.slot.isContinuous = true
                $0.slot.isEmptiedAtOnce = true
            }
            #expect(await print(bench) == PrintOutcome(.printed, rung: .paperTaken))
            #expect(await eventually { bench.log.slipsTaken == 1 })
        }
    }

    @Test("The slip of an earlier person is seen before printing and proves nothing for the next")
    func earlierSlip() async throws {
        let bench = Self.bench()
        try await bench.run {
            await warmUp(bench)
            bench.scripted.set {
                $0.slot.isFull = true
            }
            #expect(await eventually { bench.log.slot == [false, true] })
            #expect(await print(bench) == PrintOutcome(.printed, rung: .bufferedQuery))
        }
        #expect(bench.log.slot == [false, true])
        #expect(bench.log.slipsTaken == 0)
    }

    @Test("An earlier slip with nothing else to prove the new one leaves it unknown, with its reason")
    func earlierSlipAlone() async throws {
        var settings = Self.kiosk
        settings.evidence = [.paperTaken]
        let bench = Self.bench(settings) { $0.slot.isFull = true }
        try await bench.run {
            let outcome = await print(bench)
            #expect(outcome.verdict == .unknown)
            #expect(outcome.rung == .paperTaken)
            #expect(
                outcome.problem?.evidence == "a slip lay in the slot before: another cannot be told from it")
        }
    }

    @Test("Without a buffered query, a slip that lies there with the printer at rest is proof")
    func slipAlone() async throws {
        var settings = Self.kiosk
        settings.evidence = [.paperTaken]
        let bench = Self.bench(settings)
        try await bench.run {
            await warmUp(bench)
            #expect(await print(bench) == PrintOutcome(.printed, rung: .paperTaken))
            bench.scripted.set { $0.slot.isFull = false }
            #expect(await eventually { bench.log.slipsTaken == 1 })
            bench.scripted.set { $0.slot.isEmptiedAtOnce = true }
            let second = await print(bench, 2)
            #expect(second.verdict == .unknown)
            #expect(second.rung == .paperTaken)
            #expect(second.problem?.evidence == "no slip was seen to come into the slot")
        }
    }

    @Test("A slip that nobody saw is judged by the state before and after, where that is the next rung")
    func stateAsNextRung() async throws {
        var settings = Self.kiosk
        settings.evidence = [.paperTaken, .statusUnchanged]
        let bench = Self.bench(settings)
        try await bench.run {
            await warmUp(bench)
            bench.scripted.set {
                $0.slot.isEmptiedAtOnce = true
            }
            #expect(await print(bench) == PrintOutcome(.printed, rung: .statusUnchanged))
            bench.scripted.set { $0.slot.isEmptiedAtOnce = false }
            #expect(await print(bench, 2) == PrintOutcome(.printed, rung: .paperTaken))
        }
    }

    @Test("A slip that hangs there does not speak for a printer that answers no buffered query")
    func silentBufferedQuery() async throws {
        let bench = Self.bench { $0.slot.isContinuous = true }
        try await bench.run {
            #expect(await print(bench).verdict == .printed)
            bench.scripted.set {
                $0.slot.isFull = false
                $0.answersBufferedQuery = false
            }
            let outcome = await print(bench, 2, 3_000)
            #expect(outcome.verdict == .unknown)
            #expect(outcome.rung == .bufferedQuery)
        }
    }

    @Test("The piece that a recovery cuts off is not taken for the receipt")
    func cutPiece() async throws {
        // What a process before this one left hangs there; its cut comes into the slot before the receipt does.
        for (evidence, verdict) in [
            ([.paperTaken, .bufferedQuery], PrintOutcome.Verdict.printed), ([.paperTaken], .unknown),
        ] as [([PrintOutcome.Rung], PrintOutcome.Verdict)] {
            var settings = Self.kiosk
            settings.evidence = evidence
            let bench = Self.bench(settings) {
                $0.openSlip = [0x41]
                $0.slot.delay = .milliseconds(700)
            }
            try await bench.run {
                let outcome = await print(bench)
                #expect(outcome.verdict == verdict)
                #expect(outcome.rung == evidence.last)
                #expect(await eventually { bench.scripted.with { $0.slips.count } == 2 })
            }
        }
    }

    // MARK: - Faults

    @Test("A jam that keeps the slip back is told, and the receipt is unknown")
    func jamAfterTheCut() async throws {
        let bench = Self.bench()
        try await bench.run {
            await warmUp(bench)
            bench.scripted.set {
                $0.slot.holdsBack = true
                $0.slot.delay = .milliseconds(200)
                // By the printer's own time: the hand of a test may be too slow.
                $0.slot.jamsOnItsWay = true
            }
            let outcome = await print(bench)
            #expect(outcome.verdict == .unknown)
            #expect(outcome.problem?.code == .printerJam)
            #expect(bench.log.story.last == "hardwareError jammed printer-jam")
            bench.scripted.set { $0.slot.recoverable = 0 }
            #expect(await eventually { bench.log.story.last == "online full" })
        }
    }

    @Test(
        "A fault that only the full status tells of stops a receipt before it begins",
        arguments: [
            (0x01, 0x00, 0x00, 0x00, ProblemCode.printerPaperOut), (0x00, 0x01, 0x00, 0x00, .printerCoverOpen),
            (0x00, 0x02, 0x00, 0x00, .printerCoverOpen), (0x00, 0x00, 0x40, 0x00, .printerJam),
            (0x00, 0x00, 0x01, 0x00, .printerFault), (0x00, 0x00, 0x00, 0x01, .printerCutter),
        ] as [(UInt8, UInt8, UInt8, UInt8, ProblemCode)])
    func faultBefore(
        _ paper: UInt8, _ user: UInt8, _ recoverable: UInt8, _ unrecoverable: UInt8, _ code: ProblemCode
    ) async throws {
        let bench = Self.bench()
        try await bench.run {
            #expect(await eventually { bench.log.story.last == "online full" })
            bench.scripted.set {
                $0.slot.paper = paper
                $0.slot.user = user
                $0.slot.recoverable = recoverable
                $0.slot.unrecoverable = unrecoverable
            }
            let outcome = await print(bench)
            #expect(outcome.verdict == .notPrinted)
            #expect(outcome.rung == .notStarted)
            #expect(outcome.problem?.code == code)
        }
        #expect(!bench.scripted.with { $0.written }.contains(sequence: [0x41, 0x41]))
    }

    // MARK: - The line

    @Test("Other answers in front of a full status do not stand in its way")
    func mixedStream() async throws {
        // A key, a whole automatic status, a torn one, a torn full status.
        let bench = Self.bench { $0.slot.noise = bytes("92 14 00 00 00 10 00 10 0F 20") }
        try await bench.run {
            await warmUp(bench)
            #expect(await print(bench) == PrintOutcome(.printed, rung: .paperTaken))
            #expect(await eventually { bench.log.slot == [false, true] })
        }
    }

    @Test("Slow answers, and such as come after the question was asked again, are understood", arguments: [700, 1_400])
    func slowAnswers(_ milliseconds: Int) async throws {
        let bench = Self.bench()
        try await bench.run {
            await warmUp(bench)
            #expect(await eventually { bench.log.slot == [false] })
            bench.scripted.set {
                $0.latency = .milliseconds(milliseconds)
                $0.bytesPerMillisecond = 4
            }
            let outcome = await print(bench)
            #expect(outcome.verdict == .printed, "\(outcome)")
            #expect(await eventually { bench.log.slot == [false, true] })
        }
        #expect(!bench.log.story.contains { $0.hasPrefix("noDevice") }, "\(bench.log.story)")
    }

    @Test("An empty slot is looked at seldom, one with a slip often")
    func gentle() async throws {
        let bench = Self.bench()
        try await bench.run {
            await warmUp(bench)
            func looks(in milliseconds: Int) async -> Int {
                let (from, before) = (bench.scripted.time.now, bench.scripted.with { $0.slot.asked })
                #expect(await eventually { bench.scripted.time.now >= from + .milliseconds(milliseconds) })
                let time = bench.scripted.time.now - from
                let looks = bench.scripted.with { $0.slot.asked } - before
                return Int(Double(looks) * (.milliseconds(milliseconds) / time))
            }
            // Until the slip of the receipt before is not waited for any more.
            _ = await looks(in: 20_000)
            #expect(await (3...7).contains(looks(in: 20_000)))
            _ = await print(bench)
            #expect(await eventually { bench.log.slot == [false, true] })
            #expect(await (28...45).contains(looks(in: 20_000)))
        }
    }

    @Test("A slip that is gone when a lost line comes back was not seen to go")
    func lostLine() async throws {
        let bench = Self.bench()
        try await bench.run {
            await warmUp(bench)
            #expect(await print(bench).rung == .paperTaken)
            bench.scripted.set { $0.isUnplugged = true }
            #expect(await eventually { bench.log.story.last == "noDevice unknown printer-missing" })
            bench.scripted.set {
                $0.isUnplugged = false
                $0.slot.isFull = false
            }
            #expect(await eventually { bench.log.slot == [false, true, nil, false] }, "\(bench.log.slot)")
        }
        #expect(bench.log.slipsTaken == 0)
    }
}
