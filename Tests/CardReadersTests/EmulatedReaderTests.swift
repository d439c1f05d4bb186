import ByteTransports
import DeviceKit
import HallEmulators
import HallModel
import Logging
import TestSupport
import Testing

@testable import CardReaders

/// The driver on the emulated reader of the hall, over a real pseudo-terminal, with times a tenth of the true ones.
@Suite(.timeLimit(.minutes(2)), .serialized) struct EmulatedReaderTests {
    static var quick: CardReaderSettings {
        var settings = CardReaderSettings()
        settings.speeds = [115_200]
        settings.pollMilliseconds = 30
        settings.presenceMilliseconds = 20
        settings.statusTimeoutMilliseconds = 300
        settings.readTimeoutMilliseconds = 600
        settings.startTimeoutMilliseconds = 1_500
        return settings
    }

    /// Runs the driver beside the body and ends it.
    private func withReader(
        _ settings: CardReaderSettings = quick, _ body: (EmulatedCardReader, Log) async throws -> Void
    ) async throws {
        let folder = try ScratchFolder()
        let hall = EmulatedCardReader(symbolicLink: folder.file("reader"), timeScale: 0.05)
        try hall.start()
        let log = Log()
        let reader = SAMVReader(
            device: "reader", settings: settings,
            transport: SerialTransport(path: hall.devicePath, bitsPerSecond: 115_200), logger: Logger(label: "test")
        ) { log.append($0) }
        let running = Task { await reader.run() }
        do {
            try await body(hall, log)
        } catch {
            running.cancel()
            await running.value
            hall.stop()
            throw error
        }
        running.cancel()
        await running.value
        hall.stop()
    }

    private func online(_ log: Log) async { #expect(await eventually { log.all.story.contains("online") }) }

    @Test func everyCardOfTheWalletIsReadAndItsRemovalNoticed() async throws {
        try await withReader { hall, log in
            await online(log)
            for (index, card) in Wallet.cards.enumerated() {
                hall.place(card)
                #expect(
                    await eventually {
                        let story = log.all.cards
                        return story.count == 3 * index + 2 && story.last?.hasPrefix("read ") == true
                    }, "\(card.id): \(log.all.cards.suffix(4))")
                guard
                    case .cardRead(_, let document)? = log.all.last(where: {
                        if case .cardRead = $0 { true } else { false }
                    })
                else { continue }
                #expect(document.number == card.number)
                #expect(document.name == card.name || document.englishName == card.name)
                #expect(document.photo == card.photo)
                #expect(document.birth == CalendarDate(compact: card.birth))
                #expect(!document.flags.contains(.textDamaged))
                hall.removeCard()
                #expect(await eventually { log.all.cards.last == "removed" })
            }
        }
    }

    @Test func flagsSayWhatAPersonShouldKnow() async throws {
        try await withReader { hall, log in
            await online(log)
            for (card, flag) in [
                (Wallet.expired, IdentityDocument.Flag.expired), (Wallet.longTerm, .longTerm),
                (Wallet.checkDigitWrong, .checkDigitWrong),
            ] {
                hall.place(card)
                #expect(
                    await eventually {
                        log.all.contains { event in
                            guard case .cardRead(_, let document) = event else { return false }
                            return document.number == card.number && document.flags.contains(flag)
                        }
                    }, "\(card.id)")
                hall.removeCard()
                #expect(await eventually { log.all.cards.last == "removed" })
            }
        }
    }

    @Test(arguments: [
        CardReaderMisbehaviour.singleBytes, .extraPreamble, .nonZeroFind, .wrongChecksumOnce, .status41Once,
        .staleReply,
    ])
    func whatCanBeOvercomeIsNotNoticed(_ mode: CardReaderMisbehaviour) async throws {
        try await withReader { hall, log in
            await online(log)
            hall.misbehave(mode)
            hall.place(Wallet.zhang)
            #expect(
                await eventually(within: .seconds(10)) { log.all.cards.last?.hasPrefix("read ") == true },
                "\(log.all.story) \(log.all.evidence)")
            #expect(log.all.cards.count == 2, "\(log.all.story)")
            hall.removeCard()
            #expect(await eventually { log.all.cards.last == "removed" })
        }
    }

    @Test(arguments: [
        (CardReaderMisbehaviour.silence, "offline: reader-silent"),
        (.notAuthorised, "hardwareError: reader-not-authorised"), (.endlessNoise, "offline: reader-garbled"),
        (.unplugged, "noDevice: reader-missing"),
    ])
    func whatCannotIsNamedAndHealsByItself(_ mode: CardReaderMisbehaviour, _ story: String) async throws {
        try await withReader { hall, log in
            await online(log)
            hall.misbehave(mode)
            #expect(
                await eventually(within: .seconds(15)) { log.all.story.last == story },
                "\(log.all.story) \(log.all.evidence)")
            hall.misbehave(.none)
            #expect(await eventually(within: .seconds(15)) { log.all.story.last == "online" }, "\(log.all.story)")
            hall.place(Wallet.zhang)
            #expect(await eventually { log.all.cards.last?.hasPrefix("read ") == true }, "\(log.all.story)")
        }
    }

    @Test func aReaderThatIsUnpluggedFromTheStartIsNamedByItsPath() async throws {
        let log = Log()
        let reader = SAMVReader(
            device: "reader", settings: Self.quick,
            transport: SerialTransport(path: "/dev/no-such-reader", bitsPerSecond: 115_200),
            logger: Logger(label: "test")
        ) { log.append($0) }
        let running = Task { await reader.run() }
        #expect(await eventually { !log.all.isEmpty })
        #expect(log.all.evidence == ["ENOENT /dev/no-such-reader: there is no such device"])
        running.cancel()
        await running.value
    }
}
