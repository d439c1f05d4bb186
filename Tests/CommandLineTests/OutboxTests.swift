import Foundation
import TestSupport
import Testing

extension InTurn {
    /// `kioskctl outbox` while the platform is away, and when it is back.
    @Suite(.serialized) struct OutboxTests {
        @Test("What waits is listed, a retry is tried at once and its outcome told: away, unknown id, confirmed")
        func retry() async throws {
            let hall = try HallUnderTest()
            do {
                try await hall.start()
                let runtime = ["--runtime", "\(hall.folder)/run"]
                let empty = try await KioskctlRun.run(["outbox", "retry", "--wait"] + runtime)
                #expect(empty.status == 0 && empty.output.hasPrefix("Nothing waits"), "\(empty)")

                try await hall.desk("network", #"{"mode":"cut"}"#)
                let client = try await ScreenClient(entering: try await hall.screenURL())
                let record = try await Errand(client, in: hall, phone: "13987654321").walk()
                await client.leave()
                #expect(record.codes.count == 1, "\(record)")

                let outbox = try await KioskctlRun.run(["outbox", "--json"] + runtime)
                let waiting = try #require(outbox.json["waiting"] as? [[String: Any]])
                let case1 = try #require(waiting.first?["id"] as? String)
                #expect(waiting.count == 1 && outbox.json["cases"] as? Int == 1)
                #expect(waiting.first?["item"] as? String == "senior-card")
                #expect(try #require(waiting.first?["attempts"] as? Int) >= 1)
                #expect(waiting.first?["nextTryInSeconds"] as? Int != nil)
                let shown = try await KioskctlRun.run(["outbox"] + runtime)
                #expect(
                    shown.output.contains(case1) && shown.output.contains("last answer of the platform: unreachable"))
                #expect(shown.output.split(separator: "\n").allSatisfy { $0.count <= 100 }, "\(shown.output)")
                for code in record.codes { #expect(!outbox.output.contains(code.filter { $0 != " " })) }

                // The kiosk goes on, and says what is wrong with the platform.
                let status = try await KioskctlRun.run(["status"] + runtime)
                #expect(status.status == 0, "\(status)")
                #expect(status.output.hasPrefix("test-kiosk: 1 warning\n"), "\(status.output)")
                #expect(status.output.contains("warning: platform-unreachable, for "), "\(status.output)")
                #expect(status.output.contains("  measured: unreachable: "), "\(status.output)")

                // A case that is not there.
                let unknown = try await KioskctlRun.run(
                    ["outbox", "retry", "01890f3e-7b5a-7c3d-8e2f-0123456789ab", "--json"] + runtime)
                #expect(unknown.status == 64)
                #expect((unknown.error["sentence"] as? String)?.contains("no case with the id") == true)

                // Still away: said so, at once, and the case stays.
                let before = ContinuousClock.now
                let away = try await KioskctlRun.run(["outbox", "retry", String(case1.prefix(8)), "--wait"] + runtime)
                #expect(away.output.contains(case1), "\(away)")
                #expect(away.status == 75, "\(away)")
                #expect(away.errors.contains("the platform is away"), "\(away.errors)")
                #expect(ContinuousClock.now - before < .seconds(30))

                let object = try await KioskctlRun.run(["outbox", "retry", "--wait", "--json"] + runtime)
                #expect((object.json["refused"] as? [Any])?.isEmpty == true, "\(object)")
                #expect((object.json["unanswered"] as? [[String: Any]])?.first?["id"] as? String == case1, "\(object)")

                // Back: tried now, not at the next try.
                try await hall.desk("network", #"{"mode":"ok"}"#)
                let done = try await KioskctlRun.run(["outbox", "retry", "--wait", "--json"] + runtime)
                #expect(done.status == 0, "\(done)")
                #expect(
                    done.json["confirmed"] as? [String] == [case1] || done.json["tried"] as? [String] == [], "\(done)")
                let after = try await KioskctlRun.run(["outbox"] + runtime)
                #expect(after.output == "empty: the platform has confirmed everything\n")
                let well = try await KioskctlRun.run(["status"] + runtime)
                #expect(well.status == 0 && well.output.hasPrefix("test-kiosk: No problems.\n"), "\(well.output)")
                let events = try await KioskctlRun.run(["events", "-n", "500"] + runtime)
                #expect(events.output.contains("outbox-retry") && events.output.contains("case-confirmed    \(case1)"))
            } catch {
                await hall.stop()
                throw error
            }
            await hall.stop()
        }

        @Test("A case that the platform refuses is a fault with the platform's answer, and retry ends with 1")
        func refusal() async throws {
            let hall = try HallUnderTest()
            do {
                try await hall.start()
                let runtime = ["--runtime", "\(hall.folder)/run"]
                try await hall.orderPlatformFault(#"{"route":"createCase","kind":"status","code":422,"times":1000}"#)
                let client = try await ScreenClient(entering: try await hall.screenURL())
                try await Errand(client, in: hall).walk()
                await client.leave()
                let status = try await KioskctlRun.run(["status", "--json"] + runtime)
                #expect(status.json["submission"] as? String == "open")
                let problems = try #require(status.json["problems"] as? [[String: Any]])
                #expect(status.status == 1)
                #expect(problems.map { $0["code"] as? String } == ["platform-refused"], "\(status.output)")
                #expect((problems.first?["evidence"] as? String)?.hasPrefix("422") == true, "\(status.output)")
                let retry = try await KioskctlRun.run(["outbox", "retry", "--wait"] + runtime)
                #expect(retry.status == 1, "\(retry)")
                #expect(retry.output.contains("not taken: 422"), "\(retry.output)")
                #expect(retry.errors.contains("the platform does not take 1 of 1"), "\(retry.errors)")
                let json = try await KioskctlRun.run(["outbox", "retry", "--wait", "--json"] + runtime)
                #expect((json.json["refused"] as? [[String: Any]])?.count == 1 && json.status == 1, "\(json)")
            } catch {
                await hall.stop()
                throw error
            }
            await hall.stop()
        }

        @Test(
            "A platform that is away is a warning although nothing waits, with its place, and an event; gone when it answers"
        )
        func awayWithNothingToSend() async throws {
            var options = HallUnderTest.Options()
            options.startsKiosk = false
            let hall = try HallUnderTest(options)
            do {
                try await hall.start()
                try await hall.desk("network", #"{"mode":"cut"}"#)
                try await hall.startKiosk()
                let runtime = ["--runtime", "\(hall.folder)/run"]
                var seen = ""
                try await eventually("the platform is missed", within: .seconds(30)) {
                    let run = try await KioskctlRun.run(["status"] + runtime)
                    seen = run.output
                    return run.status == 0 && seen.hasPrefix("test-kiosk: 1 warning\n")
                }
                #expect(seen.contains("warning: platform-unreachable, for "), "\(seen)")
                #expect(seen.contains("  measured: unreachable: localhost:"), "\(seen)")
                try await hall.desk("network", #"{"mode":"ok"}"#)
                try await eventually("the platform is back", within: .seconds(30)) {
                    try await KioskctlRun.run(["status"] + runtime).output.hasPrefix("test-kiosk: No problems.\n")
                }
                let events = try await KioskctlRun.run(["events", "-n", "500"] + runtime)
                let told = events.output.split(separator: "\n").filter { $0.contains("  platform  ") }
                #expect(told.count == 2 && told[0].contains("platform-unreachable [unreachable: localhost:"), "\(told)")
                #expect(told.last?.hasSuffix("answers") == true, "\(told)")
            } catch {
                await hall.stop()
                throw error
            }
            await hall.stop()
        }

        @Test(
            "A call that is not understood is refused before anything is asked",
            arguments: [["outbox", "retry", "not-an-id"], ["outbox", "retry", "--wait", "--timeout", "0"]])
        func refused(_ arguments: [String]) async throws {
            let run = try await KioskctlRun.run(arguments)
            #expect(run.status == 64 && run.errorLines.count == 1, "\(run.errors)")
        }
    }
}
