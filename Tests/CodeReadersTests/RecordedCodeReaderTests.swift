import ByteTransports
import DeviceKit
import Foundation
import HallModel
import Logging
import TestSupport
import Testing

@testable import CodeReaders

/// Recorded traffic of `Devices/code-reader-serial`, replayed to the driver.
@Suite(.timeLimit(.minutes(1)), .serialized) struct RecordedCodeReaderTests {
    static let path = "Devices/code-reader-serial/recordings/scripted-reader.txt"
    static let story = ["online", "read HK1:A4C8-2Q7T", "read HK1:9M3K-77XB"]

    @Test(.enabled(if: Repository.shallRecord, "on demand: makes the recording anew; HALLKIOSK_RECORD=1"))
    func record() async throws {
        let terminal = try #require(ScriptedTerminal())
        let file = "\(Repository.folder)/\(Self.path)"
        try? FileManager.default.removeItem(atPath: file)
        let line = try RecordingTransport(
            SerialTransport(path: terminal.path, bitsPerSecond: 9_600), path: file, content: .bytes)
        let told = ToldByReader()
        let reader = CodeReader(
            device: "codes", settings: CodeReaderSettings(), transport: line, logger: Logger(label: "test")
        ) { told.append($0) }
        let running = Task { await reader.run() }
        #expect(await eventually { told.story == ["online"] })
        // As such readers do: the code's kind before it, the same code again while the slip lies there, CR LF behind.
        for text in ["]Q1HK1:A4C8-2Q7T\r\n", "]Q1HK1:A4C8-2Q7T\r\n", "]Q1HK1:9M3K-77XB\r\n"] {
            terminal.send(Array(text.utf8))
            try await Task.sleep(for: .milliseconds(200))
        }
        #expect(await eventually { told.story == Self.story })
        running.cancel()
        await running.value
        await line.finish()
    }

    @Test func theRecordedCodesAreReadAgain() async throws {
        let recording = try Recording(parsing: Repository.text(Self.path))
        let time = VirtualTime(until: .seconds(30))
        let clock = DeviceClock(
            now: { time.now },
            sleep: {
                try time.advance($0)
                try await Task.sleep(for: .milliseconds(1))
            }, today: { CalendarDate(compact: "20260315")! })
        let replay = try ReplayTransport(recording, clock: clock)
        let told = ToldByReader()
        let reader = CodeReader(
            device: "codes", settings: CodeReaderSettings(), transport: replay, clock: clock,
            logger: Logger(label: "test")
        ) { told.append($0) }
        await reader.run()
        #expect(Array(told.story.prefix(3)) == Self.story)
        #expect(told.story.filter { $0.hasPrefix("read") }.count == 2)
    }
}
