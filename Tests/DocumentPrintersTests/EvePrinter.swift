import Foundation
import TestSupport

/// A real IPP Everywhere printer: CUPS's `ippeveprinter`, with a D-Bus of its own. What it does with a document is a shell
/// script that the test writes: `page N` counts a page as put out, `state +media-empty` says what is wrong with it.
final class EvePrinter: Sendable {
    let folder: ScratchFolder
    let port: Int
    private let formats: String
    private let bus: RunningProgram
    private let program: ProgramSlot

    /// - Parameter plan: lines of shell for each document.
    init(plan: String = "pages 3", formats: String = "application/pdf,image/pwg-raster") async throws {
        folder = try ScratchFolder()
        port = try HallUnderTest.freePort()
        self.formats = formats
        program = ProgramSlot()
        try FileManager.default.createDirectory(
            atPath: folder.file("spool"), withIntermediateDirectories: false)
        let address = "unix:path=" + folder.file("bus")
        bus = try RunningProgram(
            "/usr/bin/env", ["dbus-daemon", "--session", "--nofork", "--nosyslog", "--address=" + address],
            log: folder.file("bus.log"))
        try await eventually("the private D-Bus is up", every: .milliseconds(10)) {
            FileManager.default.fileExists(atPath: self.folder.file("bus"))
        }
        try write(plan: plan)
        try await start()
    }

    func write(plan: String) throws { try folder.write((plan + "\n").utf8, to: "plan") }

    /// Switches it on.
    func start() async throws {
        program.set(
            try RunningProgram(
                "/usr/bin/env",
                [
                    "ippeveprinter", "-p", "\(port)", "-r", "off", "-n", "localhost", "-d", folder.file("spool"), "-s",
                    "20,10", "-c", Repository.folder + "/Tests/DocumentPrintersTests/printer.sh", "-f", formats,
                    "Hall A4",
                ], log: folder.file("printer.log"),
                environment: [
                    "DBUS_SYSTEM_BUS_ADDRESS": "unix:path=" + folder.file("bus"), "EVE_FOLDER": folder.path,
                ]))
        do {
            try await eventually("the printer is up", every: .milliseconds(20)) {
                try await self.http("/").contains("Hall A4")
            }
        } catch {
            throw TestFailure("\(error) on port \(port): \(lines("printer.log")) \(lines("bus.log"))")
        }
        // A4 in its tray, as a hall has it.
        try await setPaper(sheets: 250)
    }

    /// Pulls its plug.
    func cutPower() async { await program.take()?.killNow() }

    func stop() async {
        await program.take()?.stop()
        await bus.stop()
    }

    func setPaper(sheets: Int) async throws {
        _ = try await http(
            "/media?size1=iso_a4_210x297mm&type1=stationery&level1=\(sheets)"
                + "&size2=iso_a4_210x297mm&type2=stationery&level2=250")
    }

    /// Toner or ink of all colours, in per cent.
    func setInk(_ level: Int) async throws {
        _ = try await http("/supplies?" + (0..<5).map { "supply\($0)=\($0 == 0 ? 25 : level)" }.joined(separator: "&"))
    }

    /// Lines of a file that the script writes; empty where there is none.
    func lines(_ name: String) -> [String] {
        guard let bytes = try? folder.bytes(of: name) else { return [] }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// Pages that really came out, over all jobs.
    var pagesOut: Int { lines("paper").count }

    /// Lets a document go on that its plan holds.
    func release() throws { try folder.write([], to: "go") }

    /// Was it asked this operation of IPP, with success?
    func wasAsked(_ operation: String) -> Bool {
        lines("printer.log").contains { $0.contains("\(operation) successful-ok") }
    }

    /// A job of another program, by CUPS's own tool; its number.
    func submit(owner: String) async throws -> String {
        let said = try await ask(
            """
            { OPERATION Print-Job
            GROUP operation-attributes-tag
            ATTR charset attributes-charset utf-8
            ATTR language attributes-natural-language en
            ATTR uri printer-uri $uri
            ATTR name requesting-user-name \(owner)
            ATTR name job-name left-behind
            ATTR mimeMediaType document-format application/pdf
            FILE \(folder.file("document.pdf"))
            }
            """)
        guard let id = said.firstMatch(of: #/job-id \(integer\) = (\d+)/#) else { throw TestFailure("no job: \(said)") }
        return String(id.1)
    }

    /// `completed`, `canceled`, …
    func state(of job: String) async throws -> String {
        let said = try await ask(
            """
            { OPERATION Get-Job-Attributes
            GROUP operation-attributes-tag
            ATTR charset attributes-charset utf-8
            ATTR language attributes-natural-language en
            ATTR uri printer-uri $uri
            ATTR integer job-id \(job)
            }
            """)
        return said.firstMatch(of: #/job-state \(enum\) = (\S+)/#).map { String($0.1) } ?? ""
    }

    private func ask(_ test: String) async throws -> String {
        let name = "\(UUID().uuidString).test"
        try folder.write(test.utf8, to: name)
        try folder.write(DrawnPDF.pages(1).readableBytesView, to: "document.pdf")
        let run = try await CommandRun.run("ipptool", ["-tv", "ipp://localhost:\(port)/ipp/print", folder.file(name)])
        return String(decoding: run.output, as: UTF8.self)
    }

    private func http(_ path: String) async throws -> String {
        let run = try await CommandRun.run("curl", ["-s", "-f", "-m", "2", "http://127.0.0.1:\(port)\(path)"])
        guard run.succeeded else { throw TestFailure("the printer's page cannot be opened") }
        return String(decoding: run.output, as: UTF8.self)
    }
}
