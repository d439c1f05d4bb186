import Foundation
import TestSupport
import Testing

extension InTurn {
    /// The exit statuses of an installation that is broken. What the hall and its devices do to the others is shown where each
    /// command is.
    @Suite(.serialized) struct ExitStatusTests {
        /// A folder with a `kioskctl` of its own, and what lies beside it.
        private static func installation(
            beside programs: [String: String] = [:]
        ) throws -> (folder: ScratchFolder, program: String) {
            let folder = try ScratchFolder()
            let program = folder.file("kioskctl")
            try FileManager.default.copyItem(atPath: KioskctlRun.program, toPath: program)
            for (name, script) in programs {
                try folder.write("#!/bin/sh\n\(script)\n".utf8, to: name)
                try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.file(name))
            }
            return (folder, program)
        }

        private static func preview(in folder: ScratchFolder) -> [String] {
            ["receipt", "preview", "--example", "-o", folder.file("slip.png")]
        }

        @Test("A worker program that ends at once: 70, and how to see why", arguments: ["exit 1", "exec sleep 30"])
        func workerEnds(script: String) async throws {
            let (folder, program) = try Self.installation(beside: ["kiosk-worker-render": script])
            let temporary = try ScratchFolder()
            let run = try await KioskctlRun.run(
                Self.preview(in: folder), program: program, temporary: temporary.path, limit: .seconds(30))
            #expect(run.status == 70)
            #expect(run.errors.contains("kiosk-worker-render ended or did not start within 8 s"), "\(run.errors)")
            #expect(run.errorLines.count == 1)
            #expect(try temporary.names().isEmpty)
        }

        @Test("A temporary folder whose name is too long for a socket is not used, and nothing is left of it")
        func longFolder() async throws {
            let folder = try ScratchFolder()
            let long = folder.file(String(repeating: "long", count: 30))
            try FileManager.default.createDirectory(atPath: long, withIntermediateDirectories: false)
            let run = try await KioskctlRun.run(Self.preview(in: folder), temporary: long)
            #expect(run.status == 0, "\(run.errors)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: long).isEmpty)
        }

        @Test("A socket that the system does not give: 71, and its words")
        func noSocket() async throws {
            let folder = try ScratchFolder()
            let shell = try await KioskctlRun.run(["-c", "ls /proc/$$/fd | wc -l"], program: "/bin/sh")
            let open = try #require(Int(shell.output.trimmingCharacters(in: .whitespacesAndNewlines)))
            // How many more are open by then is not this test's matter: the one limit that is too low just for the socket.
            for limit in stride(from: open + 20, through: open + 8, by: -1) {
                let run = try await KioskctlRun.run(
                    ["-c", "ulimit -n \(limit); exec \"$@\"", "sh", KioskctlRun.program] + Self.preview(in: folder)
                        + ["--force"],
                    program: "/bin/sh")
                guard run.status == 71 else { continue }
                #expect(run.errors.contains("the private socket for the worker cannot be used in /tmp/kioskctl-"))
                #expect(run.errors.contains("Too many open files"), "\(run.errors)")
                return
            }
            Issue.record("no limit was too low for the socket")
        }

        @Test("A worker program that is not there: 72, and where it belongs")
        func noWorker() async throws {
            let (folder, program) = try Self.installation()
            let run = try await KioskctlRun.run(Self.preview(in: folder) + ["--json"], program: program)
            #expect(run.status == 72)
            #expect(run.errors.contains("\(folder.path)/kiosk-worker-render is missing"), "\(run.errors)")
            #expect(run.error["exitStatus"] as? Int == 72)
        }

        @Test("Standard output that is full: 74")
        func fullOutput() async throws {
            let folder = try ScratchFolder()
            let run = try await KioskctlRun.run(
                ["-c", "exec \"$@\" >/dev/full", "sh", KioskctlRun.program] + Self.preview(in: folder),
                program: "/bin/sh")
            #expect(run.status == 74, "\(run.errors)")
        }
    }
}
