import ByteTransports
import TestSupport
import Testing

import class Foundation.FileManager

@Suite(.timeLimit(.minutes(1))) struct RecordingTests {
    static let text = """
        # a question and its answer
        0 open
        1500 > AA AA AA 96 69 00 03 11 FF ED
        3100 < AA AA AA 96 69
        3200 < 00 04 00 00 90 94
        9000 close

        """

    @Test func aRecordingIsReadAndWrittenUnchanged() throws {
        let recording = try Recording(parsing: Self.text)
        #expect(recording.entries.count == 5)
        #expect(try Recording(parsing: recording.text) == recording)
        #expect(recording.entries[1].event == .toDevice([0xAA, 0xAA, 0xAA, 0x96, 0x69, 0, 3, 0x11, 0xFF, 0xED]))
    }

    @Test(arguments: ["x open", "1 jump", "1 >", "1 > A", "1 > GG", "1 > +1", "1 > 123", "1 > (x bytes)", "12"])
    func whatIsNoEntryIsNamedByItsLine(_ line: String) {
        #expect(throws: Recording.FormatError(line: 2)) { try Recording(parsing: "# ok\n\(line)\n") }
    }

    @Test func aReplayAnswersWhatWasAskedInAnyPieces() async throws {
        let replay = try ReplayTransport(Recording(parsing: Self.text), clock: .system)
        try await replay.open()
        try await replay.write([0xAA, 0xAA, 0xAA], within: .seconds(1))
        await #expect(throws: TransportError.self) { try await replay.read(upTo: 99, within: .milliseconds(1)) }
        try await replay.write([0x96, 0x69, 0, 3, 0x11, 0xFF, 0xED], within: .seconds(1))
        #expect(try await replay.read(upTo: 2, within: .seconds(1)) == [0xAA, 0xAA])
        #expect(try await replay.read(upTo: 99, within: .seconds(1)) == [0xAA, 0x96, 0x69])
        #expect(try await replay.read(upTo: 99, within: .seconds(1)) == [0, 4, 0, 0, 0x90, 0x94])
        #expect(replay.isFinished)
    }

    @Test func aReplayRefusesOtherBytes() async throws {
        let replay = try ReplayTransport(Recording(parsing: Self.text), clock: .system)
        try await replay.open()
        let error = await #expect(throws: TransportError.self) { try await replay.write([0xAB], within: .seconds(1)) }
        #expect(error == .unusable("recording, sent byte 0: recorded AA, now AB"))
    }

    @Test(arguments: [RecordingTransport.Content.lengths, .bytes])
    func bytesAreRecordedOnlyWhenAskedFor(_ content: RecordingTransport.Content) async throws {
        let path = "\(FileManager.default.temporaryDirectory.path)/recording-\(UInt64.random(in: 0 ... .max))"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let replay = try ReplayTransport(Recording(parsing: Self.text), clock: .system)
        let line = try RecordingTransport(replay, path: path, content: content)
        try await line.open()
        try await line.write([0xAA, 0xAA, 0xAA, 0x96, 0x69, 0, 3, 0x11, 0xFF, 0xED], within: .seconds(1))
        _ = try await line.read(upTo: 99, within: .seconds(1))
        _ = try await line.read(upTo: 99, within: .seconds(1))
        await line.close()
        await line.finish()
        let data = try #require(FileManager.default.contents(atPath: path))
        let recording = try Recording(parsing: String(decoding: data, as: UTF8.self))
        let original = try Recording(parsing: Self.text)
        switch content {
        case .bytes: #expect(recording.entries.map(\.event) == original.entries.map(\.event))
        case .lengths:
            #expect(recording.entries.map(\.event).contains(.withheld(toDevice: true, count: 10)))
            #expect(!String(decoding: data, as: UTF8.self).contains("AA"))
        }
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }
}
