import ByteTransports
import DeviceKit
import HallModel
import Synchronization
import Testing

@testable import CardReaders

@Suite(.timeLimit(.minutes(1))) struct SAMVReaderTests {
    @Test func aCardIsReadOnceAndItsRemovalIsNoticed() async throws {
        let healthy = HealthySAM(card: .seconds(1) ..< .seconds(4))
        let (events, sam) = await run(for: .seconds(8)) { ScriptedSAM($0, answer: healthy.answer) }
        #expect(events.story == ["online", "presented", "online", "read 张秀英", "removed", "online"])
        #expect(sam.openings == 1)
        guard case .status(_, let first) = events.first else { return }
        #expect(first.model == "05.01-20183710-0123456789-0987654321")
        #expect(first.mediaPresent == false)
        guard case .status(_, let second) = events[2] else { return }
        #expect(second.mediaPresent == true)
    }

    @Test(arguments: [CardReaderSettings.Presence.management, .newAddress])
    func presenceIsProbedAsTheProfileSays(_ presence: CardReaderSettings.Presence) async {
        var settings = CardReaderSettings()
        settings.presence = presence
        let healthy = HealthySAM(card: .seconds(1) ..< .seconds(4))
        let (events, sam) = await run(for: .seconds(8), settings: settings) { ScriptedSAM($0, answer: healthy.answer) }
        #expect(events.cards == ["presented", "read 张秀英", "removed"])
        #expect(sam.commands.contains(presence == .management ? .readManagementNumber : .readNewAddress))
    }

    @Test func presenceByFindFollowsReadersThatFindAgain() async {
        var settings = CardReaderSettings()
        settings.presence = .find
        let healthy = HealthySAM(card: .seconds(1) ..< .seconds(4))
        let (events, _) = await run(for: .seconds(8), settings: settings) { time in
            ScriptedSAM(time) { command, now in
                if command == .findCard, healthy.card.contains(now) { return ScriptedSAM.atOnce(Reply.found) }
                return healthy.answer(command, now)
            }
        }
        #expect(events.cards == ["presented", "read 张秀英", "removed"])
    }

    @Test func withoutPresenceACardThatComesBackIsReadAgain() async {
        var settings = CardReaderSettings()
        settings.presence = .none
        let first = HealthySAM(card: .seconds(1) ..< .seconds(3))
        let second = HealthySAM(card: .seconds(5) ..< .seconds(9))
        let (events, _) = await run(for: .seconds(10), settings: settings) { time in
            ScriptedSAM(time) { ($1 < .seconds(4) ? first : second).answer($0, $1) }
        }
        #expect(events.cards == ["presented", "read 张秀英", "presented", "read 张秀英"])
    }

    @Test func repliesInSingleBytesWithExtraPreamble() async {
        let healthy = HealthySAM()
        let (events, _) = await run(for: .seconds(5)) { time in
            ScriptedSAM(time) { command, now in
                let whole = [0xAA, 0xAA] + healthy.answer(command, now).flatMap(\.bytes)
                return whole.enumerated().map { (.microseconds(87 * ($0.offset + 1)), [$0.element]) }
            }
        }
        #expect(events.cards == ["presented", "read 张秀英", "removed"])
    }

    @Test func aFoundCardMayBringAnyPayload() async {
        let healthy = HealthySAM()
        let (events, _) = await run(for: .seconds(5)) { time in
            ScriptedSAM(time) { command, now in
                let answer = healthy.answer(command, now)
                guard answer.first?.bytes == Reply.found else { return answer }
                return ScriptedSAM.atOnce(SAMVFrame.encode([0, 0, 0x9F, 0xDE, 0xAD, 0xBE, 0xEF]))
            }
        }
        #expect(events.cards == ["presented", "read 张秀英", "removed"])
    }

    @Test func aStaleReplyIsNeverTakenForAnotherQuestionsAnswer() async {
        // The answer to the first find after 2 s comes 1.2 s late, which is after its time-out.
        let healthy = HealthySAM(card: .seconds(1.5) ..< .seconds(9))
        let isLate = Mutex(true)
        let (events, sam) = await run(for: .seconds(8)) { time in
            ScriptedSAM(time) { command, now in
                guard command == .readText,
                    isLate.withLock({ late in
                        defer { late = false }; return late
                    })
                else {
                    return healthy.answer(command, now)
                }
                return [(.milliseconds(3_100), healthy.answer(command, now)[0].bytes)]
            }
        }
        #expect(events.cards == ["presented", "read 张秀英"])
        #expect(sam.openings == 1)
    }

    @Test func aWrongChecksumOnceIsAskedAgain() async {
        for broken in [SAMVCommand.findCard, .selectCard, .readText, .readNewAddress] {
            let healthy = HealthySAM()
            let isBroken = Mutex(true)
            let (events, _) = await run(for: .seconds(6)) { time in
                ScriptedSAM(time) { command, now in
                    var answer = healthy.answer(command, now)
                    if command == broken,
                        isBroken.withLock({ broken in
                            defer { broken = false }; return broken
                        })
                    {
                        answer[0].bytes[answer[0].bytes.count - 1] ^= 0xFF
                    }
                    return answer
                }
            }
            #expect(events.cards == ["presented", "read 张秀英", "removed"], "\(broken)")
        }
    }

    @Test(arguments: [0x10, 0x11, 0x24, 0x31, 0x32, 0x33, 0x41, 0x81, 0x91] as [UInt8])
    func aRefusalOnceIsTriedAgain(_ code: UInt8) async {
        let healthy = HealthySAM()
        let isRefusing = Mutex(true)
        let (events, _) = await run(for: .seconds(6)) { time in
            ScriptedSAM(time) { command, now in
                if command == .readText,
                    isRefusing.withLock({ once in
                        defer { once = false }; return once
                    })
                {
                    return ScriptedSAM.atOnce(Reply.status(code))
                }
                return healthy.answer(command, now)
            }
        }
        #expect(events.cards == ["presented", "read 张秀英", "removed"])
    }

    @Test(
        arguments: [
            (0x24, ProblemCode.cardUnreadable), (0x31, .cardUnreadable), (0x32, .cardUnreadable),
            (0x33, .cardUnreadable),
            (0x41, .cardUnreadable), (0x91, .cardUnreadable), (0x81, .cardUnreadable), (0x40, .cardUnknownKind),
        ] as [(UInt8, ProblemCode)])
    func aCardThatStaysRefusedIsNamedOnceAndItsRemovalNoticed(_ code: UInt8, _ problem: ProblemCode) async {
        let healthy = HealthySAM(card: .seconds(1) ..< .seconds(5))
        let (events, _) = await run(for: .seconds(9)) { time in
            ScriptedSAM(time) { command, now in
                command == .readText
                    ? ScriptedSAM.atOnce(Reply.status(code)) : healthy.answer(command, now)
            }
        }
        #expect(events.cards == ["presented", "failed: \(problem)", "removed"])
        #expect(events.evidence == [code < 16 ? "status 0\(code)" : "status \(String(code, radix: 16))"])
    }

    @Test(arguments: [0x21, 0x23, 0x47, 0x60, 0xEE] as [UInt8])
    func aFaultOfTheModuleWhileReadingIsTheReaders(_ code: UInt8) async {
        let healthy = HealthySAM(card: .seconds(1) ..< .seconds(1.5))
        let (events, sam) = await run(for: .seconds(9)) { time in
            ScriptedSAM(time) { command, now in
                command == .readText
                    ? ScriptedSAM.atOnce(Reply.status(code)) : healthy.answer(command, now)
            }
        }
        let problem = [0x47, 0x60].contains(code) ? "reader-fault" : "reader-unsupported"
        if code == 0xEE {
            #expect(events.cards == ["presented", "failed: \(problem)", "removed"])
        } else {
            #expect(events.cards == ["presented", "failed: \(problem)", "hardwareError: \(problem)"])
            #expect(sam.openings > 1)
            #expect(events.story.last == "online")
        }
    }

    @Test func aCardTakenWhileItIsReadIsSaidToBeTakenTooSoon() async {
        // There when it is found, gone when it is read.
        let healthy = HealthySAM(card: .seconds(1.1) ..< .seconds(1.3))
        let (events, _) = await run(for: .seconds(4)) { time in
            ScriptedSAM(time) { command, now in
                command == .readText && now < .seconds(1.3)
                    ? [(.milliseconds(400), Reply.status(0x41))] : healthy.answer(command, now)
            }
        }
        #expect(events.cards == ["presented", "failed: card-removed-too-soon", "removed"])
        #expect(events.story.last == "online")
    }

    @Test func anAddressWrittenLaterComesWithTheCard() async throws {
        let healthy = HealthySAM(card: .seconds(1) ..< .seconds(3))
        let address = Array("试验省新样例市9号".utf16).flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        let padded = address + (address.count / 2..<35).flatMap { _ in [0x20, 0] as [UInt8] }
        let (events, _) = await run(for: .seconds(5)) { time in
            ScriptedSAM(time) { command, now in
                let answer = healthy.answer(command, now)
                guard answer.first?.bytes == Reply.empty else { return answer }
                return ScriptedSAM.atOnce(SAMVFrame.encode([0, 0, 0x90] + padded))
            }
        }
        let documents = events.compactMap { event in
            if case .cardRead(_, let document) = event { document } else { nil }
        }
        #expect(documents.map(\.newestAddress) == ["试验省新样例市9号"])
        #expect(events.cards == ["presented", "read 张秀英", "removed"])
    }
}
