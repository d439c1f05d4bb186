import ByteTransports
import DeviceKit
import HallModel
import Synchronization
import TestSupport
import Testing

@testable import CardReaders

@Suite(.timeLimit(.minutes(1))) struct SAMVReaderFaultTests {
    @Test func silenceFromTheStartIsAFaultAfterTheStartTime() async {
        let (events, sam) = await run(for: .seconds(12)) { ScriptedSAM($0) { _, _ in [] } }
        #expect(events.story == ["offline: reader-silent"])
        #expect(
            events.evidence == [
                "no answer to 11 FF within 10000 ms at 115200, 57600, 38400, 19200, 9600 bit/s"
            ])
        #expect(Set(sam.speeds) == [115_200, 57_600, 38_400, 19_200, 9_600])
    }

    @Test func aModuleThatWakesUpLateIsWaitedFor() async {
        let healthy = HealthySAM(card: .seconds(20) ..< .seconds(21))
        let (events, _) = await run(for: .seconds(12)) { time in
            ScriptedSAM(time) { $1 < .seconds(6) ? [] : healthy.answer($0, $1) }
        }
        #expect(events.story == ["online"])
    }

    @Test(arguments: [57_600, 38_400, 19_200, 9_600]) func otherSpeedsAreFound(_ speed: Int) async {
        let healthy = HealthySAM(card: .seconds(9) ..< .seconds(11))
        let current = Mutex<ScriptedSAM?>(nil)
        let (events, sam) = await run(for: .seconds(14)) { time in
            let sam = ScriptedSAM(time) { command, now in
                current.withLock { $0?.speeds.last } == speed ? healthy.answer(command, now) : []
            }
            current.withLock { $0 = sam }
            return sam
        }
        #expect(events.cards == ["presented", "read 张秀英", "removed"])
        #expect(sam.speeds.last == speed)
        current.withLock { $0 = nil }
    }

    @Test func silenceLaterIsNamedWithTheQuestionAndHealsByItself() async {
        let healthy = HealthySAM(card: .seconds(20) ..< .seconds(22))
        let (events, sam) = await run(for: .seconds(25)) { time in
            ScriptedSAM(time) { (.seconds(3) ..< .seconds(9)).contains($1) ? [] : healthy.answer($0, $1) }
        }
        #expect(
            events.story == [
                "online", "offline: reader-silent", "online", "presented", "online", "read 张秀英", "removed", "online",
            ])
        #expect(events.evidence == ["no answer to 11 FF within 1000 ms"])
        #expect(sam.openings >= 2)
    }

    @Test func aModuleThatIsNotAuthorisedIsTheDevicesFault() async {
        let healthy = HealthySAM(card: .seconds(8) ..< .seconds(10))
        let (events, _) = await run(for: .seconds(13)) { time in
            ScriptedSAM(time) { command, now in
                now < .seconds(5) ? ScriptedSAM.atOnce(Reply.status(0x66)) : healthy.answer(command, now)
            }
        }
        #expect(
            events.cards == ["hardwareError: reader-not-authorised", "presented", "read 张秀英", "removed"])
        #expect(events.evidence == ["status 66 in answer to 11 FF"])
    }

    @Test func endlessNoiseIsNamedInBoundedTime() async {
        let healthy = HealthySAM(card: .seconds(30) ..< .seconds(31))
        let random = Mutex(SeededGenerator(seed: 7))
        let (events, _) = await run(for: .seconds(20)) { time in
            ScriptedSAM(
                time,
                noise: { (.seconds(2) ..< .seconds(7)).contains($0) ? random.withLock { $0.bytes(64) } : [] },
                answer: healthy.answer)
        }
        #expect(events.story == ["online", "offline: reader-garbled", "online"])
        #expect(events.evidence.first?.contains("bytes") == true)
    }

    @Test func noiseFromTheStartIsNamedAfterTheStartTime() async {
        let (events, _) = await run(for: .seconds(14)) { time in
            ScriptedSAM(time, noise: { _ in [0xAA, 0xAA, 0xAA, 0x96, 0x69, 0x05, 0x08] }) { _, _ in [] }
        }
        #expect(events.story == ["offline: reader-garbled"])
    }

    @Test func damagedAnswersAtOneSpeedAreNotCalledSilenceForTheOthers() async {
        let current = Mutex<ScriptedSAM?>(nil)
        let (events, _) = await run(for: .seconds(12)) { time in
            let sam = ScriptedSAM(time) { _, _ in
                guard current.withLock({ $0?.speeds.last }) == 115_200 else { return [] }
                return ScriptedSAM.atOnce(Reply.ok.dropLast() + [0])
            }
            current.withLock { $0 = sam }
            return sam
        }
        current.withLock { $0 = nil }
        #expect(events.story == ["offline: reader-garbled"])
    }

    @Test func unpluggingAndPluggingIn() async {
        let healthy = HealthySAM(card: .seconds(9) ..< .seconds(10))
        let (events, sam) = await run(for: .seconds(12)) { time in
            ScriptedSAM(
                time,
                opening: { now in
                    guard (.seconds(2) ..< .seconds(6)).contains(now) else { return nil }
                    return now < .seconds(2.2)
                        ? .gone("EIO /dev/scripted: the device went away")
                        : .missing("ENOENT /dev/scripted: there is no such device")
                }, answer: healthy.answer)
        }
        #expect(
            events.cards == [
                "noDevice: reader-missing", "noDevice: reader-missing", "presented", "read 张秀英", "removed",
            ])
        #expect(events.evidence.last == "ENOENT /dev/scripted: there is no such device")
        #expect(sam.openings == 2)
    }

    @Test(arguments: [
        TransportError.busy("EBUSY x"), .forbidden("EACCES x"), .missing("ENOENT x"), .unusable("ENOTTY x"),
    ])
    func aLineThatCannotBeOpenedIsNamedByItsCause(_ error: TransportError) async {
        let (events, _) = await run(for: .seconds(6)) { ScriptedSAM($0, opening: { _ in error }) { _, _ in [] } }
        #expect(events.evidence == [error.description])
        // There is no reader for us: nothing is said of its security module, which nobody has spoken to.
        #expect(events.story == ["noDevice: reader-missing"])
    }

    @Test func aReaderThatBreaksWhileReadingDoesNotLeaveTheResidentWaiting() async {
        let healthy = HealthySAM(card: .seconds(1) ..< .seconds(60))
        let (events, _) = await run(for: .seconds(15)) { time in
            ScriptedSAM(time) { command, now in
                command == .readText || now > .seconds(2) ? [] : healthy.answer(command, now)
            }
        }
        #expect(events.cards == ["presented", "failed: reader-silent", "offline: reader-silent"])
    }

    @Test func aCardThatADriverBeforeUsHasReadIsFoundAgain() async {
        // Its worker died: the SAM answers 80 to find for as long as the card lies there.
        let healthy = HealthySAM(card: .zero ..< .seconds(60))
        for _ in 0..<2 {
            let (events, _) = await run(for: .seconds(5)) { ScriptedSAM($0, answer: healthy.answer) }
            #expect(events.cards == ["presented", "read 张秀英"])
            // Nobody was told meanwhile that no card lies there.
            #expect(
                !events.contains { if case .status(_, let status) = $0 { status.mediaPresent == false } else { false } }
            )
        }
    }

    @Test func aCardWhoseReadWasLostWithTheLineIsReadAfterwards() async {
        let healthy = HealthySAM(card: .seconds(1) ..< .seconds(60))
        let (events, _) = await run(for: .seconds(30)) { time in
            ScriptedSAM(time) { command, now in
                let answer = healthy.answer(command, now)
                return (.seconds(1) ..< .seconds(12)).contains(now) && command != .findCard && command != .selectCard
                    ? [] : answer
            }
        }
        #expect(
            events.cards == ["presented", "failed: reader-silent", "offline: reader-silent", "presented", "read 张秀英"])
    }

    @Test func silenceDoesNotMeanThatTheCardIsGoneUnlessItLasts() async {
        let healthy = HealthySAM(card: .seconds(1) ..< .seconds(60))
        for (silence, removed) in [(3.0, false), (30.0, true)] {
            let (events, _) = await run(for: .seconds(30)) { time in
                ScriptedSAM(time) { command, now in
                    let isSilent = (.seconds(4) ..< .seconds(4 + silence)).contains(now)
                    return command == .readNewAddress && isSilent ? [] : healthy.answer(command, now)
                }
            }
            #expect(events.cards.contains("removed") == removed, "\(events.cards)")
        }
    }

    @Test(arguments: [Optional(false), nil])
    func aCardThatWasOnlyThoughtToBeGoneIsReadAgain(_ probe: Bool?) async {
        // Between 4 and 8 s the reader answers a probe with an error, or not at all, and the card never moves.
        let healthy = HealthySAM(card: .seconds(1) ..< .seconds(60))
        let (events, sam) = await run(for: .seconds(20)) { time in
            ScriptedSAM(time) { command, now in
                guard command == .readNewAddress, (.seconds(4) ..< .seconds(12)).contains(now) else {
                    return healthy.answer(command, now)
                }
                return probe == nil ? [] : ScriptedSAM.atOnce(Reply.status(0x41))
            }
        }
        #expect(events.cards.prefix(5) == ["presented", "read 张秀英", "removed", "presented", "read 张秀英"])
        // One at the start, one after each removal.
        #expect(sam.commands.count { $0 == .resetSAM } == 1 + events.cards.count { $0 == "removed" })
    }

    @Test func theSpeedThatWorkedIsTheFirstAfterAReset() async {
        let healthy = HealthySAM(card: .seconds(30) ..< .seconds(31))
        let current = Mutex<ScriptedSAM?>(nil)
        let start = Mutex<(reset: Duration, number: Duration)?>(nil)
        let (_, sam) = await run(for: .seconds(14)) { time in
            let sam = ScriptedSAM(time) { command, now in
                guard current.withLock({ $0?.speeds.last }) == 19_200 else { return [] }
                start.withLock { known in
                    if command == .resetSAM { known = (now, .zero) }
                    if command == .samNumber, known?.number == .zero { known?.number = now }
                }
                return healthy.answer(command, now)
            }
            current.withLock { $0 = sam }
            return sam
        }
        current.withLock { $0 = nil }
        #expect(sam.speeds.count { $0 == 19_200 } == 2)
        #expect(sam.speeds.last == 19_200)
        // Neither the other speeds nor the pause after power-up stand between the reset and the next question.
        let times = start.withLock { $0 }
        #expect(times.map { $0.number - $0.reset < .milliseconds(200) } == true, "\(String(describing: times))")
    }

    @Test func theHealthIsAskedWhenIdle() async {
        let healthy = HealthySAM(card: .seconds(900) ..< .seconds(901))
        let (_, sam) = await run(for: .seconds(100)) { ScriptedSAM($0, answer: healthy.answer) }
        // Twice at the start, before and after the reset; then every 30 s.
        #expect(sam.commands.filter { $0 == .status }.count == 5)
    }

    @Test func anyBytesFromTheModuleNeitherTrapNorHang() async {
        let seed = UInt64.random(in: 0 ... .max)
        let random = Mutex(SeededGenerator(seed: seed))
        let healthy = HealthySAM(card: .seconds(1) ..< .seconds(600))
        let (events, _) = await run(for: .seconds(600)) { time in
            ScriptedSAM(time) { command, now in
                random.withLock { random in
                    switch Int.random(in: 0..<8, using: &random) {
                    case 0: [(.milliseconds(1), random.bytes(Int.random(in: 0...3_000, using: &random)))]
                    case 1: [(.milliseconds(1), SAMVFrame.encode([0, 0] + random.bytes(1)))]
                    case 2: [(.milliseconds(1), SAMVFrame.encode([0, 0, 0x90] + random.bytes(1_284)))]
                    default: healthy.answer(command, now)
                    }
                }
            }
        }
        #expect(!events.isEmpty, "seed \(seed)")
    }
}

@Suite(.timeLimit(.minutes(1))) struct SAMVReaderLineTests {
    @Test func aCardIsReadOverARealSerialLine() async throws {
        let healthy = HealthySAM(card: .zero ..< .seconds(1_000_000))
        let terminal = try #require(
            ScriptedTerminal { heard in
                let known: [SAMVCommand] = [.status, .samNumber, .findCard, .selectCard, .readText, .readNewAddress]
                guard let command = known.first(where: { $0.encoded == heard }) else { return [] }
                return healthy.answer(command, .seconds(1)).flatMap(\.bytes)
            })
        let events = Log()
        let reader = SAMVReader(
            device: "reader", settings: CardReaderSettings(),
            transport: SerialTransport(path: terminal.path, bitsPerSecond: 115_200), logger: .init(label: "test")
        ) { events.append($0) }
        let running = Task { await reader.run() }
        #expect(await eventually { events.all.cards == ["presented", "read 张秀英"] })
        terminal.unplug()
        #expect(await eventually { events.all.cards.last == "noDevice: reader-missing" })
        running.cancel()
        await running.value
    }
}

@Suite struct PresenceProbesTests {
    private func meanRemoved(_ probes: [Bool?]) -> Bool {
        var counted = PresenceProbes()
        for probe in probes { counted.note(probe) }
        return counted.meanRemoved
    }

    @Test func twoMissesInARowMeanRemoved() {
        #expect(meanRemoved([false, false]))
        #expect(!meanRemoved([false, true, false]))
        #expect(!meanRemoved([false, nil, false]))
    }

    @Test func fiveSilencesInARowMeanRemoved() {
        #expect(meanRemoved([nil, nil, nil, nil, nil]))
        #expect(!meanRemoved([nil, nil, nil, nil, false, nil]))
        #expect(!meanRemoved([nil, nil, true, nil, nil, nil]))
    }
}
