import Foundation
import HallEmulators
import TestSupport
import Testing

extension InTurn {
    /// `kioskctl receipt` with the real workers, in front of the emulated printer.
    @Suite(.serialized) struct ReceiptTests {
        private func withPrinter(_ body: (EmulatedReceiptPrinter, [String]) async throws -> Void) async throws {
            let printer = try EmulatedReceiptPrinter(speedFactor: 3)
            try await printer.start()
            do {
                try await body(printer, ["receipt", "print", "--example", "--direct", "tcp:\(printer.address)"])
            } catch {
                await printer.stop()
                throw error
            }
            await printer.stop()
        }

        // MARK: - What goes wrong

        @Test("A mistake in FILE is told with its line, all of them, and ends with 65; nothing is written")
        func mistakes() async throws {
            let folder = try ScratchFolder()
            try folder.write("receipt:\n  - titel: a\n  - space: 99\n".utf8, to: "slip.yaml")
            let run = try await KioskctlRun.run(
                ["receipt", "preview", folder.file("slip.yaml"), "-o", folder.file("slip.png"), "--json"])
            #expect(run.status == 65)
            #expect(
                run.errors.contains("slip.yaml:2:5: receipt[0].titel: there is no such field; did you mean “title”?"))
            #expect(run.errors.contains("slip.yaml:3:12: receipt[1].space: 99.0 is outside"), "\(run.errors)")
            #expect(run.error["exitStatus"] as? Int == 65)
            #expect(try folder.names() == ["slip.yaml"])
            let missing = try await KioskctlRun.run([
                "receipt", "preview", "/no/such.yaml", "-o", folder.file("slip.png"),
            ])
            #expect(missing.status == 65 && missing.errors.contains("cannot be read"), "\(missing.errors)")
        }

        @Test("An existing file is left alone; with --force it is replaced")
        func exists() async throws {
            let folder = try ScratchFolder()
            try folder.write("mine".utf8, to: "slip.png")
            let call = ["receipt", "preview", "--example", "-o", folder.file("slip.png")]
            let refused = try await KioskctlRun.run(call)
            #expect(refused.status == 73 && refused.errors.contains("exists already"), "\(refused.errors)")
            #expect(try folder.bytes(of: "slip.png") == Array("mine".utf8))
            let forced = try await KioskctlRun.run(call + ["--force"])
            #expect(forced.status == 0, "\(forced.errors)")
            #expect(try folder.bytes(of: "slip.png").starts(with: [0x89, 0x50, 0x4E, 0x47]))
            let nowhere = try await KioskctlRun.run([
                "receipt", "preview", "--example", "-o", "/no/such/folder/slip.png",
            ])
            #expect(nowhere.status == 73 && nowhere.errorLines.count == 1, "\(nowhere.errors)")
        }

        @Test(
            "A call that is not understood is one sentence",
            arguments: [
                ["receipt", "print", "--example"], ["receipt", "preview", "-o", "/tmp/x.png"],
                ["receipt", "print", "--example", "--direct", "escl:http://h/eSCL"],
                ["receipt", "print", "--example", "--device", "p", "--profile", "x"],
            ])
        func refused(_ arguments: [String]) async throws {
            let run = try await KioskctlRun.run(arguments)
            #expect(run.status == 64 && run.errorLines.count == 1 && run.output.isEmpty, "\(run.errors)")
        }

        @Test(
            "A profile that is not one of a printer, or is not there, ends with 78",
            arguments: ["samv-serial", "no-such"])
        func wrongProfile(_ profile: String) async throws {
            let folder = try ScratchFolder()
            let run = try await KioskctlRun.run(
                ["receipt", "preview", "--example", "-o", folder.file("a.png"), "--profile", profile])
            #expect(run.status == 78 && run.errorLines.count == 1, "\(run.errors)")
        }

        @Test("A printer that is off is named with what to do, and nothing of it is called printed")
        func off() async throws {
            try await withPrinter { printer, call in
                try await printer.setPower(false)
                let run = try await KioskctlRun.run(call + ["--json"])
                #expect(run.status == 69)
                #expect((run.json["device"] as? String)?.hasPrefix("tcp:") == true, "\(run.output)")
                #expect(run.json["verdict"] as? String == "notPrinted" && run.json["rung"] as? String == "notStarted")
                let problem = run.json["problem"] as? [String: Any]
                #expect(problem?["code"] as? String == "printer-missing")
                #expect((problem?["action"] as? String)?.isEmpty == false)
                let words = try await KioskctlRun.run(call)
                #expect(words.status == 69 && words.output.isEmpty && words.errorLines.count == 1, "\(words.errors)")
                #expect(words.errors.hasPrefix("kioskctl: not printed on tcp:"))
            }
        }

        @Test("Without paper nothing is begun")
        func noPaper() async throws {
            try await withPrinter { printer, call in
                printer.setPaper(.out)
                let run = try await KioskctlRun.run(call + ["--json"])
                #expect(run.status == 1)
                #expect(run.json["verdict"] as? String == "notPrinted", "\(run.output)")
                #expect(
                    (run.json["problem"] as? [String: Any])?["code"] as? String == "printer-paper-out", "\(run.output)")
            }
        }

        @Test("Paper that ends in the middle of the slip is no printed slip")
        func paperOutMidway() async throws {
            try await withPrinter { printer, call in
                printer.setFault(.paperOut, atMillimetres: 40)
                let run = try await KioskctlRun.run(call + ["--json"])
                #expect(run.status == 1, "\(run)")
                #expect(run.json["verdict"] as? String == "notPrinted", "\(run.output)")
            }
        }

        @Test("Power that fails in the middle leaves nobody who can tell: 3, and the advice to look")
        func powerMidway() async throws {
            try await withPrinter { printer, call in
                printer.setFault(.power, atMillimetres: 40)
                let run = try await KioskctlRun.run(call)
                #expect(run.status == 3, "\(run)")
                #expect(
                    run.output.isEmpty && run.errors.contains("nobody can tell whether the slip came out"),
                    "\(run.errors)")
            }
        }

        @Test("Ctrl-C while the slip is printed: 130, and the advice to look at the printer")
        func interrupted() async throws {
            let printer = try EmulatedReceiptPrinter(speedFactor: 0.05)
            try await printer.start()
            let print = try FollowingKioskctl(["receipt", "print", "--example", "--direct", "tcp:\(printer.address)"])
            do {
                // Not the cut before it, which is printing too: the slip's own bytes wait in the printer.
                try await eventually("the slip is printed", within: .seconds(30)) {
                    printer.snapshot.bufferedBytes > 2_000
                }
                #expect(await print.interrupt() == 130)
                #expect(print.text.contains("look at the printer, it may have come out"), "\(print.text)")
            } catch {
                await printer.stop()
                throw error
            }
            await printer.stop()
        }

        @Test("A slip is taken from standard input as from a file, and a file that is not there is told as that")
        func standardInput() async throws {
            let folder = try ScratchFolder()
            try folder.write("receipt:\n  - number: 0012\n".utf8, to: "slip.yaml")
            let script = "exec \"$@\" <\(folder.file("slip.yaml"))"
            let run = try await KioskctlRun.run(
                ["-c", script, "sh", KioskctlRun.program, "receipt", "preview", "-", "-o", folder.file("slip.png")],
                program: "/bin/sh")
            #expect(run.status == 0, "\(run)")
            let missing = try await KioskctlRun.run(["receipt", "preview", "/no/slip.yaml", "-o", folder.file("a.png")])
            #expect(missing.status == 65 && missing.errors.contains("/no/slip.yaml cannot be read"), "\(missing)")
            #expect(!missing.errors.contains(":1:1:"))
        }

        // MARK: - What goes well

        @Test("The running kiosk prints while nobody is there, tells the evidence, and a printer that is off")
        func throughTheDaemon() async throws {
            let hall = try HallUnderTest()
            do {
                try await hall.start()
                let runtime = ["--runtime", "\(hall.folder)/run"]
                let call = ["receipt", "print", "--example", "--json"] + runtime
                let unknown = try await KioskctlRun.run(call + ["--device", "reader"])
                #expect(unknown.status == 64, "\(unknown)")
                #expect(
                    unknown.errors.contains("there is no receipt-printer of the name “reader”: this kiosk has printer.")
                )
                try await eventually("all devices are there", within: .seconds(20)) {
                    try await KioskctlRun.run(["status"] + runtime).status == 0
                }
                for _ in 0..<2 {
                    let run = try await KioskctlRun.run(call + ["--device", "printer"])
                    #expect(run.status == 0, "\(run)")
                    #expect(run.json["rung"] as? String == "processID")
                }
                try await hall.desk("printer/state", #"{"power":"off"}"#)
                let off = try await KioskctlRun.run(call + ["--device", "printer"])
                #expect(off.status == 69, "\(off)")
                #expect((off.json["problem"] as? [String: Any])?["code"] as? String == "printer-missing", "\(off)")
                let events = try await KioskctlRun.run(["events", "-n", "50"] + runtime)
                #expect(
                    events.output.contains("technician        print on printer: printed, by processID"),
                    "\(events.output)")
            } catch {
                await hall.stop()
                throw error
            }
            await hall.stop()
        }

        @Test("A printed slip is told with its rung of evidence, by this printer and by one that can prove less")
        func printed() async throws {
            try await withPrinter { printer, call in
                let run = try await KioskctlRun.run(call + ["--json"])
                #expect(run.status == 0, "\(run)")
                #expect(run.json["verdict"] as? String == "printed" && run.json["rung"] as? String == "processID")
                #expect(printer.slips.count == 1)
                printer.setModel(.clone)
                let clone = try await KioskctlRun.run(call + ["--profile", "escpos-clone-80mm-gb18030"])
                #expect(clone.status == 0, "\(clone)")
                #expect(
                    clone.output.hasPrefix("printed on tcp:") && clone.output.contains("evidence: bufferedQuery"),
                    "\(clone)")
            }
        }

        @Test("The example is a file that is taken; its preview is a PNG of mode 0600, as long as it says")
        func preview() async throws {
            let folder = try ScratchFolder()
            let example = try await KioskctlRun.run(["receipt", "example"])
            #expect(example.status == 0)
            try folder.write(example.output.utf8, to: "slip.yaml")
            let run = try await KioskctlRun.run(
                ["receipt", "preview", folder.file("slip.yaml"), "-o", folder.file("slip.png"), "--json"],
                temporary: folder.path)
            #expect(run.status == 0, "\(run.errors)")
            let png = try folder.bytes(of: "slip.png")
            #expect(png.starts(with: [0x89, 0x50, 0x4E, 0x47]) && run.json["bytes"] as? Int == png.count)
            // Width and height of IHDR; 8 dots are a millimetre, and the cut feeds a little on.
            let height = png[20..<24].reduce(0) { $0 << 8 | Int($1) }
            let length = try #require(run.json["millimetres"] as? Double)
            #expect(png[16..<20].reduce(0) { $0 << 8 | Int($1) } == 576)
            #expect(length >= Double(height) / 8 && length < Double(height) / 8 + 40, "\(length) mm, \(height) dots")
            let mode =
                try FileManager.default.attributesOfItem(atPath: folder.file("slip.png"))[.posixPermissions] as? Int
            #expect(mode == 0o600)
            // Nothing of the private workers is left.
            #expect(try folder.names() == ["slip.png", "slip.yaml"])
        }
    }
}
