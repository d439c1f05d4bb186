import Foundation
import TestSupport
import Testing

/// What `systemd/` ships, held against systemd's own judgement and against the programs.
@Suite("systemd units")
struct SystemdUnitTests {
    static let programs = "/usr/lib/hallkiosk"

    @Test("systemd accepts every unit without a word")
    func verified() async throws {
        let scratch = try ScratchFolder()
        // Only whether the program is there may differ from the installed unit.
        for name in SystemdUnit.names {
            let text = try SystemdUnit(name).text.replacing(Self.programs + "/", with: HallUnderTest.programs + "/")
            try scratch.write(text.utf8, to: name)
        }
        let run = try await CommandRun.run(
            "systemd-analyze", ["verify"] + SystemdUnit.names.map { scratch.file($0) })
        #expect(run.succeeded)
        #expect(run.errors.isEmpty, "\(run.errors)")
        #expect(run.output.isEmpty, "\(String(decoding: run.output, as: UTF8.self))")
    }

    @Test("systemd accepts the drop-in for CUPS, beside Debian's own unit")
    func dropIn() async throws {
        let scratch = try ScratchFolder()
        let debian = try Data(contentsOf: URL(filePath: "/lib/systemd/system/cups.service"))
        try scratch.write(debian, to: "cups.service")
        try FileManager.default.copyItem(
            atPath: Repository.folder + "/systemd/cups.service.d", toPath: scratch.file("cups.service.d"))
        let run = try await CommandRun.run("systemd-analyze", ["verify", scratch.file("cups.service")])
        #expect(run.succeeded && run.errors.isEmpty, "\(run.errors)")
    }

    @Test("every unit's exposure is 1.5 at most", arguments: SystemdUnit.names)
    func exposure(_ name: String) async throws {
        let run = try await CommandRun.run(
            "systemd-analyze", ["security", "--offline=true", "--threshold=15", SystemdUnit(name).path])
        let text = String(decoding: run.output, as: UTF8.self)
        let figure = try #require(text.firstMatch(of: #/Overall exposure level for [^:]+: ([0-9.]+)/#)?.1)
        print("\(name): exposure \(figure)")
        #expect(try #require(Double(figure)) <= 1.5)
        #expect(run.succeeded, "\(text)")
    }

    @Test("every file of the folder is looked at")
    func allOfThem() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Repository.folder + "/systemd")
        #expect(
            Set(files) == Set(SystemdUnit.names + ["hallkiosk.sysusers", "hallkiosk.tmpfiles", "cups.service.d"]))
    }

    @Test("the user, its groups and the configuration's folder are made as the units want them")
    func usersAndFolders() async throws {
        let root = try ScratchFolder()
        let systemd = Repository.folder + "/systemd"
        try FileManager.default.createDirectory(atPath: root.file("etc"), withIntermediateDirectories: false)
        let users = try await CommandRun.run(
            "systemd-sysusers", ["--root=\(root.path)", systemd + "/hallkiosk.sysusers"])
        #expect(users.succeeded, "\(users.errors)")
        let passwd = String(decoding: try root.bytes(of: "etc/passwd"), as: UTF8.self)
        let groups = String(decoding: try root.bytes(of: "etc/group"), as: UTF8.self)
        let folders = try await CommandRun.run(
            "systemd-tmpfiles", ["--root=\(root.path)", "--create", systemd + "/hallkiosk.tmpfiles"])
        #expect(folders.succeeded, "\(folders.errors)")
        let attributes = try FileManager.default.attributesOfItem(atPath: root.file("etc/hallkiosk"))
        #expect(attributes[.posixPermissions] as? Int == 0o750)

        // dialout is Debian's own (base-passwd).
        let known = Set(groups.split(separator: "\n").compactMap { $0.split(separator: ":").first.map(String.init) })
            .union(["dialout"])
        for name in SystemdUnit.names {
            let unit = try SystemdUnit(name)
            let user = try #require(unit["User"])
            #expect(passwd.contains("\n\(user):") || passwd.hasPrefix("\(user):"), "\(name)")
            #expect(known.isSuperset(of: unit.words("SupplementaryGroups") + unit.words("Group")), "\(name)")
        }
        #expect(passwd.contains(":/var/lib/hallkiosk:/usr/sbin/nologin"))
    }

    @Test("the controller's folders are the unit's own, and nobody else's")
    func folders() throws {
        let unit = try SystemdUnit("kioskd.service")
        #expect(unit.option("--state") == "/var/lib/" + (unit["StateDirectory"] ?? ""))
        #expect(unit.option("--runtime") == "/run/" + (unit["RuntimeDirectory"] ?? ""))
        #expect(unit.option("--configuration") == "/etc/hallkiosk/kiosk.yaml")
        #expect(unit["StateDirectoryMode"] == "0700")
        #expect(unit["RuntimeDirectoryMode"] == "0700")
        // The browser's secret outlives a restart, so that the screen comes back by itself.
        #expect(unit["RuntimeDirectoryPreserve"] == "restart")
    }

    @Test("a worker is told the socket that the controller makes, and sees nothing else of it")
    func workers() throws {
        let runtime = try #require(SystemdUnit("kioskd.service").option("--runtime"))
        for name in SystemdUnit.names {
            let unit = try SystemdUnit(name)
            guard unit.isWorker else { continue }
            #expect(unit.option("--socket") == runtime + "/workers.sock", "\(name)")
            #expect(unit.words("BindReadOnlyPaths") == ["-" + runtime + "/workers.sock"], "\(name)")
            #expect(unit.words("TemporaryFileSystem") == [runtime + ":ro"], "\(name)")
            #expect(unit.words("InaccessiblePaths").contains("-/var/lib/hallkiosk"), "\(name)")
            #expect(unit.words("InaccessiblePaths").contains("-/etc/hallkiosk"), "\(name)")
            #expect(unit["PrivateUsers"] == "yes", "\(name)")
            // It comes and goes with the controller, after it.
            #expect(unit["PartOf"] == "kioskd.service" && unit["WantedBy"] == "kioskd.service", "\(name)")
            #expect(unit.words("After").contains("kioskd.service"), "\(name)")
        }
    }

    @Test("a kind of device that a unit allows is known to the kernel before the unit starts")
    func modules() throws {
        let modules = ["char-ttyUSB": "usbserial", "char-ttyACM": "cdc_acm", "char-usb_device": "usbcore"]
        for name in SystemdUnit.names {
            let unit = try SystemdUnit(name)
            for kind in unit.words("DeviceAllow").compactMap({ modules[$0] }) {
                #expect(unit.words("Wants").contains("modprobe@\(kind).service"), "\(name)")
                #expect(unit.words("After").contains("modprobe@\(kind).service"), "\(name)")
            }
        }
    }

    @Test("a program that is tricked leaves no trace of a resident", arguments: SystemdUnit.names)
    func nothingOfAResident(_ name: String) throws {
        let unit = try SystemdUnit(name)
        #expect(unit["LimitCORE"] == "0")
        #expect(unit["UMask"] == "0077")
        #expect(unit["Environment"] == "SWIFT_BACKTRACE=enable=no")
        #expect(unit["Restart"] == "always")
        #expect(unit["StartLimitIntervalSec"] == "0")
    }

    @Test("the example configuration leaves the workers to their units")
    func example() throws {
        let example = try Repository.text("Kiosk/example.yaml")
        #expect(example.contains("\nworkers:\n  startedBy: system\n"))
        // One scan unit a scanner, under the scanner's name.
        #expect(try SystemdUnit("kiosk-worker-scan@.service").option("--instance") == "%i")
    }

    @Test("the programs take the options that their units give them", arguments: SystemdUnit.names)
    func options(_ name: String) async throws {
        let unit = try SystemdUnit(name)
        let scratch = try ScratchFolder()
        let arguments = unit.command.dropFirst().map {
            $0.replacing("/run/hallkiosk", with: scratch.file("run"))
                .replacing("/var/lib/hallkiosk", with: scratch.file("state"))
                .replacing("/etc/hallkiosk", with: scratch.path).replacing("%i", with: "scanner")
        }
        let run = try await CommandRun.run("\(HallUnderTest.programs)/\(unit.program)", arguments)
        // Not EX_USAGE (64): it understood, and says what is missing.
        #expect(!run.succeeded)
        let expected =
            unit.isWorker
            ? "\(unit.program): cannot talk to the core at \(scratch.file("run"))/workers.sock"
            : "\(scratch.path)/kiosk.yaml:1:1: the file cannot be read"
        #expect(run.errors.contains(expected), "\(run.errors)")
    }
}
