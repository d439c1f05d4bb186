import Foundation
import HallEmulators
import KioskControl
import TestSupport
import Testing

extension InTurn {
    /// Commands that ask the running kiosk, in front of the whole product.
    @Suite(.serialized) struct DaemonCommandTests {
        private func onHall(_ body: (HallUnderTest, [String]) async throws -> Void) async throws {
            let hall = try HallUnderTest()
            do {
                try await hall.start()
                let runtime = ["--runtime", "\(hall.folder)/run"]
                try await eventually("all devices are there", within: .seconds(20)) {
                    try await KioskctlRun.run(["status"] + runtime).status == 0
                }
                try await body(hall, runtime)
            } catch {
                await hall.stop()
                throw error
            }
            await hall.stop()
        }

        private func resident(of hall: HallUnderTest) async throws -> (ScreenClient, Errand) {
            let client = try await ScreenClient(entering: try await hall.screenURL())
            return (client, Errand(client, in: hall, phone: "13987654321"))
        }

        @Test(
            "A fault comes first, with code, device, measured value and action, and ends with 1; when it is gone, with 0"
        )
        func status() async throws {
            try await onHall { hall, runtime in
                try await hall.desk("printer/state", #"{"power":"off"}"#)
                var seen = ""
                try await eventually("the printer is missed", within: .seconds(20)) {
                    let run = try await KioskctlRun.run(["status"] + runtime)
                    seen = run.output
                    return run.status == 1
                }
                let lines = seen.split(separator: "\n").map(String.init)
                #expect(lines.first == "test-kiosk: 1 fault")
                #expect(lines.dropFirst().first?.hasPrefix("fault: printer-missing (printer), for ") == true, "\(seen)")
                #expect(seen.contains("  cause:    ") && seen.contains("\n  measured: "), "\(seen)")
                #expect(seen.contains("  do:       "))
                #expect(lines.allSatisfy { $0.count <= 80 }, "\(seen)")
                let tree = try await KioskctlRun.run(["devices", "--tree"] + runtime)
                #expect(tree.status == 0)
                #expect(tree.output.contains("fault: printer-missing"), "\(tree.output)")
                #expect(tree.output.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(tree.output)")
                #expect(!tree.output.contains("\u{1B}"))
                try await hall.desk("printer/state", #"{"power":"on"}"#)
                try await eventually("the printer is back", within: .seconds(20)) {
                    let run = try await KioskctlRun.run(["status"] + runtime)
                    return run.status == 0 && run.output.hasPrefix("test-kiosk: No problems.")
                }
            }
        }

        @Test(
            "A disk that is too small closes submission: status and events say how much is free and how much is wanted")
        func diskTooSmall() async throws {
            var options = HallUnderTest.Options()
            options.minimumFreeMebibytes = 1_000_000
            let hall = try HallUnderTest(options)
            do {
                try await hall.start()
                let runtime = ["--runtime", "\(hall.folder)/run"]
                let measured = /[0-9]+ MiB free at \S+\/sealed, at least 1000000 wanted/
                try await eventually("status says so", within: .seconds(20)) {
                    let run = try await KioskctlRun.run(["status", "--json"] + runtime)
                    let problems = run.json["problems"] as? [[String: Any]] ?? []
                    return problems.contains {
                        $0["code"] as? String == "disk-full"
                            && ($0["evidence"] as? String)?.wholeMatch(of: measured) != nil
                    }
                }
                let events = try await KioskctlRun.run(["events"] + runtime)
                #expect(events.output.contains(/closed: disk-full \[[0-9]+ MiB free/), "\(events.output)")
            } catch {
                await hall.stop()
                throw error
            }
            await hall.stop()
        }

        @Test(
            "A card reader whose answers are garbled closes the kiosk: that is a fault and ends with 1, until it is well"
        )
        func garbledReader() async throws {
            try await onHall { hall, runtime in
                try await hall.desk("reader/fault", #"{"fault":"garbled"}"#)
                var seen = ""
                try await eventually("the start screen is closed, and status says why", within: .seconds(40)) {
                    let run = try await KioskctlRun.run(["status"] + runtime)
                    seen = run.output
                    return run.status == 1 && seen.contains("screen      closed")
                }
                #expect(seen.contains("fault: reader-garbled (reader), for "), "\(seen)")
                let events = try await KioskctlRun.run(["events", "-n", "500"] + runtime)
                #expect(events.output.contains("closed, reader-garbled"), "\(events.output)")
                try await hall.desk("reader/fault", #"{"fault":"none"}"#)
                try await eventually("the reader is well", within: .seconds(40)) {
                    try await KioskctlRun.run(["status"] + runtime).status == 0
                }
            }
        }

        @Test(
            "A scan worker that answers no more while it scans: the scan was broken off, and the scanner is not blamed")
        func hungWorker() async throws {
            try await onHall { hall, runtime in
                let tree = try await KioskctlRun.run(["devices", "--tree", "--json"] + runtime)
                let workers = try #require(tree.json["workers"] as? [[String: Any]])
                let scanner = try #require(workers.first { $0["instance"] as? String == "scanner" })
                let id = try #require(scanner["processID"] as? Int)
                kill(pid_t(id), SIGSTOP)
                let run = try await KioskctlRun.run(
                    ["scan", "--device", "scanner", "-o", "\(hall.folder)/page.pdf"] + runtime, limit: .seconds(150))
                #expect(run.status != 0)
                let words = run.errors.replacing(/\s+/, with: " ")
                #expect(words.contains("The scan worker ended or did not answer"), "\(words)")
                #expect(!words.contains("Switch the scanner off"), "\(words)")
                try await eventually("the worker is there again", within: .seconds(30)) {
                    try await KioskctlRun.run(["status"] + runtime).status == 0
                }
            }
        }

        @Test("Colours are for a terminal only, and for nobody who refuses them")
        func colours() async throws {
            try #require(CommandRun.isInstalled("script"), "install the package bsdutils")
            try await onHall { _, runtime in
                let call = ([KioskctlRun.program, "devices"] + runtime).map { "'\($0)'" }.joined(separator: " ")
                func shown(_ environment: [String]) async throws -> String {
                    let run = try await CommandRun.run(
                        "env", ["-u", "NO_COLOR"] + environment + ["script", "-qec", call, "/dev/null"])
                    return String(decoding: run.output, as: UTF8.self)
                }
                let coloured = try await shown(["TERM=xterm"])
                #expect(coloured.contains("\u{1B}[32monline"), "\(coloured.debugDescription)")
                let plain = try await shown(["TERM=xterm", "NO_COLOR=1"])
                #expect(plain.contains("online") && !plain.contains("\u{1B}"))
                #expect(try await !shown(["TERM=dumb"]).contains("\u{1B}"))
                #expect(
                    try await !KioskctlRun.run(["devices"] + runtime, environment: ["TERM=xterm"]).output.contains(
                        "\u{1B}")
                )
            }
        }

        @Test("The tree has every device under the worker process that drives it")
        func tree() async throws {
            try await onHall { hall, runtime in
                let tree = try await KioskctlRun.run(["devices", "--tree", "--json"] + runtime)
                let workers = try #require(tree.json["workers"] as? [[String: Any]])
                var found: [String: [String]] = [:]
                for worker in workers {
                    let devices = worker["devices"] as? [[String: Any]] ?? []
                    found[worker["instance"] as? String ?? ""] = devices.compactMap { $0["name"] as? String }
                    #expect(worker["isConnected"] as? Bool == true)
                }
                #expect(
                    found == [
                        "print": ["a4-printer"], "render": [], "scanner": ["scanner"],
                        "usb": ["reader", "printer", "code-reader"],
                    ])
                let flat = try await KioskctlRun.run(["devices", "--json"] + runtime)
                #expect((flat.json["devices"] as? [Any])?.count == 5)
                #expect(
                    try await BashCompletion.words([
                        "kioskctl", "scan", "--runtime", "\(hall.folder)/run", "--device", "s",
                    ])
                        == ["scanner"])
                let table = try await KioskctlRun.run(["devices"] + runtime)
                #expect(table.output.hasPrefix("NAME         ROLE              STATE"), "\(table.output)")
            }
        }

        @Test(
            "A session is shown with step and pages, and nothing of it is personal; a technician's work is refused meanwhile"
        )
        func session() async throws {
            try await onHall { hall, runtime in
                let nobody = try await KioskctlRun.run(["session"] + runtime)
                #expect(nobody.status == 0 && nobody.output.hasPrefix("Nobody is there."))
                let (client, errand) = try await resident(of: hall)
                try await errand.walk { $0.name == "check" }

                let shown = try await KioskctlRun.run(["session"] + runtime)
                let told = try await KioskctlRun.run(["session", "--json"] + runtime)
                let events = try await KioskctlRun.run(["events", "-n", "500"] + runtime)
                let lines = try await KioskctlRun.run(["events", "-n", "500", "--json"] + runtime)
                #expect(shown.output.contains("senior-card") && shown.output.contains("step"), "\(shown.output)")
                #expect(told.json["hasSession"] as? Bool == true && told.json["hasCard"] as? Bool == true)
                let materials = told.json["materials"] as? [[String: Any]]
                #expect(materials?.first?["isStored"] as? Bool == true, "\(told.output)")
                let number = Wallet.zhang.number
                for text in [shown.output, told.output, events.output, lines.output] {
                    #expect(!text.contains("张") && !text.contains(number) && !text.contains("13987654321"))
                    #expect(!text.contains("平安路") && !text.contains("1948"), "\(text)")
                }
                #expect(events.output.contains("card-read         reader: resident"), "\(events.output)")
                #expect(events.output.contains("material-stored   household-register, 2 pages"), "\(events.output)")

                let folder = try ScratchFolder()
                let scan = try await KioskctlRun.run(
                    ["scan", "--device", "scanner", "-o", folder.file("a.pdf"), "--json"] + runtime)
                #expect(scan.status == 75, "\(scan.errors)")
                #expect((scan.error["sentence"] as? String)?.contains("a resident is at the kiosk") == true)
                #expect(try folder.names().isEmpty)
                let print = try await KioskctlRun.run(
                    ["receipt", "print", "--example", "--device", "printer"] + runtime)
                #expect(print.status == 75 && print.errorLines.count == 1, "\(print.errors)")
                await client.leave()
            }
        }

        @Test("Every event has the members of its type and no other")
        func catalogue() async throws {
            try await onHall { hall, runtime in
                let (client, errand) = try await resident(of: hall)
                #expect(try await errand.walk().end == .done)
                await client.leave()
                let run = try await KioskctlRun.run(["events", "-n", "500", "--json"] + runtime)
                var types: Set<String> = []
                var last = 0
                for line in run.output.split(separator: "\n") {
                    let event = try #require(
                        try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
                    let name = try #require(event["type"] as? String)
                    let type = try #require(KioskEvent.Kind(rawValue: name))
                    let extra = Set(event.keys).subtracting(type.members + ["number", "time", "type"])
                    #expect(extra == [], "\(line)")
                    let number = try #require(event["number"] as? Int)
                    #expect(last == 0 || number == last + 1)
                    last = number
                    types.insert(name)
                }
                for name in [
                    "ready", "device", "worker-connected", "session-began", "screen", "card-presented", "card-read",
                    "scan-started", "page-scanned", "material-stored", "case-accepted", "case-confirmed", "receipt",
                ] { #expect(types.contains(name), "\(name) in \(types)") }
            }
        }

        @Test(
            "Following shows what happens as it happens, ends with 0 on Ctrl-C, and with a sentence when the daemon goes"
        )
        func following() async throws {
            try await onHall { hall, runtime in
                let first = try FollowingKioskctl(["events", "--follow", "-n", "0"] + runtime)
                let second = try FollowingKioskctl(["events", "--follow", "--json"] + runtime)
                try await second.shows(#""type":"ready""#)
                try await eventually("the first follows too") {
                    try await hall.desk("reader/place", #"{"card":"zhang"}"#)
                    try await Task.sleep(for: .milliseconds(500))
                    try await hall.desk("reader/remove")
                    return first.text.contains("card-presented")
                }
                #expect(await first.interrupt() == 0)
                await hall.killKiosk()
                let status = await second.program.waitUntilEnded()
                #expect((status >> 8) & 0xFF == 69)
                #expect(second.text.contains("kioskctl: kioskd stopped answering on"), "\(second.text)")
            }
        }

        @Test(
            "A journal that cannot be read is told as that, by status and outbox, and never as an outbox with nothing in it"
        )
        func unreadableJournal() async throws {
            try await onHall { hall, runtime in
                let (status, later, json, outbox) = try await KioskJournal.unreadable(in: "\(hall.folder)/state") {
                    let status = try await KioskctlRun.run(["status"] + runtime)
                    // By then kioskd has noticed it by itself as well, and has closed submission for it.
                    try await eventually("submission is closed") {
                        try await KioskctlRun.run(["status", "--json"] + runtime).json["submission"] as? String
                            == "closed"
                    }
                    return (
                        status, try await KioskctlRun.run(["status"] + runtime),
                        try await KioskctlRun.run(["status", "--json"] + runtime),
                        try await KioskctlRun.run(["outbox"] + runtime)
                    )
                }
                for status in [status, later] {
                    #expect(status.status == 1, "\(status)")
                    for words in ["storage-fault", "The journal in the state folder cannot be read", "Do not delete"] {
                        #expect(status.output.contains(words), "\(words): \(status.output)")
                    }
                }
                #expect(status.output.contains(#/outbox +cannot be read/#), "\(status.output)")
                #expect(json.status == 1 && !json.output.contains(#""outbox""#), "\(json.output)")
                #expect(outbox.status == 1 && outbox.errors.contains("the journal cannot be read"), "\(outbox)")
                // And well again by itself.
                try await eventually("status is well") { try await KioskctlRun.run(["status"] + runtime).status == 0 }
                #expect(try await KioskctlRun.run(["outbox"] + runtime).status == 0)
            }
        }

        @Test("A reader that takes nothing is dropped with a last word, and keeps nobody waiting")
        func slowReader() async throws {
            try await onHall { hall, runtime in
                let slow = try SilentReader(
                    socket: "\(hall.folder)/run/control.sock", path: "/v1/events?recent=0&follow=true")
                let client = ControlClient(runtimeFolder: "\(hall.folder)/run")
                let before = ContinuousClock.now
                // Each is an event; more of them than all buffers between hold, in less than the 20 s after which one that
                // takes nothing is let go without a word.
                var sent = 0
                while sent < 4_000, ContinuousClock.now - before < .seconds(10) {
                    _ = try await client.retryOutbox(nil)
                    sent += 1
                }
                #expect(try await KioskctlRun.run(["status"] + runtime).status == 0)
                let text = slow.readToEnd()
                let lines = text.split(separator: "\n")
                #expect(lines.contains { $0.contains(#""type":"dropped""#) }, "\(text.suffix(500))")
                let heard = lines.count { $0.contains(#""type":"outbox-retry""#) }
                #expect(heard > 256 && heard < sent, "\(heard) of \(sent)")
            }
        }

        @Test("As many follow as may; one more is told so")
        func followersAreBounded() async throws {
            try await onHall { _, runtime in
                let followers = try (0..<8).map { _ in try FollowingKioskctl(["events", "--follow"] + runtime) }
                for follower in followers { try await follower.shows("ready") }
                let ninth = try await KioskctlRun.run(["events", "--follow"] + runtime)
                #expect(ninth.status == 75)
                #expect(ninth.errors.contains("as many readers as may follow"), "\(ninth.errors)")
                for follower in followers { #expect(await follower.interrupt() == 0) }
                try await eventually("their places are free again") {
                    let follower = try FollowingKioskctl(["events", "--follow"] + runtime)
                    try? await follower.shows("ready", within: .seconds(3))
                    return await follower.interrupt() == 0
                }
            }
        }
    }
}
