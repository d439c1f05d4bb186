import Foundation
import HallEmulators
import TestSupport
import Testing

extension InTurn {
    /// `kioskctl scan`: by a worker of its own, and by the running kiosk.
    @Suite(.serialized) struct ScanTests {
        private func withScanner(
            timeScale: Double = 0.2, _ body: (EmulatedScanner, ScratchFolder, [String]) async throws -> Void
        ) async throws {
            let scanner = EmulatedScanner(timeScale: timeScale)
            try await scanner.start()
            let folder = try ScratchFolder()
            do {
                try await body(
                    scanner, folder, ["scan", "--direct", "escl:\(scanner.url)", "-o", folder.file("pages.pdf")])
            } catch {
                await scanner.stop()
                throw error
            }
            await scanner.stop()
        }

        // MARK: - What goes wrong

        @Test(
            "A fault of the scanner is one sentence with its cause, and no file is left",
            arguments: [
                (ScannerFault.jam, "scanner-jam", Int32(1)), (.coverOpen, "scanner-cover-open", 1),
                (.gone, "scanner-missing", 69), (.goneMidPage, "scanner-missing", 69),
            ])
        func fault(_ fault: ScannerFault, _ code: String, _ status: Int32) async throws {
            try await withScanner { scanner, folder, call in
                _ = try scanner.lay(.householdRegister1)
                try await scanner.setFault(fault)
                let run = try await KioskctlRun.run(call + ["--json"], temporary: folder.path)
                #expect(run.status == status, "\(run)")
                #expect((run.error["problem"] as? [String: Any])?["code"] as? String == code, "\(run.output)")
                #expect(run.errorLines.count == 1, "\(run.errors)")
                #expect(try folder.names().isEmpty)
            }
        }

        @Test("Fewer pages than asked for is no success, and nothing is written")
        func tooFewPages() async throws {
            try await withScanner { scanner, folder, call in
                _ = try scanner.lay(.householdRegister1)
                let run = try await KioskctlRun.run(call + ["--pages", "2"])
                #expect(run.status == 1 && run.errors.contains("page 1 of 2: good"), "\(run)")
                #expect(run.errors.contains("page 2 of 2 failed, and no file was written: "), "\(run.errors)")
                #expect(run.errors.contains("Lay pages in and scan again"), "\(run.errors)")
                #expect(try folder.names().isEmpty)
            }
        }

        @Test("An existing file is left alone before anything is scanned")
        func exists() async throws {
            try await withScanner { scanner, folder, call in
                _ = try scanner.lay(.householdRegister1)
                try folder.write("mine".utf8, to: "pages.pdf")
                let run = try await KioskctlRun.run(call)
                #expect(run.status == 73 && run.errors.contains("exists already"), "\(run.errors)")
                #expect(try folder.bytes(of: "pages.pdf") == Array("mine".utf8))
                let forced = try await KioskctlRun.run(call + ["--force"])
                #expect(forced.status == 0, "\(forced.errors)")
            }
        }

        @Test(
            "A call that is not understood is one sentence",
            arguments: [
                ["scan", "-o", "/tmp/x.pdf"], ["scan", "--direct", "tcp:h:1", "-o", "/tmp/x.pdf"],
                ["scan", "--device", "s", "-o", "/tmp/x.pdf", "--pages", "65"], ["scan", "--device", "s"],
            ])
        func refused(_ arguments: [String]) async throws {
            let run = try await KioskctlRun.run(arguments)
            #expect(run.status == 64 && run.errorLines.count == 1, "\(run.errors)")
        }

        @Test("Without kioskd and without a configuration the sentence says both")
        func neither() async throws {
            let folder = try ScratchFolder()
            let run = try await KioskctlRun.run([
                "scan", "--device", "scanner", "-o", folder.file("a.pdf"), "--runtime", folder.path, "--configuration",
                folder.file("kiosk.yaml"),
            ])
            #expect(run.status == 69 && run.errorLines.count == 1, "\(run.errors)")
            #expect(run.errors.contains("start kioskd, or name the scanner with --direct"))
        }

        @Test("Ctrl-C in the middle of a slow page ends the command with 130, its workers, and leaves nothing")
        func interrupted() async throws {
            try await withScanner(timeScale: 1) { scanner, folder, call in
                _ = try scanner.lay(.householdRegister1)
                try await scanner.setFault(.slow)
                let scan = try FollowingKioskctl(call, temporary: folder.path)
                try await scan.shows("page 1 of 1: scanning")
                try await eventually("its workers run") { !processes(with: folder.path + "/kioskctl-").isEmpty }
                try await eventually("the scanner draws") { scanner.snapshot.scanning != nil }
                #expect(await scan.interrupt() == 130)
                try await eventually("no worker is left", within: .seconds(5)) {
                    processes(with: folder.path + "/kioskctl-").isEmpty
                }
                #expect(try folder.names().isEmpty)
            }
        }

        // MARK: - What goes well

        @Test("Pages become one PDF of mode 0600, each with what the checks found")
        func pages() async throws {
            try await withScanner { scanner, folder, call in
                _ = try scanner.lay(.householdRegister1)
                _ = try scanner.lay(.blank)
                let run = try await KioskctlRun.run(call + ["--pages", "2"], temporary: folder.path)
                #expect(run.status == 0, "\(run)")
                #expect(
                    run.errors.contains("page 1 of 2: good") && run.errors.contains("page 2 of 2: blank"),
                    "\(run.errors)")
                #expect(run.output.contains("page 2: it looks blank"), "\(run.output)")
                #expect(try folder.names() == ["pages.pdf"])
                let checked = try await CommandRun.run("qpdf", ["--check", folder.file("pages.pdf")])
                #expect(checked.succeeded, "\(checked.errors)")
                let count = try await CommandRun.run("qpdf", ["--show-npages", folder.file("pages.pdf")])
                #expect(String(decoding: count.output, as: UTF8.self) == "2\n")
                let attributes = try FileManager.default.attributesOfItem(atPath: folder.file("pages.pdf"))
                #expect(attributes[.posixPermissions] as? Int == 0o600)
            }
        }

        @Test("On a terminal there is a bar that reaches the announced rows")
        func bar() async throws {
            try #require(CommandRun.isInstalled("script"), "install the package bsdutils")
            try await withScanner(timeScale: 1) { scanner, folder, call in
                _ = try scanner.lay(.householdRegister1)
                let quoted = ([KioskctlRun.program] + call).map { "'\($0)'" }.joined(separator: " ")
                let run = try await CommandRun.run("script", ["-qec", quoted, "/dev/null"])
                let text = String(decoding: run.output, as: UTF8.self)
                #expect(run.succeeded, "\(text)")
                #expect(text.contains(#/\[#+-*\] \d+ %  \d+ of \d+ rows/#), "\(text)")
                #expect(text.contains("page 1 of 1: good"))
            }
        }

        @Test("The running kiosk scans while nobody is there, and a resident who comes ends the scan without a file")
        func throughTheDaemon() async throws {
            var options = HallUnderTest.Options()
            options.timeScale = 1
            let hall = try HallUnderTest(options)
            do {
                try await hall.start()
                let folder = try ScratchFolder()
                let runtime = ["--runtime", "\(hall.folder)/run"]
                let call = ["scan", "--device", "scanner", "-o", folder.file("a.pdf"), "--json"] + runtime
                try await eventually("all devices are there", within: .seconds(20)) {
                    try await KioskctlRun.run(["status"] + runtime).status == 0
                }
                let unknown = try await KioskctlRun.run(
                    ["scan", "--device", "nope", "-o", folder.file("a.pdf")] + runtime)
                #expect(unknown.status == 64 && unknown.errors.contains("this kiosk has scanner"), "\(unknown.errors)")
                #expect(!unknown.errors.contains("scanning"), "\(unknown.errors)")

                try await hall.desk("scanner/tray", #"{"document":"household-register-1"}"#)
                let well = try await KioskctlRun.run(call)
                #expect(well.status == 0, "\(well)")
                #expect((well.json["pages"] as? [[String: Any]])?.first?["findings"] as? [String] == [])

                // A technician who gives up in the middle of a page leaves a scanner that scans.
                try FileManager.default.removeItem(atPath: folder.file("a.pdf"))
                try await hall.desk("scanner/fault", #"{"fault":"slow"}"#)
                try await hall.desk("scanner/tray", #"{"document":"household-register-1"}"#)
                let givenUp = try FollowingKioskctl(call)
                try await eventually("the scanner draws") {
                    String(decoding: try await hall.deskState("scanner"), as: UTF8.self).contains("\"scanning\"")
                }
                #expect(await givenUp.interrupt() == 130)
                try await hall.desk("scanner/fault", #"{"fault":"none"}"#)
                try await eventually("the scanner scans again", within: .seconds(30)) {
                    try await hall.desk("scanner/take-originals")
                    try await hall.desk("scanner/tray", method: .DELETE)
                    try await hall.desk("scanner/tray", #"{"document":"household-register-1"}"#)
                    return try await KioskctlRun.run(call).status == 0
                }
                #expect(try folder.names() == ["a.pdf"])

                // A page that takes long, and a card in the middle of it.
                try FileManager.default.removeItem(atPath: folder.file("a.pdf"))
                try await hall.desk("scanner/fault", #"{"fault":"slow"}"#)
                try await hall.desk("scanner/tray", #"{"document":"household-register-1"}"#)
                async let scan = KioskctlRun.run(call)
                try await eventually("the scanner draws") {
                    String(decoding: try await hall.deskState("scanner"), as: UTF8.self).contains("\"scanning\"")
                }
                let busy = try await KioskctlRun.run(
                    ["scan", "--device", "scanner", "-o", folder.file("b.pdf")] + runtime)
                #expect(busy.status == 75 && busy.errors.contains("works for another kioskctl"), "\(busy.errors)")
                try await hall.desk("reader/place", #"{"card":"zhang"}"#)
                let given = try await scan
                #expect(given.status == 75, "\(given)")
                #expect(given.errors.contains("a resident came to the kiosk"), "\(given.errors)")
                let events = try await KioskctlRun.run(["events", "-n", "500"] + runtime)
                for why in ["its kioskctl ended", "a resident came"] {
                    #expect(
                        events.output.contains("technician        scan on scanner: given up: \(why)"),
                        "\(events.output)")
                }
                #expect(try folder.names().isEmpty)
            } catch {
                await hall.stop()
                throw error
            }
            await hall.stop()
        }

        @Test("While kioskd does not run the scanner is looked up in the configuration")
        func configured() async throws {
            var options = HallUnderTest.Options()
            options.startsKiosk = false
            let hall = try HallUnderTest(options)
            do {
                try await hall.start()
                let folder = try ScratchFolder()
                try await hall.desk("scanner/tray", #"{"document":"household-register-1"}"#)
                let call = [
                    "scan", "-o", folder.file("a.pdf"), "--runtime", "\(hall.folder)/run", "--configuration",
                    hall.configurationFile,
                ]
                let unknown = try await KioskctlRun.run(call + ["--device", "nope"])
                #expect(unknown.status == 64 && unknown.errors.contains("it has scanner"), "\(unknown.errors)")
                let run = try await KioskctlRun.run(call + ["--device", "scanner"])
                #expect(run.status == 0, "\(run)")
                #expect(try folder.bytes(of: "a.pdf").starts(with: Array("%PDF-".utf8)))
            } catch {
                await hall.stop()
                throw error
            }
            await hall.stop()
        }
    }
}
