import Foundation
import Glibc
import TestSupport
import Testing

@testable import HallEmulators

@Suite("The A4 printer is one that real clients use: ipptool, and a queue of a real cupsd", .serialized)
struct RealPrintClientsTests {
    private func withPrinter(
        timeScale: Double = 0, _ body: (EmulatedDocumentPrinter) async throws -> Void
    ) async throws {
        let printer = try EmulatedDocumentPrinter(timeScale: timeScale)
        try await printer.start()
        do { try await body(printer) } catch {
            await printer.stop()
            throw error
        }
        await printer.stop()
    }

    /// The summary line of a run of ipptool, and what failed.
    private func ipptool(_ test: String, _ printer: EmulatedDocumentPrinter, _ file: String) async throws -> String {
        let run = try await CommandRun.run(
            "ipptool", ["-T", "20", "-t", "-f", file, printer.url, test])
        return String(decoding: run.output, as: UTF8.self) + run.errors
    }

    @Test("ipptool's suite for IPP/1.1 passes, with documents of our own where Debian ships none")
    func ippSuite() async throws {
        try #require(CommandRun.isInstalled("ipptool"), "cups-ipp-utils is missing")
        try await withPrinter { printer in
            let folder = try ScratchFolder()
            let suite = try String(contentsOfFile: "/usr/share/cups/ipptool/ipp-1.1.test", encoding: .utf8)
            try folder.write(Array(suite.utf8), to: "ipp-1.1.test")
            for name in ["document-a4.pdf", "document-letter.pdf", "document-a4.ps", "document-letter.ps"] {
                try folder.write(SamplePDF.bytes(pages: 2), to: name)
            }
            let canvas = try #require(CairoCanvas(width: 300, height: 200))
            canvas.fill(0.8, 0.5, 0.2)
            let jpeg = try #require(JPEGCoder.encode(canvas, color: .color, resolution: 300))
            for name in ["color.jpg", "gray.jpg"] { try folder.write(jpeg, to: name) }
            let output = try await ipptool(folder.file("ipp-1.1.test"), printer, folder.file("document-a4.pdf"))
            #expect(output.contains(" 0 failed") && output.contains("Score: 100%") && !output.contains("[FAIL]"))
            #expect(!output.contains("cannot be read"), "\(output.suffix(2_000))")
            // 37 tests are asked even of a printer that offers nothing.
            #expect(output.components(separatedBy: "[PASS]").count > 30)
        }
    }

    @Test("ipptool prints a file and follows it to its end")
    func printAndWait() async throws {
        try #require(CommandRun.isInstalled("ipptool"), "cups-ipp-utils is missing")
        try await withPrinter(timeScale: 0.02) { printer in
            let folder = try ScratchFolder()
            try folder.write(SamplePDF.bytes(pages: 3), to: "three.pdf")
            for test in ["print-job.test", "create-job.test", "print-job-and-wait.test"] {
                let output = try await ipptool(test, printer, folder.file("three.pdf"))
                #expect(output.contains("[PASS]") && !output.contains("[FAIL]"), "\(test): \(output)")
            }
            #expect(await becomes { printer.snapshot.output.count == 9 })
        }
    }

    @Test("a queue made with `lpadmin -m everywhere` prints, waits for paper and goes on")
    func cupsQueue() async throws {
        try #require(CommandRun.isInstalled("lpadmin"), "cups-client is missing")
        try await withPrinter(timeScale: 0.02) { printer in
            let cups = try await UnprivilegedCUPS()
            do {
                let added = try await cups.run(
                    "lpadmin", ["-p", "hall_a4", "-E", "-v", printer.url, "-m", "everywhere"])
                #expect(added.succeeded, "\(added.errors)")
                try cups.folder.write(SamplePDF.bytes(pages: 4), to: "four.pdf")
                printer.setPaper(2)
                let sent = try await cups.run("lp", ["-d", "hall_a4", cups.folder.file("four.pdf")])
                #expect(sent.succeeded, "\(sent.errors)")
                #expect(await becomes(seconds: 20) { printer.snapshot.output.count == 2 })
                #expect(
                    await becomes(seconds: 20) {
                        let state = try? await cups.run("lpstat", ["-l", "-p", "hall_a4"])
                        return state.map { String(decoding: $0.output, as: UTF8.self).contains("media-empty") } ?? false
                    })
                printer.setPaper(100)
                #expect(await becomes(seconds: 20) { printer.snapshot.output.count == 4 })
                #expect(
                    await becomes(seconds: 20) {
                        let done = try? await cups.run("lpstat", ["-W", "completed", "-o"])
                        return done.map { String(decoding: $0.output, as: UTF8.self).contains("hall_a4-1") } ?? false
                    })
            } catch {
                await cups.stop()
                throw error
            }
            await cups.stop()
        }
    }
}

/// A cupsd of the test's own: unprivileged, in a folder of its own, on a loopback port.
final class UnprivilegedCUPS: Sendable {
    let folder: ScratchFolder
    private let port: Int
    private let process: Process

    init() async throws {
        let binary = "/usr/sbin/cupsd"
        try #require(FileManager.default.isExecutableFile(atPath: binary), "cups-daemon is missing")
        folder = try ScratchFolder()
        // A port that was free a moment ago, and is let go of again.
        port = try LoopbackListener(port: 0).port
        for name in ["root", "root/ppd", "requests", "requests/tmp", "cache", "state", "log"] {
            try FileManager.default.createDirectory(atPath: folder.file(name), withIntermediateDirectories: true)
        }
        let open = "Order allow,deny\nAllow all\n"
        let configuration = """
            Listen 127.0.0.1:\(port)
            Browsing Off
            WebInterface No
            DefaultAuthType None
            <Location />
            \(open)</Location>
            <Location /admin>
            \(open)</Location>
            <Policy default>
            <Limit All>
            Order deny,allow
            Allow all
            </Limit>
            </Policy>

            """
        let isRoot = getuid() == 0
        let user = isRoot ? "lp" : NSUserName()
        let files = """
            User \(user)
            ServerRoot \(folder.file("root"))
            RequestRoot \(folder.file("requests"))
            TempDir \(folder.file("requests/tmp"))
            CacheDir \(folder.file("cache"))
            StateDir \(folder.file("state"))
            AccessLog \(folder.file("log/access"))
            ErrorLog \(folder.file("log/error"))
            PageLog \(folder.file("log/page"))

            """
        try folder.write(Array(configuration.utf8), to: "root/cupsd.conf")
        try folder.write(Array(files.utf8), to: "root/cups-files.conf")
        process = Process()
        let arguments = [
            binary, "-f", "-c", folder.file("root/cupsd.conf"), "-s", folder.file("root/cups-files.conf"),
        ]
        if isRoot {
            // As root cupsd refuses to serve as root; the folder becomes lp's.
            let owned = try await CommandRun.run("chown", ["-R", "lp:lp", folder.path])
            try #require(owned.succeeded)
            process.executableURL = URL(filePath: "/usr/bin/setpriv")
            process.arguments = ["--reuid=lp", "--regid=lp", "--clear-groups"] + arguments
        } else {
            process.executableURL = URL(filePath: binary)
            process.arguments = Array(arguments.dropFirst())
        }
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        let isUp = await becomes(seconds: 10) {
            (try? await self.run("lpstat", ["-r"]))?.output.starts(with: "scheduler is running".utf8) == true
        }
        guard isUp else {
            await stop()
            throw EmulatorError.invalid("cupsd did not come up.")
        }
    }

    /// Runs a client of CUPS against this server.
    func run(_ command: String, _ arguments: [String]) async throws -> CommandRun {
        try await CommandRun.run("env", ["CUPS_SERVER=127.0.0.1:\(port)", "LC_ALL=C", command] + arguments)
    }

    func stop() async {
        process.terminate()
        _ = await becomes { !self.process.isRunning }
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }
}
