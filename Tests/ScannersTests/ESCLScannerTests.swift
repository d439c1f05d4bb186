import DeviceKit
import Foundation
import HallEmulators
import HallModel
import NIOCore
import TestSupport
import Testing

@testable import Scanners

/// libsane and sane-airscan for real, against the emulated scanner on loopback.
@Suite("Scanning by eSCL", .serialized)
struct ESCLScannerTests {
    private func withScanner(
        source: String? = "ADF", timeScale: Double = 0, holdMilliseconds: Int = 240_000,
        _ body: @escaping @Sendable (EmulatedScanner, ScanBench) async throws -> Void
    ) async throws {
        let scanner = EmulatedScanner(timeScale: timeScale)
        try await scanner.start()
        var settings = ScannerSettings()
        settings.source = source
        settings.resolution = 150
        settings.pollMilliseconds = 60
        settings.heldPageMilliseconds = holdMilliseconds
        do {
            try await ScanBench.run("escl:\(scanner.url)", settings) { bench in
                try await bench.status("the scanner is there", within: .seconds(20)) { $0.state == .online }
                try await body(scanner, bench)
            }
        } catch {
            await scanner.stop()
            throw error
        }
        await scanner.stop()
    }

    @Test("A page of the feeder comes whole, and its paper is told before and after")
    func onePage() async throws {
        try await withScanner { scanner, bench in
            try await bench.status("no paper") { $0.mediaPresent == false }
            _ = try scanner.lay(.householdRegister1)
            try await bench.status("paper") { $0.mediaPresent == true }
            let (page, jpeg) = try await bench.scan()
            #expect(page.dotsPerInch == 150)
            #expect((1230...1250).contains(page.widthPixels))
            #expect((1740...1760).contains(page.heightPixels))
            #expect(page.rowsReceived == page.rowsExpected)
            #expect(JPEGFacts(jpeg).height == page.heightPixels)
            try await eventually("its beginning was told") { bench.startedCount() == 1 }
            try await bench.status("no paper again") { $0.mediaPresent == false && $0.state == .online }
            #expect(bench.statuses.last?.model?.isEmpty == false)
        }
    }

    @Test("A page from the glass")
    func glass() async throws {
        try await withScanner(source: "Flatbed") { scanner, bench in
            _ = try scanner.lay(.householdRegister1, on: .glass)
            for _ in 0..<3 { #expect(try await bench.scan().page.heightPixels > 1_700) }
        }
    }

    @Test("Of several pages in the feeder none is lost, none comes twice, and they keep their order")
    func severalPages() async throws {
        try await withScanner { scanner, bench in
            let documents: [SampleDocument] = [.householdRegister1, .blank, .householdRegister2, .idCopy]
            // Each alone, to know what it looks like.
            var alone: [ByteBuffer] = []
            for document in documents {
                _ = try scanner.lay(document)
                alone.append(try await bench.scan().jpeg)
                scanner.takeOriginals()
            }
            #expect(Set(alone.map(\.readableBytes)).count == documents.count)
            for document in documents { _ = try scanner.lay(document) }
            for expected in alone {
                let came = try await bench.scan().jpeg
                #expect(came == expected)
            }
            #expect(await bench.scanProblem()?.code == .scannerNoPaper)
            #expect(scanner.snapshot.output.count == documents.count)
        }
    }

    @Test("A page laid down after the feeder ran empty is scanned")
    func refilled() async throws {
        try await withScanner { scanner, bench in
            for _ in 0..<3 {
                _ = try scanner.lay(.householdRegister1)
                try await bench.scan()
                #expect(await bench.scanProblem()?.code == .scannerNoPaper)
            }
        }
    }

    @Test("What a feeder drew ahead never reaches the next resident")
    func sessionEnds() async throws {
        try await withScanner { scanner, bench in
            _ = try scanner.lay(.idCopy)
            let theirs = try await bench.scan().jpeg
            _ = try scanner.lay(.householdRegister1)
            _ = try scanner.lay(.householdRegister2)
            let first = try await bench.scan().jpeg
            // All sheets are through before the resident goes.
            try await eventually("the feeder is empty") { scanner.snapshot.tray.isEmpty }
            #expect(try await bench.perform(.endSession(device: ScanBench.device)) == .sessionEnded)
            let empty = await bench.scanProblem()
            #expect(empty?.code == .scannerNoPaper, "\(String(describing: empty)) \(scanner.snapshot)")
            _ = try scanner.lay(.idCopy)
            let next = try await bench.scan().jpeg
            #expect(next.readableBytes == theirs.readableBytes)
            #expect(next.readableBytes != first.readableBytes)
        }
    }

    @Test("A job that a killed worker left behind does not keep the scanner from the next one")
    func killedInTheMiddleOfAJob() async throws {
        try await withScanner { scanner, bench in
            _ = try scanner.lay(.householdRegister1)
            _ = try scanner.lay(.householdRegister2)
            _ = try scanner.lay(.blank)
            try await bench.scan()
            // The feeder's job goes on, whether its other sheets were drawn already or not.
            let pid = try #require(await bench.processID)
            kill(pid, SIGKILL)
            try await eventually("the worker is started again") {
                guard let new = await bench.processID else { return false }
                return new != pid
            }
            scanner.emptyTray()
            _ = try scanner.lay(.idCopy)
            let problem = await bench.scanProblem(within: .seconds(15))
            #expect(problem == nil)
        }
    }

    @Test("Pages drawn ahead are dropped when nobody asks for them in time")
    func stale() async throws {
        try await withScanner(holdMilliseconds: 300) { scanner, bench in
            _ = try scanner.lay(.householdRegister1)
            _ = try scanner.lay(.householdRegister2)
            try await bench.scan()
            try await eventually("the feeder is empty") { scanner.snapshot.tray.isEmpty }
            try await Task.sleep(for: .milliseconds(400))
            let empty = await bench.scanProblem()
            #expect(empty?.code == .scannerNoPaper, "\(String(describing: empty)) \(scanner.snapshot)")
        }
    }

    @Test("No paper, jam and open cover are told apart, in the state and by a scan, and clear by themselves")
    func faults() async throws {
        try await withScanner { scanner, bench in
            #expect(await bench.scanProblem()?.code == .scannerNoPaper)
            for (fault, code) in [(ScannerFault.jam, ProblemCode.scannerJam), (.coverOpen, .scannerCoverOpen)] {
                _ = try scanner.lay(.householdRegister1)
                try await scanner.setFault(fault)
                try await bench.status("\(fault)") { $0.problem?.code == code && $0.state == .userError }
                let problem = await bench.scanProblem()
                #expect(problem?.code == code, "\(String(describing: problem))")
                try await scanner.setFault(.none)
                try await bench.status("well again") { $0.problem == nil && $0.state == .online }
                #expect(try await bench.scan().page.rowsReceived > 0)
                scanner.takeOriginals()
            }
        }
    }

    @Test("A fault in mid-page on the glass, where SANE only says I/O error, is named by what the scanner says")
    func faultsOnGlass() async throws {
        try await withScanner(source: "Flatbed", timeScale: 2) { scanner, bench in
            for (fault, code) in [(ScannerFault.jam, ProblemCode.scannerJam), (.coverOpen, .scannerCoverOpen)] {
                _ = try scanner.lay(.householdRegister1, on: .glass)
                async let problem = bench.scanProblem()
                // The scan has begun: what is found out before a job is asked for has nothing to say here.
                try await eventually("the page is on its way", within: .seconds(10), every: .milliseconds(5)) {
                    scanner.snapshot.scanning != nil
                }
                try await scanner.setFault(fault)
                let answer = await problem
                let found = try #require(answer, "\(fault): the scan ended well")
                #expect(found.code == code, "\(found)")
                try await scanner.setFault(.none)
                try await bench.status("well again") { $0.problem == nil && $0.state == .online }
                #expect(try await bench.scan().page.rowsReceived > 0)
            }
        }
    }

    @Test("A job that a dead worker left with the scanner is ended by the next one, which then scans at once")
    func leftBehind() async throws {
        let scanner = EmulatedScanner(timeScale: 0)
        try await scanner.start()
        _ = try scanner.lay(.householdRegister1)
        let job = scanner.leaveJob()
        var settings = ScannerSettings()
        settings.source = "ADF"
        settings.resolution = 150
        do {
            try await ScanBench.run("escl:\(scanner.url)", settings) { bench in
                let started = ContinuousClock.now
                let page = try await bench.scan().page
                #expect(page.rowsReceived > 0)
                #expect(ContinuousClock.now - started < .seconds(10))
            }
        } catch {
            await scanner.stop()
            throw error
        }
        #expect(job.hasPrefix("/eSCL/ScanJobs/"))
        await scanner.stop()
    }

    @Test("A worker that is killed in mid-page leaves a scanner that scans the next page laid down")
    func killedInMidPage() async throws {
        try await withScanner(timeScale: 2) { scanner, bench in
            _ = try scanner.lay(.householdRegister1)
            _ = try scanner.lay(.householdRegister2)
            let scan = Task { try await bench.scan() }
            try await eventually("the page is on its way", within: .seconds(10), every: .milliseconds(5)) {
                scanner.snapshot.scanning != nil
            }
            let process = try #require(await bench.processID)
            kill(process, SIGKILL)
            // Once and no more: the second sheet would be taken for the first.
            await #expect(throws: WorkerFailure.workerLost) { try await scan.value }
            try await eventually("the sheet comes out", within: .seconds(10), every: .milliseconds(20)) {
                scanner.snapshot.scanning == nil
            }
            #expect(scanner.snapshot.output.count == 1)
            #expect(scanner.snapshot.tray.count == 1)
            try await bench.status("there again", within: .seconds(20)) { $0.state == .online }
            scanner.emptyTray()
            scanner.takeOriginals()
            _ = try scanner.lay(.householdRegister1)
            #expect(try await bench.scan().page.rowsReceived > 0)
        }
    }

    @Test("A scanner that works for somebody else is busy")
    func busy() async throws {
        try await withScanner { scanner, bench in
            _ = try scanner.lay(.householdRegister1)
            try await scanner.setFault(.busy)
            try await bench.status("busy") { $0.state == .busy }
            let problem = await bench.scanProblem()
            #expect(problem?.code == .scannerBusy, "\(String(describing: problem))")
            try await scanner.setFault(.none)
            try await bench.status("free") { $0.state == .online }
            #expect(try await bench.scan().page.rowsReceived > 0)
        }
    }

    @Test("A scanner that goes in mid-page is missing, not merely faulty, and is well again when it is back")
    func goneMidPage() async throws {
        try await withScanner(timeScale: 0.2) { scanner, bench in
            _ = try scanner.lay(.householdRegister1)
            try await scanner.setFault(.goneMidPage)
            let problem = await bench.scanProblem()
            #expect(problem?.code == .scannerMissing, "\(String(describing: problem))")
            try await bench.status("gone") { $0.state == .noDevice && $0.problem?.code == .scannerMissing }
            scanner.emptyTray()
            try await scanner.setFault(.none)
            try await bench.status("back") { $0.state == .online }
            _ = try scanner.lay(.householdRegister2)
            #expect(try await bench.scan(within: .seconds(30)).page.rowsReceived > 0)
        }
    }

    @Test("A scanner without a plug is missing at once")
    func gone() async throws {
        try await withScanner { scanner, bench in
            try await scanner.setFault(.gone)
            try await bench.status("gone") { $0.state == .noDevice }
            let clock = ContinuousClock()
            let time = await clock.measure { #expect(await bench.scanProblem()?.code == .scannerMissing) }
            #expect(time < .seconds(10))
            try await scanner.setFault(.none)
            try await bench.status("back") { $0.state == .online }
        }
    }

    @Test("A slow page is broken off by its deadline and by a cancel, and the next one comes")
    func slow() async throws {
        try await withScanner(timeScale: 1) { scanner, bench in
            _ = try scanner.lay(.householdRegister1)
            try await scanner.setFault(.slow)
            let clock = ContinuousClock()
            let time = await clock.measure {
                await #expect(throws: WorkerFailure.deadlinePassed) { try await bench.scan(within: .seconds(1)) }
            }
            #expect(time < .seconds(4))
            try await bench.status("free", within: .seconds(30)) { $0.state == .online }
            scanner.emptyTray()
            _ = try scanner.lay(.householdRegister1)
            let task = Task { try await bench.scan() }
            try await bench.status("busy") { $0.state == .busy }
            task.cancel()
            await #expect(throws: WorkerFailure.cancelled) { try await task.value }
            try await scanner.setFault(.none)
            scanner.emptyTray()
            try await bench.status("free", within: .seconds(30)) { $0.state == .online }
            _ = try scanner.lay(.householdRegister2)
            #expect(try await bench.scan().page.rowsReceived > 0)
        }
    }

    @Test("Memory does not grow with the pages")
    func memory() async throws {
        try await withScanner(source: "Flatbed") { scanner, bench in
            _ = try scanner.lay(.householdRegister1, on: .glass)
            let process = try #require(await bench.processID)
            for _ in 0..<10 { try await bench.scan() }
            let early = try residentKibibytes(process)
            for _ in 0..<40 { try await bench.scan() }
            let late = try residentKibibytes(process)
            print("scan worker by eSCL after 10 pages \(early) KiB, after 50 pages \(late) KiB")
            #expect(late < early + 8_192)
        }
    }
}
