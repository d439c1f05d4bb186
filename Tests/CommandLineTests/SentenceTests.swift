import Foundation
import HallModel
import KioskConfiguration
import KioskControl
import TestSupport
import Testing

@testable import kioskctl

extension InTurn {
    /// What a technician reads when something is not as they thought: each cause has its own sentence.
    @Suite(.serialized) struct SentenceTests {
        /// A socket on which somebody listens who says nothing.
        private final class MuteSocket {
            private let descriptor: Int32

            init(_ path: String) throws { descriptor = try UnixSocket.listening(at: path) }
            deinit { close(descriptor) }
        }

        private func status(_ runtime: String) async throws -> KioskctlRun {
            let run = try await KioskctlRun.run(["status", "--runtime", runtime])
            #expect(run.status == 69 && run.errorLines.count == 1, "\(run)")
            return run
        }

        // MARK: - No answer

        @Test("Where no kiosk is: a folder that is empty, one that is not there, and a socket that was left behind")
        func noKiosk() async throws {
            let folder = try ScratchFolder()
            try FileManager.default.createDirectory(atPath: folder.file("left"), withIntermediateDirectories: false)
            do { _ = try MuteSocket(folder.file("left/control.sock")) }
            for runtime in [folder.path, folder.file("nowhere"), folder.file("left")] {
                let run = try await status(runtime)
                #expect(run.errors.hasPrefix("kioskctl: there is no kiosk at \(runtime)/control.sock"), "\(run.errors)")
            }
        }

        @Test("A daemon that listens and says nothing is said to hang, and that it is to be restarted")
        func hangs() async throws {
            let folder = try ScratchFolder()
            let mute = try MuteSocket(folder.file("control.sock"))
            let run = try await status(folder.path)
            #expect(run.errors.contains("does not answer, it hangs") && run.errors.contains("systemctl restart kioskd"))
            withExtendedLifetime(mute) {}
        }

        @Test("A runtime folder that is a file, and one whose path is too long, are named as that")
        func noFolder() async throws {
            let folder = try ScratchFolder()
            try folder.write("".utf8, to: "file")
            #expect(try await status(folder.file("file")).errors.contains("the path leads through a file"))
            let long = try await status(folder.file(String(repeating: "long", count: 30)))
            #expect(long.errors.contains("has 107 at most"), "\(long.errors)")
        }

        @Test("Another user is told to put sudo before it, not that kioskd does not run", .enabled(if: getuid() == 0))
        func notPermitted() async throws {
            let folder = try ScratchFolder()
            try FileManager.default.createDirectory(
                atPath: folder.file("run"), withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
            let mute = try MuteSocket(folder.file("run/control.sock"))
            // A copy: the repository may be in a folder that others may not enter.
            try FileManager.default.copyItem(atPath: KioskctlRun.program, toPath: folder.file("kioskctl"))
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path)
            let other = ["--reuid=65534", "--regid=65534", "--clear-groups", folder.file("kioskctl")]
            for call in [["status"], ["scan", "--device", "scanner", "-o", "/tmp/never-written.pdf"]] {
                let run = try await KioskctlRun.run(
                    other + call + ["--runtime", folder.file("run")], program: "/usr/bin/setpriv")
                #expect(run.status == 69 && run.errorLines.count == 1, "\(run)")
                #expect(
                    run.errors.contains("you may not open") && run.errors.contains("sudo kioskctl"), "\(run.errors)")
            }
            withExtendedLifetime(mute) {}
        }

        // MARK: - Mistakes in a call

        @Test("Help for a command that is none is a mistake, and says which there are")
        func helpForNothing() async throws {
            let nonsense = try await KioskctlRun.run(["help", "nonsense"])
            #expect(nonsense.status == 64 && nonsense.output.isEmpty && nonsense.errors.contains("has status, devices"))
            let below = try await KioskctlRun.run(["help", "card", "nosuch"])
            #expect(below.status == 64 && below.errors.contains("“card nosuch”: kioskctl card has watch, read"))
            let real = try await KioskctlRun.run(["help", "card", "read"])
            #expect(real.status == 0 && real.output.contains("--timeout"))
        }

        @Test(
            "A mistake points to the help that has the command's options, as one sentence or as a question and a sentence"
        )
        func pointing() async throws {
            let option = try await KioskctlRun.run(["receipt", "print", "--example", "--direct", ""])
            #expect(option.errors.contains("not “”; see kioskctl help receipt print."), "\(option.errors)")
            let typed = try await KioskctlRun.run(["status", "--jason"])
            #expect(typed.errors.hasSuffix("Did you mean '--json'? See kioskctl help status.\n"), "\(typed.errors)")
            let standard = try await KioskctlRun.run(["outbox", "--jason"])
            #expect(standard.errors.hasSuffix("See kioskctl help outbox show.\n"), "\(standard.errors)")
            let id = try await KioskctlRun.run(["outbox", "retry", "nosuch"])
            #expect(id.status == 64 && id.errors.contains("kioskctl outbox lists those that wait"), "\(id.errors)")
        }

        @Test("A profile that is not installed: which are, and where was looked")
        func profile() async throws {
            let run = try await KioskctlRun.run(["card", "read", "--direct", "serial:/dev/null", "--profile", "nosuch"])
            #expect(run.status == 78 && run.errorLines.count == 1)
            #expect(run.errors.contains("/Devices there are ") && run.errors.contains("samv-serial"), "\(run.errors)")
            let folder = try await KioskctlRun.run(
                ["card", "read", "--direct", "serial:/dev/null", "--profile", "/no/such"])
            #expect(folder.errors.contains("/no/such/profile.yaml cannot be read"), "\(folder.errors)")
        }

        // MARK: - Statuses

        @Test("seal tells whose mistake it is: the recipient's 64, the input's 65, the output's 73; and what it did")
        func seal() async throws {
            let folder = try ScratchFolder()
            let made = try await CommandRun.run("age-keygen", ["-o", folder.file("key")])
            try #require(made.succeeded)
            let shown = try await CommandRun.run("age-keygen", ["-y", folder.file("key")])
            let recipient = String(decoding: shown.output, as: UTF8.self).trimmingCharacters(in: .newlines)
            try folder.write("in".utf8, to: "in")
            func seal(_ recipient: String, _ input: String, _ output: String, _ more: [String] = []) async throws
                -> KioskctlRun
            {
                try await KioskctlRun.run(
                    ["seal", "--recipient", recipient, folder.file(input), folder.file(output)] + more)
            }
            #expect(try await seal("age1bad", "in", "out").status == 64)
            #expect(try await seal(recipient, "nothing", "out").status == 65)
            #expect(try await seal(recipient, "in", "no/folder").status == 73)
            let well = try await seal(recipient, "in", "out")
            #expect(well.status == 0 && well.output == "\(folder.file("out")): sealed to 1 recipient\n")
            let exists = try await seal(recipient, "in", "out")
            #expect(exists.status == 73 && exists.errors.contains("add --force"), "\(exists.errors)")
            #expect(try await seal(recipient, "in", "out", ["--force"]).status == 0)
            // Its first name goes on to work.
            #expect(try await seal(recipient, "in", "out", ["--overwrite"]).status == 0)
        }

        @Test(
            "A full disk behind standard output is told, for help too",
            arguments: [["--help"], ["receipt", "example"]])
        func fullOutput(_ call: [String]) async throws {
            let run = try await KioskctlRun.run(
                ["-c", "exec \"$@\" >/dev/full", "sh", KioskctlRun.program] + call, program: "/bin/sh")
            #expect(run.status == 74 && run.errors.contains("standard output cannot be written"), "\(run)")
        }

        @Test("How a device's problem ends a command: gone or silent 69, at work for somebody else 75, all else 1")
        func statusOfAProblem() {
            #expect(ExitStatus(of: .scannerBusy, evidence: "") == .tryAgain)
            #expect(
                ExitStatus(of: .readerMissing, evidence: "EBUSY /dev/ttyUSB0: another process holds it") == .tryAgain)
            for code in [ProblemCode.readerMissing, .readerSilent, .scannerMissing, .printerMissing] {
                #expect(ExitStatus(of: code, evidence: "ENOENT") == .unavailable)
            }
            for code in [ProblemCode.readerNotAuthorised, .printerPaperOut, .scannerJam] {
                #expect(ExitStatus(of: code, evidence: "") == .failed)
            }
        }

        @Test(
            "What kioskd refuses ends as the table says: a worker that hangs 70, a scanner that is gone 69, one at work 75"
        )
        func refusals() {
            func status(_ reason: ControlRefusal.Reason, _ code: ProblemCode? = nil) -> kioskctl.ExitStatus {
                let problem = code.map {
                    ProblemReport(
                        code: $0, severity: .fault, device: "scanner", cause: "", evidence: "", action: "",
                        sinceSeconds: 0)
                }
                return CommandFailure(ControlRefusal(reason, "a sentence.", problem: problem)).status
            }
            #expect(status(.workerFailed, .scannerFault) == .software)
            #expect(status(.failed, .scannerMissing) == .unavailable)
            #expect(status(.failed, .scannerBusy) == .tryAgain)
            #expect(status(.failed, .scannerNoPaper) == .failed)
            #expect(status(.sessionOn) == .tryAgain)
            #expect(status(.unknownDevice) == .usage)
        }

        // MARK: - Words

        @Test("A command that drives a device itself speaks of no configuration and no screen")
        func direct() throws {
            let catalogue = try ProblemCatalogue(file: Repository.folder + "/Kiosk/problems.yaml")
            let codes: [ProblemCode] = [
                .readerMissing, .readerSilent, .readerNotAuthorised, .readerFault, .readerGarbled, .scannerMissing,
                .scannerJam, .scannerCoverOpen, .scannerNoPaper, .scannerBusy, .scannerFault, .printerMissing,
                .printerPaperOut, .printerPaperLow, .printerCoverOpen, .printerCutter, .printerUnsupported,
                .printerFault, .receiptUnknown,
            ]
            for code in codes {
                let entry = try #require(catalogue[code])
                let variants = entry.variants.flatMap { [$0.cause, $0.action] }
                for text in [entry.cause, entry.action] + variants {
                    #expect(!text.contains("configur") && !text.contains("screen"), "\(code): \(text)")
                    #expect(!text.hasPrefix("Nothing."), "\(code): \(text)")
                }
            }
        }

        @Test("A word that is no command is one that was meant, or the list of those that there are")
        func meant() async throws {
            let near = try await KioskctlRun.run(["statsu"])
            #expect(near.status == 64 && near.errors.contains("did you mean “status”? See kioskctl --help."), "\(near)")
            let below = try await KioskctlRun.run(["card", "raed"])
            #expect(below.errors.contains("“card raed”: did you mean “read”? See kioskctl help card."), "\(below)")
            #expect(HelpTopic.distance("abc", "abc") == 0 && HelpTopic.distance("", "abc") == 3)
            #expect(HelpTopic.distance("statsu", "status") == 1)
        }

        private static func device(
            _ name: String, _ role: DeviceRole, _ state: DeviceState = .online, lies: Bool? = nil
        ) -> DeviceReport {
            DeviceReport(
                name: name, role: role, worker: "usb", profile: "escpos-epson",
                address: "serial:/dev/serial/by-id/usb-A_rather_long_name-if00", state: state, paper: nil,
                mediaPresent: lies, model: nil, problem: nil, sinceSeconds: 5)
        }

        @Test("Nobody is there, and the card that they left behind is told")
        func cardLeft() {
            let reader = Self.device("reader", .cardReader, lies: true)
            #expect(
                SessionCommand.nobody([reader], screen: "start, for 3 s")
                    == "Nobody is there. A card still lies on reader. Screen: start, for 3 s.")
            let gone = Self.device("reader", .cardReader, lies: false)
            #expect(SessionCommand.nobody([gone], screen: "start") == "Nobody is there. Screen: start.")
        }

        @Test("A narrow terminal shows a device's whole address, and its state in words")
        func narrowDevices() {
            let printer = Self.device("printer", .receiptPrinter, .userError)
            let lines = DeviceText.lines(printer, columns: 40)
            #expect(lines.contains("  receipt-printer, needs a hand, for 5 s"), "\(lines)")
            #expect(lines.contains { $0.hasSuffix(printer.address) }, "\(lines)")
            #expect(lines.allSatisfy { $0.count <= 40 || $0.hasSuffix(printer.address) }, "\(lines)")
            let wide = DeviceText.table([printer], columns: 120)
            #expect(wide.count == 2 && wide[1].hasSuffix(printer.address), "\(wide)")
            let middle = DeviceText.table([printer], columns: 80)
            #expect(middle.count == 3 && middle[2] == "  at \(printer.address)", "\(middle)")
            #expect(DeviceText.table([printer], columns: 40) == lines)
            let status = StatusReport(
                kiosk: "k", version: "1", processID: 1, uptimeSeconds: 1, screen: "start", hasSession: false,
                submissionClosed: nil, workers: [.init(instance: "usb", isConnected: true, processID: 2)], problems: [],
                outbox: OutboxReport(cases: 0, bytes: 0, oldestSeconds: nil, lastAnswer: nil, nextTryInSeconds: nil))
            let tree = DeviceTree(status: status, devices: [printer]).lines(columns: 40)
            #expect(tree.contains { $0.contains(printer.address) }, "\(tree)")
        }

        @Test("What did not come out is not said to be so by the evidence that it would have had")
        func notPrinted() {
            var event = KioskEvent(number: 1, time: "", type: .technician)
            (event.work, event.device, event.verdict, event.rung) = ("print", "printer", .notPrinted, .processID)
            #expect(EventText.words(event) == "print on printer: not printed")
            event.verdict = .printed
            #expect(EventText.words(event) == "print on printer: printed, by processID")
        }

        @Test("On a narrow terminal the bar is shorter, and then left out")
        func narrowBar() {
            for columns in [10, 17, 29, 40, 79] {
                let bar = ProgressLine.bar(2_175, of: 3_508, seconds: 0, within: columns)
                #expect(bar.count <= columns && bar.contains("62 %"), "\(columns): \(bar)")
            }
        }
    }
}
