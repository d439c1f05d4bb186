import CTurboJPEG
import DeviceKit
import Foundation
import HallModel
import NIOCore
import TestSupport
import Testing

@testable import Scanners

/// libsane for real, with the backend that SANE brings for tests.
@Suite("Scanning with SANE's test backend", .serialized)
struct SANETestBackendTests {
    private func settings(_ options: [String: String] = [:], source: String? = nil) -> ScannerSettings {
        var settings = ScannerSettings()
        settings.backend = "test"
        settings.source = source
        settings.resolution = 75
        settings.pollMilliseconds = 50
        settings.options = ["test-picture": "Color pattern"].merging(options) { $1 }
        return settings
    }

    private let slow = [
        "read-delay": "yes", "read-delay-duration": "200000", "read-limit": "yes", "read-limit-size": "64",
    ]

    @Test("A page comes at the resolution and size asked for, with its first row announced")
    func onePage() async throws {
        try await ScanBench.run("sane:test:0", settings()) { bench in
            try await bench.status("the scanner is there") { $0.state == .online }
            let (page, jpeg) = try await bench.scan()
            // The resolution is of type FIXED there: a plain 75 would be a thousandth of it.
            #expect(page.dotsPerInch == 75)
            // The backend's bed is 200 mm square.
            #expect((588...592).contains(page.widthPixels))
            #expect(page.rowsExpected == page.rowsReceived)
            let facts = JPEGFacts(jpeg)
            #expect(facts.width == page.widthPixels)
            #expect(facts.height == page.heightPixels)
            #expect(!facts.isGray)
            try await eventually("its beginning was told") { bench.startedCount() == 1 }
            try await bench.status("well again") { $0.state == .online }
            #expect(bench.statuses.contains { $0.state == .busy })
        }
    }

    @Test(
        "Gray, one bit and sixteen bits arrive as pages",
        arguments: [
            (["depth": "8"], "Gray"), (["depth": "1"], "Gray"), (["depth": "16"], "Gray"), (["depth": "16"], "Color"),
            (["depth": "1"], "Color"), (["three-pass": "yes"], "Color"),
            (["three-pass": "yes", "three-pass-order": "BGR"], "Color"), (["fuzzy-parameters": "yes"], "Color"),
            (["ppl-loss": "7"], "Color"), (["read-limit": "yes", "read-limit-size": "3"], "Gray"),
        ])
    func formats(_ options: [String: String], mode: String) async throws {
        var settings = settings(options)
        settings.mode = mode
        settings.resolution = 30
        try await ScanBench.run("sane:test:0", settings) { bench in
            let (page, jpeg) = try await bench.scan()
            #expect(page.rowsReceived == page.rowsExpected)
            #expect(JPEGFacts(jpeg).isGray == (mode == "Gray"))
            #expect(page.rowsReceived > 200)
        }
    }

    @Test("A hand scanner announces no rows")
    func handScanner() async throws {
        try await ScanBench.run("sane:test:0", settings(["hand-scanner": "yes"])) { bench in
            let (page, _) = try await bench.scan()
            #expect(page.rowsExpected == nil)
            #expect(page.rowsReceived > 0)
            #expect(page.heightPixels == page.rowsReceived)
        }
    }

    @Test(
        "Each fault of SANE has its problem",
        arguments: [
            ("SANE_STATUS_JAMMED", ProblemCode.scannerJam), ("SANE_STATUS_NO_DOCS", .scannerNoPaper),
            ("SANE_STATUS_COVER_OPEN", .scannerCoverOpen), ("SANE_STATUS_DEVICE_BUSY", .scannerBusy),
            ("SANE_STATUS_IO_ERROR", .scannerFault), ("SANE_STATUS_NO_MEM", .scannerFault),
            ("SANE_STATUS_ACCESS_DENIED", .scannerFault), ("SANE_STATUS_EOF", .scannerFault),
        ])
    func faults(status: String, code: ProblemCode) async throws {
        try await ScanBench.run("sane:test:0", settings(["read-return-value": status])) { bench in
            // Twice, because the first must leave the second nothing. The backend itself hangs now and then when it is
            // told to cancel (SANESession.letGo): that costs a worker, and neither answer.
            for _ in 0..<2 {
                let problem = await bench.scanProblem()
                #expect(problem?.code == code, "\(String(describing: problem))")
                #expect(problem?.device == ScanBench.device)
            }
        }
    }

    @Test("A feeder gives one page a command; after its ten a new job begins")
    func feeder() async throws {
        var settings = settings(source: "ADF")
        settings.resolution = 30
        try await ScanBench.run("sane:test:0", settings) { bench in
            for _ in 0..<12 { try await bench.scan() }
            try await eventually("each was told to begin") { bench.startedCount() == 12 }
            #expect(try await bench.perform(.endSession(device: ScanBench.device)) == .sessionEnded)
        }
    }

    @Test("A slow scan is cancelled at once, and the next one works")
    func cancelled() async throws {
        try await ScanBench.run("sane:test:0", settings(slow)) { bench in
            for _ in 0..<2 {
                let started = bench.startedCount()
                let task = Task { try await bench.scan() }
                try await eventually("the first row") { bench.startedCount() > started }
                let clock = ContinuousClock()
                let time = await clock.measure {
                    task.cancel()
                    _ = await task.result
                }
                #expect(time < .seconds(2))
                try await bench.status("idle again") { $0.state == .online }
            }
        }
    }

    @Test("A deadline breaks a slow scan off; the page's own limit does as well")
    func deadlines() async throws {
        var settings = settings(slow)
        try await ScanBench.run("sane:test:0", settings) { bench in
            await #expect(throws: WorkerFailure.deadlinePassed) { try await bench.scan(within: .milliseconds(700)) }
        }
        settings.pageTimeoutMilliseconds = 600
        try await ScanBench.run("sane:test:0", settings) { bench in
            let problem = await bench.scanProblem()
            #expect(problem?.code == .scannerFault)
            #expect(problem?.evidence == "no page within 600 ms")
        }
    }

    @Test("Memory does not grow with the pages")
    func memory() async throws {
        var settings = settings()
        settings.resolution = 200
        try await ScanBench.run("sane:test:0", settings) { bench in
            let process = try #require(await bench.processID)
            for _ in 0..<10 { try await bench.scan() }
            let early = try residentKibibytes(process)
            for _ in 0..<40 { try await bench.scan() }
            let late = try residentKibibytes(process)
            print("scan worker after 10 pages \(early) KiB, after 50 pages \(late) KiB")
            #expect(late < early + 8_192)
        }
    }

    @Test("SANE's readers can be cancelled where they wait and nowhere else: this is the function that they find")
    func cancellation() throws {
        typealias SetType = @convention(c) (CInt, UnsafeMutablePointer<CInt>?) -> CInt
        let set = unsafeBitCast(try #require(dlsym(nil, "pthread_setcanceltype")), to: SetType.self)
        for _ in 0..<2 {
            var former = CInt(-1)
            #expect(set(CInt(PTHREAD_CANCEL_ASYNCHRONOUS), &former) == 0)
            // The C library's own would have taken it, and said so the second time.
            #expect(former == CInt(PTHREAD_CANCEL_DEFERRED))
        }
    }

    @Test("A device that does not exist is missing; a wrong option is a fault, not a default")
    func wrong() async throws {
        try await ScanBench.run("sane:test:77", settings()) { bench in
            try await bench.status("missing") { $0.state == .noDevice && $0.problem?.code == .scannerMissing }
            #expect(await bench.scanProblem()?.code == .scannerMissing)
        }
        try await ScanBench.run("sane:test:0", settings(source: "Window sill")) { bench in
            try await bench.status("faulty") { $0.state == .hardwareError }
            #expect(await bench.scanProblem()?.evidence.hasPrefix("option source") == true)
        }
        try await ScanBench.run("sane:test", settings()) { bench in
            try await bench.status("refused") { $0.problem?.evidence == "its address is none of ours" }
            await #expect(throws: WorkerFailure.notUnderstood("no scanner of that name here")) {
                try await bench.scan()
            }
        }
    }

    @Test("SANE's folder is gone once the scanner is open")
    func noFolder() async throws {
        try await ScanBench.run("sane:test:0", settings()) { bench in
            try await bench.scan()
            #expect(try bench.folder.names() == ["workers.sock"])
        }
    }
}

/// Resident memory of a process.
func residentKibibytes(_ process: Int32) throws -> Int {
    let text = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
    let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") })
    return try #require(Int(line.filter(\.isNumber)))
}

/// A JPEG's own size and kind.
struct JPEGFacts {
    var width = 0
    var height = 0
    var isGray = false

    init(_ jpeg: ByteBuffer) {
        let handle = tjInitDecompress()
        defer { tjDestroy(handle) }
        var (width, height, sampling, space): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
        let result = jpeg.withUnsafeReadableBytes {
            tjDecompressHeader3(
                handle, $0.bindMemory(to: UInt8.self).baseAddress, UInt($0.count), &width, &height, &sampling, &space)
        }
        guard result == 0 else { return }
        self.width = Int(width)
        self.height = Int(height)
        isGray = sampling == Int32(TJSAMP_GRAY.rawValue)
    }
}
