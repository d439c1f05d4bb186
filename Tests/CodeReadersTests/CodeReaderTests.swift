import ByteTransports
import DeviceKit
import Foundation
import HallModel
import Logging
import Synchronization
import TestSupport
import Testing

@testable import CodeReaders

/// What a driver told, in order: `online`, `noDevice: code-reader-missing`, `read …`.
final class ToldByReader: Sendable {
    private let events = Mutex<[WorkerEvent]>([])

    func append(_ event: WorkerEvent) { events.withLock { $0.append(event) } }

    var all: [WorkerEvent] { events.withLock { $0 } }

    var story: [String] {
        all.map { event in
            switch event {
            case .status(_, let status): status.problem.map { "\(status.state): \($0.code)" } ?? "\(status.state)"
            case .codeRead(_, let text): "read \(text.exposed)"
            default: "unexpected"
            }
        }
    }

    var evidence: [String] {
        all.compactMap { if case .status(_, let status) = $0 { status.problem?.evidence } else { nil } }
    }
}

@Suite("a code reader on a real line", .timeLimit(.minutes(1)))
struct CodeReaderTests {
    private func driving(
        _ line: any ByteTransport, _ settings: CodeReaderSettings = CodeReaderSettings(),
        _ body: (ToldByReader) async throws -> Void
    ) async rethrows {
        let told = ToldByReader()
        let reader = CodeReader(
            device: "codes", settings: settings, transport: line,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ) { told.append($0) }
        let running = Task { await reader.run() }
        try await body(told)
        running.cancel()
        await running.value
    }

    @Test("codes come through a pseudo-terminal once each, at the profile's speed")
    func terminal() async throws {
        let terminal = try #require(ScriptedTerminal())
        await driving(SerialTransport(path: terminal.path, bitsPerSecond: 9_600)) { told in
            #expect(await eventually { told.story == ["online"] })
            terminal.send(Array("]Q1HK1:first\r\n".utf8))
            #expect(await eventually { told.story == ["online", "read HK1:first"] })
            terminal.send(Array("HK1:fir".utf8))
            terminal.send(Array("st\r\nHK1:second".utf8))
            // The first one again is the same paper; the second one ends with silence.
            #expect(await eventually { told.story == ["online", "read HK1:first", "read HK1:second"] })
        }
        #expect(terminal.speedCode == UInt32(B9600))
        #expect(terminal.heard.isEmpty)
    }

    @Test("what is no code of ours is named without its content, and taken back")
    func noCode() async throws {
        let terminal = try #require(ScriptedTerminal())
        await driving(SerialTransport(path: terminal.path, bitsPerSecond: 9_600)) { told in
            #expect(await eventually { told.story == ["online"] })
            terminal.send([0xFF, 0xFE, 0x41, 13])
            #expect(await eventually { told.story.last == "online: code-unreadable" })
            #expect(told.evidence == ["3 bytes that are no UTF-8"])
            #expect(
                await eventually(within: .seconds(30)) {
                    told.story == ["online", "online: code-unreadable", "online"]
                })
        }
    }

    @Test("an endless stream is one problem, and the next code is read")
    func endless() async throws {
        let terminal = try #require(ScriptedTerminal())
        await driving(SerialTransport(path: terminal.path, bitsPerSecond: 115_200)) { told in
            #expect(await eventually { told.story == ["online"] })
            for _ in 0..<200 { terminal.send([UInt8](repeating: UInt8(ascii: "x"), count: 1_000)) }
            terminal.send(Array("\rHK1:after\r".utf8))
            #expect(await eventually(within: .seconds(20)) { told.story.last == "read HK1:after" })
            #expect(told.evidence == ["more than 512 bytes without an end"])
            #expect(told.story.filter { $0.hasPrefix("read") }.count == 1)
        }
    }

    @Test("a reader that is unplugged and plugged in again reads on")
    func goneAndBack() async throws {
        let folder = try ScratchFolder()
        let first = try #require(ScriptedTerminal())
        let node = folder.file("reader")
        try FileManager.default.createSymbolicLink(atPath: node, withDestinationPath: first.path)
        try await driving(SerialTransport(path: node, bitsPerSecond: 9_600)) { told in
            #expect(await eventually { told.story == ["online"] })
            first.send(Array("HK1:half".utf8))
            first.unplug()
            try FileManager.default.removeItem(atPath: node)
            #expect(await eventually { told.story.last == "noDevice: code-reader-missing" })
            #expect(await eventually { told.evidence.last?.hasPrefix("ENOENT") == true })
            let second = try #require(ScriptedTerminal())
            try FileManager.default.createSymbolicLink(atPath: node, withDestinationPath: second.path)
            #expect(await eventually { told.story.last == "online" })
            second.send(Array("HK1:abc\r".utf8))
            #expect(await eventually { told.story.last == "read HK1:abc" })
            #expect(!told.story.contains { $0.contains("half") && $0 != "read HK1:half" })
        }
    }

    @Test(
        "a line that cannot be opened says why",
        arguments: [("/dev/no-such-reader", "ENOENT"), ("/dev/null", "ENOTTY")])
    func notThere(_ path: String, _ symbol: String) async throws {
        await driving(SerialTransport(path: path, bitsPerSecond: 9_600)) { told in
            #expect(await eventually { told.story == ["noDevice: code-reader-missing"] })
            #expect(told.evidence.first?.hasPrefix(symbol) == true, "\(told.evidence)")
        }
    }

    @Test("no log ever holds what was read")
    func nothingIsLogged() async throws {
        let terminal = try #require(ScriptedTerminal())
        let lines = LoggedLines()
        let reader = CodeReader(
            device: "codes", settings: CodeReaderSettings(),
            transport: SerialTransport(path: terminal.path, bitsPerSecond: 9_600),
            logger: Logger(label: "test") { _ in LineLog(lines: lines) }
        ) { lines.append("\($0)") }
        let running = Task { await reader.run() }
        #expect(await eventually { lines.all.contains { $0.contains("online") } })
        terminal.send(Array("HK1:SECRET\rSECRET\u{1}\rSECRET".utf8) + [0xFF, 13])
        #expect(await eventually { lines.all.contains { $0.contains("codeRead") } })
        #expect(await eventually { lines.all.contains { $0.contains("no UTF-8") } })
        running.cancel()
        await running.value
        #expect(!lines.all.contains { $0.contains("SECRET") }, "\(lines.all)")
    }
}

/// Everything that was described in words.
final class LoggedLines: Sendable {
    private let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock { $0 } }
    func append(_ line: String) { lines.withLock { $0.append(line) } }
}

private struct LineLog: LogHandler {
    let lines: LoggedLines
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    init(lines: LoggedLines) { self.lines = lines }

    subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { lines.append("\(event.message) \(event.metadata ?? [:])") }
}
