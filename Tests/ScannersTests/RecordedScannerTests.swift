import CTurboJPEG
import DeviceKit
import Foundation
import HallEmulators
import HallModel
import NIOCore
import Synchronization
import TestSupport
import Testing

@testable import Scanners

/// The recorded exchange of `Devices/escl-scanner`, replayed to libsane, sane-airscan and our own questions.
@Suite("A recorded eSCL scanner", .serialized, .timeLimit(.minutes(2)))
struct RecordedScannerTests {
    static let path = "Devices/escl-scanner/recordings/emulated-feeder-page.txt"

    /// Coarse and gray, so that the picture in the recording is small.
    private var settings: ScannerSettings {
        var settings = ScannerSettings()
        settings.source = "ADF"
        settings.mode = "Gray"
        settings.resolution = 150
        settings.pollMilliseconds = 60
        return settings
    }

    /// One page of the feeder, and the end of the paper.
    private func scan(_ port: Int) async throws -> (ScannedPage, ByteBuffer, [DeviceStatus]) {
        let result = LockedResult()
        try await ScanBench.run("escl:http://127.0.0.1:\(port)/eSCL", settings) { bench in
            try await bench.status("paper lies there", within: .seconds(20)) { $0.mediaPresent == true }
            let (page, jpeg) = try await bench.scan()
            try await bench.status("no paper") { $0.mediaPresent == false && $0.state == .online }
            #expect(await bench.scanProblem()?.code == .scannerNoPaper)
            result.set((page, jpeg, bench.statuses))
        }
        return try #require(result.value)
    }

    @Test(
        "Recording anew",
        .enabled(if: Repository.shallRecord, "on demand: makes the recording anew; HALLKIOSK_RECORD=1"))
    func record() async throws {
        let scanner = EmulatedScanner(timeScale: 0)
        try await scanner.start()
        _ = try scanner.lay(.idCopy)
        guard case .escl(let endpoint)? = ScannerAddress("escl:\(scanner.url)") else { throw TestFailure(scanner.url) }
        let proxy = RecordingProxy(to: endpoint)
        _ = try await scan(try await proxy.start())
        await proxy.stop()
        await scanner.stop()
        var recording = HTTPRecording()
        recording.comments = [
            "The emulated scanner of kiosk-hall; one gray page at 150 dpi from the feeder; then the feeder is empty.",
            "Asked by sane-airscan 0.99.27 and by the worker itself. The page is a sample, nobody's document.",
        ]
        recording.exchanges = proxy.exchanges
        let file = URL(filePath: "\(Repository.folder)/\(Self.path)")
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(recording.text.utf8).write(to: file)
    }

    @Test("The same questions get the same page and the same states")
    func replay() async throws {
        let recording = try HTTPRecording(parsing: try Repository.text(Self.path))
        #expect(recording.text == (try Repository.text(Self.path)))
        let scanner = ReplayScanner(recording)
        let (page, jpeg, statuses) = try await scan(try await scanner.start())
        await scanner.stop()
        #expect(scanner.mistakes.isEmpty, "\(scanner.mistakes)")
        #expect(scanner.isAtItsEnd)
        let sent = try #require(recording.exchanges.first { $0.type == "image/jpeg" }).answer
        let (recorded, came) = (try gray(sent), try gray(Array(jpeg.readableBytesView)))
        #expect(page.rowsReceived == page.rowsExpected && page.dotsPerInch == 150)
        #expect(recorded.width == came.width && page.widthPixels == came.width)
        #expect(recorded.height == came.height && page.heightPixels == came.height)
        let difference = zip(recorded.pixels, came.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
        #expect(Double(difference) / Double(came.pixels.count) < 2)
        #expect(statuses.allSatisfy { $0.problem == nil })
        #expect(statuses.last?.model == "Hall Emulated Scanner")
        #expect(statuses.contains { $0.state == .busy })
    }

    private func gray(_ jpeg: [UInt8]) throws -> (width: Int, height: Int, pixels: [UInt8]) {
        let handle = tjInitDecompress()
        defer { tjDestroy(handle) }
        let facts = JPEGFacts(ByteBuffer(bytes: jpeg))
        var pixels = [UInt8](repeating: 0, count: facts.width * facts.height)
        let result = tjDecompress2(
            handle, jpeg, UInt(jpeg.count), &pixels, Int32(facts.width), 0, Int32(facts.height),
            Int32(TJPF_GRAY.rawValue), 0)
        try #require(result == 0)
        return (facts.width, facts.height, pixels)
    }
}

/// A value that comes out of a closure.
private final class LockedResult: Sendable {
    typealias Value = (ScannedPage, ByteBuffer, [DeviceStatus])
    private let stored = Mutex<Value?>(nil)
    func set(_ value: Value) { stored.withLock { $0 = value } }
    var value: Value? { stored.withLock { $0 } }
}
