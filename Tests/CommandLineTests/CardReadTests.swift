import Foundation
import HallEmulators
import TestSupport
import Testing

extension InTurn {
    /// `kioskctl card read` in front of the emulated reader: by the real worker, over a pseudo-terminal.
    @Suite(.serialized) struct CardReadTests {
        /// What the program wrote, and how long it took.
        private struct Reading {
            var run: CommandRun
            var seconds: Double
            var lines: Int { run.errors.split(separator: "\n").count }
            var card: [String: Any] {
                get throws { try JSONSerialization.jsonObject(with: Data(run.output)) as? [String: Any] ?? [:] }
            }
        }

        private func read(
            timeout: Int = 12, _ prepare: (EmulatedCardReader) -> Void = { _ in }
        ) async throws -> Reading {
            let folder = try ScratchFolder()
            let reader = EmulatedCardReader(symbolicLink: "\(folder.path)/reader")
            try reader.start()
            defer { reader.stop() }
            prepare(reader)
            let started = ContinuousClock.now
            let run = try await CommandRun.run(
                "env",
                [
                    KioskctlTests.program, "card", "read", "--direct", "serial:\(folder.path)/reader", "--timeout",
                    "\(timeout)", "--json",
                ])
            let taken = ContinuousClock.now - started
            #expect(taken < .seconds(timeout + 5))
            // One object in any case: the card, or why there is none.
            let object = try JSONSerialization.jsonObject(with: Data(run.output)) as? [String: Any]
            #expect(run.succeeded == (object?["error"] == nil))
            return Reading(run: run, seconds: taken / .seconds(1))
        }

        @Test func everyFieldOfACardIsThere() async throws {
            let reading = try await read { $0.place(Wallet.zhang) }
            try #require(reading.run.succeeded, "\(reading.run.errors)")
            let card = try reading.card
            #expect(card["kind"] as? String == "resident")
            #expect((card["number"] as? String)?.hasPrefix("999999") == true)
            #expect((card["name"] as? String)?.hasPrefix("张") == true)
            #expect(card["flags"] as? [String] != nil)
            #expect((card["photo"] as? String).flatMap { Data(base64Encoded: $0) }?.count == 1_024)
            // What the card does not have is there as null, so that a script can rely on every name.
            #expect(card["passNumber"] is NSNull)
            #expect(card.count == 25)
        }

        @Test(arguments: [
            (Wallet.expired.id, "expired"), (Wallet.longTerm.id, "longTerm"),
            (Wallet.checkDigitWrong.id, "checkDigitWrong"),
        ])
        func aFlagIsNoRefusal(_ id: String, _ flag: String) async throws {
            let card = try #require(Wallet.card(id))
            let reading = try await read { $0.place(card) }
            try #require(reading.run.succeeded, "\(reading.run.errors)")
            #expect((try reading.card["flags"] as? [String])?.contains(flag) == true)
        }

        @Test(arguments: Wallet.cards.map(\.id)) func everyKindOfCardIsRead(_ id: String) async throws {
            let card = try #require(Wallet.card(id))
            let reading = try await read { $0.place(card) }
            #expect(reading.run.succeeded, "\(reading.run.errors)")
        }

        @Test(arguments: [
            CardReaderMisbehaviour.singleBytes, .extraPreamble, .nonZeroFind, .staleReply, .wrongChecksumOnce,
            .status41Once,
        ])
        func aReaderWithBadMannersIsReadAllTheSame(_ mode: CardReaderMisbehaviour) async throws {
            let reading = try await read {
                $0.misbehave(mode)
                $0.place(Wallet.zhang)
            }
            #expect(reading.run.succeeded, "\(mode): \(reading.run.errors)")
        }

        /// The words of the catalogue that name this cause and no other.
        private static let causes: [(CardReaderMisbehaviour, Int?, String)] = [
            (.silence, nil, "answers nothing at any of the profile's speeds"),
            (.notAuthorised, nil, "is not authorised to read cards"),
            (.endlessNoise, nil, "arrive damaged"),
            (.wrongChecksumOnce, 10_000, "arrive damaged"),
            (.unplugged, nil, "its path does not exist"),
        ]

        @Test(arguments: causes.indices, [5, 8])
        func aBrokenReaderIsOneSentenceInTimeWithItsTrueCause(_ index: Int, _ timeout: Int) async throws {
            let (mode, count, cause) = Self.causes[index]
            let reading = try await read(timeout: timeout) {
                $0.misbehave(mode, count: count)
                $0.place(Wallet.zhang)
                // The line follows the plug within a moment.
                if mode == .unplugged { usleep(300_000) }
            }
            #expect(!reading.run.succeeded)
            #expect(reading.lines == 1, "\(reading.run.errors)")
            #expect(reading.run.errors.hasPrefix("kioskctl: "))
            #expect(reading.run.errors.contains(cause), "\(mode): \(reading.run.errors)")
        }

        @Test func aReaderThatAnotherProgramHoldsIsToldAtOnce() async throws {
            let folder = try ScratchFolder()
            let reader = EmulatedCardReader(symbolicLink: "\(folder.path)/reader")
            try reader.start()
            defer { reader.stop() }
            let holder = open(reader.devicePath, O_RDWR | O_NOCTTY)
            try #require(holder >= 0 && flock(holder, LOCK_EX | LOCK_NB) == 0)
            defer { close(holder) }
            let started = ContinuousClock.now
            let run = try await CommandRun.run(
                "env", [KioskctlTests.program, "card", "read", "--direct", "serial:\(folder.path)/reader"])
            #expect(ContinuousClock.now - started < .seconds(8))
            #expect(!run.succeeded)
            #expect(run.errors.contains("another process holds it"), "\(run.errors)")
            #expect(run.errors.contains("End that program"), "\(run.errors)")
            #expect(!run.errors.contains("SAM"), "\(run.errors)")
            #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
        }

        @Test func aPathThatIsNoSerialLineIsToldAtOnce() async throws {
            let started = ContinuousClock.now
            let run = try await CommandRun.run(
                "env", [KioskctlTests.program, "card", "read", "--direct", "serial:/dev/null"])
            #expect(ContinuousClock.now - started < .seconds(8))
            #expect(!run.succeeded)
            #expect(run.errors.contains("this is no such line"), "\(run.errors)")
            #expect(run.errors.contains("Name another path"), "\(run.errors)")
            #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
        }

        @Test func withoutACardTheSentenceSaysWhatToDo() async throws {
            let reading = try await read(timeout: 3)
            #expect(!reading.run.succeeded)
            #expect(
                reading.run.errors
                    == "kioskctl: no card was laid on the reader within 3 s; lay it down flat and run the command again.\n"
            )
        }
    }
}
