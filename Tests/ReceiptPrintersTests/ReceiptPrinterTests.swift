import DeviceKit
import HallModel
import TestSupport
import Testing

@testable import ReceiptPrinters

@Suite(.timeLimit(.minutes(1))) struct ReceiptPrinterTests {
    static var clone: ReceiptPrinterSettings {
        var settings = ReceiptPrinterSettings()
        settings.evidence = [.bufferedQuery, .statusUnchanged]
        settings.hasAutomaticStatusBack = false
        settings.canClearBuffer = false
        return settings
    }

    @Test func aReceiptIsPrintedOnTheEvidenceOfItsProcessID() async throws {
        let bench = Bench()
        try await bench.run {
            let outcome = await bench.driver.print(PrintJob(number: 7, millimetres: 100), receipt(50_000))
            #expect(outcome == PrintOutcome(.printed, rung: .processID))
        }
        #expect(bench.scripted.with { $0.slips } == [receipt(50_000).dropLast(4)])
        #expect(bench.log.story.first == "online full")
        #expect(bench.log.statuses.last?.model == "TM-TEST")
    }

    @Test func aCloneIsBelievedOnItsBufferedQuery() async throws {
        let bench = Bench(Self.clone)
        try await bench.run {
            let outcome = await bench.driver.print(PrintJob(number: 1, millimetres: 100), receipt(20_000))
            #expect(outcome == PrintOutcome(.printed, rung: .bufferedQuery))
        }
        // What the model does not know is never sent to it.
        let written = bench.scripted.with { $0.written }
        #expect(!written.contains(sequence: [0x1D, 0x28, 0x48]))
        #expect(!written.contains(sequence: [0x1D, 0x49]))
        #expect(!written.contains(sequence: [0x1D, 0x61]))
    }

    @Test func anUnchangedStatusIsTheLastRung() async throws {
        var settings = Self.clone
        settings.evidence = [.statusUnchanged]
        let bench = Bench(settings)
        try await bench.run {
            let outcome = await bench.driver.print(PrintJob(number: 1, millimetres: 100), receipt(2_000))
            #expect(outcome == PrintOutcome(.printed, rung: .statusUnchanged))
        }
    }

    @Test func withoutAnyRungNothingIsKnown() async throws {
        var settings = Self.clone
        settings.evidence = []
        let bench = Bench(settings)
        try await bench.run {
            let outcome = await bench.driver.print(PrintJob(number: 1, millimetres: 100), receipt(2_000))
            #expect(outcome.verdict == .unknown)
            #expect(outcome.rung == .writeOnly)
        }
    }

    @Test func aProcessIDThatNeverComesIsUnknownAndNotPrintedAgain() async throws {
        let bench = Bench()
        bench.scripted.set { $0.answersProcessID = false }
        try await bench.run {
            let outcome = await bench.driver.print(PrintJob(number: 1, millimetres: 100), receipt(2_000))
            #expect(outcome.verdict == .unknown)
            #expect(outcome.rung == .processID)
            #expect(outcome.problem?.code == .receiptUnknown)
            #expect(outcome.problem?.evidence == "no answer to the process id within 15000 ms")
        }
        #expect(bench.scripted.with { $0.slips.count } == 1)
    }

    @Test func paperOutInMidReceiptIsToldAtOnceAndTheRestIsCleared() async throws {
        let bench = Bench()
        bench.scripted.set { $0.event = (30_000, .paperOut) }
        try await bench.run {
            let outcome = await bench.driver.print(PrintJob(number: 1, millimetres: 100), receipt(60_000))
            #expect(outcome.verdict == .notPrinted)
            #expect(outcome.problem?.code == .printerPaperOut)
            #expect(bench.log.story.last == "userError out printer-paper-out")
            // When the printer was met, before the first receipt, and after the fault.
            #expect(bench.scripted.with { $0.clearings } == 3)
            // After the refill nothing of it comes out, and the next receipt is whole.
            bench.scripted.set { $0.isPaperOut = false }
            #expect(await eventually { bench.log.story.last == "online full" })
            let next = await bench.driver.print(PrintJob(number: 2, millimetres: 100), receipt(3_000))
            #expect(next == PrintOutcome(.printed, rung: .processID))
        }
        // What hung there is cut off by itself.
        let slips = bench.scripted.with { $0.slips }
        #expect(slips.count == 2)
        #expect(slips.last == receipt(3_000).dropLast(4))
    }

    @Test func paperOutBehindTheLastByteIsNotPrintedWhenTheBufferWasCleared() async throws {
        let bench = Bench()
        bench.scripted.set {
            $0.bytesPerMillisecond = 2
            $0.event = (3_000, .paperOut)
        }
        try await bench.run {
            let outcome = await bench.driver.print(PrintJob(number: 1, millimetres: 100), receipt(9_000))
            #expect(outcome.verdict == .notPrinted)
            #expect(outcome.problem?.code == .printerPaperOut)
        }
    }

    @Test func aCloneThatCannotClearLetsTheTailOutAsWaste() async throws {
        let bench = Bench(Self.clone)
        bench.scripted.set {
            $0.bytesPerMillisecond = 2
            $0.event = (3_000, .paperOut)
        }
        try await bench.run {
            let outcome = await bench.driver.print(PrintJob(number: 1, millimetres: 100), receipt(9_000))
            #expect(outcome.verdict == .unknown)
            #expect(outcome.problem?.code == .printerPaperOut)
            #expect(bench.log.story.last == "userError out printer-paper-out")
            bench.scripted.set { $0.isPaperOut = false }
            #expect(await eventually { bench.scripted.with { $0.slips.count == 1 && $0.scraps == 2 } })
            let next = await bench.driver.print(PrintJob(number: 2, millimetres: 100), receipt(100))
            #expect(next == PrintOutcome(.printed, rung: .bufferedQuery))
        }
        // The tail with its own cut, a white piece behind it, the next receipt alone on its slip.
        let slips = bench.scripted.with { $0.slips }
        #expect(slips.last == receipt(100).dropLast(4))
    }

    @Test func aPowerCutInMidReceiptIsUnknownAndThePrinterComesBack() async throws {
        let bench = Bench()
        bench.scripted.set { $0.event = (20_000, .powerCut) }
        try await bench.run {
            let outcome = await bench.driver.print(PrintJob(number: 1, millimetres: 100), receipt(60_000))
            #expect(outcome.verdict == .unknown)
            #expect(outcome.problem?.code == .printerMissing)
            #expect(await eventually { bench.log.story.last == "noDevice unknown printer-missing" })
            bench.scripted.set { $0.isUnplugged = false }
            #expect(await eventually { bench.log.story.last == "online full" })
            let next = await bench.driver.print(PrintJob(number: 2, millimetres: 100), receipt(100))
            #expect(next.verdict == .printed)
        }
        // What had come out before the cut of the power is one piece, the next receipt another.
        let slips = bench.scripted.with { $0.slips }
        #expect(slips.count == 2)
        #expect(slips.last == receipt(100).dropLast(4))
    }

    /// Questions asked so far, by their number.
    private static func questions(_ written: [UInt8]) -> [UInt8: Int] {
        var found: [UInt8: Int] = [:]
        for index in written.indices.dropLast(2) where written[index] == 0x10 && written[index + 1] == 0x04 {
            found[written[index + 2], default: 0] += 1
        }
        return found
    }

    @Test func aPrinterThatTellsUnaskedIsSeldomAskedForMoreThanWhetherItIsThere() async throws {
        let bench = Bench()
        try await bench.run {
            #expect(await eventually { (Self.questions(bench.scripted.with { $0.written })[1] ?? 0) > 34 })
            let asked = Self.questions(bench.scripted.with { $0.written })
            let (first, others) = (asked[1] ?? 0, asked[4] ?? 0)
            #expect(others < first / 6, "\(asked)")
            #expect(others >= first / 15, "\(asked)")
        }
    }

    @Test func aPrinterThatTellsNothingUnaskedIsAskedForAllOfIt() async throws {
        let bench = Bench(Self.clone)
        try await bench.run {
            #expect(await eventually { (Self.questions(bench.scripted.with { $0.written })[1] ?? 0) > 20 })
            let asked = Self.questions(bench.scripted.with { $0.written })
            #expect((asked[4] ?? 0) >= (asked[1] ?? 0) - 2, "\(asked)")
        }
    }

    @Test func aPrinterThatFallsSilentIsLost() async throws {
        let bench = Bench()
        try await bench.run {
            bench.scripted.set { $0.isMute = true }
            #expect(await eventually { bench.log.story.last == "noDevice unknown printer-missing" })
            // Which of its questions went unanswered first depends on where the round was.
            let evidence = bench.log.statuses.last?.problem?.evidence ?? ""
            #expect(evidence.wholeMatch(of: /no answer to DLE EOT [1-4] within 1000 ms/) != nil, "\(evidence)")
            let outcome = await bench.driver.print(PrintJob(number: 2, millimetres: 100), receipt(100))
            #expect(outcome.verdict == .notPrinted)
            #expect(outcome.rung == .notStarted)
        }
    }

    @Test(arguments: [
        (ScriptedPrinter.Event.coverOpen, ProblemCode.printerCoverOpen, "userError full printer-cover-open"),
        (.paperOut, .printerPaperOut, "userError out printer-paper-out"),
        (.cutter, .printerCutter, "hardwareError full printer-cutter"),
    ])
    func aFaultBeforeTheReceiptIsSeenAndNothingIsSent(
        _ event: ScriptedPrinter.Event, _ code: ProblemCode, _ story: String
    ) async throws {
        let bench = Bench()
        try await bench.run {
            bench.scripted.set {
                switch event {
                case .coverOpen: $0.isCoverOpen = true
                case .cutter: $0.isCutterStuck = true
                case .paperOut, .powerCut: $0.isPaperOut = true
                }
            }
            #expect(await eventually { bench.log.story.last == story })
            let outcome = await bench.driver.print(PrintJob(number: 1, millimetres: 100), receipt(100))
            #expect(outcome.verdict == .notPrinted)
            #expect(outcome.rung == .notStarted)
            #expect(outcome.problem?.code == code)
        }
        #expect(!bench.scripted.with { $0.written }.contains(sequence: receipt(100)))
    }

    @Test func aLongTestSlipOfATechnicianSaysNothingOfThePaperThatResidentsNeed() async throws {
        var settings = ReceiptPrinterSettings()
        settings.millimetresAtNearEnd = 250
        let bench = Bench(settings)
        bench.scripted.set { $0.isNearEnd = true }
        try await bench.run {
            #expect(await eventually { bench.log.story.last == "online low printer-paper-low" })
            let test = PrintJob(number: PrintJob.firstOfTechnician, millimetres: 1_500)
            #expect(await bench.driver.print(test, receipt(100)).problem?.code == .printerPaperLow)
            let outcome = await bench.driver.print(PrintJob(number: 1, millimetres: 100), receipt(100))
            #expect(outcome.verdict == .printed)
            #expect(bench.log.story.last == "online low printer-paper-low")
        }
    }

    @Test func belowNearEndAReceiptIsBegunOnlyWhenThePaperLasts() async throws {
        var settings = ReceiptPrinterSettings()
        settings.millimetresAtNearEnd = 250
        let bench = Bench(settings)
        bench.scripted.set { $0.isNearEnd = true }
        try await bench.run {
            #expect(await eventually { bench.log.story.last == "online low printer-paper-low" })
            for number in 1...2 as ClosedRange<UInt32> {
                #expect(bench.log.story.last == "online low printer-paper-low")
                let outcome = await bench.driver.print(PrintJob(number: number, millimetres: 100), receipt(100))
                #expect(outcome.verdict == .printed)
            }
            // What is left covers no receipt as long as these: nobody shall begin what needs one.
            #expect(await eventually { bench.log.story.last == "userError low printer-paper-low" })
            let third = await bench.driver.print(PrintJob(number: 3, millimetres: 100), receipt(100))
            #expect(third.verdict == .notPrinted)
            #expect(third.problem?.code == .printerPaperLow)
            // 20 mm went with the cut before the first receipt of this process.
            #expect(third.problem?.evidence == "30 mm of paper left, 100 mm needed")
            // A new roll: found without anybody asking for a receipt.
            bench.scripted.set { $0.isNearEnd = false }
            #expect(await eventually { bench.log.story.last == "online full" })
            let fourth = await bench.driver.print(PrintJob(number: 4, millimetres: 100), receipt(100))
            #expect(fourth.verdict == .printed)
        }
    }

    @Test func oneReceiptAtATime() async throws {
        let bench = Bench()
        try await bench.run {
            async let first = bench.driver.print(PrintJob(number: 1, millimetres: 100), receipt(30_000))
            #expect(await eventually { bench.scripted.with { $0.written.contains(sequence: [0x41, 0x41]) } })
            let second = await bench.driver.print(PrintJob(number: 2, millimetres: 100), receipt(100))
            #expect(second.rung == .notStarted || second.verdict == .printed)
            #expect(await first.verdict == .printed)
        }
    }

    @Test func unaskedAnswersFromImageDataStopNothing() async throws {
        // 10 04 04 in the image is executed by the printer: near end, bit 3 of which means "off line" elsewhere.
        let image = [UInt8](repeating: 0x10, count: 30) + [0x10, 0x04, 0x04]
        let strip = [0x1D, 0x76, 0x30, 0, 33, 0, 1, 0] + image
        let bench = Bench()
        bench.scripted.set { $0.isNearEnd = true }
        try await bench.run {
            let outcome = await bench.driver.print(
                PrintJob(number: 1, millimetres: 10), strip + [0x1D, 0x56, 0x42, 0])
            #expect(outcome.verdict == .printed)
        }
    }

    @Test(arguments: [true, false])
    func aReceiptThatNobodyWaitsForIsBrokenOffAndCut(_ canClear: Bool) async throws {
        let bench = Bench(canClear ? ReceiptPrinterSettings() : Self.clone)
        bench.scripted.set { $0.bytesPerMillisecond = 2 }
        try await bench.run {
            let print = Task { await bench.driver.print(PrintJob(number: 1, millimetres: 100), receipt(60_000)) }
            #expect(await eventually { bench.scripted.with { $0.printed > 5_000 } })
            print.cancel()
            let outcome = await print.value
            #expect(outcome.verdict == .notPrinted)
            #expect(outcome.problem?.code == .receiptUnknown)
            let next = await bench.driver.print(PrintJob(number: 2, millimetres: 100), receipt(100))
            #expect(next.verdict == .printed)
        }
        // A piece of the first, and the second alone.
        let slips = bench.scripted.with { $0.slips }
        #expect(slips.count == 2)
        #expect((1..<60_000).contains(slips.first?.count ?? 0))
        #expect(slips.last == receipt(100).dropLast(4))
    }

    @Test func aReceiptThatIsGivenUpBeforeItBeginsIsNotBegun() async throws {
        let bench = Bench()
        try await bench.run {
            let outcome = await withTaskGroup(of: PrintOutcome.self) { group in
                group.cancelAll()
                group.addTask { await bench.driver.print(PrintJob(number: 1, millimetres: 100), receipt(60_000)) }
                return await group.next()
            }
            #expect(outcome == PrintOutcome(.notPrinted, rung: .notStarted))
        }
        #expect(!bench.scripted.with { $0.written }.contains(sequence: [0x41, 0x41]))
    }

    @Test func aProcessThatPrintsNothingCutsNothing() async throws {
        let bench = Bench()
        try await bench.run {
            #expect(await eventually { bench.log.story.last == "online full" })
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(bench.scripted.with { $0.scraps } == 0)
        #expect(!bench.scripted.with { $0.written }.contains(sequence: ESCPOSCommand.cut(.partial).bytes))
    }

    @Test func nothingOfAReceiptIsKeptAcrossALostLine() async throws {
        let bench = Bench()
        bench.scripted.set { $0.isUnplugged = true }
        try await bench.run {
            let outcome = await bench.driver.print(PrintJob(number: 1, millimetres: 100), receipt(100))
            #expect(outcome.verdict == .notPrinted)
            bench.scripted.set { $0.isUnplugged = false }
            #expect(await eventually { bench.log.story.last == "online full" })
        }
        #expect(bench.scripted.with { $0.slips.isEmpty && $0.openSlip.isEmpty })
    }
}

extension [UInt8] {
    func contains(sequence: [UInt8]) -> Bool { count(of: sequence[...]) > 0 }

    func count(of sequence: some Collection<UInt8>) -> Int {
        guard count >= sequence.count, let first = sequence.first else { return 0 }
        return indices.dropLast(sequence.count - 1).count { index in
            self[index] == first && self[index...].starts(with: sequence)
        }
    }
}
