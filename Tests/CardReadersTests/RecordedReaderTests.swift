import ByteTransports
import DeviceKit
import HallEmulators
import HallModel
import Logging
import TestSupport
import Testing

import class Foundation.FileManager

@testable import CardReaders

/// Recorded traffic of `Devices/samv-serial`, replayed to the driver.
@Suite(.timeLimit(.minutes(1)), .serialized) struct RecordedReaderTests {
    static let path = "Devices/samv-serial/recordings/emulated-resident-card.txt"

    @Test(.enabled(if: Repository.shallRecord, "on demand: makes the recording anew; HALLKIOSK_RECORD=1"))
    func record() async throws {
        let folder = try ScratchFolder()
        let hall = EmulatedCardReader(symbolicLink: folder.file("reader"))
        try hall.start()
        defer { hall.stop() }
        let file = "\(Repository.folder)/\(Self.path)"
        try? FileManager.default.removeItem(atPath: file)
        let line = try RecordingTransport(
            SerialTransport(path: hall.devicePath, bitsPerSecond: 115_200), path: file, content: .bytes)
        let log = Log()
        let reader = SAMVReader(
            device: "reader", settings: CardReaderSettings(), transport: line, logger: Logger(label: "test")
        ) { log.append($0) }
        let running = Task { await reader.run() }
        #expect(await eventually { log.all.story.contains("online") })
        hall.place(Wallet.zhang)
        #expect(await eventually { log.all.cards.last?.hasPrefix("read ") == true })
        hall.removeCard()
        #expect(await eventually { log.all.cards.last == "removed" })
        running.cancel()
        await running.value
        await line.finish()
    }

    @Test func theRecordedCardIsReadAgain() async throws {
        let recording = try Recording(parsing: Repository.text(Self.path))
        let time = VirtualTime(until: .seconds(30))
        let replay = try ReplayTransport(recording, clock: time.clock)
        let log = Log()
        let reader = SAMVReader(
            device: "reader", settings: CardReaderSettings(), transport: replay, clock: time.clock,
            logger: Logger(label: "test")
        ) { log.append($0) }
        await reader.run()
        #expect(log.all.cards.prefix(3) == ["presented", "read \(Wallet.zhang.name)", "removed"])
        let documents = log.all.compactMap { if case .cardRead(_, let document) = $0 { document } else { nil } }
        #expect(documents.map(\.number) == [Wallet.zhang.number])
        #expect(documents.first?.photo.count == 1_024)
        // Synthetic: nobody lives in region 999999.
        #expect(documents.allSatisfy { $0.number.hasPrefix("999999") })
    }
}
